import CellCanvas
import Diagnosis
package import MeshModel
package import Panels

package enum VerdictFormat: String, Sendable, CaseIterable { case text, json }

extension Report {
    /// - Parameter isList: an array, one item for each origin; else the first alone.
    package static func verdicts(_ verdicts: [Verdict], isList: Bool, format: VerdictFormat) -> String {
        switch format {
        case .json:
            if isList { return ReportJSON.list(verdicts) { ReportJSON.write($0, to: &$1) } }
            var json = JSONWriter()
            if let first = verdicts.first { ReportJSON.write(first, to: &json) }
            return json.text + "\n"
        case .text:
            if verdicts.isEmpty { return "nothing fails\n" }
            return verdicts.map { VerdictText.of($0) }.joined(separator: "\n")
        }
    }

    /// Failing paths as a list.
    package static func paths(_ verdicts: [Verdict], predicate: ErrorPredicate, format: ReportFormat) -> String {
        switch format {
        case .json: ReportJSON.list(verdicts) { ReportJSON.write($0, to: &$1) }
        case .csv: ReportTable.paths(verdicts, predicate: predicate).csv
        case .table: ReportTable.paths(verdicts, predicate: predicate).text
        }
    }
}

/// A verdict as lines for a message: what, where, since when, and what says so.
enum VerdictText {
    static func of(_ verdict: Verdict) -> String {
        var lines = [verdict.headline]
        if !verdict.path.isEmpty { lines.append("  path      \(verdict.chain)") }
        for hop in verdict.path where hop.requests > 0 && verdict.path.count > 1 { lines.append("            \(self.hop(hop))") }
        if let origin = verdict.origin {
            lines.append("  origin    \(identity(origin))")
            if let interval = verdict.interval, let share = verdict.share {
                lines.append("  explains  \(Verdict.percent(share)) of the failures (\(Verdict.percent(interval.low)) to \(Verdict.percent(interval.high)))")
            }
        }
        if let onset = verdict.onset { lines.append("  since     \(onset.rfc3339)") }
        for (index, event) in verdict.course.enumerated() { lines.append((index == 0 ? "  course    " : "            ") + "\(event.time.rfc3339)  \(event.words)") }
        for (index, text) in evidence(verdict).enumerated() { lines.append((index == 0 ? "  evidence  " : "            ") + text) }
        for (index, other) in verdict.alternatives.enumerated() {
            lines.append((index == 0 ? "  also      " : "            ") + "\(Verdict.percent(other.share)) \(other.origin.name), \(other.origin.what)")
        }
        for remark in verdict.remarks where verdict.kind != .notEnoughEvidence || remark != verdict.remarks.first { lines.append("  note      \(remark)") }
        return lines.map(TextWidth.printable).joined(separator: "\n") + "\n"
    }

    private static func hop(_ hop: Verdict.Hop) -> String {
        var parts = ["\(hop.entity.displayName): \(Verdict.share(hop.errors, of: hop.requests - hop.denied)) of \(ReportTable.decimal(hop.requests, 0)) fail"]
        if hop.own >= 0.5 { parts.append("own \(ReportTable.decimal(hop.own, 0))") }
        if hop.passedOn >= 0.5 { parts.append("passed on \(ReportTable.decimal(hop.passedOn, 0))") }
        if hop.wire >= 0.5 { parts.append("on the way \(ReportTable.decimal(hop.wire, 0))") }
        if hop.denied > 0 { parts.append("denied \(ReportTable.decimal(hop.denied, 0))") }
        if let share = hop.latencyShare { parts.append("\(Verdict.percent(share)) of the time") }
        if hop.versions.count > 1 { parts += hop.versions.filter { $0.errors >= 1 }.map(member) }
        if hop.pods > 1, hop.podsFailing > 0 { parts.append("\(hop.podsFailing) of \(hop.pods) pods") }
        return parts.joined(separator: ", ")
    }

    private static func member(_ member: Verdict.Member) -> String { "\(member.name) \(Verdict.number(member.errors)) of \(Verdict.number(member.requests))" }

