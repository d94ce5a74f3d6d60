import ArgumentParser
import Panels
import Reports

struct ServicesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "services", abstract: "Lists services with their rates, errors and latency.")
    @OptionGroup var sources: SourceOptions
    @OptionGroup var output: ListOptions
    func run() async throws {
        let level = output.fold.by ?? .service
        let sieve = try output.sieve.compiled(ofCalls: false, at: level)
        try await OneShot(sources).list(level, output, sieve)
    }
}

struct PodsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "pods", abstract: "Lists pods with their rates, errors and latency.")
    @OptionGroup var sources: SourceOptions
    @OptionGroup var output: ListOptions
    func run() async throws {
        let level = output.fold.by ?? .pod
        let sieve = try output.sieve.compiled(ofCalls: false, at: level)
        try await OneShot(sources).list(level, output, sieve)
    }
}

struct NodesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "nodes", abstract: "Lists machines with the traffic of their pods.")
    @OptionGroup var sources: SourceOptions
    @OptionGroup var output: ListOptions
    func run() async throws {
        let level = output.fold.by ?? .node
        let sieve = try output.sieve.compiled(ofCalls: false, at: level)
        try await OneShot(sources).list(level, output, sieve)
    }
}

struct EdgesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "edges", abstract: "Lists who calls whom, how much, how well.")
    @OptionGroup var sources: SourceOptions
    @OptionGroup var output: EdgeOptions
    func run() async throws {
        let sieve = try output.sieve.compiled(ofCalls: true, at: output.fold.by ?? .service)
        try await OneShot(sources).edges(output, sieve)
    }
}

struct TracesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "traces", abstract: "Lists traces, the newest first.")
    @OptionGroup var sources: SourceOptions
    @OptionGroup var filter: TraceOptions
    func run() async throws { try await OneShot(sources).traces(filter) }
}
