import MeshModel
import Profiles
import Testing

@Suite struct UserProfileTests {
    private func reading(_ yaml: String, file: String = "mine.yaml") throws -> Reading {
        var set = try ProfileSet.builtin()
        try set.add(yaml: yaml, file: file)
        return Reading(set)
    }

    @Test func aFileAddsAProxyOfItsOwn() throws {
        var reading = try reading("""
            profile: acme
            labels: {cluster: upstream, code: status}
            clusters:
              - {template: "self{rest}", side: server}
              - {template: "svc:{service}/{version}", side: client}
            metrics:
              - {family: acme_requests_total, on: cluster, needs: code, signal: requests}
              - {family: acme_latency_seconds, on: cluster, signal: latency, unit: s}
              - {family: acme_sent_kilobytes_total, on: cluster, signal: bytesSent, unit: kB}
            """)
        #expect(reading("acme_requests_total{upstream=svc:pay/v2,status=503}") == "requests client 503 >pay@v2")
        #expect(reading("acme_requests_total{upstream=self,status=200}") == "requests server 200")
        #expect(reading("acme_requests_total{upstream=other,status=200}") == nil, "no template explains it")
        #expect(reading("acme_latency_seconds_bucket{upstream=svc:pay/v2,le=0.1}") == "latencyBucket client le100.0 x1000.0 >pay@v2")
        #expect(reading("acme_sent_kilobytes_total{upstream=svc:pay/v2}") == "bytesSent client x1000.0 >pay@v2")
        #expect(reading("envoy_server_live") == "proxyLive server", "the built-in profiles stay")
    }

    @Test func aFileReplacesAMappingOfABuiltInProfile() throws {
        var reading = try reading("""
            profile: envoy
            metrics:
              - {family: envoy_cluster_upstream_rq_retry, on: cluster, signal: timeouts}
            """)
        #expect(reading("envoy_cluster_upstream_rq_retry{cluster_name=p}") == "timeouts client >p?")
        #expect(reading("envoy_cluster_upstream_rq_retry_success{cluster_name=p}") == "retrySuccess client >p?")
    }

    @Test func aFileAddsLabelsClustersAndManagersToABuiltInProfile() throws {
        var reading = try reading("""
            profile: envoy
            labels: {cluster: my_cluster}
            infrastructure: ["vault*"]
            managers: {server: "edge*"}
            clusters:
              - {template: "{service}--{version}", side: client}
            """)
        #expect(reading("envoy_cluster_upstream_rq_total{my_cluster=pay--v3}") == "attempts client >pay@v3")
        #expect(reading("envoy_cluster_upstream_rq_total{cluster_name=pay}") == "attempts client >pay?")
        #expect(reading("envoy_cluster_upstream_rq_total{cluster_name=vault-agent}") == nil)
        #expect(reading("envoy_http_downstream_rq_active{http_conn_manager_prefix=edge_443}") == "requestsActive server")
    }

    @Test func aFamilyOfAnotherPrefixMayJoinABuiltInProfile() throws {
        var reading = try reading("""
            profile: istio
            metrics:
              - {family: acme_mesh_calls_total, on: peers, signal: requests}
            """)
        #expect(reading("acme_mesh_calls_total{reporter=source,response_code=200,destination_app=a}") == "requests client 200 <external: >a")
    }

