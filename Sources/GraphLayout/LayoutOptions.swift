package enum Flow: Sendable, CaseIterable {
    case leftToRight, topDown
}

package struct LayoutOptions: Hashable, Sendable {
    package var flow: Flow
    package var ascii: Bool
    /// Boxes of one row, `[name 82 6%!]`.
    package var compact: Bool
    /// Callers, and callees, that are drawn of one box.
    package var mostNeighbours: Int
    /// Columns of a name, and of any other line; what is longer is cut and marked.
    package var widestText: Int
    /// What a layout may cost: boxes and places where a wire passes a layer, and cells of the picture. Edges beyond it are hidden.
    package var mostItems = 40_000
    package var mostCells = 8_000_000

    package init(flow: Flow = .leftToRight, ascii: Bool = false, compact: Bool = false, mostNeighbours: Int = 12, widestText: Int = 40) {
        self.flow = flow
        self.ascii = ascii
        self.compact = compact
        self.mostNeighbours = max(1, mostNeighbours)
        self.widestText = max(8, widestText)
    }
}

/// Where nodes and the wires that pass a layer stood, so that the next layout leaves them there.
package struct LayoutHints: Equatable, Sendable {
    package struct Place: Hashable, Sendable {
        package var layer: Int
        /// Position among the boxes of its layer.
        package var order: Int
        /// Row of its wires, left to right; column, top-down. Counted from where the first layout began, so it may be negative.
        package var row: Int
    }

    /// The wire of a call on its way through a layer.
    package struct Passage: Hashable, Sendable {
        package var source: Int
        package var target: Int
        package var layer: Int
    }

    package var nodes: [Int: Place] = [:]
    package var passages: [Passage: Int] = [:]

    package init() {}
}
