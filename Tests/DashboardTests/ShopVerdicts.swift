import Dashboard
import Diagnosis
import MeshModel
import Panels

/// What is found of the shop: payment v2 fails by itself, a call to shipping is never answered now and then, recommendation may not call
/// inventory, and catalog's errors are made up for by who calls it.
enum ShopVerdicts {
    static let gateway = Shop.entity("gateway")

    static func hop(_ service: String, _ requests: Double, _ errors: Double, own: Double = 0, passedOn: Double = 0, wire: Double = 0, denied: Double = 0,
                    answers: [GoldenSignals.Answer] = []) -> Verdict.Hop {
        var hop = Verdict.Hop(entity: Shop.entity(service))
        (hop.requests, hop.errors, hop.own, hop.passedOn, hop.wire, hop.denied, hop.answers) = (requests, errors, own, passedOn, wire, denied, answers)
        return hop
    }

    private static func tell(_ hop: inout Verdict.Hop, share: Double, versions: [Verdict.Member] = [], pods: Int, failing: [Verdict.Member] = []) {
        (hop.latencyShare, hop.latencyTraces, hop.versions, hop.pods, hop.podsFailing, hop.failingPods) = (share, 180, versions, pods, failing.count, failing)
    }

    private static func unavailable(_ count: Double, flags: String = "") -> GoldenSignals.Answer { .init(code: 503, flags: flags, count: count, errors: count) }

    private static func made(_ kind: Verdict.Kind, _ origin: Verdict.Origin, share: Double?, _ path: [Verdict.Hop]) -> Verdict {
        var verdict = Verdict(service: gateway, kind: kind, predicate: .server)
        (verdict.origin, verdict.requests, verdict.failures, verdict.share, verdict.path) = (origin, 24_720, 1508, share, path)
        verdict.evidence.kinds = [.metricsClient, .metricsServer, .spans]
        verdict.evidence.requests = 24_720
        (verdict.evidence.failingTraces, verdict.evidence.goodTraces) = (22, 158)
        return verdict
    }

    static let payment: Verdict = {
        var origin = Verdict.Origin(entity: Entity(namespace: "shop", service: "payment", workload: "payment-v2", version: "v2", pod: "payment-v2-9b8d7c6f5-x2x9k", node: "node-c"), fault: .own)
        (origin.answers, origin.operation, origin.requests, origin.errors) = ([unavailable(1498), .init(code: 500, count: 29, errors: 29)], "POST /charge", 4920, 1500)
        var verdict = made(.errors, origin, share: 0.91, [
            hop("gateway", 24_720, 1508, passedOn: 1508, answers: [.init(code: 200, count: 23_212), unavailable(1508)]),
            hop("frontend", 24_690, 1481, passedOn: 1481, answers: [unavailable(1481)]),
            hop("checkout", 24_600, 1476, own: 41, passedOn: 1402, wire: 33, answers: [unavailable(1443), unavailable(33, flags: "UF,URX")]),
            hop("payment", 24_630, 1527, own: 1500, passedOn: 27, answers: [unavailable(1498), .init(code: 500, count: 29, errors: 29)]),
        ])
        tell(&verdict.path[0], share: 0.082, pods: 2)
        tell(&verdict.path[1], share: 0.041, pods: 2)
        tell(&verdict.path[2], share: 0.243, versions: [.init(name: "v1", requests: 24_600, errors: 1476, isFailing: true)], pods: 3)
        tell(&verdict.path[3], share: 0.412, versions: [.init(name: "v1", requests: 19_690, errors: 27, isFailing: false), .init(name: "v2", requests: 4920, errors: 1500, isFailing: true)],
             pods: 4, failing: [.init(name: "payment-v2-9b8d7c6f5-x2x9k", requests: 4920, errors: 1500, isFailing: true)])
        verdict.interval = .init(low: 0.723, high: 0.975)
        verdict.onset = Shop.now - .init(seconds: 180)
        verdict.evidence.traces = 20
        verdict.evidence.sample = ShopTraces.failing
        verdict.evidence.passing = ["all 20 failing traces pass payment-v2-9b8d7c6f5-x2x9k, 0 of 158 good ones do"]
        verdict.remarks = ["traces and metrics disagree: 72–98 % of failures by traces, 97–100 % by metrics"]
        return verdict
    }()

