@testable import Dashboard
import Panels
import Testing

/// What expressions say of services, pods and calls.
@Suite struct SieveTests {
    private func accepted<Row: ListRow>(_ text: String, _ rows: [Row], _ name: (Row) -> String) -> Set<String> {
        let filter = Filter(text, .find)
        #expect(filter.problem == nil && filter.misuse() == nil, "\(text)")
        return Set(rows.filter { filter.accepts($0) }.map(name))
    }

    @Test(arguments: [
        ("rate > 160 OR p99 > 1s", ["catalog", "cart", "inventory", "shipping"]), ("rate > 160 AND mtls", ["catalog", "inventory"]), ("NOT mtls", ["gateway", "cart"]), ("mtls = mutual AND rate < 50", ["recommendation", "shipping"]),
        ("failing", ["gateway", "frontend", "checkout", "payment"]), ("NOT healthy", ["gateway", "frontend", "checkout", "payment", "cart", "shipping", "inventory"]), ("warning", ["cart", "shipping", "inventory"]),
        ("healthy AND NOT idle", ["catalog", "recommendation", "ledger"]), ("denied", ["inventory"]), ("retries", ["checkout"]), ("%err > 6.05", ["gateway", "frontend", "payment", "shipping"]), ("errors AND version = v2", ["payment"]),
        ("name contains ENT", ["payment", "inventory"]), ("name startswith c", ["catalog", "cart", "checkout"]), ("name endswith t", ["cart", "checkout", "payment"]), ("name $= t AND name !^= c", ["payment"]),
        ("name not contains a AND NOT idle", ["frontend", "checkout", "ledger", "shipping", "inventory"].filter { !$0.contains("a") }), ("ns = shop AND svc = cart", ["cart"]), ("ns = nowhere", []),
        ("rt > 200ms", ["gateway", "frontend", "checkout", "shipping"]), ("rt.p50 > 0.5s", ["shipping"]), ("avg >= 1s", ["shipping"]), ("code = 503", ["gateway", "frontend", "checkout", "payment", "shipping"]), ("code >= 400 AND code < 500", ["gateway", "frontend", "checkout", "payment", "shipping", "inventory"]),
        ("code = 403", ["inventory"]), ("conn = NaN", ["recommendation", "shipping"]), ("conn != NaN AND rate > 160", ["catalog", "cart", "inventory"]), ("p99 = NaN", []), ("external", []), ("pods = 2", ["frontend", "payment"]),
        ("versions > 1", ["payment"]), ("versions = v2", ["payment"]), ("node != n1", []), ("NOT node = n1", []), ("code < 400", ["gateway", "frontend", "catalog", "cart", "checkout", "payment", "ledger", "shipping", "inventory", "recommendation"]),
        ("conn > 5 OR NOT conn > 5", ["gateway", "frontend", "catalog", "cart", "checkout", "payment", "ledger", "shipping", "inventory"]), ("NOT (conn > 5 AND rate > 1000)", ["gateway", "frontend", "catalog", "cart", "checkout", "payment", "ledger", "shipping", "inventory", "recommendation"]),
    ])
    func services(_ text: String, _ expected: [String]) { #expect(accepted(text, Shop.services) { $0.key.name } == Set(expected)) }

    /// A call that got no answer has no low code.
    @Test func noAnswerIsNoCode() {
        var signals = Shop.signals(rate: 1)
        signals.codes = [.init(code: 0, count: 7)]
        let row = Shop.service("cart", signals, pods: 1, seed: 1)
        #expect(accepted("code < 500 OR code <= 0 OR code > 0", [row]) { $0.key.name } == [])
        #expect(accepted("code = 0", [row]) { $0.key.name } == ["cart"])
    }

    private static let calls: [EdgeRow] = {
        var calls = Shop.failingEdges
        var database = Shop.edge("ledger", "postgres", Shop.signals(rate: 77, p50: 2, mtls: 0), state: .good, reason: "", seed: 1)
        database.destination = Entity(kind: .database, service: "postgres")
        database.protocol = "tcp"
        var outside = Shop.edge("client", "gateway", Shop.signals(rate: 82, mtls: nil), state: .good, reason: "", seed: 2)
        outside.source = Entity(kind: .external)
        database.principals = [Principals(source: "spiffe://cluster.local/ns/shop/sa/ledger", destination: nil)]
        var quiet = Shop.edge("cart", "catalog", Shop.signals(rate: 0), state: .idle, reason: "", seed: 3)
        quiet.protocol = "grpc"
        return calls + [database, outside, quiet]
    }()

    @Test(arguments: [
        ("name = payment", ["checkout>payment"]), ("name = checkout", ["checkout>payment", "frontend>checkout"]), ("to = checkout", ["frontend>checkout"]), ("from = checkout", ["checkout>payment"]),
        ("name != checkout AND failing", ["gateway>frontend"]), ("protocol = tcp OR protocol = grpc", ["ledger>postgres", "cart>catalog"]), ("tcp > 10", ["ledger>postgres"]), ("http > 80 AND %httperr > 6.1", ["checkout>payment"]),
        ("http = NaN", ["ledger>postgres", "cart>catalog"]), ("rate = NaN", ["cart>catalog"]), ("database", ["ledger>postgres"]), ("external OR database", ["ledger>postgres", "external>gateway"]), ("denied", ["recommendation>inventory"]),
        ("ns != nowhere AND (external OR database)", ["ledger>postgres", "external>gateway"]), ("ns != shop AND (external OR database)", []), ("idle", ["cart>catalog"]), ("sourceprincipal endswith /sa/ledger", ["ledger>postgres"]), ("destprincipal ~ .", []), ("differs = wire_errors", []), ("NOT mtls", ["ledger>postgres"]), ("mtls = unknown", ["external>gateway"]), ("ns = shop AND NOT traffic", ["cart>catalog"]),
        ("(failing OR denied) AND NOT name = payment", ["frontend>checkout", "gateway>frontend", "recommendation>inventory"]),
    ])
    func calls(_ text: String, _ expected: [String]) {
        #expect(accepted(text, Self.calls) { "\($0.source.displayName)>\($0.destination.displayName)" } == Set(expected))
        #expect(Self.calls.filter { Filter(text, .find).matches(edge: $0) }.count == expected.count)
    }

    /// Of a service nothing is known that only calls have: neither that nor its opposite holds, and lists of services stay as they are.
    @Test func whatOnlyCallsHave() {
        #expect(accepted("protocol = grpc OR rate > 200", Shop.services) { $0.key.name } == ["inventory"])
        #expect(accepted("NOT protocol = grpc", Shop.services) { $0.key.name }.isEmpty)
        #expect(Sieve(find: Filter("protocol = grpc", .find)).pick(Shop.services).count == Shop.services.count)
        #expect(Sieve(hide: Filter("NOT grpc > 1", .find)).pick(Shop.services).count == Shop.services.count)
        let nodes = CallNodes(edges: Self.calls, rows: Shop.services).nodes
        #expect(nodes.filter { Filter("protocol = tcp", .find).matches(node: $0) }.isEmpty)
        #expect(Set(nodes.filter { Filter("database OR failing AND rate > 82.3", .find).matches(node: $0) }.map(\.entity.displayName)) == ["postgres", "gateway"])
    }

    @Test func hiddenIsCounted() throws {
        let driver = try Driver(place: .services).playing(":hide NOT healthy OR rate > 160<enter>")
        #expect(driver.shown == 2)
        #expect(driver.model.screen.pane.listing.hidden == 8)
        #expect(driver.picture.contains("hide NOT healthy OR rate > 160  (+8 hidden)"))
        #expect(try driver.playing(":find rate > 50<enter>").shown == 1, "both hold")
        #expect(try driver.playing("3").model.screen.pane.listing.hidden > 0, "on every screen")
        #expect(try driver.playing(":hide<enter>").shown == 10)
        #expect(try driver.playing("/led<enter>").picture.contains("1 of 10"))
    }

    @Test func nothingLeftIsExplained() throws {
        let driver = try Driver(place: .services).playing(":find name = nobody<enter>")
        #expect(driver.shown == 0)
        #expect(driver.picture.contains("10 services hidden by :find name = nobody."))
        #expect(try driver.playing("1").picture.contains("nothing fails") == false, "what is hidden is not good")
    }

    @Test func detailPagesAreSifted() throws {
        let driver = try Driver(place: .services).playing(":find name = payment<enter><enter>")
        #expect(driver.titles.last == "payment")
        #expect(try driver.playing(":hide from = checkout<enter>").model.screen.panes.map(\.listing.hidden).contains { $0 > 0 })
    }
}
