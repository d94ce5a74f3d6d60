import CellCanvas
import MeshModel
import Panels

/// Rows of text: aligned for people (`text`), RFC 4180 for machines (`csv`).
struct ReportTable {
    var header: [String]
    var rows: [[String]] = []
    /// Columns of numbers, set to the right.
    var numeric: Set<Int> = []

    /// Columns by display width; unknown is `-`.
    var text: String {
        var widths = header.map(Self.width)
        let clean = rows.map { $0.map(TextWidth.printable) }
        for row in clean { for (index, cell) in row.enumerated() { widths[index] = max(widths[index], Self.width(cell)) } }
        return ([header] + clean).map { row in
            var line = ""
            for (index, cell) in row.enumerated() {
                let padding = String(repeating: " ", count: widths[index] - Self.width(cell))
                if index > 0 { line += "  " }
                line += numeric.contains(index) ? padding + cell : cell + padding
            }
            while line.last == " " { line.removeLast() }
            return line
        }.joined(separator: "\n") + "\n"
    }

    /// A field that a spreadsheet would run as a formula gets a leading apostrophe; numbers are left alone.
    var csv: String {
        ([header] + rows).map { row in
            row.map { cell -> String in
                var cell = cell == "-" ? "" : TextWidth.printable(cell)
                if let first = cell.first, "=+-@\t\r".contains(first), Double(cell) == nil { cell = "'" + cell }
                return cell.contains { "\",\n\r".contains($0) } ? "\"" + cell.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\"" : cell
            }.joined(separator: ",")
        }.joined(separator: "\r\n") + "\r\n"
    }

    private static func width(_ text: String) -> Int { TextWidth.columns(of: text) }
}

extension ReportTable {
    private static let signalHeader = ["RPS", "REQUESTS", "ERRORS", "DENIED", "SUCCESS", "P50_MS", "P95_MS", "P99_MS", "BYTES_IN", "BYTES_OUT", "MTLS", "VERSIONS", "CODES"]

    static func entities(_ rows: [EntityRow], level: EntityLevel, predicate: ErrorPredicate) -> ReportTable {
        // The columns are those of the level, whatever rows there are.
        let nobody = EntityRow(key: EntityKey(level: level, name: ""), entity: Entity(), signals: GoldenSignals())
        let names = ReportJSON.identity(nobody, level).map(\.0)
        var table = ReportTable(header: names.map { $0.uppercased() } + header(predicate))
        table.numeric = Set(names.count..<names.count + 10)
        table.rows = rows.map { row in
            ReportJSON.identity(row, level).map { $0.1 ?? "-" } + cells(row.signals, row.versions)
        }
        return table
    }

    static func edges(_ rows: [EdgeRow], level: EntityLevel, predicate: ErrorPredicate) -> ReportTable {
        var table = ReportTable(header: ["SOURCE", "DESTINATION", "PROTOCOL"] + header(predicate)
            + ["FLAGS", "ATTEMPTS", "RETRY_EXCESS", "WIRE_ERRORS", "EVIDENCE", "DISAGREEMENTS"])
        table.numeric = Set(3..<13).union(17..<20)
        // Two services of one name are told apart by their namespaces; others go without.
        var namespaces: [String: Set<String>] = [:]
        for row in rows { for end in [row.source, row.destination] { namespaces[end.name(at: level), default: []].insert(end.namespace ?? "") } }
        func name(_ end: Entity) -> String {
            let name = end.name(at: level)
            guard let namespace = end.namespace, (namespaces[name]?.count ?? 0) > 1 else { return name }
            return "\(namespace)/\(name)"
        }
        table.rows = rows.map { row in
            [name(row.source), name(row.destination), row.protocol] + cells(row.signals, row.versions) + sides(row)
        }
        return table
    }

    /// What an edge has two sides for.
    private static func sides(_ row: EdgeRow) -> [String] {
        [
            row.signals.flags.isEmpty ? "-" : row.signals.flags.map { "\($0.flag):\(decimal($0.count, 0))" }.joined(separator: " "),
            row.signals.attempts.map { decimal($0, 0) } ?? "-", row.retryExcess.map { decimal($0, 0) } ?? "-", row.wireErrors.map { decimal($0, 0) } ?? "-",
            row.signals.evidence.names.isEmpty ? "-" : row.signals.evidence.names.joined(separator: " "),
            row.disagreements.isEmpty ? "-" : row.disagreements.map(\.kind.rawValue).joined(separator: " "),
        ]
    }

    private static func header(_ predicate: ErrorPredicate) -> [String] {
        signalHeader.map { $0 == "SUCCESS" ? "SUCCESS(\(predicate.rawValue))" : $0 }
    }

    private static func cells(_ signals: GoldenSignals, _ versions: [VersionRow]) -> [String] {
        [
            signals.rate.map { decimal($0, 1) } ?? "-", decimal(signals.requests, 0), decimal(signals.errors, 0),
            signals.denied.map { decimal($0, 0) } ?? "-", success(signals),
            signals.latency.map { decimal($0.p50, 1) } ?? "-", signals.latency.map { decimal($0.p95, 1) } ?? "-",
            signals.latency.map { decimal($0.p99, 1) } ?? "-",
            signals.bytesIn.map { decimal($0, 0) } ?? "-", signals.bytesOut.map { decimal($0, 0) } ?? "-", signals.security.name,
            versions.isEmpty ? "-" : versions.map { $0.signals.requests > 0 ? "\($0.version):\(decimal($0.signals.requests, 0))" : $0.version }.joined(separator: " "),
            signals.codes.isEmpty ? "-" : signals.codes.map { "\(ReportJSON.code($0.code)):\(decimal($0.count, 0))" }.joined(separator: " "),
        ]
    }

    /// A share of a small sample is shown as counts.
    private static func success(_ signals: GoldenSignals) -> String {
        guard let share = signals.success else { return "-" }
        let judged = signals.requests - (signals.denied ?? 0)
        return judged < GoldenSignals.smallSample ? "\(decimal(judged - signals.errors, 0))/\(decimal(judged, 0))" : decimal(share * 100, 1) + "%"
    }

    static func decimal(_ value: Double, _ places: Int) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return "-" }
        let factor = places == 0 ? 1.0 : 10.0
        let scaled = Int64((value * factor).rounded())
        return places == 0 ? String(scaled) : "\(scaled < 0 ? "-" : "")\(abs(scaled) / 10).\(abs(scaled) % 10)"
    }
}
