/// What a word of an expression names: something to compare, something that is or is not, or something telltale cannot know.
enum Operand: Equatable {
    case field(Field)
    case property(Property)
    /// In words, why.
    case unknowable(String)

    init?(named name: String) {
        let name = name.lowercased()
        if let field = Field(named: name) {
            self = .field(field)
        } else if let property = Property(named: name) {
            self = .property(property)
        } else if let why = Self.unknowable[name] ?? (name.hasPrefix("label:") ? "telltale keeps no labels of workloads" : nil) {
            self = .unknowable(why)
        } else {
            return nil
        }
    }

    private static let configuration = "telltale sees traffic, not the mesh's configuration"
    private static let sidecars = "a workload without a proxy and one whose proxy is not read look alike"
    private static let shares = "shares of a caller's traffic are not kept: compare rates"

    /// What Kiali knows beside.
    private static let unknowable: [String: String] = [
        "fi": configuration, "vs": configuration, "se": configuration, "we": configuration, "workloadentry": configuration, "mirroring": configuration, "cb": configuration,
        "rr": configuration, "rto": configuration, "ts": configuration, "outofmesh": sidecars, "oom": sidecars, "inaccessible": configuration,
        "%httptraffic": shares, "%grpctraffic": shares,
        "rank": "telltale does not rank what it draws", "trafficsource": "who is called by nobody shows in the graph: from = NAME lists its calls",
        "httpin": inOut, "httpout": inOut, "grpcin": inOut, "grpcout": inOut, "tcpin": inOut, "tcpout": inOut,
    ]
    private static let inOut = "a row counts what it answers, whatever the protocol: use rate, and http, grpc or tcp of calls"

    /// `; did you mean rate?`, where one is one or two letters off.
    static func suggestion(for name: String) -> String {
        let name = Array(name.lowercased())
        let near = (Field.names + Property.names).map { ($0, distance(name, Array($0))) }.filter { $0.1 <= min(2, name.count / 2) }.min { ($0.1, $0.0) < ($1.1, $1.0) }
        return near.map { "; did you mean \($0.0)?" } ?? ""
    }

    /// Letters to change, add or take away.
    private static func distance(_ a: [Character], _ b: [Character]) -> Int {
        guard abs(a.count - b.count) <= 2 else { return 3 }
        var row = Array(0...b.count)
        for (i, letter) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in b.enumerated() {
                let cost = min(row[j] + 1, row[j + 1] + 1, diagonal + (letter == other ? 0 : 1))
                diagonal = row[j + 1]
                row[j + 1] = cost
            }
        }
        return row[b.count]
    }
}

/// What a row is or is not: a word alone.
enum Property: String, Sendable, CaseIterable {
    case healthy, idle, stale, warning, failing
    case errors, denied, retries, traffic, mtls
    case external, database, queue, unknown

    private static let aliases: [String: Property] = ["dead": .stale, "gone": .stale, "degraded": .warning, "outside": .external]

    static let names = allCases.map(\.rawValue) + aliases.keys

    init?(named name: some StringProtocol) {
        let name = name.lowercased()
        guard let property = Property(rawValue: name) ?? Self.aliases[name] else { return nil }
        self = property
    }
}
