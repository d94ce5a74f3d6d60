import MeshModel
import Panels

/// An attribute that failing (or slow) traces have more often than the others.
struct ExcessRow: Sendable, Equatable {
    var attribute: Comparison.Attribute

    init(_ attribute: Comparison.Attribute) { self.attribute = attribute }

    static func rows(_ data: FrameData) -> [ExcessRow]? {
        guard let comparison = data.comparison, comparison.sample.isRead || !comparison.attributes.isEmpty else { return nil }
        return comparison.attributes.map(ExcessRow.init)
    }

    var service: String { attribute.service.displayName }

    /// `version=v2`
    var name: String { attribute.names.first.map(Self.text) ?? "passes it at all" }

    private static func text(_ name: Comparison.Attribute.Name) -> String { "\(name.key)=\(name.value)" }

    /// `also pod=payment-v2-x, zone=b`
    var alike: String {
        let others = attribute.names.dropFirst().map(Self.text)
        let shown = others.prefix(6).joined(separator: ", ") + (others.count > 6 ? " and \(others.count - 6) more" : "")
        return [attribute.isOutcome ? "how they end" : "", others.isEmpty ? "" : "also " + shown].filter { !$0.isEmpty }.joined(separator: "; ")
    }

    /// What the list of traces can be searched for; nil where it stands in no attribute.
    var search: String? { attribute.names.first(where: \.isAttribute).map(Self.text) }

    /// `20 of 22  91 %`; of few `3 of 4`.
    private static func share(_ count: Int, _ all: Int) -> String {
        let counts = "\(Format.grouped(count)) of \(Format.grouped(all))"
        return Double(all) >= GoldenSignals.smallSample ? "\(counts)  \(Format.wholePercent(Double(count) / Double(all)))" : counts
    }
}

extension ExcessRow: CellRow {
    static var comesByName: Bool { true }
    var rowKey: RowKey { .excess(attribute.service, attribute.names.first.map(Self.text) ?? "") }
    var isStale: Bool { false }
    var health: HealthState { attribute.isOutcome ? .idle : .warning }
    var stateName: String { attribute.isOutcome ? "outcome" : "circumstance" }
    var isTroubled: Bool { !attribute.isOutcome }
    var urgency: (Double, Double, Double) { (Double(health.rawValue), attribute.selectedShare - attribute.othersShare, 0) }

    func number(_ field: Field) -> Double? {
        switch field {
        case .share: attribute.selectedShare * 100
        case .others: attribute.othersShare * 100
        default: nil
        }
    }
    func text(_ field: Field) -> String? {
        switch field {
        case .service: service
        case .name: name
        case .reason: alike
        default: nil
        }
    }
    func anyText(_ body: (String) -> Bool) -> Bool { body(service) || body(alike) || body(name) }

    func cellText(_ field: Field) -> String {
        switch field {
        case .share: Self.share(attribute.selected, attribute.ofSelected)
        case .others: Self.share(attribute.others, attribute.ofOthers)
        default: text(field) ?? ""
        }
    }

    /// `payment version=v2: 22 of 22 100% of them, 0 of 158 0% of the others; also pod=…`
    var sentence: String {
        "\(service) \(name): \(cellText(.share)) of them, \(cellText(.others)) of the others" + (alike.isEmpty ? "" : "; \(alike)")
    }
}
