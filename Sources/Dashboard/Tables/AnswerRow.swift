import MeshModel
import Panels

/// How requests ended: one response code, or one of Envoy's response flags, in words.
struct AnswerRow: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
        case code(UInt16)
        case flag(String)
    }
    var kind: Kind
    var count: Double
    /// Of all requests, 0…1.
    var share: Double?
    var rate: Double?
    var isError: Bool
    var isDenied: Bool

    static func rows(_ signals: GoldenSignals, _ predicate: ErrorPredicate) -> [AnswerRow] {
        func row(_ kind: Kind, _ count: Double, isError: Bool, isDenied: Bool = false) -> AnswerRow {
            AnswerRow(kind: kind, count: count, share: signals.requests > 0 ? min(1, count / signals.requests) : nil, rate: signals.perSecond(count),
                      isError: isError, isDenied: isDenied)
        }
        let denied = signals.denied ?? 0
        let codes = signals.codes.sorted { $0.code < $1.code }.map { code in
            // Where all 403 are denials they are neither success nor error; beside denials other 403 are judged as ever.
            let isDenied = code.code == 403 && denied > 0
            return row(.code(code.code), code.count, isError: predicate.isError(code: code.code, grpcStatus: nil, hasFlags: false) && !isDenied, isDenied: isDenied)
        }
        let flags = signals.flags.sorted { ($0.count, $1.flag) > ($1.count, $0.flag) }.map { row(.flag($0.flag), $0.count, isError: true) }
        return codes + flags
    }

    var name: String {
        switch kind {
        case .code(0): "none"
        case .code(let code): code < 10 ? "\(code)xx" : "\(code)"
        case .flag(let flag): flag
        }
    }

    var words: String {
        switch kind {
        case .code(let code): ResponseCode.words(code) + (isDenied ? ", denied by policy" : "")
        case .flag(let flag): ResponseFlag.words(flag) ?? "a response flag"
        }
    }
}

extension AnswerRow: CellRow {
    var rowKey: RowKey { .answer(name) }
    var isStale: Bool { false }
    var health: HealthState { isError ? .failing : isDenied ? .warning : .good }
    var stateName: String { health.name }
    var isTroubled: Bool { isError || isDenied }
    var urgency: (Double, Double, Double) { (Double(health.rawValue), Magnitude.of(count), 0) }

    func number(_ field: Field) -> Double? {
        switch field {
        case .requests: count
        case .share: share.map { $0 * 100 }
        case .rate: rate
        default: nil
        }
    }
    func text(_ field: Field) -> String? { field == .name ? name : field == .reason ? words : nil }
    func anyText(_ body: (String) -> Bool) -> Bool { body(name) || body(words) }

    func cellText(_ field: Field) -> String {
        switch field {
        case .name: name
        case .reason: words
        case .requests: Format.count(count.rounded())
        case .share: Format.percent(share)
        case .rate: Format.rate(rate)
        default: Format.unknown
        }
    }
}
