import ArgumentParser
import Engine
import MeshModel
import Panels
import Reports

struct PathsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "paths", abstract: "Lists failing paths: where failures begin, the worst first. Ends with 1 if anything fails.")
    @OptionGroup var sources: SourceOptions
    @Option(name: .shortAndLong, help: "Output format.")
    var output: ReportFormat = .table
    @OptionGroup var judged: VerdictOptions

    func run() async throws {
        let verdicts = try await judged.shot(sources).verdicts(judged)
        Console.write(Report.paths(verdicts, predicate: judged.predicate, format: output))
        try VerdictOptions.end(verdicts)
    }
}

struct WhyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "why", abstract: "Says why a service fails: the origin, the way to it and what says so. Ends with 1 if it fails.")
    @Argument(help: ArgumentHelp("A service (also namespace/service), or all.", valueName: "service"))
    var service: String
    @OptionGroup var sources: SourceOptions
    @Option(name: .shortAndLong, help: "Output format.")
    var output: VerdictFormat = .text
    @OptionGroup var judged: VerdictOptions

    func run() async throws {
        let shot = try await judged.shot(sources), isAll = service == "all"
        let verdicts = isAll ? try shot.verdicts(judged) : [try shot.why(service, judged)]
        Console.write(Report.verdicts(verdicts, isList: isAll, format: output))
        try VerdictOptions.end(verdicts)
    }
}

/// By what it is judged whether something fails.
struct VerdictOptions: ParsableArguments {
    @OptionGroup var counted: PredicateOption
    @OptionGroup var stretch: StretchOptions
    @OptionGroup var baseline: BaselineOption
    var predicate: ErrorPredicate { counted.predicate }

    func shot(_ sources: SourceOptions) async throws -> OneShot {
        let shot = try await OneShot(sources, windowSeconds: sources.onsetWindow)
        try shot.learn(baseline, predicate)
        return shot
    }

    static func end(_ verdicts: [Verdict]) throws {
        if verdicts.contains(where: \.isFailure) { throw ExitCode(Failure.Code.found.rawValue) }
    }
}

extension SourceOptions {
    /// Seconds over which an onset is looked for among counts of metrics: all that is scraped, a little more so that no end is cut off.
    fileprivate var onsetWindow: Double { duration.map { $0.value * 1.2 + 4 * interval.value } ?? 300 }
}

extension OneShot {
    func verdicts(_ judged: VerdictOptions) throws(Failure) -> [Verdict] {
        passTime()
        let time = try time(judged.stretch, judged.predicate)
        return engine.answer([.verdicts], at: time).verdicts ?? []
    }

    func why(_ service: String, _ judged: VerdictOptions) throws(Failure) -> Verdict {
        passTime()
        let time = try time(judged.stretch, judged.predicate)
        let parts = service.split(separator: "/", maxSplits: 1).map(String.init)
        let key = EntityKey(level: .service, namespace: parts.count == 2 ? parts[0] : "", name: parts.last ?? service)
        if let verdict = engine.answer([.why(key)], at: time).why[key] { return verdict }
        let known = (engine.answer([.entities(.service)], at: time).entities[.service] ?? []).map(\.key.name)
        let names = known.isEmpty ? "the sources delivered no traffic" : "there are " + known.prefix(20).joined(separator: ", ") + (known.count > 20 ? " and \(known.count - 20) more" : "")
        throw Failure(message: "no service \(service); \(names)", code: .usage)
    }

    private func passTime() { if options.hasLiveSources { engine.pass(to: DashboardLoop.wallClock) } }
}

extension VerdictFormat: ExpressibleByArgument {}
