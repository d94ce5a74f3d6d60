import CallGraph
import MeshModel
import Panels
import SeriesStore

struct TimelineMemory {
    var version: UInt64
    var predicate: ErrorPredicate
    var timeline: Timeline?
}

extension EngineState {
    /// More parts than a terminal has columns.
    static let timelineParts = 512

    /// What is held as one line of time: made once, as long as nothing comes.
    mutating func timeline(_ predicate: ErrorPredicate) -> Timeline? {
        if let known = timelineMemory, known.version == version, known.predicate == predicate { return known.timeline }
        settleTraces()
        let timeline = madeTimeline(predicate)
        timelineMemory = TimelineMemory(version: version, predicate: predicate, timeline: timeline)
        return timeline
    }

    private func madeTimeline(_ predicate: ErrorPredicate) -> Timeline? {
        var busy: [(from: Timestamp, to: Timestamp)] = []
        for target in targets {
            store.forEachRow(of: target.source.id, from: Timestamp(nanoseconds: 0), to: newest) { if !$0.isSilent { busy.append(($0.time, $0.time)) } }
        }
        for case let summary? in traces.traces.lazy.map({ $0?.summary }) { busy.append((summary.start, summary.end)) }
        busy.sort { $0.from < $1.from }
        guard let first = busy.first else { return nil }
        let end = max(newest, busy.reduce(first.to) { max($0, $1.to) })
        var timeline = Timeline(range: TimeRange(from: first.from, to: end))
        var stretch = TimeRange(from: first.from, to: first.to)
        for next in busy {
            if (next.from - stretch.to).seconds > Timeline.quietSeconds {
                timeline.stretches.append(stretch)
                stretch = TimeRange(from: next.from, to: next.to)
            }
            stretch.to = max(stretch.to, next.to)
        }
        timeline.stretches.append(stretch)
        guard hasSpans else { return timeline }
        timeline.traces = [Float](repeating: 0, count: Self.timelineParts)
        timeline.failing = timeline.traces
        for case let summary? in traces.traces.lazy.map({ $0?.summary }) {
            guard let part = timeline.part(of: summary.start) else { continue }
            timeline.traces[part] += 1
            if summary.isFailed(predicate) { timeline.failing[part] += 1 }
        }
        return timeline
    }
}
