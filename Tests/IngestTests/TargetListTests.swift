@testable import Ingest
import Testing

@Suite struct TargetListTests {
    @Test func jsonAndYAMLSayTheSame() throws {
        let json = """
            [{"targets": ["10.0.0.1:15020", "10.0.0.2:15020"], "labels": {"pod": "a", "__metrics_path__": "/stats/prometheus", "__param_usedonly": "",
             "__param_filter": "a&b c", "__meta_kubernetes_pod_name": "a-1", "__address__": "x"}},
            \t{"targets": ["[::1]:9"], "labels": {"__scheme__": "https"}}, {"targets": []}]
            """
        let yaml = """
            - targets: [10.0.0.1:15020, "10.0.0.2:15020"]
              labels:
                pod: a
                __metrics_path__: stats/prometheus
                __param_usedonly: ''
                __param_filter: a&b c
                __meta_kubernetes_pod_name: a-1
                __address__: x
            - targets: ["[::1]:9"]
              labels: {__scheme__: https}
            - targets: []
            """
        let targets = try TargetList.parse(json, file: "a.json")
        #expect(try TargetList.parse(yaml, file: "a.yaml") == targets)
        #expect(targets.map(\.url) == [
            "http://10.0.0.1:15020/stats/prometheus?usedonly=&filter=a%26b%20c", "http://10.0.0.2:15020/stats/prometheus?usedonly=&filter=a%26b%20c", "https://[::1]:9/metrics",
        ])
        #expect(targets[0].labels == [.init(name: "pod", value: "a"), .init(name: "__meta_kubernetes_pod_name", value: "a-1")])
        #expect(targets.map(\.pathIsGuess) == [false, false, true])
    }

    static let wrong: [(String, String)] = [
        ("", "x.yaml: is empty; a list without targets is []"),
        ("# nothing\n", "x.yaml: is empty; a list without targets is []"),
        ("targets: [a:1]", "x.yaml:1: a target list is a list of {targets: […], labels: {…}}"),
        ("null", "x.yaml:1: a target list is a list of {targets: […], labels: {…}}"),
        ("- a:1", "x.yaml:1: an item of a target list is {targets: […], labels: {…}}"),
        ("- targets: [a:1]\n  lables: {}", "x.yaml:2: unknown key `lables`; known are targets and labels"),
        ("- labels: {a: b}", "x.yaml:1: targets is missing or is no list"),
        ("- targets: a:1", "x.yaml:1: targets is missing or is no list"),
        ("- targets:\n  - ~", "x.yaml:2: a target is host:port, not null or a list"),
        ("- targets:\n  - [a]", "x.yaml:2: a target is host:port, not null or a list"),
        ("- targets:\n  - a:1\n  - http://a:1/metrics", "x.yaml:3: `http://a:1/metrics`: a target is host:port; the path goes into the label __metrics_path__"),
        ("- targets:\n  - a:99999", "x.yaml:2: http://a:99999: no port from 1 to 65535 after the colon"),
        ("- targets:\n  - ''", "x.yaml:2: http://: no host; write http://HOST:PORT/PATH"),
        ("- targets: [a:1]\n  labels: [x]", "x.yaml:2: labels is a mapping of names to texts"),
        ("- targets: [a:1]\n  labels:\n    x: [1]", "x.yaml:3: a label's value is a text"),
        ("- targets: [a:1]\n  labels: {__scheme__: ftp}", "x.yaml:1: __scheme__ is http or https, not `ftp`"),
        ("- targets: [a:1]\n  labels: {__metrics_path__: a b}", "x.yaml:1: http://a:1/a b: blanks and control characters in a path must be percent-encoded"),
    ]

    @Test(arguments: wrong.indices) func aMalformedListIsOneSentenceWithItsPlace(_ index: Int) {
        let error = #expect(throws: IngestError.self) { try TargetList.parse(Self.wrong[index].0, file: "x.yaml") }
        #expect(error?.description == Self.wrong[index].1)
    }

    static let broken: [(String, String)] = [
        ("[{\"targets\": [\"a:1\"],", "x.yaml:2: neither JSON nor YAML: did not find expected node content"),
        ("- targets: [a:1\n- b", "x.yaml:"), ("{{{", "x.yaml:"), ("\u{0}", "x.yaml: neither JSON nor YAML: "), ("- &a [*a]", "x.yaml:1: neither JSON nor YAML: "),
        ("- targets: [a:1]\n  targets: [b:1]", "x.yaml:1: `targets` stands there twice"),
    ]

    @Test(arguments: broken.indices) func brokenTextIsOneSentenceWithItsPlace(_ index: Int) {
        let error = #expect(throws: IngestError.self) { try TargetList.parse(Self.broken[index].0, file: "x.yaml") }
        #expect(error?.description.hasPrefix(Self.broken[index].1) == true, "\(error?.description ?? "")")
        #expect(error?.description.contains("\n") == false)
    }

    @Test func tooManyTargetsAreRefused() {
        let text = "- targets: [" + (0...TargetList.maxTargets).map { "a:\($0 % 60_000 + 1)" }.joined(separator: ", ") + "]"
        let error = #expect(throws: IngestError.self) { try TargetList.parse(text, file: "x.yaml") }
        #expect(error?.description == "x.yaml: more than 20000 targets")
    }

    @Test(arguments: [
        ("http://a", "http://a:80/metrics", true), ("https://a", "https://a:443/metrics", true), ("a:1", "http://a:1/metrics", true), ("a", "http://a:80/metrics", true),
        ("http://a:1/", "http://a:1/metrics", true), ("HTTP://a:1/x", "http://a:1/x", false), ("a:1/stats/prometheus?usedonly&x=1", "http://a:1/stats/prometheus?usedonly&x=1", false),
        ("http://a?x=1", "http://a:80/?x=1", false), ("http://a:1/x#top", "http://a:1/x", false), ("http://[::1]:9/x", "http://[::1]:9/x", false), ("[fe80::1%eth0]:9", "http://[fe80::1%eth0]:9/metrics", true),
        ("http://a_b.svc.cluster.local:15020/x", "http://a_b.svc.cluster.local:15020/x", false), ("http://a:0080/x", "http://a:80/x", false),
    ]) func urlsAreUnderstood(_ text: String, _ url: String, _ isGuess: Bool) throws {
        let target = try ScrapeTarget(url: text)
        #expect(target.url == url)
        #expect(target.pathIsGuess == isGuess)
    }

    @Test(arguments: [
        ("ftp://a/x", "ftp://a/x: unknown scheme ftp; use http:// or https://"), ("unix:///run/x", "unix:///run/x: unknown scheme unix; use http:// or https://"),
        ("://a", "://a: unknown scheme ; use http:// or https://"),
        ("", ": no host; write http://HOST:PORT/PATH"), ("http://", "http://: no host; write http://HOST:PORT/PATH"), ("http:///x", "http:///x: no host; write http://HOST:PORT/PATH"),
        ("http://:9/x", "http://:9/x: no host; write http://HOST:PORT/PATH"), ("http://a:/x", "http://a:/x: no port from 1 to 65535 after the colon"),
        ("http://a:0", "http://a:0: no port from 1 to 65535 after the colon"), ("http://a:65536", "http://a:65536: no port from 1 to 65535 after the colon"),
        ("http://a:+80", "http://a:+80: no port from 1 to 65535 after the colon"), ("http://a:b", "http://a:b: no port from 1 to 65535 after the colon"),
        ("http://::1", "http://::1: an IPv6 address stands in brackets, [::1]:9090"), ("http://::1:9090/x", "http://::1:9090/x: an IPv6 address stands in brackets, [::1]:9090"),
        ("http://[::1/x", "http://[::1/x: an IPv6 address stands in brackets, [::1]:9090"), ("http://[]:1", "http://[]:1: no host; write http://HOST:PORT/PATH"),
        ("http://u:" + "p@a/x", "…@a: user and password do not belong in a URL; use --auth-basic"),
        ("http://a b/x", "http://a b/x: no host; write http://HOST:PORT/PATH"), ("http://a/x y", "http://a/x y: blanks and control characters in a path must be percent-encoded"),
        ("http://a/x\r\nHost: b", "http://a/x\r\nHost: b: blanks and control characters in a path must be percent-encoded"),
    ]) func wrongURLsAreOneSentence(_ text: String, _ sentence: String) {
        let error = #expect(throws: IngestError.self) { try ScrapeTarget(url: text) }
        #expect(error?.description == sentence)
    }
}
