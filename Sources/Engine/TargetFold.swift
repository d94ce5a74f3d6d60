import MeshModel
import Panels
import SeriesStore

/// What one target says in one stretch of time: its own inbound side, and one entry per peer and vantage.
struct TargetFold {
    struct Relation {
        var vantage: Vantage
        var source: Int32
        var destination: Int32
        var sums: SignalSums
        var isGRPC: Bool
        /// The caller's connections are TLS; whether mutually is for the callee's side to say.
        var isTLS: Bool
        /// What a list of edges needs of `sums`: requests, those refused (403, gRPC 7), and errors with the refused ones among
        /// them where the predicate counts those.
        var requests = 0.0
        var refused = 0.0
        var errors = 0.0
    }

    var own = SignalSums()
    var hasOwn = false
    /// In the order of the target's cells: their places hold until a cell is added.
    var relations: [Relation] = []
    /// Some relation was refused (403, gRPC 7).
    var hasRefusals = false
    /// Every client of the inbound listeners showed a certificate; nil where the listeners say nothing.
    var demandsCertificates: Bool?
}

extension TargetState {
    /// - Parameters:
    ///   - now: a target that went silent counts up to then, so that its rate fades.
    ///   - folded: maps an entity to its service, so that two ways to name one peer meet.
    func fold(_ mode: CountMode, now: Timestamp, predicate: ErrorPredicate, serviceOf folded: (Int32) -> Int32) -> TargetFold {
        var facts = [CellFacts](repeating: CellFacts(), count: cells.count)
        for index in series.indices {
            let count = count(series[index], mode)
            if count == 0, series[index].isCumulative, series[index].signal == .latencyBucket { continue }
            facts[Int(series[index].cell)].take(series[index], count)
        }
        let latency = latencies(mode)
        let (from, to) = span(mode, now: now)
        var result = TargetFold()
        /// The target itself where its report names its service; what tells of a whole node's pods (ztunnel) or mesh names others.
        func own(_ named: Int32) -> Int32 { named < 0 || folded(named) == folded(entity) ? entity : named }

        // Where Istio's own metrics tell of a side, Envoy's of the same side are left out, number by number.
        var istioServer = Told(), istioPeers: [Int32: Told] = [:]
        for index in cells.indices where facts[index].isIstio || cells[index].source != nil {
            let told = Told(requests: facts[index].isIstio, latency: latency[index].vector.total > 0, bytes: facts[index].bytesSent.value != nil)
            if cells[index].vantage == .server { istioServer.formUnion(told) }
            if cells[index].vantage == .client { istioPeers[folded(cells[index].destinationEntity), default: Told()].formUnion(told) }
        }
        let hasIstioServer = istioServer.requests
        var denied: Double?
        for index in cells.indices {
            let cell = cells[index], fact = facts[index]
            switch cell.vantage {
            case .server where fact.isIstio || cell.source != nil:
                var sums = fact.sums(leavingOut: Told())
                sums.latency = latency[index].vector
                sums.latencyTotal = latency[index].sum
                sums.mutual = fact.mutual
                sums.plain = fact.plain
                sums.principals = named(fact)
                stamp(&sums, .metricsServer, from, to)
                let destination = own(cell.destinationEntity)
                if destination == entity {
                    result.own.merge(sums)
                    result.hasOwn = true
                }
                result.relations.append(.init(vantage: .server, source: cell.sourceEntity, destination: destination, sums: sums,
                                              isGRPC: cell.protocolIsGRPC, isTLS: false))
            case .server:
                var sums = fact.sums(leavingOut: istioServer)
                if !istioServer.latency {
                    sums.latency = latency[index].vector
                    sums.latencyTotal = latency[index].sum
                }
                ownSecurity(fact, &sums, &result)
                denied = SignalSums.sum(denied, fact.denied)
                stamp(&sums, .metricsServer, from, to)
                result.own.merge(sums)
                result.hasOwn = result.hasOwn || !fact.exact.isEmpty || !fact.managerClasses.isZero || !fact.clusterClasses.isZero
                    || cell.hasRequests
            case .client:
                let told = fact.isIstio || cell.source != nil ? Told() : istioPeers[folded(cell.destinationEntity)] ?? Told()
                var sums = fact.sums(leavingOut: told)
                if !told.latency {
                    sums.latency = latency[index].vector
                    sums.latencyTotal = latency[index].sum
                }
                let isTLS = (fact.handshakes ?? 0) > 0
                if !fact.isIstio, !told.requests {
                    if isTLS { sums.tlsOnly = sums.requests } else if tellsTLS { sums.plain = sums.requests }
                } else {
                    sums.mutual = fact.mutual
                    sums.plain = fact.plain
                }
                sums.principals = named(fact)
                stamp(&sums, .metricsClient, from, to)
                result.relations.append(.init(vantage: .client, source: own(cell.sourceEntity), destination: cell.destinationEntity, sums: sums,
                                              isGRPC: cell.protocolIsGRPC, isTLS: isTLS))
            case .waypoint:
                var sums = fact.sums(leavingOut: Told())
                sums.latency = latency[index].vector
                sums.latencyTotal = latency[index].sum
                sums.mutual = fact.mutual
                sums.plain = fact.plain
                sums.principals = named(fact)
                stamp(&sums, .metricsServer, from, to)
                result.relations.append(.init(vantage: .waypoint, source: cell.sourceEntity, destination: cell.destinationEntity, sums: sums,
                                              isGRPC: cell.protocolIsGRPC, isTLS: false))
            }
        }
        result.own.denied = denied
        if hasIstioServer, let denied { result.own.denied = min(denied, result.own.requests) }
        stamp(&result.own, result.hasOwn ? .metricsServer : [], from, to)
        for index in result.relations.indices {
            result.relations[index].count(predicate)
            if result.relations[index].refused > 0 { result.hasRefusals = true }
        }
        return result
    }

