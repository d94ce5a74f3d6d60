package import MeshModel
package import Panels

package enum ReportFormat: String, Sendable, CaseIterable { case table, json, csv }
/// Edges are also a graph.
package enum EdgeFormat: String, Sendable, CaseIterable { case table, json, csv, graph, dot, mermaid }

/// Panel rows as text for scripts, tickets and people.
package enum Report {
    package static func entities(_ rows: [EntityRow], level: EntityLevel, predicate: ErrorPredicate, format: ReportFormat) -> String {
        switch format {
        case .json: ReportJSON.entities(rows, level: level, predicate: predicate)
        case .csv: ReportTable.entities(rows, level: level, predicate: predicate).csv
        case .table: ReportTable.entities(rows, level: level, predicate: predicate).text
        }
    }

    /// - Parameter entities: the services, whose state a picture shows.
    package static func edges(_ rows: [EdgeRow], level: EntityLevel = .service, entities: [EntityRow] = [], predicate: ErrorPredicate, format: EdgeFormat,
                              isTopDown: Bool = false, ascii: Bool = false) -> String {
        switch format {
        case .json: ReportJSON.edges(rows, predicate: predicate)
        case .csv: ReportTable.edges(rows, level: level, predicate: predicate).csv
        case .table: ReportTable.edges(rows, level: level, predicate: predicate).text
        case .graph: ReportGraph.picture(rows, entities, level, isTopDown: isTopDown, ascii: ascii)
        case .dot: ReportGraph.dot(rows)
        case .mermaid: ReportGraph.mermaid(rows)
        }
    }
}
