/// Which characters charts, borders and marks are made of.
public enum GlyphSet: String, Sendable, CaseIterable {
    case braille, block, ascii

    public var isASCII: Bool { self == .ascii }

    /// ASCII forms of everything the screens draw; other text keeps its letters.
    public func adapted(_ text: String) -> String {
        guard isASCII, !text.utf8.allSatisfy({ $0 < 128 }) else { return text }
        return String(text.map { Self.asciiForms[$0] ?? $0 })
    }

    public static let asciiForms: [Character: Character] = [
        "─": "-", "│": "|", "┌": "+", "┐": "+", "└": "+", "┘": "+", "├": "+", "┤": "+", "┬": "+", "┴": "+", "┼": "+", "━": "=", "┃": "#",
        "╭": "+", "╮": "+", "╰": "+", "╯": "+", "▸": ">", "›": ">", "▶": ">", "◀": "<", "→": ">", "←": "<", "↑": "^", "↓": "v", "▲": "^", "▼": "v",
        "✕": "x", "✓": "+", "⚠": "!", "·": ".", "…": "~", "•": "*", "–": "-", "—": "-", "↵": "<", "▕": "|", "▏": "|", "○": "o", "●": "*", "≥": ">", "≤": "<",
        "▁": "_", "▂": "_", "▃": ".", "▄": "-", "▅": "=", "▆": "+", "▇": "*", "█": "#", "░": ".", "▒": ":", "▓": "#", "×": "x", "µ": "u", "≈": "~", "┊": ":", "▾": "v", "■": "#", "◆": "%", "□": "$", "◇": "@", "▌": "=", "▎": "-", "┈": ".",
    ]
}
