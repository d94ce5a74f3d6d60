import MeshModel
import Panels

/// A rung of the way from whom is asked to where failures begin: its calls as the one above saw them, and whose errors they are.
struct HopRow: Sendable, Equatable {
    var hop: Verdict.Hop
    var depth: Int
    /// Its version where only that one fails.
    var version: String?
    var isOrigin = false
    /// It is not as it was, and nothing was counted of its calls.
    var isChange = false
    /// Errors or denials of the rung that has most: what a full bar stands for.
    var most = 0.0

    static func rows(_ verdict: Verdict) -> [HopRow] {
        var rows = verdict.path.enumerated().map { HopRow(hop: $1, depth: $0) }
        if let origin = verdict.origin {
            if origin.caller != nil {
                var called = Verdict.Hop(entity: origin.entity)
                (called.requests, called.errors, called.wire) = (origin.requests, origin.errors, origin.errors)
                called.answers = origin.answers
                if verdict.isDenial { called.denied = verdict.amount }
                rows.append(HopRow(hop: called, depth: rows.count))
            }
            if !rows.isEmpty {
                (rows[rows.count - 1].isOrigin, rows[rows.count - 1].isChange) = (true, origin.isChange)
                rows[rows.count - 1].version = origin.entity.version
            }
        }
        let most = rows.reduce(0) { max($0, $1.hop.errors + $1.hop.denied) }
        for index in rows.indices { rows[index].most = most }
        return rows
    }

    private static let deepest = 8
    var indent: String { depth == 0 ? "" : String(repeating: " ", count: 2 * (min(depth, Self.deepest) - 1)) + "└▶ " }
    var name: String { hop.entity.displayName + (version.map { "@" + $0 } ?? "") }

    /// What did not end well, in words, the most frequent first.
    var answers: String {
        let bad = hop.answers.filter { $0.errors > 0 || hop.denied > 0 && ($0.code == 403 || $0.grpcStatus == 7) }
        return bad.map(\.sentence).joined(separator: " · ")
    }

    var split: SplitBar? { most > 0 ? SplitBar(own: hop.own, passedOn: hop.passedOn, wire: hop.wire, denied: hop.denied, most: most) : nil }
}

/// A bar in parts, each of a density of its own: what does not depend on colours.
struct SplitBar: Sendable, Equatable {
    var own, passedOn, wire, denied, most: Double

    static let legend = "█ own  ░ passed on  ▒ on the way  × denied"

    var parts: [(glyph: Character, tone: Tone, amount: Double)] {
        [("█", .failing, own), ("▒", .failing, wire), ("×", .denied, denied), ("░", .warning, passedOn)]
    }

    /// Cells of each part; what there is at all has one. The whole is rounded, so that equal rungs are equally long.
    func cells(_ width: Int) -> [Int] {
        let amounts = parts.map { max(0, $0.amount) }
        let total = amounts.reduce(0, +)
        guard total > 0, most > 0, width > 0 else { return parts.map { _ in 0 } }
        let length = max(amounts.count { $0 >= 0.5 }, min(width, Int((total / most * Double(width)).rounded())))
        var cells = amounts.map { $0 >= 0.5 ? max(1, Int(($0 / total * Double(length)).rounded(.down))) : 0 }
        if let largest = amounts.indices.max(by: { amounts[$0] < amounts[$1] }) { cells[largest] = max(0, cells[largest] + length - cells.reduce(0, +)) }
        return cells
    }
}

extension HopRow: CellRow {
    static var comesByName: Bool { true }
    var rowKey: RowKey { .hop(hop.entity.asService) }
    var isStale: Bool { false }
    var health: HealthState { isChange ? .failing : hop.requests == 0 ? .unknown : hop.errors + hop.denied < 1 ? .good : isOrigin && hop.denied == 0 ? .failing : .warning }
    var stateName: String { isOrigin ? "origin" : health.name }
    var isTroubled: Bool { health >= .warning }
    var urgency: (Double, Double, Double) { (Double(health.rawValue), 0, 0) }

