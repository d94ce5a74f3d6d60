import ArgumentParser
import Intake
import MeshModel
import Panels
import Reports

/// Where the data comes from.
struct SourceOptions: ParsableArguments {
    @Argument(help: "Pages of metrics as files; a page in X.txt belongs to proxy X, X@UNIXTIME.txt says when it was taken.")
    var files: [String] = []

    @Option(help: "Scrape this URL (repeatable).")
    var scrape: [String] = []

    @Option(help: "Scrape the targets of this file_sd file (JSON or YAML) or http_sd URL.")
    var targets: [String] = []

    @Option(help: "Seconds between two scrapes of a target (500ms, 5s, 1m).")
    var interval: Seconds = Seconds(5)

    @Option(name: .customLong("for"), help: "Count over this long, from each target's first good scrape.")
    var duration: Seconds?

    @Option(help: "Which series to keep: those a profile maps, or all.")
    var keep: Intake.Keep = .mapped

    @Option(help: "A profile of your own (YAML); adds to the built-in ones or replaces parts of them.")
    var profile: [String] = []

    @Option(help: "Give a target this long to answer; the default is the interval, between 1s and 10s.")
    var timeout: Seconds?

    @Option(help: "PEM file with the certificate authorities to trust for https targets.")
    var tlsCa: String?

    @Option(help: "PEM file with a client certificate for https targets.")
    var tlsCert: String?

    @Option(help: "PEM file with the client certificate's key.")
    var tlsKey: String?

    @Flag(help: "Do not verify the certificates of https targets.")
    var tlsInsecure = false

    @Option(help: "Send these credentials, USER:PASSWORD.")
    var authBasic: String?

    @Option(help: "Send the bearer token in this file.")
    var authBearerFile: String?

    @Flag(help: "Ask targets for compressed pages: spares the network, costs the proxy.")
    var gzip = false

    @Option(help: "Most memory the series may take (256MB, 1GB); the oldest go first.")
    var maxMemory = Bytes(1 << 30)

    var hasLiveSources: Bool { !scrape.isEmpty || !targets.isEmpty }
}

struct ListOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "Output format.")
    var output: ReportFormat = .table

    @Option(help: "What counts as an error: server (5xx, no response), client (also 4xx), strict (also any response flag).")
    var predicate: ErrorPredicate = .server

    @Option(help: "Fold by service, workload, version, pod, namespace or node.")
    var by: EntityLevel?
}

/// A length of time: `500ms`, `5s`, `1m`, `2h`, or plain seconds.
struct Seconds: ExpressibleByArgument, Equatable {
    var value: Double
    init(_ value: Double) { self.value = value }

    init?(argument: String) {
        let units: [(String, Double)] = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600)]
        for (unit, factor) in units where argument.hasSuffix(unit) {
            guard let number = Double(argument.dropLast(unit.count)), number.isFinite, number > 0 else { return nil }
            value = number * factor
            return
        }
        guard let number = Double(argument), number.isFinite, number > 0 else { return nil }
        value = number
    }

    var defaultValueDescription: String { value < 1 ? "\(Int(value * 1000))ms" : "\(Int(value))s" }
}

/// An amount of memory: `256MB`, `1GB`, `1GiB`, or plain bytes.
struct Bytes: ExpressibleByArgument, Equatable {
    var bytes: Int
    init(_ bytes: Int) { self.bytes = bytes }

    init?(argument: String) {
        let units: [(String, Double)] = [("GiB", 0x1p30), ("MiB", 0x1p20), ("KiB", 1024), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3), ("B", 1)]
        let unit = units.first { argument.hasSuffix($0.0) } ?? ("", 1)
        guard let number = Double(argument.dropLast(unit.0.count)), number >= 1, number * unit.1 < 1e15 else { return nil }
        bytes = Int(number * unit.1)
    }

    var defaultValueDescription: String { "\(bytes >> 20)MiB" }
}

extension Intake.Keep: ExpressibleByArgument {}
extension ErrorPredicate: ExpressibleByArgument {}
extension ReportFormat: ExpressibleByArgument {}
extension EntityLevel: ExpressibleByArgument {}
