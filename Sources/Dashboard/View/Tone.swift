import CellCanvas
import Panels

/// What a piece of text means; the theme decides how that looks.
enum Tone: Sendable, Equatable {
    case normal, dim, strong
    case title, accent, key
    /// Column heads, the header line, frames.
    case header, headerSorted, border, borderFocused
    case badgeLive, badgeFrozen
    case good, warning, failing, denied
    /// The cell the line editor is at.
    case cursor
    case chart

    var style: Style {
        switch self {
        case .normal: .text
        case .dim: Style(.dim)
        case .strong: Style(.strong, bold: true)
        case .title: Style(.title)
        case .accent: Style(.accent, bold: true)
        case .key: Style(.key)
        case .header: Style(.header)
        case .headerSorted: Style(.headerSorted, bold: true)
        case .border: Style(.border)
        case .borderFocused: Style(.borderFocused)
        case .badgeLive: Style(.badgeLive, bold: true)
        case .badgeFrozen: Style(.badgeFrozen, bold: true)
        case .good: Style(.good)
        case .warning: Style(.warning)
        case .failing: Style(.failing)
        case .denied: Style(.denied)
        case .cursor: Style(.cursor)
        case .chart: Style(.chart1)
        }
    }

    static func of(_ state: HealthState) -> Tone {
        switch state {
        case .failing: .failing
        case .warning: .warning
        case .good: .good
        case .idle, .unknown: .dim
        }
    }

    /// Shares of errors above these are painted as failing and as warning.
    static func of(errorShare: Double?) -> Tone {
        guard let errorShare else { return .dim }
        return errorShare >= 0.05 ? .failing : errorShare >= 0.01 ? .warning : .normal
    }
}

extension HealthState {
    /// Told apart by shape, too: colour is never the only signal.
    var glyph: String {
        switch self {
        case .failing: "✕"
        case .warning: "!"
        case .good: "✓"
        case .idle: "·"
        case .unknown: "?"
        }
    }
}

/// A run of text in one tone.
struct Piece: Sendable, Equatable {
    var text: String
    var tone: Tone

    init(_ text: String, _ tone: Tone = .normal) {
        self.text = text
        self.tone = tone
    }
}
