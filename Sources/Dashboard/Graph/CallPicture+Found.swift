import MeshModel
import Panels

/// What `:find` marks in a picture: it stays bright, and the rest is faint.
struct Found: Sendable, Equatable {
    var boxes: Set<Entity> = []
    /// Places in the drawing.
    var edges: Set<Int> = []
}

extension CallPicture {
    /// nil: nothing is looked for.
    func found(_ find: Filter) -> Found? {
        guard !find.isEmpty else { return nil }
        var found = Found(boxes: Set(calls.nodes.filter { find.matches(node: $0) }.map(\.entity)))
        let matching = calls.edges.filter { find.matches(edge: $0) }
        // Where nothing is asked that is known of a box, those are meant between which such calls go.
        if !find.isAbout(call: false) { found.boxes = Set(matching.flatMap { [$0.source, $0.destination] }) }
        // By their ends: while another picture is laid out, calls have other places.
        let pairs = Set(matching.compactMap { edge in id(of: edge.source).flatMap { source in id(of: edge.destination).map { CallNodes.Ends(source: source, target: $0) } } })
        let drawing = drawn.drawing.edges
        found.edges = Set(drawing.indices.filter { pairs.contains(CallNodes.Ends(source: drawing[$0].source, target: drawing[$0].target)) })
        return found
    }

    /// Whom a search finds: whether anybody who is drawn, and who is not, outside of the focus or for want of room, the worst first.
    func search(_ filter: Filter) -> (hasDrawn: Bool, notDrawn: [Entity]) {
        guard !filter.isEmpty, let whole else { return (true, []) }
        let found = whole.nodes(scope).map(PartyRow.init).filter { filter.accepts($0) }
        let notDrawn = found.filter { isBehind ? calls.place(of: $0.entity) == nil : box(of: $0.entity) == nil }
        return (found.count > notDrawn.count, notDrawn.sorted { $0.urgency > $1.urgency }.map(\.entity))
    }
}
