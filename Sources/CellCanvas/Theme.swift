/// How many colours a terminal shows.
public enum ColorDepth: String, Sendable, CaseIterable { case mono, sixteen, indexed, trueColor }

/// A colour: 24 bits, and the terminal's own number where only 16 are to be had.
public struct Color: Hashable, Sendable {
    public var red: UInt8
    public var green: UInt8
    public var blue: UInt8
    /// 0…15; nil: the nearest.
    public var named: UInt8?
    /// One of the sixteen as the terminal's owner set them, however many colours there are.
    public var isTerminals = false

    public init(red: UInt8, green: UInt8, blue: UInt8, named: UInt8? = nil) {
        (self.red, self.green, self.blue, self.named) = (red, green, blue, named)
    }

    /// `#rrggbb`, or one of the sixteen by name (`red`, `brightblue`), or `#rrggbb/red` for both.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let first = parts.first else { return nil }
        if let index = Self.names.firstIndex(of: first), parts.count == 1 {
            self = Self.sixteen[index]
            isTerminals = true
            return
        }
        guard first.utf8.count == 7, first.first == "#", let value = UInt32(first.dropFirst(), radix: 16) else { return nil }
        self.init(red: UInt8(value >> 16 & 255), green: UInt8(value >> 8 & 255), blue: UInt8(value & 255))
        if parts.count == 2 {
            guard let index = Self.names.firstIndex(of: parts[1]) else { return nil }
            named = UInt8(index)
        }
    }

    static let names = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white", "brightblack", "brightred", "brightgreen",
                        "brightyellow", "brightblue", "brightmagenta", "brightcyan", "brightwhite"]

    /// The sixteen as xterm shows them.
    static let sixteen: [Color] = [
        (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229), (127, 127, 127),
        (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255), (0, 255, 255), (255, 255, 255),
    ].enumerated().map { Color(red: $1.0, green: $1.1, blue: $1.2, named: UInt8($0)) }

    /// Number among the sixteen.
    public var index16: Int { named.map(Int.init) ?? Self.sixteen.indices.min { distance(Self.sixteen[$0]) < distance(Self.sixteen[$1]) } ?? 7 }

    /// Number among xterm's 256: the 6×6×6 cube or the grey ramp, whichever is nearer.
    public var index256: Int {
        if isTerminals, let named { return Int(named) }
        func step(_ value: UInt8) -> Int { value < 48 ? 0 : value < 115 ? 1 : (Int(value) - 35) / 40 }
        let levels = [0, 95, 135, 175, 215, 255]
        let (r, g, b) = (step(red), step(green), step(blue))
        let cube = Color(red: UInt8(levels[r]), green: UInt8(levels[g]), blue: UInt8(levels[b]))
        let average = (Int(red) + Int(green) + Int(blue)) / 3
        let grey = min(23, max(0, (average - 3) / 10))
        let level = UInt8(8 + 10 * grey)
        return distance(Color(red: level, green: level, blue: level)) < distance(cube) ? 232 + grey : 16 + 36 * r + 6 * g + b
    }

    public var hex: String {
        "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private func distance(_ other: Color) -> Int {
        let (r, g, b) = (Int(red) - Int(other.red), Int(green) - Int(other.green), Int(blue) - Int(other.blue))
        return 2 * r * r + 4 * g * g + 3 * b * b
    }
}

/// What one role looks like. A missing colour is the terminal's own.
public struct Look: Hashable, Sendable {
    public var foreground: Color?
    public var background: Color?
    public var isBold = false
    public var isDim = false
    public var isUnderlined = false
    public var isReversed = false
    public init() {}
}

public struct ThemeError: Error, Sendable, CustomStringConvertible {
    public var description: String
}

/// Looks by role. Colour is never the only signal: what matters also has a glyph or a word.
public struct Theme: Sendable {
    public private(set) var name: String
    private var looks: [Look]
    /// Background of the selected row.
    public private(set) var selection: Look
    /// What a picture is drawn on (SVG); the terminal keeps its own.
    public private(set) var paper: Color
    public private(set) var ink: Color
    /// No colours at all, whatever the terminal can do.
    public private(set) var isMono = false

    /// - Parameter entries: role (or `selection`, `paper`, `ink`) → words: a foreground (`#rrggbb`, `red`, `#rrggbb/red`), `on COLOUR`,
    ///   `bold`, `dim`, `underline`, `reverse`, `none`.
    public init(name: String, entries: [(String, String)]) throws(ThemeError) {
        self.name = name
        looks = .init(repeating: Look(), count: Role.allCases.count)
        selection = Look()
        selection.isReversed = true
        paper = Color(red: 16, green: 20, blue: 24)
        ink = Color(red: 208, green: 212, blue: 216)
        for (key, words) in entries {
            switch key {
            case "name", "description": continue
            case "mono": isMono = words == "true"
            case "paper", "ink":
                guard let color = Color(words) else { throw ThemeError(description: "theme \(name): \(key): `\(words)` is not a colour (#rrggbb)") }
                if key == "paper" { paper = color } else { ink = color }
            case "selection": selection = try Self.look(words, key, name)
            default:
                guard let role = Role.allCases.first(where: { "\($0)" == key }) else {
                    throw ThemeError(description: "theme \(name): unknown key `\(key)`; roles are: \(Role.allCases.map { "\($0)" }.joined(separator: ", "))")
                }
                looks[Int(role.rawValue)] = try Self.look(words, key, name)
            }
        }
    }

    private static func look(_ words: String, _ key: String, _ name: String) throws(ThemeError) -> Look {
        var look = Look()
        var expectsBackground = false
        for word in words.split(separator: " ") {
            switch word {
            case "bold": look.isBold = true
            case "dim": look.isDim = true
            case "underline": look.isUnderlined = true
            case "reverse": look.isReversed = true
            case "none": break
            case "on": expectsBackground = true
            default:
                guard let color = Color(String(word)) else {
                    throw ThemeError(description: "theme \(name): \(key): `\(word)` is neither a colour (#rrggbb, red, #rrggbb/red) nor bold, dim, underline, reverse, none")
                }
                if expectsBackground { look.background = color } else { look.foreground = color }
                expectsBackground = false
            }
        }
        // In YAML a `#` after a blank begins a comment: a colour there must stand in quotes.
        guard !expectsBackground else { throw ThemeError(description: "theme \(name): \(key): no colour after `on`; write it in quotes: \"on #rrggbb\"") }
        return look
    }

    /// How a style looks: its role's look, its attributes, the selection behind it.
    public func look(of style: Style) -> Look {
        var look = looks[Int(style.role.rawValue)]
        if style.isBold { look.isBold = true }
        if style.isUnderlined { look.isUnderlined = true }
        if style.isReversed { look.isReversed.toggle() }
        if style.isSelected, selection.isReversed, selection.foreground == nil, selection.background == nil {
            // Reversed, each colour would be a patch of background: the row is one bar, and glyphs say what colours said.
            look.foreground = nil
            look.background = nil
            look.isDim = false
            look.isBold = look.isBold || selection.isBold
            look.isReversed = true
            if selection.isUnderlined { look.isUnderlined = true }
        } else if style.isSelected {
            look.background = selection.background ?? look.background
            look.foreground = selection.foreground ?? look.foreground
            look.isBold = look.isBold || selection.isBold
            if selection.isReversed { look.isReversed = true }
            if selection.isUnderlined { look.isUnderlined = true }
        }
        return look
    }
}
