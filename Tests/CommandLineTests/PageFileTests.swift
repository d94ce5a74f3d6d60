import TestSupport
import Testing
import Yams

/// Files as sources.
struct PageFileTests {
    private func services(_ arguments: [String], in folder: TemporaryFolder) async throws -> [String: Row] {
        let outcome = await Program.run(["services", "-o", "json"] + arguments, in: folder.path)
        #expect(outcome.exit == 0, "\(outcome.errors)")
        #expect(outcome.errors.isEmpty)
        return try Row.rows(outcome.output, by: "service")
    }

    @Test func onePageGivesTotalsAndNoRate() async throws {
        let folder = TemporaryFolder()
        folder.write(Pages.cart(requests: 40, errors: 4), to: "cart-v1-1.txt")
        let rows = try await services(["cart-v1-1.txt"], in: folder)
        let cart = try #require(rows["cart"])
        #expect(cart.number("requests") == 40)
        #expect(cart.number("errors") == 4)
        #expect(cart.number("success") == 0.9)
        #expect(cart.isNull("rate"))
        #expect(cart.text("predicate") == "server")
        #expect(cart.numbers("codes") == ["200": 36, "503": 4])
    }

    @Test func pagesOfNamedTimesGiveRates() async throws {
        let folder = TemporaryFolder()
        folder.write(Pages.cart(requests: 100, errors: 10), to: "cart-v1-1@1700000000.txt")
        folder.write(Pages.cart(requests: 150, errors: 20), to: "cart-v1-1@1700000010.5.txt")
        folder.write(Pages.cart(requests: 300, errors: 30), to: "cart-v1-1@1700000020.txt")
        let rows = try await services(["."], in: folder)
        let cart = try #require(rows["cart"])
        #expect(cart.number("requests") == 200)
        #expect(cart.number("errors") == 20)
        #expect(cart.number("rate") == 10)
        #expect(cart.text("from") == "2023-11-14T22:13:20Z" || cart.text("from") == "2023-11-14T22:13:20.000Z")
    }

    @Test func aStretchOfTimeIsCountedAlone() async throws {
        let folder = TemporaryFolder()
        for (time, requests) in [(0, 100), (10, 150), (20, 300), (30, 700)] { folder.write(Pages.cart(requests: requests), to: "cart-v1-1@\(1_700_000_000 + time).txt") }
        for (arguments, requests) in [(["--window", "10s"], 400.0), (["--at", "+20s"], 200), (["--at", "+20s", "--window", "10s"], 150), (["--at", "22:13:30"], 50), (["--at", "end"], 600), ([], 600)] {
            #expect(try await services(["."] + arguments, in: folder)["cart"]?.number("requests") == requests, "\(arguments)")
        }
    }

    @Test func aSinglePageHasNoStretch() async {
        let folder = TemporaryFolder()
        folder.write(Pages.cart(requests: 40), to: "cart-v1-1.txt")
        for option in [["--window", "10s"], ["--at", "start"]] {
            let outcome = await Program.run(["services", "cart-v1-1.txt"] + option, in: folder.path)
            #expect(outcome.exit == 2 && outcome.errors.contains("\(option[0]): a single page of each proxy"), "\(outcome.errors)")
        }
    }

    @Test func pagesOfOneNameInSeveralFoldersAreTimedByTheirFiles() async throws {
        let folder = TemporaryFolder()
        folder.write(Pages.cart(requests: 10), to: "a/cart-v1-1.txt", modified: 1_700_000_000)
        folder.write(Pages.cart(requests: 70), to: "b/cart-v1-1.txt", modified: 1_700_000_030)
        let rows = try await services(["b/cart-v1-1.txt", "a/cart-v1-1.txt"], in: folder)
        let cart = try #require(rows["cart"])
        #expect(cart.number("requests") == 60)
        #expect(cart.number("rate") == 2)
    }

    /// 10 → 4: the proxy was started anew between the two pages, and has counted 4 since.
    @Test func aRestartedProxyCountsFromZero() async throws {
        let folder = TemporaryFolder()
        folder.write(Pages.cart(requests: 10), to: "cart-v1-1@1700000000.txt")
        folder.write(Pages.cart(requests: 4), to: "cart-v1-1@1700000010.txt")
        let rows = try await services(["."], in: folder)
        let cart = try #require(rows["cart"])
        #expect(cart.number("requests") == 4)
    }

    @Test func aPageBelongsToTheProxyItsFileIsNamedAfter() async throws {
        let folder = TemporaryFolder()
        folder.write(Pages.cart(requests: 10), to: "cart-v1-1.txt")
        folder.write(Pages.cart(requests: 30), to: "cart-v1-2.prom")
        let outcome = await Program.run(["pods", ".", "-o", "json"], in: folder.path)
        let pods = try Row.rows(outcome.output, by: "pod")
        #expect(pods["cart-v1-1"]?.number("requests") == 10)
        #expect(pods["cart-v1-2"]?.number("requests") == 30)
        #expect(pods["cart-v1-1"]?.text("service") == "cart")
    }

    /// Istio's metrics name the proxy that reports them: its word counts before the file's name.
    @Test func aProxyIsWhoItSaysItIs() async throws {
        let folder = TemporaryFolder()
        folder.write(Pages.cart(requests: 10), to: "page.txt")
        let rows = try await services(["page.txt"], in: folder)
        #expect(rows["cart"]?.number("requests") == 10)
        #expect(rows["cart"]?.text("namespace") == "shop")
        #expect(rows["cart"]?.row("versions")?.row("v1")?.number("requests") == 10)
        #expect(rows["page"] == nil)
        let edges = try Row.rows(await Program.run(["edges", "page.txt", "-o", "json"], in: folder.path).output)
        #expect(edges.count == 1)
        #expect(edges.first?.row("source")?.text("service") == "frontend")
        #expect(edges.first?.row("destination")?.text("service") == "cart")
    }

    /// A damaged or foreign file among good ones is named, and changes nothing else.
    @Test func badFilesLeaveTheOthersAlone() async throws {
        let folder = TemporaryFolder()
        folder.write(Pages.cart(requests: 10), to: "cart-v1-1.txt")
        folder.write("", to: "empty.txt")
        folder.write("<html>\n", to: "html.txt")
        folder.write([0x1F, 0x8B, 8, 0], to: "cut.txt.gz")
        folder.write(Pages.cart(requests: 5) + "istio_requests_total{ 7\n", to: "cart-v1-2.txt")
        let outcome = await Program.run(["services", ".", "-o", "json"], in: folder.path)
        #expect(outcome.exit == 0)
        #expect(try Row.rows(outcome.output, by: "service")["cart"]?.number("requests") == 15)
        let lines = outcome.errors.split(separator: "\n")
        #expect(lines.count == 4)
        for piece in ["empty.txt: the file is empty", "html.txt: not a page of metrics", "cut.txt.gz: damaged gzip", "cart-v1-2.txt: 1 bad line skipped (line 4"] {
            #expect(outcome.errors.contains(piece), "\(piece) is not in \(outcome.errors)")
        }
    }

    @Test func nodesSayWhyThereAreNone() async {
        let folder = TemporaryFolder()
        folder.write(Pages.cart(requests: 10), to: "cart-v1-1.txt")
        let outcome = await Program.run(["nodes", ".", "-o", "json"], in: folder.path)
        #expect(outcome.exit == 0)
        #expect(outcome.output == "[]\n")
        #expect(outcome.errors.contains("`node`"))
    }
}
