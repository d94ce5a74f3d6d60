import ArgumentParser
import CellCanvas
import Dashboard
import Glibc
import Profiles
import TerminalDriver

struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "keys", abstract: "Lists the keys of the dashboard.")

    func run() {
        var group: Action.Group?
        for entry in KeyTable.standard.entries {
            if entry.group != group {
                Console.write((group == nil ? "" : "\n") + entry.group.rawValue + "\n")
                group = entry.group
            }
            let keys = entry.keys.map(\.description).joined(separator: " ")
            let padding = String(repeating: " ", count: max(1, 24 - TextWidth.columns(of: keys)))
            Console.write("  \(keys)\(padding)\(entry.summary)\n")
        }
    }
}

struct ThemesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "themes", abstract: "Lists the built-in themes.")
    func run() { Console.write(Themes.names.joined(separator: "\n") + "\n") }
}

struct InfoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "info", abstract: "Says which version this is, what it reads and what it sees of the terminal.")

    func run() throws {
        let profiles: [String]
        do {
            profiles = try ProfileSet.builtin().names
        } catch {
            throw Failure(message: error.description, code: .usage)
        }
        for (name, value) in [
            ("version", Telltale.version),
            ("program", Self.program),
            ("sources", Self.sources),
            ("profiles", profiles.joined(separator: " ")),
            ("themes", Themes.names.joined(separator: " ")),
            ("terminal", Self.terminal),
            ("locale", Self.locale),
        ] { Console.write(name + String(repeating: " ", count: 10 - name.utf8.count) + value + "\n") }
    }

    private static var program: String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        return count > 0 ? String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self) : "unknown"
    }

    private static var sources: String {
        #if NETWORK
        "metrics pages (Prometheus text, OpenMetrics): scraped over HTTP and HTTPS, and from files"
        #else
        "metrics pages (Prometheus text, OpenMetrics) from files; this build has no network part"
        #endif
    }

    private static var terminal: String {
        let name = getenv("TERM").map { String(cString: $0) } ?? ""
        var size = winsize()
        let isTerminal = isatty(1) == 1 && ioctl(1, UInt(TIOCGWINSZ), &size) == 0
        return (name.isEmpty ? "TERM is not set" : name) + (isTerminal ? ", \(size.ws_col)x\(size.ws_row)" : ", output is not a terminal")
            + (getenv("NO_COLOR").map { $0.pointee != 0 } == true ? ", NO_COLOR" : "")
    }

    /// The first that is set decides, as setlocale(3) has it.
    private static var locale: String {
        for name in ["LC_ALL", "LC_CTYPE", "LANG"] {
            if let value = getenv(name), value.pointee != 0 { return "\(name)=\(String(cString: value))" }
        }
        return "none is set: charts are ASCII unless --glyphs says otherwise"
    }
}
