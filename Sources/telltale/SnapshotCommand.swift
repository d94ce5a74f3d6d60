import ArgumentParser
import CellCanvas
import DemoMesh
import Dashboard
import Engine
import MeshModel
import Panels

enum SnapshotFormat: String, ExpressibleByArgument, CaseIterable { case text, ansi, svg }

struct Size: CustomStringConvertible {
    var width: Int
    var height: Int
    init(width: Int, height: Int) { (self.width, self.height) = (width, height) }

    @Sendable init(argument: String) throws {
        let parts = argument.split(separator: "x", omittingEmptySubsequences: false).compactMap { Int($0) }
        guard parts.count == 2, parts.allSatisfy({ (0...Canvas.maxSide).contains($0) }) else {
            throw ValidationError("a size is written 120x40, at most \(Canvas.maxSide) either way")
        }
        self.init(width: parts[0], height: parts[1])
    }

    var description: String { "\(width)x\(height)" }
}

struct SnapshotCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "snapshot", abstract: "Prints one screen as text, with colours, or as SVG.")
    @OptionGroup var sources: SourceOptions
    @OptionGroup var options: ScreenOptions

    @Option(name: .customLong("screen"), help: "overview, services, pods, nodes or sources.")
    var place = "overview"

    @Option(help: ArgumentHelp("Columns and rows. (default: 120x40)", valueName: "columnsxrows"), transform: Size.init(argument:))
    var size = Size(width: 120, height: 40)

    @Option(help: "Keys to press first, as in \"jj<enter>\".")
    var keys = ""

    @Option(help: "text, ansi or svg.")
    var format: SnapshotFormat = .text

    @Flag(help: "Show the demo mesh.")
    var demo = false

    @Option(help: "Seed of the demo mesh.")
    var seed: UInt64 = 1

    func run() async throws {
        let places: [String: Place] = ["overview": .overview, "services": .services, "pods": .pods, "nodes": .nodes, "sources": .sources]
        guard let screen = places[place] else {
            throw Failure(message: "--screen \(place): no such screen; there are \(places.keys.sorted().joined(separator: ", "))", code: .usage)
        }
        let script: [Key]
        do {
            script = try KeyScript(parsing: keys).keys
        } catch {
            throw Failure(message: "--keys \(keys): \(error)", code: .usage)
        }
        let theme = try Themes.load(options.themeName)
        let engine: Engine
        var window = options.window.value
        if demo {
            engine = try DemoFleet.engine(seed: seed, scenario: .incident, windowSeconds: window)
        } else {
            let shot = try await OneShot(sources, windowSeconds: window)
            engine = shot.engine
            if engine.status.isSinglePages { window = .infinity }
        }
        var canvas = Canvas(width: size.width, height: size.height)
        var model = options.model(width: size.width, height: size.height, place: screen, glyphs: options.glyphs ?? (options.ascii ? .ascii : .braille))
        var data = ask(engine, &model, window)
        for key in script {
            _ = update(&model, .key(key))
            data = ask(engine, &model, window)
        }
        view(model, data, into: &canvas)
        switch format {
        case .text: Console.write(canvas.plainText() + "\n")
        case .ansi: Console.write(CanvasRendering.ansi(canvas, theme: theme, depth: .trueColor))
        case .svg: Console.write(CanvasRendering.svg(canvas, theme: theme))
        }
    }

    private func ask(_ engine: Engine, _ model: inout Model, _ window: Double) -> FrameData {
        let status = engine.status
        _ = update(&model, .tick(now: status.newest, version: status.version))
        var (queries, time) = queries(for: model)
        if !window.isFinite { time.windowSeconds = window }
        var data = engine.answer(queries, at: time)
        _ = update(&model, .frame(data))
        // The first answer may make room for more.
        let more = Dashboard.queries(for: model).queries
        if more != queries {
            data = engine.answer(more, at: time)
            _ = update(&model, .frame(data))
        }
        return data
    }
}
