/// One character and how many cells it takes, as the caller measured it. This target has no width tables.
package struct Glyph: Hashable, Sendable {
    package var character: Character
    package var width: Int

    package init(_ character: Character, width: Int = 1) {
        self.character = character
        self.width = width
    }
}

/// One line of text in a box.
package struct TextLine: Hashable, Sendable, ExpressibleByStringLiteral {
    package var glyphs: [Glyph]

    package init(_ glyphs: [Glyph] = []) { self.glyphs = glyphs }

    /// Text that takes a cell a character.
    package init(narrow text: String) { glyphs = text.map { Glyph($0) } }

    package init(stringLiteral text: String) { self.init(narrow: text) }

    package var width: Int { glyphs.reduce(0) { $0 + $1.width } }
    package var text: String { String(glyphs.map(\.character)) }
    package var isEmpty: Bool { glyphs.isEmpty }
}

/// How a wire is drawn; where several flow together the greatest wins.
package enum WireLine: UInt8, Sendable, Comparable, CaseIterable {
    case light, dashed, heavy

    package static func < (a: WireLine, b: WireLine) -> Bool { a.rawValue < b.rawValue }
}

package enum Frame: UInt8, Sendable, CaseIterable {
    case light, rounded, dashed, heavy
}

package struct GraphNode: Hashable, Sendable {
    /// The same node has the same id in every layout.
    package var id: Int
    package var name: TextLine
    /// Namespace: written after the name where two names would be alike.
    package var group: TextLine
    /// What follows the name on its line.
    package var note: TextLine
    package var more: [TextLine]
    package var frame: Frame
    /// Stays in the first layer: callers from outside, or the node in focus.
    package var isEntry: Bool
    /// Callers and callees that are no nodes of this graph: counted in the box with those there is no wire to.
    package var callersElsewhere = 0
    package var calleesElsewhere = 0

    package init(id: Int, name: TextLine, group: TextLine = "", note: TextLine = "", more: [TextLine] = [], frame: Frame = .light, isEntry: Bool = false) {
        self.id = id
        self.name = name
        self.group = group
        self.note = note
        self.more = more
        self.frame = frame
        self.isEntry = isEntry
    }
}

package struct GraphEdge: Hashable, Sendable {
    package var source: Int
    package var target: Int
    /// The busier of two edges is drawn when not both are.
    package var weight: Double
    package var line: WireLine
    /// Failing edges are drawn first, and colour what they share; 0 is well.
    package var severity: UInt8

    package init(_ source: Int, _ target: Int, weight: Double = 1, line: WireLine = .light, severity: UInt8 = 0) {
        self.source = source
        self.target = target
        self.weight = weight
        self.line = line
        self.severity = severity
    }
}

package struct GraphInput: Hashable, Sendable {
    package var nodes: [GraphNode]
    package var edges: [GraphEdge]

    package init(nodes: [GraphNode] = [], edges: [GraphEdge] = []) {
        self.nodes = nodes
        self.edges = edges
    }
}
