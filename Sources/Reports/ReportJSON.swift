import MeshModel
import Panels

/// The JSON of the one-shot commands: arrays without an envelope, shares 0…1, unknown is null and never 0, times RFC 3339 UTC.
enum ReportJSON {
    static func entities(_ rows: [EntityRow], level: EntityLevel, predicate: ErrorPredicate) -> String {
        list(rows) { row, json in
            json.object { json in
                for (name, value) in identity(row, level) { json.member(name, value) }
                write(row.signals, versions: row.versions, predicate: predicate, stale: row.stale, withShare: false, to: &json)
            }
        }
    }

    static func edges(_ rows: [EdgeRow], predicate: ErrorPredicate) -> String {
        list(rows) { row, json in
            json.object { json in
                json.key("source")
                write(row.source, to: &json)
                json.key("destination")
                write(row.destination, to: &json)
                json.member("protocol", row.protocol)
                write(row.signals, versions: row.versions, predicate: predicate, stale: row.stale, withShare: true, to: &json)
                connections(row.signals, to: &json)
                json.member("retries", row.signals.retries)
                json.member("retry_excess", row.retryExcess)
                json.member("wire_errors", row.wireErrors)
                write(row.signals.answers, to: &json)
                json.key("principals")
                json.array { json in
                    for pair in row.principals {
                        json.object { json in
                            json.member("source", pair.source)
                            json.member("destination", pair.destination)
                        }
                    }
                }
                write(side: "client", row.client, predicate, to: &json)
                write(side: "server", row.server, predicate, to: &json)
                write(side: "spans", row.spans?.seen, predicate, to: &json) { json in
                    write(side: "client", row.spans?.client, predicate, to: &json)
                    write(side: "server", row.spans?.server, predicate, to: &json)
                }
                write(row.disagreements, to: &json)
            }
        }
    }

    /// One view of an edge.
    private static func write(side name: String, _ signals: GoldenSignals?, _ predicate: ErrorPredicate, to json: inout JSONWriter,
                              between: (inout JSONWriter) -> Void = { _ in }) {
        json.key(name)
        guard let signals else {
            json.value(nil as String?)
            return
        }
        json.object { json in
            write(signals, predicate: predicate, to: &json, withShare: true)
            connections(signals, to: &json)
            json.member("retries", signals.retries)
            write(signals.answers, to: &json)
            json.member("from", signals.from?.rfc3339)
            json.member("to", signals.to?.rfc3339)
            between(&json)
        }
    }

    /// How requests ended, by code, gRPC status and flags at once.
    static func write(_ answers: [GoldenSignals.Answer], to json: inout JSONWriter) {
        json.key("answers")
        json.array { json in
            for answer in answers {
                json.object { json in
                    json.member("code", answer.code.map(code))
                    json.member("grpc_status", answer.grpcStatus.map(Double.init))
                    json.member("flags", answer.flags.isEmpty ? nil : answer.flags)
                    json.member("count", answer.count)
                    json.member("errors", answer.errors)
                }
            }
        }
    }

    private static func write(_ disagreements: [Disagreement], to json: inout JSONWriter) {
        json.key("disagreements")
        json.array { json in
            for disagreement in disagreements {
                json.object { json in
                    json.member("kind", disagreement.kind.rawValue)
                    json.member("text", disagreement.text)
                    json.key("numbers")
                    json.object { json in for number in disagreement.numbers { json.member(number.name, number.value) } }
                }
            }
        }
    }

    static func list<Row>(_ rows: [Row], _ body: (Row, inout JSONWriter) -> Void) -> String {
        var json = JSONWriter()
        json.array { json in
            for row in rows {
                json.breakLine()
                body(row, &json)
            }
            if !rows.isEmpty { json.newline() }
        }
        return json.text + "\n"
    }

    /// Those parts that apply at the level.
    static func identity(_ row: EntityRow, _ level: EntityLevel) -> [(String, String?)] {
        let entity = row.entity
        switch level {
        case .service: return [("service", entity.service), ("namespace", entity.namespace)]
        case .workload: return [("service", entity.service), ("namespace", entity.namespace), ("workload", entity.workload)]
        case .version: return [("service", entity.service), ("namespace", entity.namespace), ("version", entity.version)]
        case .app: return [("app", entity.app), ("namespace", entity.namespace)]
        case .namespace: return [("namespace", entity.namespace)]
        case .node: return [("node", entity.node)]
        case .pod:
            return [("service", entity.service), ("namespace", entity.namespace), ("workload", entity.workload), ("version", entity.version),
                    ("pod", entity.pod), ("node", entity.node)]
        }
    }

    static func write(_ entity: Entity, to json: inout JSONWriter) {
        json.object { json in
            json.member("kind", entity.kind.rawValue)
            json.member("namespace", entity.namespace)
            json.member("service", entity.service)
            json.member("workload", entity.workload)
            json.member("version", entity.version)
            json.member("pod", entity.pod)
            json.member("node", entity.node)
            if let app = entity.app { json.member("app", app) }
        }
    }

    private static func connections(_ signals: GoldenSignals, to json: inout JSONWriter) {
        json.member("connections_active", signals.connectionsActive)
        json.member("connections_opened", signals.connectionsOpened)
    }

    /// The members every row ends with.
    private static func write(_ signals: GoldenSignals, versions: [VersionRow], predicate: ErrorPredicate, stale: Bool, withShare: Bool,
                              to json: inout JSONWriter) {
        write(signals, predicate: predicate, to: &json, withShare: withShare) { json in
            json.key("versions")
            json.object { json in
                for version in versions {
                    json.key(version.version)
                    json.object { json in
                        json.member("requests", version.signals.requests)
                        json.member("errors", version.signals.errors)
                        json.member("rate", version.signals.rate)
                        json.member("success", version.signals.success)
                        latency(version.signals.latency, to: &json)
                    }
                }
            }
        }
        json.member("stale", stale)
        json.member("from", signals.from?.rfc3339)
        json.member("to", signals.to?.rfc3339)
    }

    private static func latency(_ summary: LatencySummary?, to json: inout JSONWriter) {
        json.member("p50_ms", summary?.p50)
        json.member("p95_ms", summary?.p95)
        json.member("p99_ms", summary?.p99)
    }

    private static func write(_ signals: GoldenSignals, predicate: ErrorPredicate, to json: inout JSONWriter,
                              withShare: Bool, between: (inout JSONWriter) -> Void = { _ in }) {
        json.member("requests", signals.requests)
        json.member("errors", signals.errors)
        json.member("denied", signals.denied)
        json.member("success", signals.success)
        json.member("predicate", predicate.rawValue)
        json.member("rate", signals.rate)
        json.member("attempts", signals.attempts)
        latency(signals.latency, to: &json)
        json.member("bytes_in", signals.bytesIn)
        json.member("bytes_out", signals.bytesOut)
        json.member("mtls", signals.security.name)
        if withShare { json.member("mtls_share", signals.mutualShare) }
        between(&json)
        json.key("codes")
        json.object { json in
            for code in signals.codes { json.member(Self.code(code.code), code.count) }
        }
        json.key("flags")
        json.object { json in
            for flag in signals.flags { json.member(flag.flag, flag.count) }
        }
        json.key("evidence")
        json.array { json in
            for name in signals.evidence.names { json.value(name) }
        }
    }

    /// A class, where no exact codes are exported, is written "5xx".
    static func code(_ code: UInt16) -> String { (1...5).contains(code) ? "\(code)xx" : String(code) }
}
