import CellCanvas
import Dashboard
import MeshModel
import Panels
import Testing

@Suite struct DetailTests {
    private func page(_ keys: String = "", width: Int = 120, height: Int = 40, data: FrameData = Shop.frame()) throws -> Driver {
        try Driver(data, width: width, height: height, place: .services).playing("<enter>" + keys)
    }

    @Test(arguments: [(80, 24), (120, 40), (200, 50)])
    func theFactsAreThere(_ width: Int, _ height: Int) throws {
        let picture = try page(width: width, height: height).picture
        for words in ["82.1 rps", "success 93.8 % (server, n=24,630)", "p50 31ms", "p95 180ms", "in 98.5kB/s", "out 443kB/s", "connections 12", "retries 0", "denied 0", "mTLS 100%",
                      "errors 6.2 % > 5 % (server), all of v2", "Requests/s", "Latency"] {
            #expect(picture.contains(words), "\(words)")
        }
    }

    @Test func thePredicateStandsBesideTheShare() throws {
        #expect(try page("p").picture.contains("(client, n=24,630)"))
    }

    @Test func whatIsNotExportedSaysSo() throws {
        var data = Shop.frame()
        let key = Shop.key(.service, "payment")
        data.details[key]?.changeSignals { signals in
            signals.retries = nil
            signals.denied = nil
            signals.bytesOut = nil
            signals.latency = nil
        }
        let picture = try page(width: 200, height: 50, data: data).picture
        for words in ["retries not exported", "denials not exported", "bytes out not exported", "latency not exported", "not exported by this proxy"] {
            #expect(picture.contains(words), "\(words)")
        }
        #expect(!picture.contains("retries 0"), "unknown is never 0")
    }

    /// TCP, or nobody asked anything over what is open.
    @Test(arguments: [(80, 24), (120, 40), (200, 50)])
    func connectionsAloneHaveNoSuccess(_ width: Int, _ height: Int) throws {
        var data = Shop.frame()
        data.details[Shop.key(.service, "payment")]?.changeSignals { signals in
            (signals.requests, signals.errors, signals.denied, signals.codes, signals.latency) = (0, 0, nil, [], nil)
            (signals.connectionsOpened, signals.connectionsActive) = (0, 12)
        }
        let picture = try page(width: width, height: height, data: data).picture
        #expect(picture.contains("connections, and no requests") && picture.contains("connections 12") && !picture.contains("success –"))
    }

    /// Alarms first, then what moved, then what stood still, then what nobody exports.
    @Test func countersComeByUrgency() throws {
        let driver = try page("<s-tab><s-tab>", width: 200, height: 50)
        #expect(driver.selected == "retry overflow")
        let picture = driver.picture
        let order = ["retry overflow", "handshakes", "connect failures", "ejections active"].map { name in
            picture.split(separator: "\n").firstIndex { $0.contains(name) } ?? -1
        }
        #expect(order == order.sorted() && !order.contains(-1), "\(order)")
        #expect(picture.contains("! retry overflow") && picture.contains("· ejections active"))
    }

