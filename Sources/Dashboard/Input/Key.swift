/// One key press as the dashboard understands it. Terminal codes are translated to it by the program; Shift on a
/// printable character is part of the character ("G"), so `.shift` only ever stands with named keys.
package struct Key: Hashable, Sendable {
    package enum Code: Hashable, Sendable {
        case character(Character)
        case enter, escape, tab, backspace, delete, insert
        case up, down, left, right, home, end, pageUp, pageDown
        case function(UInt8)
    }

    package struct Modifiers: OptionSet, Hashable, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }
        package static let control = Modifiers(rawValue: 1)
        package static let alt = Modifiers(rawValue: 2)
        package static let shift = Modifiers(rawValue: 4)
    }

    package var code: Code
    package var modifiers: Modifiers

    package init(_ code: Code, _ modifiers: Modifiers = []) {
        self.code = code
        self.modifiers = modifiers
    }

    package static func character(_ character: Character) -> Key { Key(.character(character)) }
    package static func control(_ character: Character) -> Key { Key(.character(character), .control) }
}

// MARK: - Notation

/// The notation of scripts, configuration and help: `j`, `G`, `<enter>`, `<c-d>`, `<s-tab>`, `<space>`, `<f1>`, `<lt>`.
extension Key: CustomStringConvertible {
    private static let names: [(name: String, code: Code)] = [
        ("enter", .enter), ("esc", .escape), ("tab", .tab), ("backspace", .backspace), ("delete", .delete), ("insert", .insert),
        ("up", .up), ("down", .down), ("left", .left), ("right", .right), ("home", .home), ("end", .end),
        ("pgup", .pageUp), ("pgdn", .pageDown), ("space", .character(" ")), ("lt", .character("<")),
        // Further spellings are read, never written.
        ("return", .enter), ("cr", .enter), ("escape", .escape), ("bs", .backspace), ("del", .delete), ("ins", .insert),
        ("pageup", .pageUp), ("pagedown", .pageDown), ("gt", .character(">")),
    ]

    package var description: String {
        var name: String
        switch code {
        case .character(" "): name = "space"
        case .character("<"): name = "lt"
        case .character(let character):
            if modifiers.isEmpty { return String(character) }
            name = String(character)
        case .function(let number): name = "f\(number)"
        default: name = Self.names.first { $0.code == code }?.name ?? "?"
        }
        if modifiers.contains(.shift) { name = "s-" + name }
        if modifiers.contains(.alt) { name = "a-" + name }
        if modifiers.contains(.control) { name = "c-" + name }
        return "<\(name)>"
    }

    /// One key in notation; nil if it is none. A bare character is that character.
    package init?(notation: some StringProtocol) {
        if notation.count == 1, let character = notation.first {
            self.init(.character(character))
            return
        }
        guard notation.first == "<", notation.last == ">", notation.count > 2 else { return nil }
        self.init(bracketed: notation.dropFirst().dropLast())
    }

    /// The inside of `<…>`.
    init?(bracketed: some StringProtocol) {
        var rest = Substring(bracketed.lowercased())
        var modifiers: Modifiers = []
        while rest.count > 2, rest.dropFirst().first == "-" {
            switch rest.first {
            case "c": modifiers.insert(.control)
            case "a", "m": modifiers.insert(.alt)
            case "s": modifiers.insert(.shift)
            default: return nil
            }
            rest = rest.dropFirst(2)
        }
        if let code = Self.names.first(where: { $0.name == rest })?.code {
            self.init(code, modifiers)
        } else if rest.first == "f", let number = UInt8(rest.dropFirst()), (1...24).contains(number) {
            self.init(.function(number), modifiers)
        } else if rest.count == 1, let character = rest.first, !modifiers.isEmpty, !modifiers.contains(.shift) {
            self.init(.character(character), modifiers)
        } else {
            return nil
        }
    }
}

extension Key {
    /// How hints and messages show it: `Enter`, `Esc`, `Space`, `<c-d>`.
    package var caption: String {
        guard modifiers.isEmpty else { return description }
        return switch code {
        case .enter: "Enter"
        case .escape: "Esc"
        case .tab: "Tab"
        case .end: "End"
        case .home: "Home"
        case .backspace: "Backspace"
        case .character(" "): "Space"
        case .character(let character): String(character)
        default: description
        }
    }
}
