package import Dashboard
package import MeshModel
package import Panels

/// Which traces of a list are wanted; a part that is nil or empty wants all.
package struct TraceFilter: Sendable {
    /// A service it passes.
    package var service: String?
    /// Part of the root's operation.
    package var operation: String?
    package var failedOnly = false
    package var minSeconds = 0.0
    package var limit = Int.max
    package var attributes = Filter.none

    package init() {}

    package func pick(_ rows: [TraceRow], _ columns: [String: AttributeColumn] = [:]) -> [TraceRow] {
        var picked: [TraceRow] = []
        for (index, row) in rows.enumerated() {
            guard picked.count < limit else { break }
            if let service, !row.services.contains(service) { continue }
            if let operation, !row.operation.contains(operation) { continue }
            if failedOnly && !row.isFailed || row.durationSeconds < minSeconds { continue }
            if !attributes.isEmpty, !attributes.accepts(row, at: index, columns) { continue }
            picked.append(row)
        }
        return picked
    }
}

extension Report {
    package static func traces(_ rows: [TraceRow], predicate: ErrorPredicate, format: ReportFormat) -> String {
        switch format {
        case .json: ReportJSON.traces(rows)
        case .csv: ReportTable.traces(rows, predicate: predicate).csv
        case .table: ReportTable.traces(rows, predicate: predicate).text
        }
    }
}

extension TraceID {
    /// As everyone writes it: 32 digits.
    var hex: String {
        func digits(_ half: UInt64) -> String {
            let text = String(half, radix: 16)
            return String(repeating: "0", count: 16 - text.count) + text
        }
        return digits(high) + digits(low)
    }
}

extension ReportJSON {
    static func traces(_ rows: [TraceRow]) -> String {
        list(rows) { row, json in
            json.object { json in
                json.member("trace_id", row.id.hex)
                json.key("root")
                json.object { json in
                    json.member("service", row.service)
                    json.member("operation", row.operation)
                }
                json.member("start", row.start.rfc3339)
                json.member("duration_ms", (row.durationSeconds * 1e9).rounded() / 1e6)
                json.member("spans", Double(row.spans))
                json.key("services")
                json.array { json in for service in row.services { json.value(service) } }
                json.member("errors", Double(row.errors))
                json.member("failed", row.isFailed)
                json.member("orphans", Double(row.orphans))
                json.member("adjusted", Double(row.adjusted))
                json.member("arriving", row.isArriving)
            }
        }
    }
}

extension ReportTable {
    static func traces(_ rows: [TraceRow], predicate: ErrorPredicate) -> ReportTable {
        var table = ReportTable(header: ["START", "DURATION_MS", "SERVICE", "OPERATION", "CODE", "FAILED(\(predicate.rawValue))", "SPANS", "SERVICES", "ERRORS",
                                         "ORPHANS", "ADJUSTED", "ARRIVING", "TRACE"])
        table.numeric = [1, 4, 6, 7, 8, 9, 10]
        table.rows = rows.map { row in
            [
                row.start.rfc3339, decimal(row.durationSeconds * 1000, 1), row.service.isEmpty ? "-" : row.service, row.operation.isEmpty ? "-" : row.operation,
                row.code.map { String($0) } ?? "-", row.isFailed ? "failed" : "-", String(row.spans), String(row.services.count), String(row.errors),
                String(row.orphans), String(row.adjusted), row.isArriving ? "arriving" : "-", row.id.hex,
            ]
        }
        return table
    }
}
