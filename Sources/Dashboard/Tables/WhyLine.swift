import CellCanvas
import MeshModel
import Panels

/// One line of what is known of a path of failures, and where it leads.
package struct WhyLine: Sendable, Equatable {
    package enum Group: String, Sendable { case origin, extent, course, evidence, also, note }
    enum Target: Sendable, Equatable {
        case page(EntityKey), trace(TraceID), why(Verdict.Key)
    }

    var group: Group
    var number: Int
    var key: String
    var value: String
    var target: Target?
    var health = HealthState.good

    /// - Parameters:
    ///   - others: that the same entry fails for.
    ///   - width: cells of a value's line; longer ones go on in the next.
    static func lines(_ verdict: Verdict, others: [Verdict], width: Int, now: Timestamp) -> [WhyLine] {
        var writer = Writer(width: max(20, width))
        if let origin = verdict.origin { writer.origin(origin, verdict) }
        writer.extent(verdict, now: now)
        writer.course(verdict)
        writer.evidence(verdict.evidence, hasShare: verdict.share != nil)
        if verdict.share != nil { writer.others(verdict, others) }
        for remark in verdict.remarks { writer.add(.note, "", remark, health: .warning) }
        return writer.lines
    }

    private struct Writer {
        let width: Int
        var lines: [WhyLine] = []

        mutating func add(_ group: Group, _ key: String, _ value: String?, to target: Target? = nil, health: HealthState = .good) {
            guard let value, !value.isEmpty else { return }
            for (index, part) in Painter.wrapped(value, to: width).enumerated() {
                lines.append(WhyLine(group: group, number: lines.count, key: index == 0 ? key : "", value: part, target: target, health: health))
            }
        }

        mutating func origin(_ origin: Verdict.Origin, _ verdict: Verdict) {
            let entity = origin.entity, isOdd: HealthState = verdict.isDenial || origin.isAbsorbed ? .warning : .failing
            add(.origin, "what", origin.what + (origin.isAbsorbed ? "; nobody fails for it: tried again, or done without" : ""), health: isOdd)
            if let caller = origin.caller { add(.origin, "caller", caller.displayName, to: caller.key(.service).map { .page($0) }) }
            let place = [entity.displayName, entity.namespace.map { "namespace \($0)" }].compactMap(\.self).joined(separator: ", ")
            add(.origin, origin.caller == nil ? "service" : "called", place, to: entity.key(.service).map { .page($0) })
            if let version = entity.version { add(.origin, "version", version, to: entity.key(.version).map { .page($0) }) }
            if let pod = entity.pod { add(.origin, "pod", pod, to: entity.key(.pod).map { .page($0) }) }
            if let node = entity.node { add(.origin, "node", node, to: entity.key(.node).map { .page($0) }) }
            add(.origin, "operation", origin.operation)
            if origin.requests > 0, !verdict.isDenial {
                let share = origin.requests >= GoldenSignals.smallSample ? " (\(Verdict.share(origin.errors, of: origin.requests)))" : ""
                add(.origin, "calls", "\(Self.count(origin.errors)) of \(Self.count(origin.requests)) failed\(share)")
            }
            add(.origin, "answers", origin.answers.map(\.sentence).joined(separator: " · "))
        }

        mutating func extent(_ verdict: Verdict, now: Timestamp) {
            if let onset = verdict.onset { add(.extent, "since", "\(onset.rfc3339.prefix(19))Z, for \(Format.duration(max(0, (now - onset).seconds)))") }
            if let explains = verdict.explains { add(.extent, "share", "\(explains) of \(verdict.service.displayName)") }
            add(.extent, "time", Self.times(verdict))
            if verdict.requests > 0 {
                add(.extent, "fails", "\(Self.count(verdict.failures)) of \(Self.count(verdict.requests)) requests to \(verdict.service.displayName) (\(verdict.predicate.rawValue))")
            }
        }

        mutating func course(_ verdict: Verdict) {
            for (index, event) in verdict.course.enumerated() {
                let level: EntityLevel = event.entity.pod != nil ? .pod : event.entity.version != nil ? .version : .service
                let words = "\(event.time.timeOfDay)  \(event.words)" + (verdict.offset(of: event).map { ", \($0)" } ?? "")
                add(.course, index == 0 ? "in order" : "", words, to: event.entity.key(level).map { .page($0) }, health: event.kind == .fails ? .failing : .warning)
            }
        }

        mutating func evidence(_ backing: Verdict.Backing, hasShare: Bool) {
            let words = Painter.words(backing.kinds)
            if backing.requests > 0 { add(.evidence, "requests", Self.count(backing.requests) + (words.isEmpty ? "" : " (\(words))")) }
            if !hasShare, backing.traces > 0 { add(.evidence, "traces", "\(Format.grouped(backing.traces)) have it") }
            if hasShare, backing.failingTraces + backing.goodTraces > 0 {
                add(.evidence, "traces", "\(Format.grouped(backing.traces)) of \(Format.grouped(backing.failingTraces)) failing ones begin here; \(Format.grouped(backing.goodTraces)) are good")
            }
            for text in backing.passing { add(.evidence, "", text) }
            if let sample = backing.sample { add(.evidence, "sample", sample.hex, to: .trace(sample)) }
        }

        mutating func others(_ verdict: Verdict, _ others: [Verdict]) {
            if others.isEmpty {
                for other in verdict.alternatives {
                    add(.also, Verdict.share(other.share * verdict.failures, of: verdict.failures), "\(other.origin.name), \(other.origin.what)", to: .why(other.origin.key))
                }
            }
            for other in others {
                guard let origin = other.origin, let key = other.key, let share = other.shareText else { continue }
                add(.also, share, "\(origin.name), \(origin.what)", to: .why(key))
            }
        }

        /// `checkout 41% · payment 22% of what requests to gateway take (300 traces)`
        private static func times(_ verdict: Verdict) -> String? {
            let known = verdict.path.compactMap { hop in hop.latencyShare.map { (hop.entity.displayName, $0) } }
            guard let first = verdict.path.first?.entity.displayName, !known.isEmpty else { return nil }
            let traces = verdict.path.reduce(0) { max($0, $1.latencyTraces) }
            let shares = known.map { "\($0) \(Format.wholePercent($1))" }.joined(separator: " · ")
            return "\(shares) of what requests to \(first) take (\(traces > 0 ? Painter.plural(traces, "trace") : "by their means"))"
        }

        private static func count(_ value: Double) -> String { Format.grouped(Int(clamped: value)) }
    }

    var sentence: String { key.isEmpty ? value : "\(key): \(value)" }
}

extension WhyLine: FactRow {
    var groupName: String { group.rawValue }
    static var comesByName: Bool { true }
    var rowKey: RowKey { .ground(group, number) }
    var stateName: String { health.name }
    var isTroubled: Bool { health >= .warning }
    var urgency: (Double, Double, Double) { (Double(health.rawValue), 0, 0) }
    var isStale: Bool { false }
}
