import MeshModel
import Panels

/// A call path, and what of the time of the service's requests was waited for at its end.
struct TimeRow: Sendable, Equatable {
    var row: ServiceLatency.Row
    /// Whose requests.
    var service: String
    /// The largest share: what a full bar stands for.
    var most: Double
    /// Call paths that it stands for.
    var ways = 1

    static func rows(_ latency: ServiceLatency, foldsWays: Bool = false) -> [TimeRow] {
        var rows = latency.rows.map { TimeRow(row: $0, service: latency.service.displayName, most: 0) }
        if foldsWays { rows = folded(rows) }
        let most = rows.reduce(0) { max($0, $1.row.share) }
        for index in rows.indices { rows[index].most = most }
        return rows
    }

    private static func folded(_ rows: [TimeRow]) -> [TimeRow] {
        var places: [ServiceLatency.Step: Int] = [:], folded: [TimeRow] = []
        for row in rows {
            if let place = places[row.row.step] {
                folded[place].add(row)
            } else {
                places[row.row.step] = folded.count
                folded.append(row)
            }
        }
        return folded.sorted { ($1.row.share, $0.name) < ($0.row.share, $1.name) }
    }

    /// The sample stays that of the largest; what would be won is known of each way alone.
    private mutating func add(_ other: TimeRow) {
        let (a, b) = (row, other.row), calls = (a.calls * Double(a.traces), b.calls * Double(b.traces))
        row.way = [a.step]
        row.share += b.share
        row.bands = zip(a.bands, b.bands).map { $0 == nil && $1 == nil ? nil : ($0 ?? 0) + ($1 ?? 0) }
        row.ownSeconds = (a.ownSeconds * calls.0 + b.ownSeconds * calls.1) / max(calls.0 + calls.1, 1)
        row.traces = max(a.traces, b.traces)
        row.calls = (calls.0 + calls.1) / Double(max(row.traces, 1))
        row.faster = nil
        ways += other.ways
    }

    /// The largest share has a full bar.
    static func listing(_ rows: [TimeRow], _ pane: Pane) -> Listing {
        var listing = Listing.make(rows, pane)
        listing.longestSeconds = 1
        return listing
    }

    /// How much larger its share is in the slowest twentieth than in the quick half; nil: one of them is empty.
    var growth: Double? {
        guard let quick = row.bands.first ?? nil, let slowest = row.bands.last ?? nil else { return nil }
        return slowest - quick
    }

    /// A share that grows so much is why slow requests are slow.
    private static let leastGrowth = 0.1
    var isWhySlow: Bool { growth.map { $0 >= Self.leastGrowth } ?? false }

    /// `checkout → payment → db`: services, each once in a row.
    var way: String {
        if ways > 1 { return "\(ways) ways" }
        var names: [String] = []
        for step in row.way where step.service != names.last { names.append(step.service) }
        return names.joined(separator: " → ")
    }

    var name: String { row.step.name }

    /// `50ms less: p95 -38ms`
    var won: String? {
        guard let faster = row.faster else { return nil }
        return "\(faster.short): p95 \(ServiceLatency.Faster.change(faster.before.p95, faster.after.p95))"
    }
}

extension ServiceLatency.Step {
    /// `payment POST /charge`, `payment.shop.svc.cluster.local:80/*`
    var name: String { operation.isEmpty ? service : operation.hasPrefix(service) ? operation : "\(service) \(operation)" }
}

extension ServiceLatency.Faster {
    var short: String { less.map { "\(Format.milliseconds($0 * 1000)) less" } ?? "half" }
    var words: String { less.map { "\(Format.milliseconds($0 * 1000)) faster" } ?? "twice as fast" }

    /// `-38ms`; what no clock tells is nothing.
    static func change(_ before: Double, _ after: Double) -> String {
        let won = (before - after) * 1000
        return won < 0.05 ? "as before" : "-" + Format.milliseconds(won)
    }

    /// `p95 -38ms (412ms → 374ms)`
    var change: String { "p95 \(Self.change(before.p95, after.p95)) (\(Format.milliseconds(before.p95 * 1000)) → \(Format.milliseconds(after.p95 * 1000)))" }

    /// `p95 -38ms (412ms → 374ms), p50 -12ms, p99 -51ms`
    var changes: String {
        "\(change), p50 \(Self.change(before.p50, after.p50)), p99 \(Self.change(before.p99, after.p99))"
    }
}

