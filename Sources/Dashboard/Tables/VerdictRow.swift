import MeshModel
import Panels

/// A path of failures beside the stretch it is counted over and the instant it is looked at from.
struct VerdictRow: Sendable, Equatable {
    var verdict: Verdict
    /// What fails for it each second; nil of single pages, which span no time.
    var perSecond: Double?
    var now: Timestamp

    /// nil while they have not come.
    static func rows(_ data: FrameData) -> [VerdictRow]? {
        data.verdicts.map { $0.map { VerdictRow(verdict: $0, perSecond: data.mesh?.signals.perSecond($0.amount), now: data.now) } }
    }

    /// `38/s`; of a single page, and of what is too rare for a rate, the count; of what takes longer, or is otherwise than it was, nothing fails.
    var amountText: String {
        if verdict.isChange { return verdict.origin?.slowerMilliseconds == nil ? "changed" : "slower" }
        if let perSecond, perSecond >= Format.leastRate { return Format.rate(perSecond) + "/s" }
        return "n=" + Format.count(verdict.amount.rounded())
    }

    /// The entry itself is well, by the rule that its row is judged by.
    private var isSlight: Bool { !verdict.isChange && verdict.requests > 0 && verdict.amount <= GoldenSignals.warningShare * verdict.requests }

    /// `503 own error`, `403 denied by policy`, `absorbed: UF connection failure (upstream connection failed)`.
    var what: String { (verdict.isAbsorbed ? "absorbed: " : "") + (verdict.origin?.what ?? "") }

    /// The same without what its flags mean.
    var shortWhat: String {
        guard !verdict.isChange, let meaning = what.firstRange(of: " (") else { return what }
        return String(what[..<meaning.lowerBound])
    }

    var since: String? { verdict.onset.map { "since \($0.timeOfDay)" } }
}

extension VerdictRow: CellRow {
    /// They come ranked.
    static var comesByName: Bool { true }
    var rowKey: RowKey { .verdict(verdict.key ?? Verdict.Key(service: verdict.service)) }
    var isStale: Bool { false }
    var health: HealthState { verdict.isDenial || verdict.isAbsorbed || verdict.isUnsure || isSlight ? .warning : .failing }
    var stateName: String { verdict.isDenial ? "denied" : verdict.isAbsorbed ? "absorbed" : verdict.isUnsure ? "unsure" : verdict.isChange ? "changed" : "failing" }
    var isTroubled: Bool { !verdict.isDenial && !verdict.isAbsorbed }
    var urgency: (Double, Double, Double) { (Double(health.rawValue), verdict.share ?? 0, verdict.amount) }

    func number(_ field: Field) -> Double? {
        switch field {
        case .share: verdict.share.map { $0 * 100 }
        case .interval: verdict.interval.map { $0.low * 100 }
        case .rate: perSecond
        case .errors: verdict.origin.flatMap { $0.requests > 0 ? $0.errors / $0.requests * 100 : nil }
        case .since, .age: verdict.onset.map { (now - $0).seconds }
        case .traces: verdict.evidence.traces > 0 ? Double(verdict.evidence.traces) : nil
        default: nil
        }
    }

    /// Fields speak of where it begins: of who passes it on only the chain does.
    func text(_ field: Field) -> String? {
        let entity = verdict.origin?.entity
        switch field {
        case .name: return verdict.chain
        case .reason: return what
        case .service, .destination: return entity?.displayName
        case .source: return verdict.origin?.caller?.displayName ?? verdict.path.dropLast().last?.entity.displayName
        case .namespace: return entity?.namespace
        case .version: return entity?.version
        case .pod: return entity?.pod
        case .node: return entity?.node
        case .workload: return entity?.workload
        case .operation: return verdict.origin?.operation
        default: return nil
        }
    }

    func anyText(_ body: (String) -> Bool) -> Bool {
        [verdict.chain, what, stateName, verdict.origin?.entity.pod, verdict.origin?.entity.node].contains { $0.map(body) ?? false }
    }

    func cellText(_ field: Field) -> String {
        switch field {
        case .share: verdict.shareText ?? Format.unknown
        case .reason: shortWhat
        case .interval: verdict.intervalText ?? Format.unknown
        case .rate: amountText
        case .since: verdict.onset?.timeOfDay ?? Format.unknown
        case .traces: verdict.evidence.traces > 0 ? Format.count(verdict.evidence.traces) : Format.unknown
        default: text(field) ?? Format.unknown
        }
    }

    func shortName(_ field: Field, width: Int, cut: (String, Int) -> String) -> String { cut(verdict.chain(fitting: width), width) }

    /// `gateway → payment@v2  503 own error  explains 91 % (89–93 %) of 1,508 failures  since 13:58:04`
    var sentence: String {
        var parts = [verdict.chain, what]
        if let explains = verdict.explains ?? (verdict.isChange ? nil : amountText) { parts.append(explains) }
        return (parts + [since].compactMap(\.self)).filter { !$0.isEmpty }.joined(separator: "  ")
    }
}

/// One line of Overview's list of what fails: a path, or a warning of something else.
enum FailingRow: Sendable, Equatable {
    case verdict(VerdictRow)
    case warning(MeshSummary.Warning)

    /// Paths first as they were ranked, then warnings of what no path tells.
    static func rows(_ data: FrameData) -> [FailingRow]? {
        guard let mesh = data.mesh, let rows = VerdictRow.rows(data) else { return nil }
        return rows.map(FailingRow.verdict) + mesh.warnings.filter { $0.cause == nil }.map(FailingRow.warning)
    }
}

extension FailingRow: ListRow {
    static var isCall: Bool { true }

    private var row: VerdictRow? { if case .verdict(let row) = self { row } else { nil } }

    var rowKey: RowKey {
        switch self {
        case .verdict(let row): row.rowKey
        case .warning(let warning): .warning(warning.text)
        }
    }
    var stateName: String { row?.stateName ?? "warning" }
    var isTroubled: Bool { true }
    var urgency: (Double, Double, Double) { row?.urgency ?? (0, 0, 0) }
    func number(_ field: Field) -> Double? { row?.number(field) }

    func text(_ field: Field) -> String? {
        switch self {
        case .verdict(let row): row.text(field)
        case .warning(let warning): field == .name || field == .reason ? warning.text : nil
        }
    }
    func anyText(_ body: (String) -> Bool) -> Bool {
        switch self {
        case .verdict(let row): row.anyText(body)
        case .warning(let warning): body(warning.text)
        }
    }

    var sentence: String {
        switch self {
        case .verdict(let row): row.sentence
        case .warning(let warning): warning.text
        }
    }
}
