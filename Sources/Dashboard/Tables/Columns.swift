import Panels

/// One column a list may show.
struct Column: Sendable {
    var field: Field
    /// Cells it needs, and may grow to where there is room.
    var width: Int
    var maxWidth: Int
    /// Columns that do not fit go in this order, the largest first.
    var rank: Int

    init(_ field: Field, _ width: Int, upTo maxWidth: Int? = nil, rank: Int) {
        self.field = field
        self.width = width
        self.maxWidth = maxWidth ?? width
        self.rank = rank
    }

    /// As wide as its longest text, in its bounds. The name's is known anyway.
    var growsWithContent: Bool { maxWidth > width && (field == .namespace || field == .service || field == .node || field == .pod || field == .keys || field == .source || field == .destination) }

    var isRightAligned: Bool { !field.isText && field != .state && field != .versions && field != .trend }
}

/// Which columns each list has, in the order they stand. Those of rank 0 always show.
enum Columns {
    static func of(_ kind: PaneKind) -> [Column] {
        switch kind {
        case .entities(.service), .entities(.workload), .entities(.version), .entities(.app): service
        case .entities(.pod): pod
        case .members: members
        case .entities(.node): node
        case .entities(.namespace): namespace
        case .sources: sources
        case .help: help
        case .inbound: edges(.source)
        case .outbound: edges(.destination)
        case .calls: calls
        case .failing: failing
        case .counters: counters
        case .versions: versions
        case .answers: answers
        case .traces: traces
        case .span: span
        case .paths: paths
        case .way: way
        case .grounds: grounds
        case .times: times
        case .repeats: repeats
        case .changes: changes
        case .excesses: excesses
        case .charts, .latencies, .waterfall, .graph: []
        }
    }

    static func fields(_ kind: PaneKind) -> [Field] { of(kind).map(\.field) }

    /// What `<` and `>` go through: every column whose order says something.
    static func sortable(_ kind: PaneKind) -> [Field] {
        kind == .help || kind == .span || kind == .way || kind == .grounds || kind == .changes || kind == .excesses ? [] : fields(kind).filter { $0 != .versions && $0 != .trend }
    }

    /// The name column is called after what it names.
    static func title(_ field: Field, in kind: PaneKind) -> String {
        if kind == .answers, field == .reason { return "MEANING" }
        if kind == .traces, field == .trend || field == .name { return field == .name ? "OPERATION" : "" }
        if kind == .grounds { return "" }
        if kind == .times, let title = [.name: "WAITED FOR", .trend: "", .duration: "OWN", .requests: "CALLS", .reason: "IF OWN WERE", .source: "WAY"][field] { return title }
        if kind == .repeats, let title = [.name: "CALLER → CALLED", .requests: "CALLS"][field] { return title }
        if kind == .changes, let title = [.name: "OF", .differs: "CHANGE", .errors: "ERRORS", .requests: "REQUESTS"][field] { return title }
        if kind == .excesses, let title = [.name: "ATTRIBUTE", .share: "OF THEM", .others: "OF OTHERS", .reason: ""][field] { return title }
        if kind == .paths, let title = [.name: "PATH", .rate: "FAILS", .reason: "WHAT"][field] { return title }
        if kind == .way, let title = [.name: "SERVICE", .errors: "FAILS", .requests: "FAILED OF CALLS", .trend: "WHOSE ERRORS", .share: "TIME", .wire: "ON THE WAY", .reason: "ANSWERS"][field] { return title }
        if kind == .span { return field == .reason ? "VALUE" : field == .name ? "KEY" : "" }
        if kind == .help { return field == .reason ? "WHAT IT DOES" : field == .name ? "ACTION" : field.title }
        guard field == .name else { return field.title }
        return switch kind {
        case .entities(let level): level.rawValue.uppercased()
        case .members: "POD"
        case .sources: "SOURCE"
        case .help: ""
        case .failing: "CALL"
        case .counters: "COUNTER"
        case .versions: "VERSION"
        case .answers: "CODE"
        case .charts, .traces, .latencies, .waterfall, .span, .graph, .paths, .way, .grounds, .times, .repeats, .changes, .excesses: ""
        case .inbound, .outbound, .calls: "NAME"
        }
    }

    private static let signals: [Column] = [
        Column(.rate, 7, rank: 1), Column(.success, 8, rank: 2), Column(.p50, 6, rank: 6), Column(.p95, 6, rank: 7),
        Column(.p99, 6, rank: 3),
    ]

