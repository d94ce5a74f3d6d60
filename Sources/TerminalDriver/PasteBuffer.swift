/// Gathers what comes between the marks of pasted text.
package struct PasteBuffer {
    private var scalars: [Unicode.Scalar] = []
    private var newest: [Unicode.Scalar] = []
    package private(set) var isOpen = false

    /// More than any line takes; what is beyond is left out.
    private static let limit = 10_000
    /// The end mark, where it came apart on a slow line and so was not read as a key.
    private static let end = Array("\u{1B}[201~".unicodeScalars)

    package init() {}

    /// A mark came: the text, where it was the end.
    package mutating func mark(begins: Bool) -> String? {
        defer { (scalars, newest, isOpen) = ([], [], begins) }
        return isOpen && !begins ? text : nil
    }

    /// One more code point of it: the text, where it was the last of an end mark.
    package mutating func take(_ value: UInt32) -> String? {
        guard let scalar = Unicode.Scalar(value == 13 ? 10 : value) else { return nil }
        if scalars.count < Self.limit { scalars.append(scalar) }
        newest = newest.suffix(Self.end.count - 1) + [scalar]
        guard newest == Self.end else { return nil }
        // As much of the mark as was kept.
        if let kept = (1...Self.end.count).last(where: { scalars.suffix($0).elementsEqual(Self.end.prefix($0)) }) { scalars.removeLast(kept) }
        return mark(begins: false)
    }

    private var text: String {
        var text = ""
        text.unicodeScalars.append(contentsOf: scalars)
        return text
    }
}
