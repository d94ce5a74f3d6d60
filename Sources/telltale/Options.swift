public import ArgumentParser
import Dashboard
import Intake
import MeshModel
import Panels
import Reports

/// Where the data comes from.
struct SourceOptions: ParsableArguments {
    @Argument(help: ArgumentHelp("Metrics pages as files or folders of them (X.txt belongs to proxy X, X@UNIXTIME.txt says when it was taken), and recorded spans: OTLP, Zipkin, Jaeger. All gzip or not.", valueName: "file"))
    var files: [String] = []

    @Option(help: ArgumentHelp("Scrape this URL (repeatable).", valueName: "url"))
    var scrape: [String] = []

    @Option(help: ArgumentHelp("Scrape the targets of this file_sd file (JSON or YAML) or http_sd URL (repeatable).", valueName: "file or url"))
    var targets: [String] = []

    @Option(help: ArgumentHelp("Time between two scrapes of a target: 500ms, 5s, 1m. (default: 5s)", valueName: "time"), transform: Seconds.init(argument:))
    var interval: Seconds = Seconds(5)

    @Option(name: .customLong("for"), help: ArgumentHelp("Count over this long, from each target's first good scrape.", valueName: "time"), transform: Seconds.init(argument:))
    var duration: Seconds?

    @Option(help: "Which series to keep: those a profile maps, or all.")
    var keep: Intake.Keep = .mapped

    @Option(help: ArgumentHelp("A profile of your own (YAML); adds to the built-in ones or replaces parts of them.", valueName: "file"))
    var profile: [String] = []

    @Option(help: ArgumentHelp("Give a target this long to answer; the default is the interval, between 1s and 10s.", valueName: "time"), transform: Seconds.init(argument:))
    var timeout: Seconds?

    @Option(help: ArgumentHelp("PEM file with the certificate authorities to trust for https targets.", valueName: "file"))
    var tlsCa: String?

    @Option(help: ArgumentHelp("PEM file with a client certificate for https targets.", valueName: "file"))
    var tlsCert: String?

    @Option(help: ArgumentHelp("PEM file with the client certificate's key.", valueName: "file"))
    var tlsKey: String?

    @Flag(help: "Do not verify the certificates of https targets.")
    var tlsInsecure = false

    @Option(help: ArgumentHelp("Send these credentials.", valueName: "user:password"))
    var authBasic: String?

    @Option(help: ArgumentHelp("Send the bearer token in this file.", valueName: "file"))
    var authBearerFile: String?

    @Flag(help: "Ask targets for compressed pages: spares the network, costs the proxy.")
    var gzip = false

    @Option(help: ArgumentHelp("Most memory series and traces may take: 256MB, 1GB; the oldest go first. (default: 1GiB)", valueName: "bytes"), transform: Bytes.init(argument:))
    var maxMemory = Bytes(1 << 30)

    @OptionGroup var receivers: ReceiverOptions

    var hasLiveSources: Bool { !scrape.isEmpty || !targets.isEmpty || receivers.isAny }
}

struct ListOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "Output format.")
    var output: ReportFormat = .table

    @OptionGroup var fold: FoldOptions
    @OptionGroup var stretch: StretchOptions
    @OptionGroup var sieve: SieveOptions
}

struct PredicateOption: ParsableArguments {
    @Option(help: "What counts as an error: server (5xx, no response), client (also 4xx), strict (also any response flag).")
    var predicate: ErrorPredicate = .server
}

/// What is counted, and of what.
struct FoldOptions: ParsableArguments {
    @OptionGroup var counted: PredicateOption
    var predicate: ErrorPredicate { counted.predicate }

    @Option(help: "Fold by service, workload, version, pod, app, namespace or node.")
    var by: EntityLevel?
}

