import CallGraph
import Diagnosis
import MeshModel
import Panels

/// What was found without a baseline, until traces come.
struct OwnSlowdown {
    var stamps: UInt64
    var departures: Departures?
}

extension EngineState {
    /// Where requests plainly got slower at some moment: what is after it against what was before. Of counts of the whole run alone: a
    /// window that moves on has no before.
    mutating func slowdown(_ frame: Frame) -> Departures? {
        guard frame.mode == .wholeRun else { return nil }
        if let known = ownSlowdown, known.stamps == traces.stamps { return known.departures }
        let found = findSlowdown()
        ownSlowdown = OwnSlowdown(stamps: traces.stamps, departures: found)
        return found
    }

    private mutating func findSlowdown() -> Departures? {
        var requests: [Slowdown.Request] = []
        for case let trace? in traces.traces {
            guard !trace.isArriving, trace.spanCount > 1, let summary = trace.summary else { continue }
            let service = UInt64(UInt32(bitPattern: traces.parties.service(of: summary.party)))
            requests.append(.init(start: summary.start.nanoseconds, key: service << 32 | UInt64(summary.operation.raw), seconds: (summary.end - summary.start).seconds))
        }
        guard let slowdown = Slowdown(requests) else { return nil }
        let at = Timestamp(nanoseconds: slowdown.at), end = Timestamp(nanoseconds: .max)
        var quiet = quietTime(from: Timestamp(nanoseconds: .min), to: at - Timestamp.Span(nanoseconds: 1))
        let rows = CallRows(&traces, window: at...end, names: &quiet.names)
        guard quiet.model.requests > 0, rows.requests > 0 else { return nil }
        let plain = Departures(quiet.model, rows, quiet.names).plainSlowdown
        return plain.all.isEmpty ? nil : plain
    }
}
