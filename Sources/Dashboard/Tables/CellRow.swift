import MeshModel
import Panels

/// A row that can say each of its columns as text.
protocol CellRow: ListRow {
    var isStale: Bool { get }
    /// What the glyph before its name stands for.
    var health: HealthState { get }
    /// Where there is more to say than health.
    var stateGlyph: String { get }
    func cellText(_ field: Field) -> String
    /// Seconds since its newest sample, for a stale row.
    func staleness(now: Timestamp?) -> Double?
    /// Its name in few cells, where `cut` cuts text at its end.
    func shortName(_ field: Field, width: Int, cut: (String, Int) -> String) -> String
    var versionParts: [VersionShare.Part] { get }
    /// Rate and error rate by slot; nil for rows without.
    var trendValues: (values: [Float], errors: [Float])? { get }
    /// What its bar stands for; nil for rows without.
    var barSeconds: Double? { get }
    /// Whose its errors are, as a bar; nil for rows without.
    var split: SplitBar? { get }
}

extension CellRow {
    var stateGlyph: String { health.glyph }
    func staleness(now: Timestamp?) -> Double? { nil }

    /// Names of one kind begin alike and differ at the end (`…-x2x9k`, a port), so the middle goes; of host names the domain.
    func shortName(_ field: Field, width: Int, cut: (String, Int) -> String) -> String {
        let name = cellText(field)
        guard name.utf8.count > width, width >= 8, name.utf8.allSatisfy({ $0 < 128 }), !name.utf8.contains(UInt8(ascii: ".")) || name.hasPort else {
            return cut(name, width)
        }
        let tail = (width - 1) * 2 / 5
        return String(name.prefix(width - 1 - tail)) + "…" + String(name.suffix(tail))
    }

    var versionParts: [VersionShare.Part] { [] }
    var barSeconds: Double? { nil }
    var split: SplitBar? { nil }
    var trendValues: (values: [Float], errors: [Float])? { nil }
}

extension String {
    /// It ends as an address does, `:21062`.
    fileprivate var hasPort: Bool {
        guard let colon = lastIndex(of: ":") else { return false }
        let port = self[index(after: colon)...]
        return !port.isEmpty && port.allSatisfy { $0.isASCII && $0.isNumber }
    }
}

extension GoldenSignals {
    /// nil: not a column of signals.
    func cellText(_ field: Field) -> String? {
        switch field {
        case .rate: perSecondText(requests)
        case .success: Format.success(self)
        case .errors: Format.percent(errorShare)
        case .p50: Format.quantile(latency?.p50, of: latency)
        case .p95: Format.quantile(latency?.p95, of: latency)
        case .p99: Format.quantile(latency?.p99, of: latency)
        case .traffic: Format.traffic(bytesIn.flatMap(perSecond), bytesOut.flatMap(perSecond))
        // What the callee's side would have to say is not known: not a share of 0.
        case .mtls where security == .tls && mutualShare == 0: "tls"
        case .mtls: mutualShare.map(Format.wholePercent) ?? Self.securityText(security)
        case .connections: Format.count(connectionsActive)
        case .retries: Format.count(retries)
        case .attempts: Format.count(attempts)
        case .denied: denied.map { $0 == 0 ? "0" : perSecondText($0) } ?? Format.unknown
        default: nil
        }
    }

    /// A rate; of a single page, which spans no time, the count itself, marked as such.
    func perSecondText(_ count: Double) -> String {
        perSecond(count).map { Format.rate($0) } ?? (count > 0 ? "n=" + Format.count(count) : Format.unknown)
    }

    private static func securityText(_ security: TransportSecurity) -> String {
        switch security {
        case .unknown: Format.unknown
        case .none: "none"
        case .tls: "tls"
        case .mutual: "100%"
        }
    }
}

extension EntityRow: CellRow {
    var isStale: Bool { stale }
    var health: HealthState { state }
    var versionParts: [VersionShare.Part] { VersionShare.parts(versions) }
    var trendValues: (values: [Float], errors: [Float])? { (trend, errorTrend) }

    func staleness(now: Timestamp?) -> Double? {
        guard let now, let to = lastSample ?? signals.to else { return nil }
        return max(0, (now - to).seconds)
    }

    func cellText(_ field: Field) -> String {
        switch field {
        case .pods: pods > 0 ? "\(pods)" : Format.unknown
        case .versions: VersionShare.text(versions)
        case .trend: ""
        case .reason: reason
        default: signals.cellText(field) ?? (text(field).flatMap { $0.isEmpty ? nil : $0 } ?? Format.unknown)
        }
    }
}

