@testable import Dashboard
import GraphLayout
import MeshModel
import Panels
import Testing

/// Levels of the graph, and namespaces as one box each: numbers of a fold are sums, quantiles are never made up.
@Suite struct GraphFoldTests {
    private static func edge(_ source: Entity, _ target: Entity, _ signals: GoldenSignals, state: HealthState = .good) -> EdgeRow {
        EdgeRow(source: source, destination: target, protocol: "http", signals: signals, state: state)
    }

    /// web in `front` calls cart and payment in `shop`, which call ledger in `bank`; cart calls payment.
    private static var frame: FrameData {
        var data = Shop.frame()
        let web = Shop.entity("web", namespace: "front"), cart = Shop.entity("cart"), payment = Shop.entity("payment"), ledger = Shop.entity("ledger", namespace: "bank")
        data.edges[.service] = [
            edge(web, cart, Shop.signals(rate: 10, mtls: 1)), edge(web, payment, Shop.signals(rate: 30, errorShare: 0.1, mtls: 0), state: .failing),
            edge(cart, payment, Shop.signals(rate: 5)), edge(cart, ledger, Shop.signals(rate: 2)), edge(payment, ledger, Shop.signals(rate: 3)),
        ]
        data.entities[.service] = Shop.byName([
            EntityRow(key: Shop.key(.service, "web", namespace: "front"), entity: web, signals: Shop.signals(rate: 40)), Shop.service("cart", Shop.signals(rate: 10), pods: 1, seed: 1),
            Shop.service("payment", Shop.signals(rate: 35, errorShare: 0.1), pods: 1, state: .failing, seed: 1),
            EntityRow(key: Shop.key(.service, "ledger", namespace: "bank"), entity: ledger, signals: Shop.signals(rate: 5)),
        ])
        data.edges[.namespace] = [
            edge(Entity(namespace: "front"), Entity(namespace: "shop"), Shop.signals(rate: 40, errorShare: 0.075, p50: 21), state: .failing),
            edge(Entity(namespace: "shop"), Entity(namespace: "bank"), Shop.signals(rate: 5, p50: 7)),
        ]
        data.edges[.app] = [edge(Entity(namespace: "front", app: "web"), Entity(namespace: "shop", app: "payment"), Shop.signals(rate: 30))]
        data.edges[.node] = [edge(Entity(node: "node-a"), Entity(node: "node-b"), Shop.signals(rate: 30))]
        data.edges[.pod] = [edge(Shop.pods[6].entity, Shop.pods[8].entity, Shop.signals(rate: 8))]
        return data
    }

    private func driver() -> Driver { Driver(Self.frame, place: .graph) }
    private func graph(_ driver: Driver) -> CallPicture { driver.model.screen.panes[0].graph }
    private func titles(_ driver: Driver) -> Set<String> { Set(graph(driver).calls.nodes.map { $0.entity.title(graph(driver).calls.level) }) }

    @Test func aFoldedNamespaceIsOneBox() throws {
        let driver = try driver().playing("f")
        #expect(titles(driver) == ["web", "shop/", "ledger"])
        #expect(driver.model.screen.pane.selection == .party(Entity(namespace: "shop")))
        #expect(driver.picture.contains("1 namespace folded: 2 boxes and 1 edge inside"))
        #expect(queries(for: driver.model).queries.contains(.edges(.namespace)), "what the namespace as a whole counts is asked for")
        #expect(titles(try driver.playing("f")) == ["web", "cart", "payment", "ledger"])
        #expect(titles(try self.driver().playing("F")) == ["front/", "shop/", "bank/"])
        #expect(titles(try self.driver().playing("FF")).count == 4)
    }

    /// What two namespaces speak is in the one row there is of them.
    @Test func ofTwoFoldedNamespacesCallsAreCountedOnce() throws {
        var data = Self.frame
        data.edges[.service]?[3].protocol = "grpc"
        let calls = graph(try Driver(data, place: .graph).playing("F")).calls.edges
        #expect(calls.count { $0.source.namespace == "shop" } == 1)
        #expect(calls.reduce(0) { $0 + $1.signals.requests } == (data.edges[.namespace] ?? []).reduce(0) { $0 + $1.signals.requests })
    }

    @Test func numbersOfAFoldAreSums() throws {
        let graph = graph(try driver().playing("f"))
        let into = try #require(graph.calls.edge(EdgeKey(Self.edge(Shop.entity("web", namespace: "front"), Entity(namespace: "shop"), GoldenSignals()))))
        #expect(into.signals.requests == 12_000 && into.signals.errors == 900)
        #expect(into.signals.mutualShare == 0.25)
        #expect(into.signals.latency == nil, "no quantile of a sum is known")
        #expect(into.state == .failing)
        // Of one call alone all is known.
        #expect(try #require(self.graph(try driver().playing(":focus ledger<enter>f")).calls.edges.first { $0.source == Shop.entity("payment") }).signals.latency != nil)
        let namespaces = self.graph(try driver().playing("F")).calls.edges
        #expect(namespaces.first { $0.destination == Entity(namespace: "bank") }?.signals.latency?.p50 == 7, "the level of namespaces knows its own")
    }

    @Test func levelsKeepTheSelection() throws {
        let pods = try driver().playing(":by pod<enter>")
        #expect(queries(for: pods.model).queries.contains(.edges(.pod)))
        #expect(pods.model.screen.pane.selection == .party(Shop.pods[8].entity), "the worst pod of the service")
        #expect(pods.picture.contains("by pod"))
        #expect(try pods.playing("<enter>").model.screen.place == .detail(Shop.pods[8].key))
        #expect(try pods.playing(":by service<enter>").selected == "payment")
        #expect(try driver().playing(":by pod<enter>/x2x9k<enter>").selected == Shop.pods[8].key.name)
        #expect(try driver().playing(":by pod<enter><tab>").picture.contains(Shop.pods[6].key.name.prefix(20)), "the table names pods, not their services")
        #expect(try driver().playing(":by app<enter>").model.screen.pane.selection == .party(Entity(namespace: "shop", app: "payment")))
        #expect(try driver().playing(":by node<enter>").selected == "node-a", "machines have no services to go by")
        #expect(graph(try driver().playing("B")).scope.level == .version)
        #expect(try driver().playing(":by planet<enter>").model.message?.isError == true)
    }
}
