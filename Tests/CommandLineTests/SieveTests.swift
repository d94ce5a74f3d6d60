import TestSupport
import Testing

/// `--find` and `--hide` over the recorded fleet: what they leave, in every format, and how a wrong expression is refused.
struct SieveTests {
    private func run(_ arguments: String...) async -> Program.Outcome { await Program.run(arguments, in: ListTests.root) }

    private func names(_ command: String, _ more: String...) async throws -> Set<String> {
        let outcome = await Program.run([command, "demo-data/shop", "-o", "json"] + more, in: ListTests.root)
        #expect(outcome.exit == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
        func name(_ row: Row) -> String { row.text("pod") ?? row.text("service") ?? row.text("kind") ?? "?" }
        return Set(try Row.rows(outcome.output).map { row in
            if let source = row.row("source"), let destination = row.row("destination") { return "\(name(source))>\(name(destination))" }
            return name(row)
        })
    }

    @Test func edges() async throws {
        #expect(try await names("edges", "--find", "failing OR denied") == ["external>gateway", "gateway>frontend", "frontend>checkout", "checkout>payment", "recommendation>inventory"])
        #expect(try await names("edges", "--find", "name = payment") == ["checkout>payment", "payment>ledger"])
        #expect(try await names("edges", "--find", "name = payment", "--hide", "failing") == ["payment>ledger"])
        #expect(try await names("edges", "--find", "code = 5xx AND (to = payment OR external)") == ["external>gateway", "checkout>payment"])
        #expect(try await names("edges", "--find", "NOT mtls") == ["external>gateway"])
        #expect(try await names("edges", "--by", "version", "--find", "to = payment@v2") == ["checkout>payment"])
    }

    @Test func entities() async throws {
        #expect(try await names("services", "--find", "svc ^= c AND NOT healthy") == ["checkout"])
        #expect(try await names("services", "--hide", "healthy OR svc = gateway") == ["checkout", "frontend", "payment"])
        #expect(try await names("pods", "--find", "version = v2").count == 1)
    }

    @Test func everyFormat() async {
        for (format, has) in [("table", "checkout"), ("csv", "checkout"), ("graph", "payment"), ("dot", "payment"), ("mermaid", "payment")] {
            let outcome = await run("edges", "demo-data/shop", "-o", format, "--find", "to = payment")
            #expect(outcome.exit == 0)
            #expect(outcome.output.contains(has) && !outcome.output.contains("ledger"), "\(format): \(outcome.output)")
        }
        let screen = await run("snapshot", "demo-data/shop", "--screen", "services", "--find", "failing OR warning", "--hide", "denied")
        #expect(screen.output.contains("find failing OR warning") && screen.output.contains("payment") && !screen.output.contains("ledger"))
    }

    @Test func aPictureSaysWhatIsLeftOut() async {
        #expect(await run("edges", "demo-data/shop", "-o", "graph", "--hide", "rate < 10").output.hasSuffix("\n(+1 edge hidden)\n"))
        #expect(await run("edges", "demo-data/shop", "-o", "graph", "--find", "to = payment").output.hasSuffix("\n(+9 nodes, +13 edges hidden)\n"))
        #expect(await !run("edges", "demo-data/shop", "-o", "graph").output.contains("hidden"))
    }

    @Test func nothingLeftIsSaid() async {
        let outcome = await run("edges", "demo-data/shop", "-o", "json", "--find", "name = nobody")
        #expect(outcome.exit == 0 && outcome.output == "[]\n")
        #expect(outcome.errors == "telltale: all 14 calls are left out by --find or --hide\n")
    }

    @Test(arguments: [
        (["edges", "--find", "NOT healthy AND rats > 5"], ["--find: no operand rats; did you mean rate?", "  NOT healthy AND rats > 5", "                  ^^^^"]),
        (["services", "--hide", "idle OR protocol = grpc"], ["--hide: protocol is known of calls alone: `telltale edges` has them", "  idle OR protocol = grpc", "          ^^^^^^^^^^^^^^^"]),
        (["edges", "--find", "node = a"], ["--find: node is not told at the level of services: fold by pod", "  node = a", "  ^^^^^^^^"]),
        (["pods", "--find", "(idle"], ["--find: this parenthesis is not closed", "  (idle", "  ^"]),
        (["edges", "--find", "name = \"日本\" AND vs"], ["--find: telltale sees traffic, not the mesh's configuration", "  name = \"日本\" AND vs", "                    ^^"]),
        (["edges", "--find", "idle\u{1B}\n AND"], ["--find: nothing follows AND", "  idle   AND", "         ^^^"]),
        (["snapshot", "--find", "operation = x"], ["--find: operation is not known of services, pods, nodes or calls", "  operation = x", "  ^^^^^^^^^^^^^"]),
        (["edges", "--find", " "], ["--find: the expression is empty"]),
    ])
    func whatIsWrongIsPointedAt(_ arguments: [String], _ lines: [String]) async {
        let outcome = await Program.run([arguments[0], "demo-data/shop"] + arguments.dropFirst(), in: ListTests.root)
        #expect(outcome.exit == 2)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors == "telltale: " + lines.joined(separator: "\n") + "\n")
    }
}
