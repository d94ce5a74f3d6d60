import MeshModel

/// What the callee's side decides about a call, by service: whether its listeners take only clients with a certificate, and how many
/// of its callers' refusals its own policy explains. Arrays run by the directory's numbers.
struct ServiceFacts {
    private var certificates: [Bool?]
    private var told: [Bool]
    private var denied: [Float]  // NaN: it exports no policy counter
    private let versions: [Symbol]

    init(_ targets: [TargetState], _ glances: [TargetGlance], _ directory: Directory) {
        let count = directory.entities.count
        certificates = .init(repeating: nil, count: count)
        denied = .init(repeating: .nan, count: count)
        told = .init(repeating: false, count: count)
        versions = directory.versions
        var denials = [Double](repeating: .nan, count: count), refused = [Double](repeating: 0, count: count)
        for (index, glance) in glances.enumerated() where glance.entity >= 0 {
            let service = Int(directory.serviceID(of: glance.entity))
            if glance.hasOwn { told[service] = true }
            if let demands = glance.demandsCertificates { certificates[service] = (certificates[service] ?? true) && demands }
            if !glance.denied.isNaN { denials[service] = (denials[service].isNaN ? 0 : denials[service]) + glance.denied }
            guard glance.hasRefusals else { continue }
            for relation in targets[index].folded.relations where relation.refused > 0 && relation.vantage == .client && relation.destination >= 0 {
                refused[Int(directory.serviceID(of: relation.destination))] += relation.refused
            }
        }
        for service in 0..<count where !denials[service].isNaN {
            denied[service] = refused[service] > 0 ? Float(min(1, denials[service] / refused[service])) : 0
        }
    }

    /// Share of its callers' refusals (403, gRPC 7) that are its policy's; nil where it exports no policy counter.
    func deniedShare(_ service: Int32) -> Float? {
        let share = denied[Int(service)]
        return share.isNaN ? nil : share
    }

    /// A proxy of it tells what it answered.
    func hasOwn(_ service: Int32) -> Bool { told[Int(service)] }

    func version(of entity: Int32) -> Symbol { versions[Int(entity)] }

    /// A relation's counts with what the callee's side knows of them.
    func completed(_ relation: TargetFold.Relation, service: Int32) -> SignalSums {
        var sums = relation.sums
        if relation.vantage == .client, relation.isTLS, certificates[Int(service)] == true {
            sums.mutual += sums.tlsOnly
            sums.tlsOnly = 0
        }
        if let share = deniedShare(service) { sums.denied = (relation.refused * Double(share)).rounded() }
        return sums
    }

    /// Services about which something else is known now.
    func changed(since other: ServiceFacts?) -> Set<Int32> {
        guard let other, other.denied.count == denied.count else { return [] }
        var changed = Set<Int32>()
        for service in denied.indices where certificates[service] != other.certificates[service] || told[service] != other.told[service] || denied[service].bitPattern != other.denied[service].bitPattern {
            changed.insert(Int32(service))
        }
        return changed
    }
}