    func number(_ field: Field) -> Double? {
        switch field {
        case .errors: hop.requests - hop.denied > 0 ? hop.errors / (hop.requests - hop.denied) * 100 : nil
        case .requests: hop.requests
        case .own: hop.own
        case .passed: hop.passedOn
        case .wire: hop.wire
        case .denied: hop.denied
        case .share: hop.latencyShare.map { $0 * 100 }
        case .pods: hop.pods > 0 ? Double(hop.pods) : nil
        default: nil
        }
    }

    func text(_ field: Field) -> String? {
        switch field {
        case .name: indent + name
        case .service: hop.entity.displayName
        case .namespace: hop.entity.namespace
        case .reason: answers
        default: nil
        }
    }

    func anyText(_ body: (String) -> Bool) -> Bool { body(name) || body(answers) }

    func cellText(_ field: Field) -> String {
        switch field {
        case .errors: hop.requests > hop.denied ? Verdict.share(hop.errors, of: hop.requests - hop.denied) : Format.unknown
        case .requests: hop.requests > 0 ? "\(Self.count(hop.denied > 0 && hop.errors < 1 ? hop.denied : hop.errors)) of \(Self.count(hop.requests))" : Format.unknown
        case .own, .passed, .wire: number(field).map { $0 < 0.5 ? "0" : Self.count($0) } ?? Format.unknown
        case .trend: ""
        case .share: hop.latencyShare.map(Format.wholePercent) ?? Format.unknown
        case .pods: podsText
        default: text(field) ?? Format.unknown
        }
    }

    private static func count(_ value: Double) -> String { Format.grouped(Int(clamped: value)) }

    /// What is cut is the name, not where it hangs.
    func shortName(_ field: Field, width: Int, cut: (String, Int) -> String) -> String {
        let room = max(2, width - indent.count)
        return indent + cut(name, room)
    }

    /// Those that fail first: what there is no room for is left out from the end.
    var versionParts: [VersionShare.Part] {
        hop.versions.sorted { ($0.isFailing ? 0 : 1, -$0.requests) < ($1.isFailing ? 0 : 1, -$1.requests) }.map {
            // Of a single version the row itself says everything.
            hop.versions.count == 1 ? VersionShare.Part(version: $0.name, percent: nil, isFailing: false) : VersionShare.Part(version: "\($0.name) \(Format.count($0.errors.rounded()))/\(Format.count($0.requests.rounded()))", percent: nil, isFailing: $0.isFailing)
        }
    }

    /// `3`, `1 of 3 fail`, `all 3 fail`; a single pod is its service.
    private var podsText: String {
        switch hop.podsFailing {
        case _ where hop.pods == 0: Format.unknown
        case 0: "\(hop.pods)"
        case hop.pods: hop.pods == 1 ? "1" : "all \(hop.pods) fail"
        default: "\(hop.podsFailing) of \(hop.pods) fail"
        }
    }

    /// `v1 0 of 812 · v2 214 of 230`
    private static func words(_ members: [Verdict.Member]) -> String {
        members.map { "\($0.name) \(count($0.errors)) of \(count($0.requests))" }.joined(separator: " · ")
    }

    /// `checkout: 1,508 of 24,720 failed, own 0, passed on 1,508, on the way 0: 503 service unavailable: 1,500`
    var sentence: String {
        guard hop.requests > 0 else { return isChange ? "\(name): it is not as it was" : "\(name): its calls were not counted" }
        let judged = hop.requests - hop.denied
        var parts = ["\(name): " + (judged >= 0.5 ? "\(Self.count(hop.errors)) of \(Self.count(judged)) failed" : "all \(Self.count(hop.requests)) were denied")]
        if judged >= 0.5, hop.denied >= 0.5 { parts.append("denied \(Self.count(hop.denied))") }
        if hop.errors >= 0.5 { parts += ["own \(Self.count(hop.own))", "passed on \(Self.count(hop.passedOn))", "on the way to it \(Self.count(hop.wire))"] }
        if let share = hop.latencyShare { parts.append("\(Format.wholePercent(share)) of the time") }
        let members = [hop.versions.count > 1 ? Self.words(hop.versions) : "", hop.pods > 1 ? Self.words(hop.failingPods) : ""]
        return ([parts.joined(separator: ", ")] + (members + [answers]).filter { !$0.isEmpty }).joined(separator: "; ")
    }
}