    private static let service: [Column] =
        [Column(.state, 1, rank: 0), Column(.name, 14, upTo: 40, rank: 0), Column(.namespace, 9, upTo: 16, rank: 10)] + signals
        + [
            Column(.denied, 7, rank: 9), Column(.traffic, 12, rank: 11), Column(.mtls, 5, rank: 8), Column(.versions, 14, upTo: 30, rank: 4),
            Column(.pods, 5, rank: 12), Column(.connections, 6, rank: 13), Column(.retries, 6, rank: 14), Column(.trend, 8, upTo: 30, rank: 5),
            Column(.reason, 20, upTo: 60, rank: 15),
        ]

    private static let pod: [Column] =
        [
            Column(.state, 1, rank: 0), Column(.name, 24, upTo: 50, rank: 0), Column(.service, 12, upTo: 20, rank: 12),
            Column(.namespace, 9, upTo: 16, rank: 15), Column(.version, 7, upTo: 10, rank: 4), Column(.node, 9, upTo: 20, rank: 5),
        ] + signals.map { column in
            var column = column
            if column.rank >= 6 { column.rank += 1 }
            return column
        }
        + [
            Column(.denied, 7, rank: 10), Column(.traffic, 12, rank: 11), Column(.mtls, 5, rank: 9), Column(.connections, 6, rank: 13),
            Column(.retries, 6, rank: 14), Column(.trend, 8, upTo: 30, rank: 6), Column(.reason, 20, upTo: 60, rank: 16),
        ]

    /// Pods of one service or node: which of them it is says the page.
    private static let members: [Column] =
        [Column(.state, 1, rank: 0), Column(.name, 20, upTo: 50, rank: 0), Column(.version, 7, upTo: 10, rank: 3), Column(.node, 9, upTo: 20, rank: 5)]
        + signals.map { column in
            var column = column
            column.rank = [.rate: 1, .success: 2, .p99: 4, .p95: 7, .p50: 8][column.field] ?? column.rank
            return column
        }
        + [
            Column(.trend, 8, upTo: 30, rank: 6), Column(.denied, 7, rank: 9), Column(.traffic, 12, rank: 10), Column(.mtls, 5, rank: 11), Column(.connections, 6, rank: 12),
            Column(.retries, 6, rank: 13), Column(.reason, 20, upTo: 60, rank: 14),
        ]

    private static let node: [Column] =
        [Column(.state, 1, rank: 0), Column(.name, 16, upTo: 40, rank: 0), Column(.pods, 5, rank: 4)] + signals
        + [
            Column(.denied, 7, rank: 9), Column(.traffic, 12, rank: 10), Column(.mtls, 5, rank: 8), Column(.connections, 6, rank: 11),
            Column(.retries, 6, rank: 12), Column(.trend, 8, upTo: 40, rank: 5), Column(.reason, 20, upTo: 60, rank: 13),
        ]

    private static let namespace: [Column] =
        [Column(.state, 1, rank: 0), Column(.name, 12, upTo: 30, rank: 0)] + signals
        + [Column(.pods, 5, rank: 8), Column(.mtls, 5, rank: 5), Column(.trend, 8, upTo: 20, rank: 4)]

    private static let sources: [Column] = [
        Column(.state, 9, rank: 0), Column(.name, 24, upTo: 60, rank: 0), Column(.pod, 16, upTo: 40, rank: 2), Column(.job, 8, upTo: 16, rank: 11), Column(.age, 5, rank: 1),
        Column(.duration, 6, rank: 4), Column(.samples, 7, rank: 6), Column(.kept, 6, rank: 8), Column(.mapped, 6, rank: 3),
        Column(.bytes, 7, rank: 9), Column(.bad, 4, rank: 5), Column(.profile, 10, upTo: 24, rank: 10), Column(.reason, 20, upTo: 70, rank: 7),
    ]

    private static let help: [Column] = [
        Column(.group, 12, rank: 0), Column(.keys, 22, upTo: 34, rank: 0), Column(.reason, 62, upTo: 90, rank: 0), Column(.name, 18, rank: 1),
    ]

    private static let traces: [Column] = [
        Column(.state, 1, rank: 0), Column(.age, 4, rank: 1), Column(.service, 12, upTo: 24, rank: 0), Column(.name, 14, upTo: 60, rank: 0), Column(.code, 4, rank: 3),
        Column(.duration, 6, rank: 0), Column(.trend, 10, upTo: 40, rank: 4), Column(.spans, 6, rank: 2), Column(.services, 4, rank: 6),
        Column(.errors, 6, rank: 5), Column(.oddities, 8, upTo: 12, rank: 7), Column(.trace, 32, rank: 8),
    ]

    private static let span: [Column] = [Column(.group, 10, rank: 0), Column(.name, 16, upTo: 30, rank: 0), Column(.reason, 20, upTo: 200, rank: 0)]

