import Diagnosis
import MeshModel
import Panels
import SeriesStore

/// Two windows that are to be held against each other.
struct ComparisonPlan: Equatable {
    var split: ComparisonSplit
    var predicate: ErrorPredicate
    /// The frame it is asked for.
    var now: Timestamp
    var windowSeconds: Double
    var before: TimeRange
    var after: TimeRange
    var meeting: String
    var remarks: [String] = []

    /// A shorter stretch says little of what is usual.
    static let leastBefore = 60.0

    /// Whether what was found by this one still answers another frame: the windows of a frame that goes on move with it, by less than a thirtieth.
    func stands(for other: ComparisonPlan) -> Bool {
        guard split == other.split, predicate == other.predicate, windowSeconds == other.windowSeconds else { return false }
        let age = (other.now - now).seconds
        return age >= 0 && age <= max(5, min(after.length.seconds, 3600) / 30)
    }

    var frames: (before: FrameTime, after: FrameTime) {
        (FrameTime(now: before.to, windowSeconds: max(1, before.length.seconds), predicate: predicate), FrameTime(now: after.to, windowSeconds: max(1, after.length.seconds), predicate: predicate))
    }
}

extension EngineState {
    /// nil: verdicts that say where the windows meet are being made.
    mutating func comparisonPlan(_ split: ComparisonSplit, _ frame: Frame) -> ComparisonPlan? {
        let (held, remarks) = heldSince(frame)
        let from = max(frame.window.from, held), now = frame.now
        var meeting = "", instant: Timestamp?
        switch split {
        case .at(let time):
            (instant, meeting) = (time, "parted at \(Self.clock(time))")
        case .worst:
            guard let all = knownVerdicts(frame) else { return nil }
            let first = all.first { $0.onset != nil }
            (instant, meeting) = (first?.onset, first.map(Self.beginning) ?? "")
        case .verdict(let key):
            guard let all = knownVerdicts(frame) else { return nil }
            let verdict = all.first { $0.key == key }
            (instant, meeting) = (verdict?.onset, verdict.map(Self.beginning) ?? "")
        case .service(let key):
            let wasPending = isPending
            isPending = false
            let verdict = knownVerdict(on: key, frame), isMade = verdict != nil || !isPending
            isPending = isPending || wasPending
            guard isMade else { return nil }
            (instant, meeting) = (verdict?.onset, verdict.map(Self.beginning) ?? "")
        }
        let middle = from + Timestamp.Span(nanoseconds: max(0, (now - from).nanoseconds / 2))
        if let known = instant, known <= held || known >= now {
            meeting = "nothing is held \(known <= held ? "before" : "after") \(Self.clock(known)): two halves of what is"
            instant = nil
        } else if instant == nil {
            meeting = "no onset is known: two halves of what is held"
        }
        let split = ComparisonPlan(split: split, predicate: frame.predicate, now: now, windowSeconds: frame.windowSeconds,
                                   before: .init(from: from, to: middle), after: .init(from: middle, to: now), meeting: meeting, remarks: remarks)
        guard let instant else { return split }
        var plan = split
        let back = Timestamp.Span(seconds: max((now - instant).seconds, ComparisonPlan.leastBefore))
        plan.before = TimeRange(from: max(held, instant - back), to: instant)
        plan.after = TimeRange(from: instant, to: now)
        return plan
    }

    /// From when on both kinds of evidence are there: a window that one of them does not reach into would make everything new.
    private mutating func heldSince(_ frame: Frame) -> (Timestamp, [String]) {
        let pages = store.retainedFrom
        if hasSpans { settleTraces() }
        let spans = hasSpans ? spanSeries.reachesBackTo : nil
        guard let pages else { return (spans ?? frame.window.from, []) }
        if glances.allSatisfy({ $0.scrapes <= 1 }) {
            return (spans ?? pages, ["every page was read once: counts are since the proxies' start, and no two stretches of them can be told apart"])
        }
        guard let spans, spans > pages else { return (pages, []) }
        return (spans, ["spans are held since \(Self.clock(spans)), pages for longer: earlier ones are left out"])
    }

    private static func beginning(_ verdict: Verdict) -> String {
        guard let origin = verdict.origin else { return "" }
        return origin.isChange && verdict.kind == .latency ? "since \(origin.name) is not as before" : "since \(origin.name) fails"
    }

    /// `14:02:10`
    static func clock(_ time: Timestamp) -> String { String(time.rfc3339.dropFirst(11).prefix(8)) }
}
