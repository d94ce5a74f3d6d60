@testable import Dashboard
import MeshModel
import Panels
import Testing

/// Walking one trace.
@Suite struct TraceTests {
    private func trace(_ keys: String = "", open: String = "j", width: Int = 120, height: Int = 40) throws -> Driver {
        try Driver(ShopTraces.frame, width: width, height: height, place: .traces).playing(open + "<enter>" + keys)
    }

    private func span(_ driver: Driver) -> String? { driver.model.selectedSpan.map { "\($0.service) \($0.operation)" } }

    @Test func escapeLeadsBackToTheListAsItWas() throws {
        var driver = try trace(open: "/failed<enter>jjj")
        let selected = ShopTraces.rows.filter(\.isFailed)[3].id
        #expect(driver.model.screen.place == .trace(selected))
        try driver.play("jjj<esc>")
        #expect(driver.titles == ["Traces"])
        #expect(driver.model.screen.pane.selection == .trace(selected))
        #expect(driver.model.screen.pane.filter.text == "failed")
    }

    @Test(arguments: [
        ("f", 1, "gateway POST /checkout"), ("jjjf", 4, "checkout place order"), ("jjjff", 12, "checkout place order"), ("F", 2, "gateway POST /checkout"), ("FF", 12, "gateway POST /checkout"),
        ("GF", 2, "frontend POST /checkout"), ("[", 10 - 1, "gateway POST /checkout"), ("[[", 4, "gateway POST /checkout"), ("[[]", 9, "gateway POST /checkout"), ("[[[[[[]]]]]]]", 12, "gateway POST /checkout"),
        ("jjjh", 4, "checkout place order"), ("jjjhl", 12, "checkout place order"), ("jjjl", 12, "cart GET /cart/{user}"), ("jjh", 12, "frontend POST /checkout"),
    ])
    func folding(_ keys: String, _ shown: Int, _ selected: String) throws {
        let driver = try trace(keys)
        #expect(driver.shown == shown)
        #expect(span(driver) == selected)
    }