struct EdgeOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "Output format.")
    var output: EdgeFormat = .table

    @OptionGroup var fold: FoldOptions
    @OptionGroup var stretch: StretchOptions
    @OptionGroup var sieve: SieveOptions

    @Option(help: "Of a graph: lr (from left to right) or td (from the top down).")
    var direction: GraphDirection = .lr

    @Flag(help: "Draw the graph with ASCII characters only.")
    var ascii = false
}

enum GraphDirection: String, ExpressibleByArgument, CaseIterable { case lr, td }

struct TraceOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "Output format.")
    var output: ReportFormat = .table

    @OptionGroup var counted: PredicateOption
    var predicate: ErrorPredicate { counted.predicate }

    @OptionGroup var stretch: StretchOptions

    @Option(help: "Only traces that pass this service.")
    var service: String?

    @Option(help: ArgumentHelp("Only traces whose root operation contains this.", valueName: "text"))
    var operation: String?

    @Flag(help: "Only traces whose entry call failed.")
    var failed = false

    @Option(help: ArgumentHelp("Only traces that took at least this long: 50ms, 2s.", valueName: "time"), transform: Seconds.init(argument:))
    var minDuration: Seconds?

    @Option(help: ArgumentHelp("Only traces with a span that has this attribute: key, key=value, key!=value, key~part, key>number. May be repeated.", valueName: "key=value"))
    var attribute: [String] = []

    @Option(help: "At most this many.")
    var limit: Int?

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit is at least 1") }
        if let problem = attributes.problem { throw ValidationError("--attribute: \(problem.text)") }
    }

    var attributes: Filter { .all(attribute.map { Filter(attribute: $0) }) }

    var picked: TraceFilter {
        var filter = TraceFilter()
        (filter.service, filter.operation, filter.failedOnly) = (service, operation, failed)
        filter.minSeconds = minDuration?.value ?? 0
        filter.limit = limit ?? .max
        filter.attributes = attributes
        return filter
    }
}

/// A length of time: `500ms`, `5s`, `1m`, `2h`, or plain seconds.
struct Seconds: Equatable, CustomStringConvertible {
    var value: Double
    init(_ value: Double) { self.value = value }

    @Sendable init(argument: String) throws {
        let units: [(String, Double)] = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600)]
        let unit = units.first { argument.hasSuffix($0.0) } ?? ("", 1)
        guard let number = Double(argument.dropLast(unit.0.count)), number > 0, number * unit.1 < 1e9 else {
            throw ValidationError("a time is written 500ms, 5s, 1m or 2h")
        }
        value = number * unit.1
    }

    var description: String {
        let (number, unit) = value < 1 ? (value * 1000, "ms") : value < 60 ? (value, "s") : value < 3600 ? (value / 60, "m") : (value / 3600, "h")
        return "\(Int(number))\(unit)"
    }
}

/// An amount of memory: `256MB`, `1GB`, `1GiB`, or plain bytes.
struct Bytes: Equatable, CustomStringConvertible {
    var bytes: Int
    init(_ bytes: Int) { self.bytes = bytes }

    @Sendable init(argument: String) throws {
        let units: [(String, Double)] = [("GiB", 0x1p30), ("MiB", 0x1p20), ("KiB", 1024), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3), ("B", 1)]
        let unit = units.first { argument.hasSuffix($0.0) } ?? ("", 1)
        guard let number = Double(argument.dropLast(unit.0.count)), number >= 1, number * unit.1 < 1e15 else {
            throw ValidationError("memory is written 256MB, 1GB or 1GiB")
        }
        bytes = Int(number * unit.1)
    }

    var description: String { bytes % (1 << 30) == 0 ? "\(bytes >> 30)GiB" : "\(bytes >> 20)MiB" }
}

extension Intake.Keep: ExpressibleByArgument {}
extension ErrorPredicate: ExpressibleByArgument {}
extension ReportFormat: ExpressibleByArgument {}
extension EdgeFormat: ExpressibleByArgument {}
extension EntityLevel: ExpressibleByArgument {}
