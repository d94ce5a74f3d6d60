package import MeshModel
package import Panels

package enum ReportFormat: String, Sendable, CaseIterable { case table, json, csv }
/// Edges are also a graph.
package enum EdgeFormat: String, Sendable, CaseIterable { case table, json, csv, dot, mermaid }

/// Panel rows as text for scripts, tickets and people.
package enum Report {
    package static func entities(_ rows: [EntityRow], level: EntityLevel, predicate: ErrorPredicate, format: ReportFormat) -> String {
        switch format {
        case .json: ReportJSON.entities(rows, level: level, predicate: predicate)
        case .csv: ReportTable.entities(rows, level: level, predicate: predicate).csv
        case .table: ReportTable.entities(rows, level: level, predicate: predicate).text
        }
    }

    package static func edges(_ rows: [EdgeRow], predicate: ErrorPredicate, format: EdgeFormat) -> String {
        switch format {
        case .json: ReportJSON.edges(rows, predicate: predicate)
        case .csv: ReportTable.edges(rows, predicate: predicate).csv
        case .table: ReportTable.edges(rows, predicate: predicate).text
        case .dot: ReportGraph.dot(rows)
        case .mermaid: ReportGraph.mermaid(rows)
        }
    }
}
