/// What a piece of the screen means. A theme says how it looks.
public enum Role: UInt8, Sendable, CaseIterable {
    case text, dim, strong, title, accent, link, key
    case border, borderFocused, header, headerSorted
    case statusLine, warningLine, badgeLive, badgeFrozen, cursor
    case good, warning, failing, denied, unknown, stale
    case chart1, chart2, chart3, chart4
    case heat0, heat1, heat2, heat3, heat4, heat5, heat6, heat7
    case series1, series2, series3, series4, series5, series6
}

/// Role and attributes of a cell, in two bytes.
public struct Style: Hashable, Sendable, BitwiseCopyable {
    public private(set) var raw: UInt16

    public init(_ role: Role, bold: Bool = false, underline: Bool = false, reverse: Bool = false, selected: Bool = false) {
        raw = UInt16(role.rawValue)
        if bold { raw |= 1 << 8 }
        if underline { raw |= 1 << 9 }
        if reverse { raw |= 1 << 10 }
        if selected { raw |= 1 << 11 }
    }

    public static let text = Style(.text)

    public var role: Role { Role(rawValue: UInt8(truncatingIfNeeded: raw)) ?? .text }
    public var isBold: Bool { raw & 1 << 8 != 0 }
    public var isUnderlined: Bool { raw & 1 << 9 != 0 }
    public var isReversed: Bool { raw & 1 << 10 != 0 }
    /// Part of the selected row: drawn on the selection's background, in its own colour.
    public var isSelected: Bool { raw & 1 << 11 != 0 }

    public var selected: Style {
        var copy = self
        copy.raw |= 1 << 11
        return copy
    }
}
