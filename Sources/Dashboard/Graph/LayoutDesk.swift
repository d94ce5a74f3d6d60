import MeshModel
import Panels

/// Layouts are numbered, and one at a time is done beside the loop.
struct LayoutDesk: Sendable {
    var lastNumber = 0
    var inHand: Int?
}

extension Model {
    /// The next picture to be laid out, once the one before is done: those wanted in between never are.
    mutating func nextLayout() -> LayoutJob? {
        guard layouts.inHand == nil, let pane = screen.panes.first(where: { $0.kind == .graph }), pane.graph.isBehind else { return nil }
        layouts.inHand = pane.graph.wanted.number
        return pane.graph.wanted
    }

    mutating func take(_ picture: LaidOut) {
        if layouts.inHand == picture.number { layouts.inHand = nil }
        // On another screen it waits, and is asked for anew there.
        guard let index = screen.panes.firstIndex(where: { $0.kind == .graph }) else { return }
        screen.panes[index].graph.take(picture, anchor: screen.panes[index].anchor)
        revealSelection(index)
    }
}

extension Pane {
    /// What stays in its place on the screen when a picture changes.
    var anchor: Entity? { if case .party(let entity)? = selection { entity } else { nil } }
}
