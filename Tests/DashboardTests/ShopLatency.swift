import MeshModel
import Panels

/// Where the time of the shop's checkout goes: payment is why slow requests are slow, and stock is asked for each item of a cart.
enum ShopLatency {
    private typealias Step = ServiceLatency.Step
    private static let checkout = Step(service: "checkout", operation: "POST /checkout")
    private static let charge = Step(service: "payment", operation: "POST /charge")
    private static let insert = Step(service: "ledger", operation: "INSERT entries")
    private static let read = Step(service: "cart", operation: "GET /cart/{id}")
    private static let stock = Step(service: "inventory", operation: "GET /stock/{sku}")

    private static func row(_ way: [Step], _ share: Double, _ bands: [Double?], own: Double, calls: Double = 1, won: Double? = nil, less: Double? = nil) -> ServiceLatency.Row {
        var row = ServiceLatency.Row(way: way, share: share, bands: bands, ownSeconds: own, calls: calls, traces: 400)
        row.sample = ShopTraces.failing
        if let won {
            row.faster = .init(less: less, before: .init(p50: 0.12, p95: 0.412, p99: 0.61), after: .init(p50: 0.12 - won / 3, p95: 0.412 - won, p99: 0.61 - won * 1.2))
        }
        return row
    }

    static let whole: ServiceLatency = {
        var latency = ServiceLatency(service: Shop.entity("checkout"))
        (latency.hasSpans, latency.isInSpans) = (true, true)
        (latency.traces, latency.read, latency.retimed, latency.requests, latency.failed, latency.operations) = (400, 400, 400, 412, 12, 1)
        (latency.p50, latency.p95, latency.p99) = (0.12, 0.412, 0.61)
        latency.rows = [
            row([checkout, charge], 0.512, [0.21, 0.52, 0.81], own: 0.121, won: 0.038, less: 0.05),
            row([checkout], 0.243, [0.40, 0.24, 0.09], own: 0.031, won: 0.008),
            row([checkout, read, stock], 0.148, [0.24, 0.14, 0.06], own: 0.002, calls: 14.2, won: 0.0041),
            row([checkout, read], 0.06, [0.10, 0.06, 0.02], own: 0.006, won: 0.00002),
            row([checkout, charge, insert], 0.037, [0.05, 0.04, nil], own: 0.004),
        ]
        latency.repeated = [
            .init(caller: read, callee: stock, calls: 14, share: 0.71, traces: 388, sample: ShopTraces.failing),
            .init(caller: charge, callee: insert, calls: 11, share: 0.08, traces: 6, sample: ShopTraces.failing),
        ]
        return latency
    }()

    /// A third of the traces is read.
    static let partial: ServiceLatency = {
        var latency = ServiceLatency(service: Shop.entity("checkout"))
        (latency.hasSpans, latency.isInSpans, latency.hasMore, latency.traces, latency.read) = (true, true, true, 4000, 1312)
        return latency
    }()

    static func answer(_ key: EntityKey) -> ServiceLatency? {
        guard let row = Shop.frame().entities[.service]?.first(where: { $0.key.name == key.name }) else { return nil }
        if key.name == "checkout" { return whole }
        var latency = ServiceLatency(service: row.entity)
        latency.hasSpans = key.name != "frontend"
        latency.isInSpans = key.name == "gateway"
        return latency
    }
}