    private static let paths: [Column] = [
        Column(.state, 1, rank: 0), Column(.share, 6, rank: 0), Column(.interval, 9, rank: 3), Column(.rate, 7, rank: 1), Column(.name, 38, upTo: 90, rank: 0),
        Column(.reason, 20, upTo: 50, rank: 0), Column(.since, 8, rank: 2), Column(.traces, 6, rank: 4), Column(.pod, 16, upTo: 40, rank: 5), Column(.node, 9, upTo: 20, rank: 6),
    ]

    private static let way: [Column] = [
        Column(.state, 1, rank: 0), Column(.name, 18, upTo: 44, rank: 0), Column(.errors, 6, rank: 0), Column(.requests, 16, upTo: 20, rank: 1), Column(.trend, 16, upTo: 36, rank: 0),
        Column(.share, 5, rank: 4), Column(.versions, 17, upTo: 40, rank: 3), Column(.pods, 11, rank: 5),
        Column(.own, 7, rank: 6), Column(.passed, 9, rank: 7), Column(.wire, 10, rank: 8), Column(.reason, 16, upTo: 120, rank: 2),
    ]

    private static let times: [Column] = [
        Column(.state, 1, rank: 0), Column(.share, 6, rank: 0), Column(.trend, 10, upTo: 24, rank: 5), Column(.name, 20, upTo: 60, rank: 0), Column(.quick, 5, rank: 2), Column(.middle, 6, rank: 7),
        Column(.slowest, 7, rank: 1), Column(.duration, 6, rank: 4), Column(.requests, 5, rank: 6), Column(.reason, 20, upTo: 30, rank: 3), Column(.source, 20, upTo: 60, rank: 8),
    ]

    private static let repeats: [Column] = [
        Column(.state, 1, rank: 0), Column(.requests, 5, rank: 0), Column(.share, 6, rank: 0), Column(.traces, 6, rank: 1), Column(.name, 40, upTo: 140, rank: 0),
    ]

    private static let grounds: [Column] = [Column(.group, 9, rank: 0), Column(.name, 12, rank: 0), Column(.reason, 30, upTo: 250, rank: 0)]

    private static let changes: [Column] = [
        Column(.state, 1, rank: 0), Column(.differs, 15, upTo: 24, rank: 0), Column(.name, 24, upTo: 70, rank: 0), Column(.errors, 15, upTo: 17, rank: 0),
        Column(.p95, 13, upTo: 17, rank: 1), Column(.rate, 13, upTo: 15, rank: 2), Column(.p50, 13, upTo: 17, rank: 4), Column(.requests, 13, rank: 3),
    ]

    private static let excesses: [Column] = [
        Column(.state, 1, rank: 0), Column(.service, 12, upTo: 24, rank: 0), Column(.name, 24, upTo: 50, rank: 0), Column(.share, 16, upTo: 20, rank: 0), Column(.others, 16, upTo: 20, rank: 0),
        Column(.reason, 20, upTo: 120, rank: 1),
    ]

    private static let calls: [Column] = [Column(.state, 1, rank: 0), Column(.source, 14, upTo: 40, rank: 0), Column(.destination, 14, upTo: 40, rank: 0)]
        + edges(.destination).dropFirst(2)

    private static func edges(_ end: Field) -> [Column] {
        [Column(.state, 1, rank: 0), Column(end, 16, upTo: 40, rank: 0), Column(.protocol, 8, rank: 9)] + signals
            + [
                Column(.mtls, 5, rank: 5), Column(.denied, 7, rank: 8), Column(.retries, 6, rank: 10), Column(.versions, 14, upTo: 30, rank: 4),
                Column(.traffic, 12, rank: 12), Column(.reason, 20, upTo: 60, rank: 11),
            ]
    }

    private static let failing: [Column] = [
        Column(.state, 1, rank: 0), Column(.errors, 8, rank: 0), Column(.name, 24, upTo: 60, rank: 0), Column(.reason, 16, upTo: 90, rank: 1),
    ]

    private static let counters: [Column] = [
        Column(.state, 1, rank: 0), Column(.name, 24, upTo: 30, rank: 0), Column(.value, 12, upTo: 28, rank: 0), Column(.group, 11, rank: 1),
    ]

    private static let versions: [Column] = [Column(.state, 1, rank: 0), Column(.name, 9, upTo: 30, rank: 0), Column(.share, 7, rank: 4)] + signals
        + [Column(.traffic, 12, rank: 8), Column(.retries, 6, rank: 9)]

    private static let answers: [Column] = [
        Column(.state, 1, rank: 0), Column(.name, 5, upTo: 6, rank: 0), Column(.reason, 20, upTo: 50, rank: 0), Column(.requests, 8, rank: 1),
        Column(.share, 7, rank: 2), Column(.rate, 6, rank: 3),
    ]
}