    @Test(arguments: [
        ("profile: a\nmetrix: []\n", "mine.yaml:2: unknown key `metrix` in a profile; known are: profile, program, recognises, labels"),
        ("labels: {}\n", "mine.yaml:1: a profile begins with `profile: NAME`"),
        ("", "mine.yaml: a profile is a YAML mapping"), ("- a\n- b\n", "mine.yaml:1: a profile is a YAML mapping"), ("just text", "mine.yaml:1: a profile is a YAML mapping"),
        ("profile: a\nlabels:\n  cluster: x\n  colour: y\n", "mine.yaml:4: unknown key `colour` in labels; known are: cluster, code"),
        ("profile: a\nlabels: [x]\n", "mine.yaml:2: labels is a mapping"),
        ("profile: a\nmetrics:\n  - {family: f, on: proxy, signal: proxyLive}\n  - {family: g, on: proxy}\n", "mine.yaml:4: an item of metrics needs family, on and signal"),
        ("profile: a\nmetrics:\n  - family: f\n    on: planet\n    signal: requests\n", "mine.yaml:4: on `planet` is not one of cluster, manager, listener, proxy, peers"),
        ("profile: a\nmetrics:\n  - family: f\n    on: proxy\n    signal: speed\n", "mine.yaml:5: unknown signal `speed`; known are: latency, attempts"),
        ("profile: a\nmetrics:\n  - {family: f, on: proxy, signal: latency, unit: h}\n", "mine.yaml:3: unknown unit `h`; known are: MB, bytes, kB, ms, ns, s, us"),
        ("profile: a\nmetrics:\n  - {family: f, on: proxy, signal: latency, rank: 300}\n", "mine.yaml:3: rank is a number from 0 to 255"),
        ("profile: a\nmetrics:\n  - {family: \"a*b*c\", on: proxy, signal: latency}\n", "mine.yaml:3: family `a*b*c`: a pattern takes one *"),
        ("profile: a\nmetrics: {}\n", "mine.yaml:2: metrics is a list"),
        ("profile: a\nclusters:\n  - {template: \"{service\", side: client}\n", "mine.yaml:3: template: every { needs its }"),
        ("profile: a\nclusters:\n  - {template: \"{a}{b}\", side: client}\n", "mine.yaml:3: template: every { needs its }, and two captures need a text between them"),
        ("profile: a\nclusters:\n  - {template: \"x\", side: left}\n", "mine.yaml:3: side is client or server"),
        ("profile: a\nclusters:\n  - {template: \"x\", side: client, kind: robot}\n", "mine.yaml:3: kind is workload, external, database, queue or unknown"),
        ("profile: a\nclusters:\n  - {template: \"x\", side: client, raw: maybe}\n", "mine.yaml:3: raw is true or false"),
        ("profile: a\nreporter: {client: x}\n", "mine.yaml:2: reporter needs label"),
        ("profile: a\nsource: {planet: x}\n", "mine.yaml:2: unknown key `planet` in source"),
        ("profile: a\nlabels: {code: status\n", "mine.yaml:3: not YAML: "), ("profile: a\n\tlabels: {}\n", "mine.yaml:2: not YAML: "),
        ("profile: a\nprofile: b\n", "mine.yaml:1: not YAML: the key `profile` occurs twice"),
        // A rule that could never match says so at once.
        ("profile: a\nmetrics:\n  - {family: f, on: peers, signal: requests}\n", "mine.yaml: family `f` is on peers, which needs reporter"),
        ("profile: a\nmetrics:\n  - {family: f, on: cluster, signal: attempts}\n", "mine.yaml: family `f` is on cluster, which needs labels.cluster"),
        ("profile: a\nlabels: {cluster: c}\nmetrics:\n  - {family: f, on: cluster, needs: code, signal: requests}\n", "mine.yaml: family `f` needs the label of code, which needs labels.code"),
        ("profile: a\nmetrics:\n  - {family: f, on: listener, signal: tlsErrors}\n", "mine.yaml: family `f` is on listener, which needs labels.listener"),
    ])
    func aMistakeIsNamedWithItsPlace(_ yaml: String, _ expected: String) {
        var set = ProfileSet(profiles: [])
        do {
            try set.add(yaml: yaml, file: "mine.yaml")
            Issue.record("no error for \(yaml)")
        } catch {
            #expect(error.description.hasPrefix(expected), "\(error.description)")
        }
    }

    /// An error leaves the set as it was.
    @Test func aBadFileChangesNothing() throws {
        var set = try ProfileSet.builtin()
        #expect(throws: ProfileError.self) { try set.add(yaml: "profile: envoy\nlabels: {cluster: x}\nmetrics: 5\n", file: "f") }
        var reading = Reading(set)
        #expect(reading("envoy_cluster_upstream_rq_total{x=p}") == nil)
        #expect(set.profiles.map(\.name) == ["istio", "envoy", "otel", "spanmetrics"])
    }
}
