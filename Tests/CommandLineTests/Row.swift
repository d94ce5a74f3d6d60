import Testing
import Yams

/// One row of `-o json`. JSON is read as the YAML it also is.
struct Row {
    let members: Node.Mapping

    static func rows(_ json: String) throws -> [Row] {
        let rows = try #require(try Yams.compose(yaml: json)?.sequence)
        return try rows.map { Row(members: try #require($0.mapping)) }
    }

    static func rows(_ json: String, by name: String) throws -> [String: Row] {
        Dictionary(try rows(json).map { ($0.text(name) ?? "", $0) }) { first, _ in first }
    }

    var names: [String] { members.keys.compactMap(\.string) }
    func isNull(_ name: String) -> Bool { members[Node(name)]?.scalar?.string == "null" }
    func text(_ name: String) -> String? { isNull(name) ? nil : members[Node(name)]?.string }
    func number(_ name: String) -> Double? { members[Node(name)]?.float }
    func row(_ name: String) -> Row? { members[Node(name)]?.mapping.map(Row.init) }

    func numbers(_ name: String) -> [String: Double] {
        var result: [String: Double] = [:]
        for (key, value) in members[Node(name)]?.mapping ?? [:] { result[key.string ?? ""] = value.float }
        return result
    }
}
