import ArgumentParser
import Panels
import Reports

struct ServicesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "services", abstract: "Lists services with their rates, errors and latency.")
    @OptionGroup var sources: SourceOptions
    @OptionGroup var output: ListOptions
    func run() async throws { try await OneShot(sources).list(output.fold.by ?? .service, output) }
}

struct PodsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "pods", abstract: "Lists pods with their rates, errors and latency.")
    @OptionGroup var sources: SourceOptions
    @OptionGroup var output: ListOptions
    func run() async throws { try await OneShot(sources).list(output.fold.by ?? .pod, output) }
}

struct NodesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "nodes", abstract: "Lists machines with the traffic of their pods.")
    @OptionGroup var sources: SourceOptions
    @OptionGroup var output: ListOptions
    func run() async throws { try await OneShot(sources).list(output.fold.by ?? .node, output) }
}

struct EdgesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "edges", abstract: "Lists who calls whom, how much, how well.")
    @OptionGroup var sources: SourceOptions
    @OptionGroup var output: EdgeOptions
    func run() async throws { try await OneShot(sources).edges(output) }
}

struct TracesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "traces", abstract: "Lists traces, the newest first.")
    @OptionGroup var sources: SourceOptions
    @OptionGroup var filter: TraceOptions
    func run() async throws { try await OneShot(sources).traces(filter) }
}