    private func named(_ fact: CellFacts) -> [PrincipalPair] { fact.principals.map { principals[Int($0)] } }

    private func stamp(_ sums: inout SignalSums, _ evidence: Evidence, _ from: Timestamp?, _ to: Timestamp?) {
        sums.evidence = evidence
        sums.from = from
        sums.to = to
    }

    private func ownSecurity(_ fact: CellFacts, _ sums: inout SignalSums, _ result: inout TargetFold) {
        let requests = sums.requests
        guard let handshakes = fact.handshakes, handshakes > 0 else {
            if tellsTLS { sums.plain = requests }
            return
        }
        let share = max(0, 1 - (fact.withoutCertificate ?? handshakes) / handshakes)
        result.demandsCertificates = share == 1
        sums.mutual = requests * share
        sums.tlsOnly = requests * (1 - share)
    }

    /// Per cell the vector of the lowest rank that has observations.
    private func latencies(_ mode: CountMode) -> [(vector: BucketVector, sum: Double?)] {
        var best = [(vector: BucketVector, sum: Double?)](repeating: (BucketVector(), nil), count: cells.count)
        var ranks = [UInt8](repeating: .max, count: cells.count)
        for group in histograms {
            let cell = Int(group.cell)
            guard group.rank <= ranks[cell] else { continue }
            var cumulative = [Double](repeating: 0, count: group.bounds.count)
            for (member, bound) in group.members { cumulative[Int(bound)] += count(series[Int(member)], mode) }
            guard let last = cumulative.last, last > 0 else { continue }
            if group.rank < ranks[cell] { best[cell] = (BucketVector(), nil) }
            ranks[cell] = group.rank
            best[cell].vector.merge(BucketVector(bounds: group.bounds, cumulative: cumulative))
        }
        for group in histograms where group.rank == ranks[Int(group.cell)] {
            for index in group.sums { best[Int(group.cell)].sum = (best[Int(group.cell)].sum ?? 0) + count(series[Int(index)], mode) * Double(series[Int(index)].scale) }
        }
        return best
    }
}

extension TargetFold.Relation {
    mutating func count(_ predicate: ErrorPredicate) {
        for outcome in sums.outcomes {
            requests += outcome.count
            if outcome.isRefused { refused += outcome.count }
            if outcome.isError(predicate) { errors += outcome.count }
        }
    }

    /// What a list of edges needs, without the rest.
    var numbers: (vantage: Vantage, requests: Double, errors: Double, refused: Double) { (vantage, requests, errors, refused) }
}
