import MeshModel
import Panels

/// What a search in a trace looks at.
extension SpanRow: ListRow {
    static var comesByName: Bool { true }
    var rowKey: RowKey { .span(id, copy: 0) }
    var stateName: String { isError ? "failed" : "ok" }
    var isTroubled: Bool { isError }
    var urgency: (Double, Double, Double) { (isError ? 1 : 0, durationSeconds, 0) }

    func anyState(_ body: (String) -> Bool) -> Bool { body(stateName) || (isError && (body("failing") || body("error"))) }

    func number(_ field: Field) -> Double? {
        switch field {
        case .duration: durationSeconds * 1000
        case .code: code.map(Double.init)
        default: nil
        }
    }

    func text(_ field: Field) -> String? {
        switch field {
        case .name, .operation: operation
        case .service: service
        case .version: version
        case .pod: pod
        case .reason, .flag: flags
        case .code: code.map { String($0) }
        default: nil
        }
    }

    func anyText(_ body: (String) -> Bool) -> Bool {
        body(operation) || body(service) || body(pod) || body(flags) || (isError && body("failed"))
    }
}

extension SpanKind {
    var words: String {
        switch self {
        case .unspecified: "kind not said"
        case .internal: "internal"
        case .server: "server"
        case .client: "client"
        case .producer: "producer"
        case .consumer: "consumer"
        }
    }
}

extension Waterfall {
    /// `✕ payment charge (client, v2)  412ms at +31ms, self 12ms, wire 5ms, 503 UF upstream connection failed`
    func sentence(_ row: Int) -> String {
        let span = spans[row]
        let who = "\(span.service)\(span.version.isEmpty ? "" : "@\(span.version)") \(span.operation) (\(span.kind.words))"
        var parts = ["\(Format.milliseconds(span.durationSeconds * 1000)) at +\(Format.milliseconds((span.start - index.range.from).seconds * 1000))"]
        parts.append("self \(Format.milliseconds(span.selfSeconds * 1000))")
        if lightsPath, !span.critical.isEmpty { parts.append("on the critical path \(Format.milliseconds(span.criticalSeconds * 1000))") }
        if let gap = index.longestGap(row), gap > 0 { parts.append("longest gap \(Format.milliseconds(gap * 1000))") }
        if let wire = span.wireSeconds { parts.append("on the wire \(Format.milliseconds(wire * 1000))") }
        if let code = span.code { parts.append(code == 0 ? "no response" : "\(code) \(ResponseCode.words(code))") }
        if !span.flags.isEmpty { parts.append(span.flagWords) }
        if span.isOrphan { parts.append("? its parent is missing") }
        if span.isAwaitingParent { parts.append("… its parent may come yet") }
        if span.adjustedSeconds != 0 { parts.append(span.adjustmentWords) }
        if hasChildren(row) { parts.append("\(Format.grouped(Int(index.ends[row]) - row - 1)) below") }
        return "\(span.isError ? "✕ " : "")\(who)  \(parts.joined(separator: ", "))"
    }
}

extension SpanRow {
    /// Of a hop seen from both sides: what the callee's side does not cover.
    var wireSeconds: Double? {
        guard serverStart != nil, let server = serverDurationSeconds else { return nil }
        return max(0, durationSeconds - server)
    }

    /// Whether its root waited for it at any time between.
    func isCritical(from: Int64, to: Int64) -> Bool {
        let low = (0..<critical.count).firstPlace { critical[$0].to.nanoseconds <= from }
        return low < critical.count && critical[low].from.nanoseconds < to
    }

    /// Response flags as they came, each with its meaning.
    var flagWords: String { ResponseFlag.sentence(flags) }

    var adjustmentWords: String {
        "≈ moved \(Format.milliseconds(abs(adjustedSeconds) * 1000)) \(adjustedSeconds < 0 ? "earlier" : "later"): its clock disagrees with its caller's"
    }
}