    @Test(arguments: [
        ("jjju", "frontend POST /checkout"), ("u", "gateway POST /checkout"), ("n", "frontend POST /checkout"), ("nnn", "payment charge"), ("N", "payment charge"), ("nN", "gateway POST /checkout"),
        ("c", "frontend POST /checkout"), ("cc", "checkout place order"), ("Fnn", "checkout place order"), ("Fc", "frontend POST /checkout"), ("/ledger<enter>", "ledger append"), ("/ledger<enter>n", "ledger append"),
        ("/duration>100ms !gateway<enter>n", "checkout place order"), ("/code=200<enter>nn", "ledger append"),
    ])
    func jumping(_ keys: String, _ selected: String) throws { #expect(span(try trace(keys)) == selected) }

    /// At each moment of the request some row is lit, and rows that nobody waited for are not.
    @Test func theCriticalPathIsLit() throws {
        let lit = try trace("P")
        let lines = lit.picture.split(separator: "\n", omittingEmptySubsequences: false).map(Array.init)
        let root = try #require(lines.first { $0.contains("█") && String($0).contains("gateway") })
        let from = try #require(root.firstIndex(of: "█")), to = try #require(root.lastIndex { $0 == "█" || $0 == "─" })
        #expect(to - from > 40 && root[from...to].contains("─"))
        for column in from...to { #expect(lines.contains { column < $0.count && $0[column] == "█" }) }
        #expect(lit.picture.contains("CRIT") && lit.picture.contains("on the critical path"))
        #expect(try trace("PP").picture.contains("SELF"))
    }

    @Test func searchKeepsTheWayThere() throws {
        let driver = try trace("/ledger<enter>")
        #expect(driver.shown == 7, "two found, and what leads to them")
        #expect(try driver.playing("<esc>").shown == 12)
        #expect(try driver.playing("<esc><esc>").titles == ["Traces"])
        #expect(try trace("e").shown == 5)
        #expect(try trace("/nothing<enter>").picture.contains("No span matches nothing"))
        #expect(try trace("/ledger<enter>F").model.message?.text.contains("never folded") == true)
    }

    /// Two spans of one id are two rows: the cursor goes through both.
    @Test func duplicatesAreRowsOfTheirOwn() throws {
        var driver = try trace("jj", open: "jj")
        #expect(driver.model.selectedPosition == 2)
        #expect(driver.model.screen.pane.selection == .span(SpanID(raw: 2), copy: 1))
        try driver.play("j")
        #expect(driver.model.selectedPosition == 3)
        try driver.play("kkk")
        #expect(driver.model.selectedPosition == 0)
    }

    @Test func bothSidesOfAHopOpen() throws {
        func open(_ driver: Driver) -> String {
            let lines = driver.model.spanLines ?? []
            let part = lines.first { $0.group == .hop && $0.key.hasPrefix("▸ ") }?.key ?? ""
            return "\(part.dropFirst(2)) \(lines.first { $0.key == "x-request-part" }?.value ?? "none")"
        }
        func asked(_ driver: Driver) -> SpanKind? {
            for case .span(_, _, let kind) in queries(for: driver.model).queries { return kind }
            return nil
        }
        // The first payment span; ←→ step through what tells of its call, around the end.
        var driver = try trace("nnn<enter>")
        #expect(driver.model.selectedSpan?.service == "payment" && driver.model.screen.pane.kind == .span)
        for (keys, part, kind) in [("", "caller's listener first", SpanKind.server), ("<right>", "caller's router other", .client), ("<right>", "callee's listener other", .server),
                                   ("<right>", "callee's router other", .client), ("<right>", "caller's listener first", .server), ("<left>", "callee's router other", .client)] {
            try driver.play(keys)
            #expect(open(driver) == part && asked(driver) == kind)
            #expect(keys.isEmpty || driver.picture.contains("▸ \(part.split(separator: " ").prefix(2).joined(separator: " "))"), "it is in view")
        }
        let lines = try #require(driver.model.spanLines)
        #expect(lines.count { $0.group == .hop } == 4 && lines.allSatisfy { $0.key != "caller's side" })
        #expect(lines.contains { $0.key == "caller's router" && $0.value.contains("checkout") && $0.value.contains("UF (upstream connection failed)") })
        // Enter on one of them opens it; another span begins with its caller's side again.
        try driver.play("/caller.s.router<enter><enter>")
        #expect(open(driver) == "caller's router other")
        try driver.play("<esc><esc><down><enter>")
        #expect(open(driver).hasPrefix("caller's listener"))
    }

    @Test(arguments: [("/checkout.charge<enter><enter>", "trace"), ("/not.held<enter><enter>", "said"), ("/this.trace<enter><enter>", "span")])
    func linksAreFollowedWhereTheyLead(_ keys: String, _ where_: String) throws {
        let driver = try trace("nnn<enter>").playing(keys)
        switch where_ {
        case "trace": #expect(driver.model.screen.place == .trace(ShopTraces.broken))
        case "said": #expect(driver.model.message?.text.contains("not held") == true && driver.model.screen.place == .trace(ShopTraces.failing))
        default: #expect(driver.model.screen.focus == 0 && driver.model.selectedSpan?.service == "gateway")
        }
    }

    @Test func spanPanel() throws {
        var driver = try trace("nnn<enter>", width: 80, height: 24)
        #expect(driver.model.screen.pane.kind == .span)
        for words in ["upstream connection failed", "caller's router", "callee's listener", "on the wire", "span id"] { #expect(driver.picture.contains(words), "\(words)") }
        #expect(!driver.picture.contains("\u{1b}"))
        try driver.play("/exception<enter>")
        #expect(driver.shown == 1)
        try driver.play("<esc><esc>")
        #expect(driver.model.screen.pane.kind == .waterfall)
        #expect(span(driver) == "payment charge")
        try driver.play("<enter>/span.0000<enter><enter>")
        #expect(driver.model.screen.place == .trace(ShopTraces.broken), "a link leads to its trace")
        try driver.play("<esc>")
        #expect(driver.model.screen.place == .trace(ShopTraces.failing))
    }

    @Test func servicesAndPodsOpen() throws {
        var driver = try trace("nnno")
        #expect(driver.titles == ["Traces", "trace 4bf92f35", "payment"])
        try driver.play("<esc>")
        #expect(span(driver) == "payment charge")
        driver.data.entities[.pod] = [EntityRow(key: Shop.key(.pod, "payment-v2-7d5b8f9c6-w2x6m"), entity: Shop.entity("payment"), signals: Shop.signals(rate: 1), pods: 1, state: .good, trend: [])]
        let opened = try driver.playing("O")
        #expect(opened.titles.last == "payment-v2-7d5b8f9c6-w2x6m")
        #expect(try driver.playing("<enter><enter>").titles.last == "payment", "the panel's first line is the service")
        #expect(try driver.playing("v").model.screen.pane.scope.text == "service=payment")
    }

    @Test func aTraceThatIsLetGoOfStaysInView() throws {
        var driver = try trace()
        driver.data.trace = nil
        driver.send(.frame(driver.data))
        #expect(driver.picture.contains("no longer held"))
        #expect(driver.shown == 12)
    }

    @Test func aGrowingTraceKeepsCursorAndFolds() throws {
        var driver = try trace("jjjf")
        var detail = try #require(driver.data.trace)
        detail.spans.insert(SpanRow(id: SpanID(raw: 77), depth: 1, service: "late", operation: "half", kind: .server, start: detail.row.start, durationSeconds: 0.1), at: 1)
        driver.data.trace = detail
        driver.send(.frame(driver.data))
        #expect(driver.shown == 5)
        #expect(span(driver) == "checkout place order")
    }

    /// The same services look the same in every trace, and no two of one trace alike.
    @Test func serviceMarks() {
        let names = (0..<24).map { "service-\($0)" }.sorted()
        let all = ServiceMark.marks(names)
        #expect(Set(all.values).count == 24)
        #expect(Set(ServiceMark.marks(Array(names.prefix(8))).values.map(\.shape)).count == 8)
        #expect(names.allSatisfy { ServiceMark.marks([$0])[$0]?.color == all[$0]?.color })
        #expect(ServiceMark.marks((0..<300).map { "s\($0)" }).count == 300, "more services than marks")
    }

    @Test func hostileRows() throws {
        var driver = try trace()
        let spans = [(Int.max, Int64.max, Double.infinity), (-3, .min, -1), (7, 0, .nan), (7, 5, 1e300)].map { depth, start, seconds in
            SpanRow(id: SpanID(raw: 1), depth: depth, service: "", operation: "", kind: .server, start: Timestamp(nanoseconds: start), durationSeconds: seconds, serverStart: Timestamp(nanoseconds: start), serverDurationSeconds: seconds)
        }
        driver.data.trace?.spans = spans
        driver.send(.frame(driver.data))
        for key in "jjkfFncu[]hlee".map({ Key.character($0) }) {
            driver.send(.key(key))
            _ = driver.picture
        }
        driver.data.trace?.spans = []
        driver.send(.frame(driver.data))
        for key in "jkfFncu[]hle".map({ Key.character($0) }) + [Key(.enter)] {
            driver.send(.key(key))
            _ = driver.picture
        }
    }
}
