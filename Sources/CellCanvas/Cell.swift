/// One cell of the screen: eight bytes, no reference counting.
public struct Cell: Equatable, BitwiseCopyable, Sendable {
    /// A Unicode scalar, or with the high bit set an index into the canvas's graphemes.
    public var scalar: UInt32
    public var style: Style
    /// Cells the glyph takes; 0 = the second half of a wide one.
    public var width: UInt8

    public init(scalar: UInt32 = 32, style: Style = .text, width: UInt8 = 1) {
        self.scalar = scalar
        self.style = style
        self.width = width
    }

    static let graphemeBit: UInt32 = 1 << 31
    public var isGrapheme: Bool { scalar & Self.graphemeBit != 0 }
    public var isTail: Bool { width == 0 }
}
