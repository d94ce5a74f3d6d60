package import Dashboard
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
    /// - Parameter all: what they were picked from: a picture says how much is not in it.
    package static func edges(_ rows: [EdgeRow], level: EntityLevel = .service, entities: [EntityRow] = [], of all: CallNodes? = nil, predicate: ErrorPredicate, format: EdgeFormat,
                              isTopDown: Bool = false, ascii: Bool = false) -> String {
        switch format {
        case .json: ReportJSON.edges(rows, predicate: predicate)
        case .csv: ReportTable.edges(rows, level: level, predicate: predicate).csv
        case .table: ReportTable.edges(rows, level: level, predicate: predicate).text
        case .graph: ReportGraph.picture(rows, entities, of: all, level, isTopDown: isTopDown, ascii: ascii)
        case .dot: ReportGraph.dot(rows)
        case .mermaid: ReportGraph.mermaid(rows)
        }
    }
}
