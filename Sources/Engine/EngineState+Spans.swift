import CallGraph
import MeshModel
import Panels
import WireFormats

/// Single spans: those that a line of a waterfall stands for, and one of them opened.
extension EngineState {
    mutating func parts(_ row: AssemblyRow, _ assembly: Assembly, _ predicate: ErrorPredicate) -> [SpanPart] {
        var isCallee: Bool? = row.server < 0 ? nil : false
        return row.parts.map { place in
            let span = assembly.spans[place], names = names(ofParty: assembly.party[place])
            if place == row.server { isCallee = true }
            let role: SpanPart.Role = switch (span.isProxy, span.kind) {
            case (true, .server): .listener
            case (true, .client): .router
            case (false, .server): .server
            case (false, .client): .client
            default: .other
            }
            return SpanPart(id: span.id, kind: span.kind, role: role, isCallee: isCallee, service: names.name, pod: names.pod,
                            start: assembly.at(place), durationSeconds: span.duration.seconds, isError: !assembly.isDenied(place) && span.isError(predicate),
                            code: span.code == Meaning.untoldCode ? nil : span.code, flags: text(span.flags))
        }
    }

    mutating func spanDetail(_ id: TraceID, _ span: SpanID, _ kind: SpanKind) -> SpanDetail? {
        guard let trace = traces[id] else { return nil }
        var opened: OpenedSpan?, scratch: [UInt8] = []
        traces.forEachMessage(of: trace, &scratch) { found, message in
            guard found.id == span, found.kind == kind, opened == nil else { return }
            opened = traces.resources[Int(found.resource)].bytes.withUnsafeBytes { SpanOpener.open(span: message, resource: $0) }
        }
        guard let opened else { return nil }
        var detail = SpanDetail(id: span, kind: kind)
        func attributes(_ list: [OpenedSpan.Attribute]) -> [SpanDetail.Attribute] { list.map { .init(key: $0.key, value: $0.value) } }
        detail.attributes = attributes(opened.attributes)
        detail.resource = attributes(opened.resource)
        detail.events = opened.events.map { .init(time: $0.time, name: $0.name, attributes: attributes($0.attributes)) }
        detail.links = opened.links.map { link in
            let root = traces[link.trace]?.summary.map { "\(name(ofParty: $0.party)) \(symbols.string($0.operation))" }
            return SpanDetail.Link(trace: link.trace, span: link.span, root: root)
        }
        detail.statusMessage = opened.statusMessage
        return detail
    }
}
