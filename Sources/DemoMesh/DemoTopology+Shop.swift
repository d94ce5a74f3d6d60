extension DemoTopology {
    /// A shop with its payments and its platform: what `telltale demo` shows.
    package static let shop = DemoTopology(services: shopServices, rate: 82, denied: [("recommendation", "inventory")], external: [exchange])

    private static let exchange = "fx-rates.example.com"

    private static let shopServices: [DemoService] = [
        .init(name: "gateway", namespace: "shop", versions: [.init(name: "v1", pods: 2, weight: 100)], latency: 1.2,
              calls: [.init(callee: "frontend")]),
        .init(name: "frontend", namespace: "shop", versions: [.init(name: "v1", pods: 3, weight: 100)], latency: 3,
              calls: [.init(callee: "catalog"), .init(callee: "cart", times: 0.6), .init(callee: "recommendation", times: 0.5, isSoft: true),
                      .init(callee: "checkout", times: 0.35)], writesIstio: true),
        .init(name: "catalog", namespace: "shop", versions: [.init(name: "v1", pods: 2, weight: 70), .init(name: "v2", pods: 1, weight: 30)], latency: 4,
              calls: [.init(callee: "inventory")], usualMisses: 0.004),
        .init(name: "cart", namespace: "shop", versions: [.init(name: "v1", pods: 2, weight: 100)], latency: 2, calls: [.init(callee: "session-store", times: 0.8)]),
        .init(name: "recommendation", namespace: "shop", versions: [.init(name: "v1", pods: 2, weight: 100)], latency: 9,
              calls: [.init(callee: "catalog", times: 0.7), .init(callee: "inventory", times: 0.06, isSoft: true)]),
        .init(name: "checkout", namespace: "shop", versions: [.init(name: "v1", pods: 3, weight: 100)], latency: 5,
              calls: [.init(callee: "payment"), .init(callee: "shipping"), .init(callee: "cart")], writesIstio: true),
        .init(name: "shipping", namespace: "shop", versions: [.init(name: "v1", pods: 2, weight: 100)], latency: 12, calls: [.init(callee: "inventory", times: 0.5)]),
        .init(name: "payment", namespace: "payments", versions: [.init(name: "v1", pods: 3, weight: 80), .init(name: "v2", pods: 1, weight: 20)], latency: 14,
              calls: [.init(callee: "ledger"), .init(callee: "fraud", times: 0.4), .init(callee: exchange, times: 0.1, isSoft: true)], writesIstio: true),
        .init(name: "ledger", namespace: "payments", versions: [.init(name: "v3", pods: 2, weight: 100)], latency: 6, writesIstio: true, database: "orders-db.example.net"),
        .init(name: "fraud", namespace: "payments", versions: [.init(name: "v1", pods: 1, weight: 100)], latency: 18,
              calls: [.init(callee: "legacy-scores", retries: 1)]),
        .init(name: "inventory", namespace: "platform", versions: [.init(name: "v1", pods: 3, weight: 100)], latency: 2.5),
        .init(name: "session-store", namespace: "platform", versions: [.init(name: "v1", pods: 2, weight: 100)], latency: 0.8),
        .init(name: "legacy-scores", namespace: "platform", versions: [.init(name: "v1", pods: 1, weight: 100)], latency: 22, isPlaintext: true,
              usualErrors: 0.01),
    ]
}
