import MeshModel
import Panels

extension EdgeRow: ListRow {
    static var isCall: Bool { true }
    var rowKey: RowKey { .edge(EdgeKey(self)) }
    var stateName: String { stale ? "stale" : state.name }
    var isTroubled: Bool { state >= .warning || signals.isTroubled }
    var urgency: (Double, Double, Double) { (Double(state.rawValue), Magnitude.of(signals.troubleShare), Magnitude.of(signals.rate ?? signals.requests)) }

    func number(_ field: Field) -> Double? {
        switch field {
        case .trend: signals.rate
        case .versions: Double(versions.count)
        case .http, .grpc, .tcp: self.protocol == field.rawValue ? signals.rate : nil
        case .httpErrors: self.protocol == "http" ? signals.number(.errors) : nil
        case .grpcErrors: self.protocol == "grpc" ? signals.number(.errors) : nil
        default: signals.number(field)
        }
    }

    func anyNumber(_ field: Field, _ body: (Double) -> Bool) -> Bool? { field == .code ? signals.anyNumber(field, body) : number(field).map(body) }

    /// A call is asked for itself, and for either of its ends.
    func anyValue(_ field: Field, _ body: (String) -> Bool) -> Bool {
        switch field {
        case .source: source.anyValue(.name, body)
        case .destination: destination.anyValue(.name, body)
        case .protocol: body(self.protocol)
        case .reason: body(reason)
        case .sourcePrincipal: principals.contains { $0.source.map(body) ?? false }
        case .destinationPrincipal: principals.contains { $0.destination.map(body) ?? false }
        case .differs: disagreements.contains { body($0.kind.rawValue) }
        case .flag, .mtls, .code: signals.anyValue(field, body)
        case .version: source.anyValue(field, body) || destination.anyValue(field, body) || versions.contains { body($0.version) }
        default: source.anyValue(field, body) || destination.anyValue(field, body)
        }
    }

    func has(_ property: Property) -> Bool? {
        if let isOfKind = source.has(property) { return isOfKind || destination.has(property) == true }
        return state.has(property, isStale: stale) ?? signals.has(property)
    }

    func text(_ field: Field) -> String? {
        switch field {
        case .name, .source: source.finestName
        case .destination: destination.finestName
        case .namespace: destination.namespace ?? source.namespace
        case .service: destination.service
        case .protocol: self.protocol
        case .reason: reason
        case .version: destination.version
        default: nil
        }
    }

    func anyText(_ body: (String) -> Bool) -> Bool {
        body(source.displayName) || body(destination.displayName) || body(source.finestName) || body(destination.finestName) || body(self.protocol) || body(reason)
    }
}
