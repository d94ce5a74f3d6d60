import ArgumentParser
import Glibc

@main
struct Telltale: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "telltale",
        abstract: "Shows how traffic really flows through a service mesh.",
        discussion: "Point it at a proxy fleet, or at recorded pages: rates, errors and latency per service, pod and node.",
        version: "0.1.0",
        subcommands: [LiveCommand.self, DemoCommand.self, SnapshotCommand.self, ServicesCommand.self, PodsCommand.self, NodesCommand.self, EdgesCommand.self,
                      KeysCommand.self, ThemesCommand.self],
        defaultSubcommand: LiveCommand.self)
}

extension Telltale {
    /// Argument errors end with 2, as shells expect of wrong use; failures with their own codes.
    static func main() async {
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let failure as Failure {
            Console.warn(failure.message)
            Glibc.exit(failure.code.rawValue)
        } catch {
            let code = exitCode(for: error)
            if code == .validationFailure || code == ExitCode(64) {
                Console.warn(message(for: error))
                Glibc.exit(2)
            }
            exit(withError: error)
        }
    }
}
