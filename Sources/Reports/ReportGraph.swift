import CellCanvas
import Dashboard
import GraphLayout
import MeshModel
import Panels

/// Calls as a graph for other people's programs: Graphviz' DOT and Mermaid's flow charts. Nodes in the order in which the edges name them.
enum ReportGraph {
    /// The picture alone, whole, in characters: for a ticket.
    /// - Parameter all: what the calls and services were picked from; what is not among them is counted as hidden.
    static func picture(_ rows: [EdgeRow], _ entities: [EntityRow], of all: CallNodes?, _ level: EntityLevel, isTopDown: Bool, ascii: Bool) -> String {
        var ids: [Entity: Int] = [:]
        let calls = CallNodes(edges: rows, rows: entities, level: level)
        var picture = LayeredLayout.picture(of: Drawing(calls, ids: &ids, marks: true).input(), options: LayoutOptions(flow: isTopDown ? .topDown : .leftToRight, ascii: ascii))
        if let all {
            picture.hidden.nodes += all.nodes.count - calls.nodes.count
            picture.hidden.edges += all.pairs - calls.pairs
        }
        return picture.text
    }

    static func dot(_ rows: [EdgeRow]) -> String {
        let graph = Graph(rows)
        var text = "digraph telltale {\n  rankdir=LR;\n  node [shape=box, style=rounded, fontname=\"monospace\"];\n  edge [fontname=\"monospace\", fontsize=10];\n"
        for (index, node) in graph.nodes.enumerated() { text += "  n\(index) [label=\"\(quotedForDOT(node.label))\"\(dotShape(node.kind))];\n" }
        for edge in graph.edges {
            text += "  n\(edge.source) -> n\(edge.destination) [label=\"\(quotedForDOT(edge.label))\"\(dotStyle(edge.look))];\n"
        }
        return text + "}\n"
    }

    static func mermaid(_ rows: [EdgeRow]) -> String {
        let graph = Graph(rows)
        var text = "flowchart LR\n"
        for (index, node) in graph.nodes.enumerated() {
            let (open, close) = mermaidShape(node.kind)
            text += "  n\(index)\(open)\"\(quotedForMermaid(node.label))\"\(close)\n"
        }
        for edge in graph.edges {
            text += "  n\(edge.source) \(edge.look == .denied ? "-.->" : edge.look == .failing ? "==>" : "-->")|\"\(quotedForMermaid(edge.label))\"| n\(edge.destination)\n"
        }
        for (look, color) in [(EdgeLook.failing, "#c0392b"), (.warning, "#b9770e"), (.denied, "#7d3c98")] {
            let places = graph.edges.indices.filter { graph.edges[$0].look == look }
            if !places.isEmpty { text += "  linkStyle \(places.map(String.init).joined(separator: ",")) stroke:\(color)\n" }
        }
        return text
    }

    // MARK: - The graph

    private struct Graph {
        var nodes: [(label: String, kind: Entity.Kind)] = []
        var edges: [(source: Int, destination: Int, label: String, look: EdgeLook)] = []

        init(_ rows: [EdgeRow]) {
            var places: [Entity: Int] = [:]
            var namespaces: [String: Set<String>] = [:]
            for row in rows { for end in [row.source, row.destination] { namespaces[end.versionedName, default: []].insert(end.namespace ?? "") } }
            func place(_ entity: Entity) -> Int {
                if let known = places[entity] { return known }
                let name = entity.drawnName
                // Only where two would be alike.
                let label = (namespaces[name]?.count ?? 0) > 1 ? name + "\n" + (entity.namespace ?? "no namespace") : name
                nodes.append((label, entity.kind))
                places[entity] = nodes.count - 1
                return nodes.count - 1
            }
            for row in rows { edges.append((place(row.source), place(row.destination), Self.label(row), EdgeLook(row))) }
        }

        private static func label(_ row: EdgeRow) -> String {
            var parts = [row.signals.rate.map { ReportTable.decimal($0, $0 < 10 ? 2 : 1) + "/s" } ?? ReportTable.decimal(row.signals.requests, 0) + " calls"]
            if row.signals.errors > 0, let success = row.signals.success { parts.append(ReportTable.decimal((1 - success) * 100, 1) + "% errors") }
            if let denied = row.signals.denied, denied > 0 { parts.append(ReportTable.decimal(denied, 0) + " denied") }
            if let p95 = row.signals.latency?.p95 { parts.append("p95 " + ReportTable.decimal(p95, p95 < 10 ? 1 : 0) + "ms") }
            return parts.joined(separator: " ")
        }
    }

    // MARK: - DOT

    private static func dotShape(_ kind: Entity.Kind) -> String {
        switch kind {
        case .workload: ""
        case .external: ", shape=oval"
        case .database: ", shape=cylinder, style=solid"
        case .queue: ", shape=cds, style=solid"
        case .unknown: ", style=\"rounded,dashed\""
        }
    }

    private static func dotStyle(_ look: EdgeLook) -> String {
        switch look {
        case .good: ""
        case .warning: ", color=\"#b9770e\""
        case .failing: ", color=\"#c0392b\", fontcolor=\"#c0392b\", penwidth=2"
        case .denied: ", color=\"#7d3c98\", style=dashed"
        case .idle: ", color=gray"
        }
    }

    private static func quotedForDOT(_ text: String) -> String {
        var quoted = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\", "\"": quoted += "\\" + String(scalar)
            case "\n": quoted += "\\n"
            default: if !TextWidth.isStripped(scalar) { quoted.unicodeScalars.append(scalar) }
            }
        }
        return quoted
    }

    // MARK: - Mermaid

    private static func mermaidShape(_ kind: Entity.Kind) -> (String, String) {
        switch kind {
        case .workload: ("(", ")")
        case .external: ("([", "])")
        case .database: ("[(", ")]")
        case .queue: ("[[", "]]")
        case .unknown: ("{{", "}}")
        }
    }

    /// Everything Mermaid could take for its own goes by its number.
    private static func quotedForMermaid(_ text: String) -> String {
        var quoted = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": quoted += "<br/>"
            case "\"", "#", "<", ">", "&", "`", "\\", "|", ";": quoted += "#\(scalar.value);"
            default: if !TextWidth.isStripped(scalar) { quoted.unicodeScalars.append(scalar) }
            }
        }
        return quoted
    }
}
