/// A rectangle of cells.
package struct Rect: Hashable, Sendable {
    package var x = 0, y = 0, width = 0, height = 0
    package init(x: Int, y: Int, width: Int, height: Int) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
    }
}

/// Which characters charts and lines are drawn with.
package enum GlyphSet: Sendable, Equatable { case braille, block, ascii }
