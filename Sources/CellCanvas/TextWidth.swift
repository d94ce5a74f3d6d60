/// How many cells text takes. A grapheme takes the width of its widest scalar; VS16 (U+FE0F) makes an emoji two cells wide.
public enum TextWidth {
    public static func columns(of text: String) -> Int {
        var sum = 0
        for character in text { sum += columns(of: character) }
        return sum
    }

    public static func columns(of character: Character) -> Int {
        let scalars = character.unicodeScalars
        guard let first = scalars.first else { return 0 }
        if first.value < 0x300, scalars.count == 1 { return isControl(first.value) ? 0 : 1 }
        var width = 0
        for scalar in scalars {
            if scalar.value == 0xFE0F { return 2 }
            width = max(width, columns(of: scalar))
        }
        return width
    }

    public static func columns(of scalar: Unicode.Scalar) -> Int {
        let value = scalar.value
        if value < 0x300 { return isControl(value) ? 0 : 1 }
        if contains(WidthTables.zero, value) { return 0 }
        return contains(WidthTables.wide, value) ? 2 : 1
    }

    /// C0, DEL and C1: they steer terminals and are never shown.
    public static func isControl(_ value: UInt32) -> Bool { value < 32 || (127...159).contains(value) }

    /// Controls, and the marks that turn the reading direction: text from the network must not rearrange a line.
    public static func isStripped(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<32, 127...159, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0x2028, 0x2029, 0xFEFF: true
        default: false
        }
    }

    /// Without what steers a terminal or turns the reading direction: names come from the network.
    public static func printable(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isStripped) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.filter { !isStripped($0) }))
    }

    /// Of one character; marks piled up on a letter climb over the lines above it.
    public static let mostScalars = 16

    private static func contains(_ table: [(UInt32, UInt32)], _ value: UInt32) -> Bool {
        var low = 0, high = table.count
        while low < high {
            let middle = (low + high) / 2
            if table[middle].1 < value { low = middle + 1 } else { high = middle }
        }
        return low < table.count && table[low].0 <= value
    }

    /// The beginning of `text` that fits `limit` cells, with `…` where something was cut.
    public static func truncated(_ text: String, to limit: Int) -> String {
        guard limit > 0 else { return "" }
        var used = 0
        var fits = text.startIndex  // end of what fits beside the mark
        var index = text.startIndex
        while index < text.endIndex {
            let width = columns(of: text[index])
            if used + width > limit { return text[..<fits] + "…" }
            used += width
            index = text.index(after: index)
            if used <= limit - 1 { fits = index }
        }
        return text
    }
}
