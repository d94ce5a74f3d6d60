package import MeshModel
package import Panels

/// Identity of a call relation between two entities.
package struct EdgeKey: Hashable, Sendable {
    package var source: Entity
    package var destination: Entity
    package var `protocol`: String

    package init(_ row: EdgeRow) {
        source = row.source
        destination = row.destination
        `protocol` = row.protocol
    }
}

/// What a selection holds on to, so that a sorted or vanished row never hands the cursor to its neighbour.
package enum RowKey: Hashable, Sendable {
    case entity(EntityKey)
    case edge(EdgeKey)
    /// An end of a call, in the mesh or not.
    case party(Entity)
    case source(SourceID)
    case trace(TraceID)
    /// Broken traces have several spans of one id: which of them, counted in the order of the waterfall.
    case span(SpanID, copy: Int)
    case spanLine(SpanLine.Group, Int)
    case verdict(Verdict.Key)
    /// A service on the way to where failures begin.
    case hop(Entity)
    case ground(WhyLine.Group, Int)
    case callPath([ServiceLatency.Step])
    case repeated(ServiceLatency.Step, ServiceLatency.Step)
    /// An attribute that failing traces have more often.
    case excess(Entity, String)
    case warning(String)
    case counter(ProxyCounter.Group, String)
    case version(String)
    case answer(String)
    case action(Action)
    case command(String)

    /// What messages call it.
    package var displayName: String {
        switch self {
        case .entity(let key): key.level == .version ? "\(key.name)@\(key.version)" : key.name
        case .edge(let key): "\(key.source.finestName) → \(key.destination.finestName)"
        case .party(let entity): entity.finestName
        case .source(let id): "source \(id.raw)"
        case .trace(let id): id.displayName
        case .span(let id, _): "span \(id.hex)"
        case .spanLine(let group, _): group.rawValue
        case .verdict(let key): key.name
        case .hop(let entity): entity.displayName
        case .ground(let group, _): group.rawValue
        case .callPath(let way): way.last?.name ?? ""
        case .repeated(let caller, let callee): "\(caller.name) → \(callee.name)"
        case .excess(let service, let name): "\(service.displayName) \(name)"
        case .warning(let text): text
        case .counter(_, let name), .version(let name), .answer(let name): name
        case .action(let action): action.rawValue
        case .command(let name): ":" + name
        }
    }
}