extension TimeRow: CellRow {
    static var comesByName: Bool { true }
    var rowKey: RowKey { .callPath(row.way) }
    var isStale: Bool { false }
    var health: HealthState { isWhySlow ? .warning : .good }
    var stateName: String { isWhySlow ? "slows" : "steady" }
    var isTroubled: Bool { isWhySlow }
    var urgency: (Double, Double, Double) { (isWhySlow ? 1 : 0, row.share, 0) }
    var barSeconds: Double? { row.share / max(most, .leastNonzeroMagnitude) }

    func number(_ field: Field) -> Double? {
        switch field {
        case .share: row.share * 100
        case .quick: row.bands[0].map { $0 * 100 }
        case .middle: row.bands[1].map { $0 * 100 }
        case .slowest: row.bands[2].map { $0 * 100 }
        case .duration: row.ownSeconds * 1000
        case .requests: row.calls
        case .traces: Double(row.traces)
        case .reason: row.faster.map { ($0.before.p95 - $0.after.p95) * 1000 }
        default: nil
        }
    }

    func text(_ field: Field) -> String? {
        switch field {
        case .name: name
        case .service: row.step.service
        case .operation: row.step.operation
        case .source: way
        case .reason: won
        default: nil
        }
    }

    func anyText(_ body: (String) -> Bool) -> Bool { body(name) || body(way) }

    func cellText(_ field: Field) -> String {
        switch field {
        case .share: Format.percent(row.share)
        case .quick, .middle, .slowest: number(field).map { Format.wholePercent($0 / 100) } ?? Format.unknown
        case .duration: Format.milliseconds(row.ownSeconds * 1000)
        case .requests: row.calls > 0 ? Format.decimal(row.calls, row.calls < 9.95 ? 1 : 0) : Format.unknown
        case .traces: Format.count(row.traces)
        case .trend: ""
        default: text(field) ?? Format.unknown
        }
    }

    func shortName(_ field: Field, width: Int, cut: (String, Int) -> String) -> String { Self.short(cellText(field), width, cut) }

    /// Whose it is stands first, and what is asked last: the middle goes.
    static func short(_ text: String, _ width: Int, _ cut: (String, Int) -> String) -> String {
        guard text.utf8.count > width, width >= 12, text.utf8.allSatisfy({ $0 < 128 }) else { return cut(text, width) }
        let tail = (width - 1) / 2
        return "\(text.prefix(width - 1 - tail))…\(text.suffix(tail))"
    }

    /// `payment POST /charge, by checkout → payment: 41 % of the time, 80% of the slowest 5 %'s, 20% of the quick half's; 50ms faster: checkout p95 …`
    var sentence: String {
        var parts = ["\(name): \(Format.percent(row.share)) of the time"]
        if growth != nil { parts.append("\(cellText(.slowest)) of the slowest 5 %'s, \(cellText(.quick)) of the quick half's") }
        if let faster = row.faster { parts.append("\(faster.words): \(service) \(faster.changes)") }
        return parts.joined(separator: "; ") + (row.way.count > 1 || ways > 1 ? "; by \(way)" : "")
    }
}

/// Calls repeated one after another, over all traces.
struct RepeatRow: Sendable, Equatable {
    var calls: ServiceLatency.Repeat
    var name: String { "\(calls.caller.name) → \(calls.callee.name)" }
}

extension RepeatRow: CellRow {
    static var comesByName: Bool { true }
    var rowKey: RowKey { .repeated(calls.caller, calls.callee) }
    var isStale: Bool { false }
    /// Half of a caller's time is worth a look.
    var health: HealthState { calls.share >= 0.5 ? .warning : .good }
    var stateName: String { health.name }
    var isTroubled: Bool { health >= .warning }
    var urgency: (Double, Double, Double) { (Double(health.rawValue), calls.share, 0) }

    func number(_ field: Field) -> Double? {
        switch field {
        case .requests: Double(calls.calls)
        case .share: calls.share * 100
        case .traces: Double(calls.traces)
        default: nil
        }
    }

    func text(_ field: Field) -> String? {
        switch field {
        case .name: name
        case .source: calls.caller.service
        case .service, .destination: calls.callee.service
        case .operation: calls.callee.operation
        default: nil
        }
    }

    func anyText(_ body: (String) -> Bool) -> Bool { body(name) }

    func cellText(_ field: Field) -> String {
        switch field {
        case .requests: Format.count(calls.calls)
        case .share: Format.percent(calls.share)
        case .traces: Format.count(calls.traces)
        default: text(field) ?? Format.unknown
        }
    }

    var sentence: String {
        "\(calls.caller.name) calls \(calls.callee.name) \(calls.calls) times, one after another: \(Format.percent(calls.share)) of its time, in \(Painter.plural(calls.traces, "trace"))"
    }
}
