import ArgumentParser
import CellCanvas
import Dashboard

struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "keys", abstract: "Lists the keys of the dashboard.")

    func run() {
        for entry in KeyTable.standard.entries {
            let keys = entry.keys.map(\.description).joined(separator: " ")
            let padding = String(repeating: " ", count: max(1, 24 - TextWidth.columns(of: keys)))
            Console.write("\(keys)\(padding)\(entry.summary)\n")
        }
    }
}

struct ThemesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "themes", abstract: "Lists the built-in themes.")
    func run() { Console.write(Themes.names.joined(separator: "\n") + "\n") }
}
