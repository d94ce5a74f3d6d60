/// A mouse report in cells, the top left cell being (0, 0). A double click is one report: it is not preceded by the
/// clicks it consists of, or only by the first.
package struct Mouse: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case click, doubleClick, wheelUp, wheelDown
    }

    package var kind: Kind
    package var x: Int
    package var y: Int

    package init(_ kind: Kind, x: Int, y: Int) {
        self.kind = kind
        self.x = x
        self.y = y
    }
}
