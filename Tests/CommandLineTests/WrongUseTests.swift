import TestSupport
import Testing

/// What a wrong command line gets: exit 2 or 3, nothing on stdout, one sentence on stderr that says where and what to do.
struct WrongUseTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var line: String
        var exit: Int32
        /// All of these are in the sentence.
        var says: [String]
        var needsNetwork = false

        init(_ line: String, _ exit: Int32, _ says: String..., network: Bool = false) {
            (self.line, self.exit, self.says, needsNetwork) = (line, exit, says, network)
        }

        var arguments: [String] { line.split(separator: " ").map(String.init) }
        var testDescription: String { line.isEmpty ? "no arguments" : line }
    }

    static let files: TemporaryFolder = {
        let folder = TemporaryFolder()
        folder.write("profile: mine\nmetrics: [\n", to: "malformed.yaml")
        folder.write("profile: mine\nmetrik: 1\n", to: "unknown-key.yaml")
        folder.write("heat0: nocolour\n", to: "theme.yaml")
        folder.write("shine: red\n", to: "unknown-role.yaml")
        folder.write("not a certificate\n", to: "no.pem")
        folder.write("- foo: 1\n", to: "targets.yaml")
        folder.write("[{", to: "targets.json")
        folder.write("", to: "empty.txt")
        folder.write("<html><body>404</body></html>\n", to: "html.txt")
        folder.write([0x00, 0x9B, 0x1B, 0x5B, 0x33, 0x31, 0x6D, 0xFF, 0x0A], to: "binary.txt")
        folder.write([0x1F, 0x8B, 0x08, 0x00, 0x00], to: "cut.txt.gz")
        folder.write("{}", to: "no-pages/readme.json")
        folder.write(Pages.cart(requests: 10), to: "cart-v1-1.txt")
        return folder
    }()

    static let cases: [Case] = [
        Case("--nonsense", 2, "'--nonsense'", "telltale help live"),
        Case("services --nonsense", 2, "'--nonsense'", "telltale help services"),
        Case("servics", 2, "servics", "neither a command nor a file", "services"),
        Case("services", 2, "no source", "--scrape", "--targets"),
        Case("services cart-v1-1.txt -o xml", 2, "'xml'", "table", "json", "csv"),
        Case("services cart-v1-1.txt --by planet", 2, "'planet'", "service, workload, version, pod, app, namespace, node"),
        Case("services cart-v1-1.txt --predicate maybe", 2, "'maybe'", "server", "client", "strict"),
        Case("services cart-v1-1.txt --keep some", 2, "'some'", "mapped", "all"),
        Case("services cart-v1-1.txt --interval 0s", 2, "'0s'", "--interval", "500ms, 5s, 1m or 2h"),
        Case("services cart-v1-1.txt --interval fast", 2, "'fast'", "--interval"),
        Case("why all cart-v1-1.txt --baseline missing.otlp", 2, "--baseline missing.otlp", "no such file", "10m"),
        Case("why all cart-v1-1.txt --baseline runs/../quiet.otlp", 2, "no such file", "14:00..14:10"),
        Case("why all cart-v1-1.txt --baseline -10m..soon", 2, "--baseline -10m..soon", "no such file"),
        Case("why all cart-v1-1.txt --baseline 10m", 3, "--baseline 10m", "no spans"),
        Case("paths cart-v1-1.txt --baseline cart-v1-1.txt", 3, "--baseline cart-v1-1.txt", "no spans"),
        Case("services cart-v1-1.txt --for nan", 2, "'nan'", "--for"),
        Case("services cart-v1-1.txt --max-memory lots", 2, "'lots'", "256MB"),
        Case("services cart-v1-1.txt --profile missing.yaml", 2, "missing.yaml", "No such file"),
        Case("services cart-v1-1.txt --profile malformed.yaml", 2, "malformed.yaml:3", "not YAML"),
        Case("services cart-v1-1.txt --profile unknown-key.yaml", 2, "unknown-key.yaml:2", "`metrik`", "known are", "metrics"),
        Case("snapshot --demo --theme nope", 2, "nope", "dark, light, sixteen, mono, clear"),
        Case("snapshot --demo --theme ./missing.yaml", 2, "./missing.yaml", "No such file"),
        Case("snapshot --demo --theme ./theme.yaml", 2, "./theme.yaml", "nocolour"),
        Case("snapshot --demo --theme ./unknown-role.yaml", 2, "./unknown-role.yaml", "`shine`", "roles are"),
        Case("snapshot --demo --size 80", 2, "'80'", "--size", "120x40"),
        Case("snapshot --demo --size 80x-1", 2, "--size", "120x40"),
        Case("snapshot --demo --size 99999x99999", 2, "--size", "at most 2000"),
        Case("snapshot --demo --screen wall", 2, "--screen wall", "overview, paths, pods, services, sources"),
        Case("snapshot --demo --keys j<hyper>", 2, "--keys j<hyper>", "<hyper>", "<lt>"),
        Case("snapshot --demo --format png", 2, "'png'", "text", "ansi", "svg"),
        Case("demo --scenario doom", 2, "'doom'", "incident", "calm", "outage"),
        Case("demo", 2, "needs a terminal", "snapshot"),
        Case("cart-v1-1.txt", 2, "needs a terminal", "--headless"),
        Case("services missing.txt", 3, "missing.txt", "No such file", "name a file"),
        Case("services nothing-*.txt", 3, "nothing-*.txt", "no file"),
        Case("services no-pages", 3, "no-pages", "no pages in this folder", ".txt"),
        Case("services empty.txt", 3, "empty.txt", "empty"),
        Case("services html.txt", 3, "html.txt", "not a page of metrics", "line 1, byte 0"),
        Case("services binary.txt", 3, "binary.txt", "not a page of metrics", "line 1, byte 0"),
        Case("services binary.txt empty.txt html.txt", 3, "2 other files"),
        Case("services cut.txt.gz", 3, "cut.txt.gz", "damaged gzip"),
        Case("snapshot empty.txt", 3, "empty.txt", "empty"),
        Case("services --scrape ftp://h/m", 2, "ftp://h/m", "http://", network: true),
        Case("services --scrape http://127.0.0.1:99999/m", 2, "http://127.0.0.1:99999/m", "port", network: true),
        Case("services --scrape https://h/m --tls-ca missing.pem", 2, "--tls-ca missing.pem", network: true),
        Case("services --scrape https://h/m --tls-ca no.pem", 2, "--tls-ca no.pem", "PEM", network: true),
        Case("services --scrape https://h/m --tls-cert no.pem", 2, "--tls-cert no.pem", "--tls-key", network: true),
        Case("traces --otlp-http 4318 --receiver-tls-cert missing.pem --receiver-tls-key no.pem", 2, "--receiver-tls-cert missing.pem", "No such file", network: true),
        Case("traces --otlp-http 4318 --receiver-tls-cert no.pem", 2, "--receiver-tls-cert no.pem", "--receiver-tls-key", network: true),
        Case("traces --scrape http://h/m --receiver-tls-cert no.pem", 2, "--receiver-tls", "--otlp-grpc", network: true),
        Case("services --scrape http://h/m --auth-basic me", 2, "--auth-basic", "USER:PASSWORD", network: true),
        Case("services --targets missing.json", 2, "missing.json", "No such file", network: true),
        Case("services --targets targets.json", 2, "targets.json", network: true),
        Case("services --targets targets.yaml", 2, "targets.yaml:1", "`foo`", "targets and labels", network: true),
    ]

    @Test(arguments: cases)
    func oneSentence(_ wrong: Case) async {
        if wrong.needsNetwork, await !Program.hasNetwork { return }
        let outcome = await Program.run(wrong.arguments, in: Self.files.path)
        #expect(outcome.exit == wrong.exit)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.hasPrefix("telltale: "))
        #expect(outcome.errors.split(separator: "\n", omittingEmptySubsequences: false).count == 2, "one line, ended: \(outcome.errors)")
        for piece in wrong.says { #expect(outcome.errors.contains(piece), "\(piece) is not in: \(outcome.errors)") }
        #expect(!outcome.errors.unicodeScalars.contains { $0.value < 32 && $0 != "\n" || (127...159).contains($0.value) })
    }

    /// Nothing but the sentence reaches the terminal: no mode was switched, no screen cleared.
    @Test(arguments: ["demo --theme nope", "demo --scenario doom", "missing.txt", "demo --window never"])
    func leavesTheTerminalAlone(line: String) async {
        let outcome = await Program.runOnTerminal(line.split(separator: " ").map(String.init), in: Self.files.path)
        #expect(outcome.exit == 2 || outcome.exit == 3)
        #expect(outcome.output.hasPrefix("telltale: "))
        #expect(!outcome.output.contains("\u{1B}"))
        #expect(outcome.output.split(separator: "\r\n", omittingEmptySubsequences: false).count == 2)
    }

    @Test func aSourceThatRefusesIsNamed() async {
        guard await Program.hasNetwork else { return }
        let outcome = await Program.run(["services", "--scrape", "http://127.0.0.1:1/metrics", "--interval", "100ms"])
        #expect(outcome.exit == 3)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.contains("127.0.0.1:1"))
    }
}
