import MeshModel
import Panels

/// One line of what is known of a span.
package struct SpanLine: Sendable {
    package enum Group: String, Sendable { case span, hop, attribute, resource, event, link }
    enum Target: Sendable {
        case service, pod, trace(TraceID), span(SpanID), part(Int)
        /// A trace that is not there.
        case notHeld
    }

    var group: Group
    var number: Int
    var key: String
    var value: String
    var target: Target?
    var isBad = false

    /// What the waterfall knows comes first, then what only the opened span tells; `detail` is nil until it has come.
    /// - Parameter part: of a hop that several spans tell of, the one that is open.
    static func lines(_ span: SpanRow, open part: Int? = nil, _ detail: SpanDetail?, trace: TraceID? = nil, origin: Timestamp) -> [SpanLine] {
        var lines: [SpanLine] = []
        func add(_ group: Group, _ key: String, _ value: String, to target: Target? = nil, isBad: Bool = false) {
            if !value.isEmpty { lines.append(SpanLine(group: group, number: lines.count, key: key, value: value, target: target, isBad: isBad)) }
        }
        func offset(_ time: Timestamp) -> String { "+\(Format.milliseconds(max(0, (time - origin).seconds) * 1000))" }
        add(.span, "service", span.service, to: .service)
        add(.span, "pod", span.pod, to: .pod)
        add(.span, "version", span.version)
        add(.span, "operation", span.operation)
        add(.span, "kind", span.kind.words)
        if let code = span.code { add(.span, "code", code == 0 ? "none: no response" : "\(code) \(ResponseCode.words(code))", isBad: span.isError) }
        add(.span, "flags", span.flagWords, isBad: true)
        add(.span, "status", (detail?.statusMessage).map { $0.isEmpty ? (span.isError ? "failed" : "") : $0 } ?? "", isBad: span.isError)
        if span.parts.isEmpty {
            add(.span, span.serverStart == nil ? "time" : "caller's side", "\(span.start.timeOfDayMilliseconds) \(offset(span.start)), took \(Format.milliseconds(span.durationSeconds * 1000))")
            if let start = span.serverStart, let seconds = span.serverDurationSeconds {
                add(.span, "callee's side", "\(start.timeOfDayMilliseconds) \(offset(start)), took \(Format.milliseconds(seconds * 1000))")
            }
        } else {
            add(.span, "time", "\(span.start.timeOfDayMilliseconds) \(offset(span.start)), took \(Format.milliseconds(span.durationSeconds * 1000))")
        }
        if let wire = span.wireSeconds { add(.span, "on the wire", Format.milliseconds(wire * 1000)) }
        let critical = span.critical.isEmpty ? "" : ", on the critical path \(Format.milliseconds(span.criticalSeconds * 1000))"
        add(.span, "self time", Format.milliseconds(span.selfSeconds * 1000) + critical)
        if span.isOrphan { add(.span, "orphan", "? its parent has not come", isBad: true) }
        if span.isAwaitingParent { add(.span, "orphan", "… its parent may come yet: the trace is still arriving") }
        if span.adjustedSeconds != 0 { add(.span, "adjusted", span.adjustmentWords, isBad: true) }
        for (number, each) in span.parts.enumerated() {
            add(.hop, "\(number == part ? "▸ " : "")\(each.title)", each.sentence(at: offset(each.start)), to: .part(number), isBad: each.isError)
        }
        let open = part.map { (span.parts[$0].id, span.parts[$0].kind) } ?? (span.id, span.kind)
        add(.span, "span id", open.0.hex)
        guard let detail, detail.id == open.0, span.parts.isEmpty || detail.kind == open.1 else { return lines }
        for attribute in detail.attributes { add(.attribute, attribute.key, attribute.value) }
        for event in detail.events {
            add(.event, event.name, ([offset(event.time)] + event.attributes.map { "\($0.key)=\($0.value)" }).joined(separator: " "))
        }
        for link in detail.links {
            if link.trace == trace {
                add(.link, "this trace", "span \(link.span.hex)", to: .span(link.span))
            } else if let root = link.root {
                add(.link, link.trace.displayName, "\(root) · span \(link.span.hex) of \(link.trace.hex)", to: .trace(link.trace))
            } else {
                add(.link, link.trace.displayName, "not held · span \(link.span.hex) of \(link.trace.hex)", to: .notHeld)
            }
        }
        for attribute in detail.resource { add(.resource, attribute.key, attribute.value) }
        return lines
    }

    var sentence: String { "\(key)=\(value)" }
}

extension SpanLine: FactRow {
    var groupName: String { group.rawValue }
    static var comesByName: Bool { true }
    var rowKey: RowKey { .spanLine(group, number) }
    var stateName: String { isBad ? "warning" : "good" }
    var isTroubled: Bool { isBad }
    var urgency: (Double, Double, Double) { (isBad ? 1 : 0, 0, 0) }
    var isStale: Bool { false }
    var health: HealthState { isBad ? .warning : .good }
}

extension SpanPart {
    /// `caller's router`, `callee's listener`.
    var title: String {
        guard let isCallee else { return role.rawValue }
        return "\(isCallee ? "callee" : "caller")'s \(role.rawValue)"
    }

    /// `payment +210ms took 31ms, 503, UF (upstream connection failed), payment-v2-7d5b8f9c6-w2x6m`
    func sentence(at offset: String) -> String {
        var parts = ["\(service) \(offset) took \(Format.milliseconds(durationSeconds * 1000))"]
        if let code { parts.append(code == 0 ? "no response" : "\(code)") }
        if !flags.isEmpty { parts.append(ResponseFlag.sentence(flags)) }
        if !pod.isEmpty { parts.append(pod) }
        return parts.joined(separator: ", ")
    }
}