extension EdgeRow: CellRow {
    var isStale: Bool { stale }
    var health: HealthState { state }
    var trendValues: (values: [Float], errors: [Float])? { (trend, []) }
    var versionParts: [VersionShare.Part] { VersionShare.parts(versions) }

    func staleness(now: Timestamp?) -> Double? {
        guard let now, let to = lastSample ?? signals.to else { return nil }
        return max(0, (now - to).seconds)
    }

    func cellText(_ field: Field) -> String {
        field == .trend ? "" : field == .reason ? reason : field == .versions ? VersionShare.text(versions) : signals.cellText(field) ?? (text(field).flatMap { $0.isEmpty ? nil : $0 } ?? Format.unknown)
    }
}

extension SourceRow: CellRow {
    var health: HealthState { state }
    func staleness(now: Timestamp?) -> Double? { age }

    /// Of a URL the scheme goes first and the end next: host and port tell targets apart. Of a path the beginning.
    func shortName(_ field: Field, width: Int, cut: (String, Int) -> String) -> String {
        let name = cellText(field)
        if name.first == "/", name.utf8.count > width, width > 1, name.utf8.allSatisfy({ $0 < 128 }) { return "…" + name.suffix(width - 1) }
        guard name.utf8.count > width, let scheme = name.firstRange(of: "://") else { return cut(name, width) }
        return cut(String(name[scheme.upperBound...]), width)
    }

    func cellText(_ field: Field) -> String {
        switch field {
        case .state: stateName
        case .reason: text(.reason) ?? ""
        case .age: Format.age(age)
        case .duration: Format.milliseconds(source.durationSeconds.map { $0 * 1000 })
        // Before the first answer these are not 0 but unknown.
        case .samples, .kept, .mapped, .bytes: source.lastSuccess == nil ? Format.unknown : amount(field)
        case .bad: Format.count(source.badLines)
        default: text(field).flatMap { $0.isEmpty ? nil : $0 } ?? Format.unknown
        }
    }

    private func amount(_ field: Field) -> String {
        field == .bytes ? Format.bytes(number(field)) : Format.count(number(field))
    }
}

extension HelpRow: CellRow {
    var isStale: Bool { false }
    var health: HealthState { .good }
    func cellText(_ field: Field) -> String { text(field) ?? "" }
}

extension ProxyCounter: CellRow {
    static let notExported = "not exported by this proxy"

    /// In the unit it is counted in.
    var amount: String? {
        value.map { value in
            switch (group, name) {
            case (.proxy, "uptime"): Format.duration(value)
            case (.proxy, "memory"): Format.bytes(value)
            default: Format.count(value)
            }
        }
    }

    var isStale: Bool { false }
    var health: HealthState { isAlarming ? .warning : value == nil ? .idle : .good }
    func cellText(_ field: Field) -> String {
        field == .value ? amount ?? Self.notExported : text(field) ?? ""
    }
}

/// Versions with their share of the requests, `v1 80 · v2 20✕`: the largest first, a failing one marked.
enum VersionShare {
    struct Part: Sendable, Equatable {
        var version: String
        /// Whole percent; nil if there were no requests at all.
        var percent: Int?
        var isFailing: Bool

        var label: String { "\(version)\(percent.map { " \($0)" } ?? "")\(isFailing ? "✕" : "")" }
    }

    /// Errors of a version above this share mark it.
    static let failingShare = 0.05

    static func parts(_ versions: [VersionRow]) -> [Part] {
        // Of a single version the row itself says everything.
        if versions.count == 1 { return [Part(version: versions[0].version.isEmpty ? "?" : versions[0].version, percent: nil, isFailing: false)] }
        let total = versions.reduce(0) { $0 + $1.signals.requests }
        return versions.sorted { ($0.signals.requests, $1.version) > ($1.signals.requests, $0.version) }.map { row in
            Part(version: row.version.isEmpty ? "?" : row.version,
                 percent: total > 0 ? Int((row.signals.requests / total * 100).rounded()) : nil,
                 isFailing: (row.signals.errorShare ?? 0) >= failingShare && row.signals.errors >= 1)
        }
    }

    static func text(_ versions: [VersionRow]) -> String {
        versions.isEmpty ? Format.unknown : parts(versions).map(\.label).joined(separator: " · ")
    }
}