    static let shipping: Verdict = {
        var origin = Verdict.Origin(entity: Shop.entity("shipping"), caller: Shop.entity("checkout"), fault: .connection)
        (origin.answers, origin.requests, origin.errors) = ([.init(code: 0, flags: "UF", count: 132, errors: 132)], 8200, 132)
        var verdict = made(.edge, origin, share: 0.09, [
            hop("gateway", 24_720, 1508, passedOn: 1508), hop("frontend", 24_690, 1481, passedOn: 1481), hop("checkout", 24_600, 1476, own: 41, passedOn: 1402, wire: 33),
        ])
        verdict.interval = .init(low: 0.025, high: 0.278)
        verdict.evidence.traces = 2
        return verdict
    }()

    static let denial: Verdict = {
        var origin = Verdict.Origin(entity: Shop.entity("inventory"), caller: Shop.entity("recommendation"), fault: .policy)
        (origin.answers, origin.requests) = ([.init(code: 403, count: 612)], 612)
        return made(.edge, origin, share: nil, [hop("gateway", 24_720, 1508), hop("frontend", 24_690, 1481), hop("recommendation", 12_330, 0)])
    }()

    static let absorbed: Verdict = {
        var origin = Verdict.Origin(entity: Shop.entity("catalog"), fault: .own)
        (origin.answers, origin.requests, origin.errors, origin.isAbsorbed) = ([.init(code: nil, grpcStatus: 14, count: 410, errors: 410)], 49_260, 410, true)
        return made(.errors, origin, share: nil, [hop("gateway", 24_720, 1508, passedOn: 1508), hop("frontend", 24_690, 1481, passedOn: 1481), hop("catalog", 49_260, 410, own: 410)])
    }()

    static let all = [payment, shipping, denial, absorbed]

    /// One request failed of twelve: counts, no shares.
    static let unsure: Verdict = {
        var origin = Verdict.Origin(entity: Shop.entity("shipping"), fault: .own)
        (origin.answers, origin.requests, origin.errors) = ([.init(code: 500, count: 3, errors: 3)], 12, 3)
        var verdict = Verdict(service: Shop.entity("shipping"), kind: .notEnoughEvidence, predicate: .server)
        (verdict.origin, verdict.requests, verdict.failures, verdict.share, verdict.path) = (origin, 12, 4, 0.75, [hop("shipping", 12, 3, own: 3)])
        verdict.interval = .init(low: 0.3, high: 0.95)
        verdict.evidence.requests = 12
        verdict.remarks = ["4 of 12 requests failed: fewer than 20 are no share"]
        return verdict
    }()

    static let healthy: Verdict = {
        var verdict = Verdict(service: Shop.entity("ledger"), kind: .healthy, predicate: .server)
        (verdict.requests, verdict.evidence.requests, verdict.evidence.kinds) = (23_100, 23_100, .metricsServer)
        return verdict
    }()

    /// Why a service fails, as a frame has it.
    static func why(_ key: EntityKey) -> Verdict? {
        switch key.name {
        case "ledger": return healthy
        case "shipping": return unsure
        case "gateway", "frontend", "checkout", "payment":
            var verdict = payment
            verdict.service = Shop.entity(key.name)
            verdict.path = Array(verdict.path.drop { $0.entity.service != key.name })
            if let origin = shipping.origin { verdict.alternatives = [.init(origin: origin, share: 0.09)] }
            return verdict
        default: return nil
        }
    }
}
