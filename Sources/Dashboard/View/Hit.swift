import CellCanvas
import Panels

/// What a click on a part of the screen means.
struct Hit: Sendable, Equatable {
    enum Target: Sendable, Equatable {
        case action(Action)
        /// A step of the breadcrumb.
        case depth(Int)
        case header(pane: Int, Field)
        case row(pane: Int, position: Int)
        case pane(Int)
        /// The latencies: where in them says the pointer.
        case map(pane: Int)
        /// The picture of the calls: which box says the pointer.
        case graph(pane: Int)
        /// The line of time of a recording: where in it says the pointer.
        case timeline(Rect)
        /// The first warning of the header.
        case warning(MeshSummary.Warning)
    }
    var area: Rect
    var target: Target
}
