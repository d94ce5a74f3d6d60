import MeshModel
import Panels

/// One box of the graph as a row: what a filter looks at, and what the line below the picture says.
struct PartyRow: CellRow {
    let node: CallNodes.Node
    var entity: Entity { node.entity }

    var rowKey: RowKey { .party(entity) }
    var health: HealthState { node.row?.state ?? .unknown }
    var isStale: Bool { node.row?.stale ?? false }
    var stateName: String { isStale ? "stale" : health.name }
    var isTroubled: Bool { health >= .warning || (node.row?.signals.isTroubled ?? false) }
    var urgency: (Double, Double, Double) { (Double(health.rawValue), Magnitude.of(node.row?.signals.troubleShare ?? 0), Magnitude.of(node.row?.signals.rate ?? 0)) }

    func number(_ field: Field) -> Double? { node.row?.number(field) }

    func text(_ field: Field) -> String? {
        switch field {
        case .name, .service: entity.displayName
        case .namespace: entity.namespace
        case .version: entity.version
        case .reason: node.row?.reason
        default: nil
        }
    }

    func anyValue(_ field: Field, _ body: (String) -> Bool) -> Bool {
        if entity.anyValue(field, body) { return true }
        return switch field {
        case .service: body(entity.displayName)
        case .version: node.row?.anyValue(field, body) ?? false
        case .flag, .mtls, .code: node.row?.signals.anyValue(field, body) ?? false
        default: text(field).map(body) ?? false
        }
    }

    func anyNumber(_ field: Field, _ body: (Double) -> Bool) -> Bool? { node.row?.anyNumber(field, body) }
    func has(_ property: Property) -> Bool? { entity.has(property) ?? node.row?.has(property) }

    func anyText(_ body: (String) -> Bool) -> Bool { body(entity.displayName) || body(entity.finestName) || entity.namespace.map(body) ?? false }
    func cellText(_ field: Field) -> String { text(field) ?? "" }

    var sentence: String {
        [entity.finestName, entity.namespace, entity.kind == .workload ? nil : entity.kind.rawValue].compactMap { $0 }.joined(separator: " · ")
    }
}
