public import ArgumentParser
import CellCanvas
import Dashboard
import Glibc
import MeshModel

enum ColorChoice: String, ExpressibleByArgument, CaseIterable { case auto, always, never }

/// How the dashboard looks and what it covers.
struct ScreenOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The stretch of time rates and charts cover. (default: 5m)", valueName: "time"), transform: Seconds.init(argument:))
    var window: Seconds = Seconds(300)

    @Option(help: "What counts as an error: server, client or strict.")
    var predicate: ErrorPredicate = .server

    @Option(help: "dark, light, sixteen, mono, clear, or a YAML file.")
    var theme: String?

    @Option(help: "Colours: auto, always or never; NO_COLOR means never.")
    var color: ColorChoice = .auto

    @Flag(help: "Draw with ASCII characters only.")
    var ascii = false

    @Option(help: "What charts are made of: braille, block or ascii.")
    var glyphs: GlyphSet?

    @OptionGroup var sieve: SieveOptions

    var themeName: String { theme ?? (usesColor ? "dark" : "mono") }
    var usesColor: Bool { color == .always || (color == .auto && (getenv("NO_COLOR").map { $0.pointee == 0 } ?? true)) }

    /// Braille where the locale is UTF-8, ASCII elsewhere.
    var glyphSet: GlyphSet {
        if ascii { return .ascii }
        if let glyphs { return glyphs }
        for name in ["LC_ALL", "LC_CTYPE", "LANG"] {
            guard let value = getenv(name), value.pointee != 0 else { continue }
            let text = String(cString: value).lowercased()
            return text.contains("utf-8") || text.contains("utf8") ? .braille : .ascii
        }
        return .ascii
    }

    func model(width: Int, height: Int, place: Place = .overview, glyphs: GlyphSet? = nil, files: Bool = false, windowSeconds: Double? = nil,
               playback: Playback? = nil, sieve: Sieve) -> Model {
        Model(width: width, height: height,
              settings: .init(theme: usesColor ? themeName : "mono", themes: Themes.names, glyphs: glyphs ?? glyphSet, liveLabel: files ? "FILE" : "LIVE"),
              place: place, windowSeconds: windowSeconds ?? window.value, predicate: predicate, sieve: sieve,
              playback: playback)
    }
}

extension GlyphSet: ExpressibleByArgument {}