    private static func identity(_ origin: Verdict.Origin) -> String {
        var parts = ["\(origin.name): \(origin.what)"]
        if let pod = origin.entity.pod { parts.append("pod \(pod)") }
        if let node = origin.entity.node { parts.append("node \(node)") }
        if let operation = origin.operation { parts.append("operation \(operation)") }
        if origin.requests > 0 { parts.append("\(Verdict.number(origin.errors)) of \(Verdict.number(origin.requests)) calls") }
        return parts.joined(separator: ", ")
    }

    private static func evidence(_ verdict: Verdict) -> [String] {
        let backing = verdict.evidence
        var texts: [String] = []
        if backing.requests > 0 { texts.append("\(ReportTable.decimal(backing.requests, 0)) requests (\(backing.kinds.names.joined(separator: ", ")))") }
        if backing.failingTraces + backing.goodTraces > 0 {
            let traces = verdict.share == nil ? "\(backing.traces) traces show it" : "\(backing.traces) of \(backing.failingTraces) failing traces, \(backing.goodTraces) good ones"
            texts.append(traces + (backing.sample.map { "; one is \($0.hex)" } ?? ""))
        }
        texts += backing.passing
        if backing.failingTraces + backing.goodTraces == 0, let sample = backing.sample { texts.append("one trace of it is \(sample.hex)") }
        return texts
    }
}

extension ReportJSON {
    static func write(_ verdict: Verdict, to json: inout JSONWriter) {
        json.object { json in
            json.member("service", verdict.service.displayName)
            json.member("namespace", verdict.service.namespace)
            json.member("verdict", verdict.kind.rawValue)
            json.member("predicate", verdict.predicate.rawValue)
            json.member("summary", verdict.headline)
            json.key("origin")
            if let origin = verdict.origin { write(origin, to: &json) } else { json.value(nil as String?) }
            json.member("share", verdict.share)
            json.key("interval")
            if let interval = verdict.interval {
                json.array { json in
                    json.value(interval.low)
                    json.value(interval.high)
                }
            } else {
                json.value(nil as String?)
            }
            json.member("requests", verdict.requests)
            json.member("errors", verdict.failures)
            json.member("onset", verdict.onset?.rfc3339)
            json.key("course")
            json.array { json in for event in verdict.course { write(event, to: &json) } }
            json.key("path")
            json.array { json in for hop in verdict.path { write(hop, to: &json) } }
            write(verdict.evidence, to: &json)
            json.key("alternatives")
            json.array { json in
                for other in verdict.alternatives {
                    json.object { json in
                        json.member("share", other.share)
                        json.key("origin")
                        write(other.origin, to: &json)
                    }
                }
            }
            json.key("remarks")
            json.array { json in for remark in verdict.remarks { json.value(remark) } }
        }
    }

    private static func write(_ event: Verdict.Event, to json: inout JSONWriter) {
        json.object { json in
            json.member("time", event.time.rfc3339)
            json.member("event", event.kind.rawValue)
            json.member("service", event.entity.displayName)
            json.member("namespace", event.entity.namespace)
            json.member("version", event.entity.version)
            json.member("pod", event.entity.pod)
            json.member("source", event.caller?.displayName)
        }
    }

    private static func write(_ origin: Verdict.Origin, to json: inout JSONWriter) {
        json.object { json in
            json.member("kind", origin.caller == nil ? "service" : "edge")
            json.member("service", origin.entity.displayName)
            json.member("namespace", origin.entity.namespace)
            json.member("version", origin.entity.version)
            json.member("pod", origin.entity.pod)
            json.member("node", origin.entity.node)
            json.member("operation", origin.operation)
            if let caller = origin.caller {
                json.key("source")
                write(caller, to: &json)
                json.key("destination")
                write(origin.entity, to: &json)
            }
            json.member("class", origin.fault.rawValue)
            json.member("what", origin.what)
            json.member("requests", origin.requests)
            json.member("errors", origin.errors)
            json.member("slower_ms", origin.slowerMilliseconds)
            json.key("changes")
            json.array { json in for change in origin.changes { write(change, to: &json) } }
            json.member("absorbed", origin.isAbsorbed)
            write(origin.answers, to: &json)
        }
    }