    @Test func answersAreInWords() throws {
        var data = Shop.frame()
        let key = Shop.key(.service, "payment")
        data.details[key]?.changeSignals { signals in
            signals.codes = [.init(code: 200, count: 900), .init(code: 403, count: 30), .init(code: 0, count: 7), .init(code: 5, count: 2), .init(code: 299, count: 1)]
            signals.flags = [.init(flag: "UO", count: 5), .init(flag: "XX", count: 1)]
            signals.denied = 30
        }
        let picture = try page(width: 200, height: 60, data: data).picture
        for words in ["OK", "forbidden, denied by policy", "no response", "5xx", "server error", "circuit breaker open", "a response flag", "299"] { #expect(picture.contains(words), "\(words)") }
    }

    @Test func versionsStandSideBySideAndOpen() throws {
        var driver = try page("<tab><tab><tab>")
        #expect(driver.selected == "v2", "the failing one first")
        for words in ["20.0 %", "80.0 %", "69.0 %"] { #expect(driver.picture.contains(words), "\(words)") }
        try driver.play("<enter>")
        #expect(driver.titles == ["Services", "payment", "payment@v2"])
        #expect(queries(for: driver.model).queries.contains(.detail(EntityKey(level: .version, namespace: "shop", name: "payment", version: "v2"))))
        try driver.play("<esc>")
        #expect(driver.titles == ["Services", "payment"])
    }

    @Test func neighboursLeadOn() throws {
        var driver = try page("<tab><enter>")
        #expect(driver.titles.last == "checkout", "a caller")
        driver = try page("<tab><tab><enter>")
        #expect(driver.titles.last == "ledger", "a callee")
        driver = try page("<enter>")
        #expect(driver.titles.last == "payment-v2-9b8d7c6f5-x2x9k", "a pod")
    }

    @Test func chartsExpand() throws {
        var driver = try page("<s-tab>", width: 80, height: 24)
        #expect(driver.picture.contains("Latency spread") && driver.picture.contains("Bytes/s"), "focused, all four are there")
        try driver.play("<enter>")
        #expect(driver.model.screen.isZoomed)
        #expect(driver.picture.contains("Latency spread"))
        try driver.play("<esc>")
        #expect(!driver.model.screen.isZoomed && driver.titles.last == "payment")
    }

    @Test func aTabIsClicked() throws {
        var driver = try page(width: 80, height: 24)
        let line = Array(driver.picture.split(separator: "\n", omittingEmptySubsequences: false)[5])
        let at = try #require(String(line).firstRange(of: "Answers").map { String(line).distance(from: String(line).startIndex, to: $0.lowerBound) })
        driver.send(.mouse(Mouse(.click, x: at + 1, y: 5)))
        #expect(driver.picture.contains("service unavailable"))
        #expect(driver.selected == "503")
    }

    /// `.` a good slot, `x` a failing one, `?` a gap; a slot is 10 s, the last ends at 20:04:33.
    @Test(arguments: [
        ("..........xxxx", "since 20:03:53"), ("..........x..x", "since 20:03:53"), ("......x......x", "since 20:04:23"), ("..........x....", nil), ("..............", nil),
        ("xxxxxxxxxxxxxx", "since before 20:02:13"), ("????xxxxxxxxxx", "since before 20:02:53"), ("......xxxx????", "since 20:03:13"), (".......xxxx...", "since 20:03:23"), ("", nil),
    ] as [(String, String?)])
    func sinceWhenItFails(_ slots: String, _ text: String?) {
        var charts = Charts(slotSeconds: 10, end: Shop.now)
        charts.rate = slots.map { $0 == "?" ? .nan : 50 }
        charts.errorRate = slots.map { $0 == "?" ? .nan : $0 == "x" ? 5 : 0 }
        #expect(Onset(charts)?.text == text)
    }

    @Test func theOnsetStandsByTheReason() throws {
        #expect(try page().picture.contains("all of v2  since 20:01:33"))
        #expect(try !page("<tab><tab><enter>").picture.contains("since"))
    }

    /// Every pane filters, sorts and copies as any list does.
    @Test func panesAreLists() throws {
        var driver = try page("<s-tab><s-tab>/retr<enter>", width: 200, height: 50)
        #expect(driver.shown == 2)
        try driver.play("<esc>e")
        #expect(driver.shown == 2, "errors only: what alarms")
        try driver.play("ey")
        #expect(driver.effects.contains(.copy("retry overflow (retries): 17 in 5m")))
        driver = try page("<tab><tab><tab><tab>:sort requests<enter>")
        #expect(driver.selected == "200" && driver.model.screen.pane.sort == Sort(.requests))
    }

    @Test(arguments: [([3, 3], 10, [3, 7]), ([9, 3, 9], 15, [6, 3, 6]), ([2, 2, 40], 24, [2, 2, 20]), ([40, 40], 9, [4, 5]), ([5], 2, [2]), ([], 9, [])])
    func columnsAreShared(_ needs: [Int], _ total: Int, _ heights: [Int]) { #expect(DetailHeights.shares(needs, of: total) == heights) }
}

extension EntityDetail {
    fileprivate mutating func changeSignals(_ change: (inout GoldenSignals) -> Void) {
        var signals = row.signals
        change(&signals)
        row = row.with(signals: signals)
    }
}
