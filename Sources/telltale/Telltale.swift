import ArgumentParser
import Glibc

@main
struct Telltale: AsyncParsableCommand {
    static let version = "0.1.0"
    static let configuration = CommandConfiguration(
        commandName: "telltale",
        abstract: "Shows how traffic really flows through a service mesh.",
        discussion: "Point it at a proxy fleet, or at recorded pages: rates, errors and latency per service, pod and node.",
        version: version,
        subcommands: [LiveCommand.self, DemoCommand.self, ReplayCommand.self, SnapshotCommand.self, ServicesCommand.self, PodsCommand.self, NodesCommand.self, EdgesCommand.self,
                      TracesCommand.self, PathsCommand.self, WhyCommand.self, InfoCommand.self, KeysCommand.self, ThemesCommand.self],
        defaultSubcommand: LiveCommand.self)
}

extension Telltale {
    /// Argument errors end with 2, as shells expect of wrong use; failures with their own codes.
    static func main() async {
        do {
            try refuseMistypedCommand()
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let failure as Failure {
            Console.warn(of: failure)
            Glibc.exit(failure.code.rawValue)
        } catch {
            let code = exitCode(for: error)
            if code == .validationFailure || code == ExitCode(64) {
                Console.warn(sentence(for: error))
                Glibc.exit(2)
            }
            exit(withError: error)
        }
    }

    private static var commandNames: [String] { configuration.subcommands.compactMap { $0.configuration.commandName } }

    /// `telltale servics` would be read as `telltale live` on a file of that name.
    private static func refuseMistypedCommand() throws(Failure) {
        guard let first = CommandLine.arguments.dropFirst().first, !first.isEmpty, first.allSatisfy({ $0.isLetter || $0 == "-" }), first.first != "-",
              first != "help", !commandNames.contains(first), access(first, F_OK) != 0 else { return }
        throw Failure(message: "\(first): neither a command nor a file; the commands are \(commandNames.joined(separator: ", "))", code: .usage)
    }

    /// What the argument parser has to say, as one sentence with where to read on.
    private static func sentence(for error: any Error) -> String {
        var text = ""
        for line in message(for: error).split(separator: "\n") {
            let line = line.drop { $0 == " " }
            if line.hasPrefix("- ") {
                text += (text.hasSuffix(":") ? " " : ", ") + line.dropFirst(2)
            } else {
                text += (text.isEmpty ? "" : " ") + line
            }
        }
        if text.hasSuffix(".") { text.removeLast() }
        let command = CommandLine.arguments.dropFirst().first { commandNames.contains($0) } ?? "live"
        return text + "; see `telltale help \(command)`"
    }
}