    private static func write(_ change: Verdict.Change, to json: inout JSONWriter) {
        json.object { json in
            json.member("part", change.part.rawValue)
            json.member("operation", change.operation)
            json.member("source", change.caller?.displayName)
            json.member("destination", change.callee?.displayName)
            // A share, of lost calls.
            json.member("usual", change.usual)
            json.member("seen", change.seen)
            if change.part == .own { json.member("with_calls", change.isWithCalls) }
            json.member("calls", Double(change.calls))
            json.member("hits", Double(change.hits))
            json.member("z", change.z)
            json.key("missing")
            json.array { json in for name in change.missing { json.value(name) } }
        }
    }

    private static func write(_ hop: Verdict.Hop, to json: inout JSONWriter) {
        json.object { json in
            json.member("kind", hop.entity.kind.rawValue)
            json.member("service", hop.entity.displayName)
            json.member("namespace", hop.entity.namespace)
            json.member("requests", hop.requests)
            json.member("errors", hop.errors)
            json.member("denied", hop.denied)
            json.member("own", hop.own)
            json.member("passed_on", hop.passedOn)
            json.member("wire", hop.wire)
            json.member("latency_share", hop.latencyShare)
            json.member("latency_traces", hop.latencyShare == nil ? nil : Double(hop.latencyTraces))
            json.member("mean_ms", hop.latency?.meanMilliseconds)
            json.member("p95_ms", hop.latency?.p95)
            json.key("versions")
            json.array { json in for version in hop.versions { write(version, to: &json) } }
            json.key("pods")
            json.object { json in
                json.member("count", Double(hop.pods))
                json.member("failing_count", Double(hop.podsFailing))
                json.key("failing")
                json.array { json in for pod in hop.failingPods { write(pod, to: &json) } }
            }
        }
    }

    private static func write(_ member: Verdict.Member, to json: inout JSONWriter) {
        json.object { json in
            json.member("name", member.name)
            json.member("requests", member.requests)
            json.member("errors", member.errors)
        }
    }

    private static func write(_ backing: Verdict.Backing, to json: inout JSONWriter) {
        json.key("evidence")
        json.object { json in
            json.key("kinds")
            json.array { json in for name in backing.kinds.names { json.value(name) } }
            json.member("requests", backing.requests)
            json.member("traces", Double(backing.traces))
            json.member("failing_traces", Double(backing.failingTraces))
            json.member("good_traces", Double(backing.goodTraces))
            json.member("sample_trace", backing.sample?.hex)
            json.key("passing")
            json.array { json in for text in backing.passing { json.value(text) } }
        }
    }
}

extension ReportTable {
    static func paths(_ verdicts: [Verdict], predicate: ErrorPredicate) -> ReportTable {
        var table = ReportTable(header: ["SHARE(\(predicate.rawValue))", "LOW", "HIGH", "PATH", "WHAT", "POD", "SINCE", "TRACES", "SAMPLE"])
        table.numeric = [0, 1, 2, 7]
        table.rows = verdicts.map { verdict in
            let origin = verdict.origin
            return [
                verdict.share.map { "\(decimal($0 * 100, 1))%" } ?? "-", verdict.interval.map { "\(decimal($0.low * 100, 1))%" } ?? "-",
                verdict.interval.map { "\(decimal($0.high * 100, 1))%" } ?? "-", verdict.chain, (origin?.what ?? "-") + (origin?.isAbsorbed == true ? ", absorbed" : ""),
                origin?.entity.pod ?? "-", verdict.onset?.rfc3339 ?? "-", verdict.evidence.traces > 0 ? "\(verdict.evidence.traces)" : "-", verdict.evidence.sample?.hex ?? "-",
            ]
        }
        return table
    }
}
