import ArgumentParser
import Panels
import Reports

struct ServicesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "services", abstract: "Lists services with their rates, errors and latency.")
    @OptionGroup var sources: SourceOptions
    @OptionGroup var output: ListOptions
    func run() async throws {
        let sieve = try output.sieve.compiled(ofCalls: false)
        try await OneShot(sources).list(output.fold.by ?? .service, output, sieve)
    }
}

struct PodsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "pods", abstract: "Lists pods with their rates, errors and latency.")
    @OptionGroup var sources: SourceOptions
    @OptionGroup var output: ListOptions
    func run() async throws {
        let sieve = try output.sieve.compiled(ofCalls: false)
        try await OneShot(sources).list(output.fold.by ?? .pod, output, sieve)
    }
}

struct NodesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "nodes", abstract: "Lists machines with the traffic of their pods.")
    @OptionGroup var sources: SourceOptions
    @OptionGroup var output: ListOptions
    func run() async throws {
        let sieve = try output.sieve.compiled(ofCalls: false)
        try await OneShot(sources).list(output.fold.by ?? .node, output, sieve)
    }
}

struct EdgesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "edges", abstract: "Lists who calls whom, how much, how well.")
    @OptionGroup var sources: SourceOptions
    @OptionGroup var output: EdgeOptions
    func run() async throws {
        let sieve = try output.sieve.compiled(ofCalls: true)
        try await OneShot(sources).edges(output, sieve)
    }
}

struct TracesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "traces", abstract: "Lists traces, the newest first.")
    @OptionGroup var sources: SourceOptions
    @OptionGroup var filter: TraceOptions
    func run() async throws { try await OneShot(sources).traces(filter) }
}
