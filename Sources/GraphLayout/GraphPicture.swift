/// A rectangle of cells.
package struct BoxRect: Hashable, Sendable {
    package var x: Int
    package var y: Int
    package var width: Int
    package var height: Int

    package init(x: Int, y: Int, width: Int, height: Int) {
        (self.x, self.y, self.width, self.height) = (x, y, width, height)
    }

    package var right: Int { x + width }
    package var bottom: Int { y + height }
}

package struct GraphBox: Equatable, Sendable {
    /// Index into the input's nodes.
    package var node: Int
    package var rect: BoxRect
    /// The text as it fits, with its marks; the first line begins with the name.
    package var lines: [TextLine]
    /// Glyphs of the name, at the beginning of the first line.
    package var nameLength: Int
    package var frame: Frame
    package var callsItself: Bool
    /// Callers and callees without a wire here.
    package var hiddenCallers: Int
    package var hiddenCallees: Int
}

package struct WireCell: Equatable, Sendable {
    package var x: Int
    package var y: Int
    package var scalar: Unicode.Scalar
    /// Where its strokes lead: left 1, right 2, up 4, down 8. An arrowhead has none ahead.
    package var arms: UInt8
    /// Which edges flow here: an index into `edgeSets`. At a crossing, of the wire along the flow.
    package var along: Int
    /// At a crossing, of the wire across it.
    package var across: Int?
    /// The edge whose state this cell has; nil for a stem that several share.
    package var tone: Int?
}

/// A drawn graph: every edge can be followed through its cells. What is not drawn is counted.
package struct GraphPicture: Equatable, Sendable {
    package struct Hidden: Equatable, Sendable {
        /// Pairs of caller and callee.
        package var edges = 0
        package var nodes = 0
        /// Edges with an end that is no node, and nodes whose id was taken.
        package var dangling = 0
    }

    package var width = 0
    package var height = 0
    package var boxes: [GraphBox] = []
    /// By row, then column.
    package var cells: [WireCell] = []
    /// Indices into the input's edges.
    package var edgeSets: [[Int]] = []
    package var hidden = Hidden()
    package var hints = LayoutHints()
    /// Cells where two wires go straight over each other.
    package var crossings = 0
    package var options = LayoutOptions()

    /// Nothing drawn.
    package init() {}

    /// `(+12 nodes, +37 edges hidden)`, or nothing.
    package var caption: String {
        let parts = [(hidden.nodes, "node"), (hidden.edges, "edge")].filter { $0.0 > 0 }.map { "+\($0) \($1)\($0 == 1 ? "" : "s")" }
        return parts.isEmpty ? "" : "(\(parts.joined(separator: ", ")) hidden)"
    }
}
