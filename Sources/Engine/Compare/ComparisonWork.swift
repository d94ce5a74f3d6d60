import MeshModel
import Panels

/// Both windows as they must be read back from the store's rows, beside the lock.
struct ComparisonJob: Sendable {
    let plan: ComparisonPlan
    let before: Rebuild
    let after: Rebuild

    func run() -> ComparisonWork? {
        guard let before = before.run(), let after = after.run() else { return nil }
        return ComparisonWork(plan: plan, before: before, after: after)
    }
}

/// A comparison in the making: of each window what it tells at one level after the other, each in the lock for itself.
struct ComparisonWork {
    let plan: ComparisonPlan
    private var rebuilt: [Rebuilt]
    private var readings = [ComparedReadings(), ComparedReadings()]
    private var next = 0

    init(plan: ComparisonPlan, before: Rebuilt, after: Rebuilt) {
        self.plan = plan
        rebuilt = [before, after]
    }

    /// - Returns: whether there are more.
    mutating func step(_ state: inout EngineState) -> Bool {
        let window = next % 2
        state.read(ComparedReadings.Part.allCases[next / 2], of: &rebuilt[window], window == 0 ? plan.frames.before : plan.frames.after, into: &readings[window])
        next += 1
        return next < 2 * ComparedReadings.Part.allCases.count
    }

    /// Once all is read; needs no lock.
    var comparison: Comparison {
        var comparison = Comparison(before: plan.before, after: plan.after, meeting: plan.meeting)
        comparison.remarks = plan.remarks
        ComparedReadings.compare(readings[0], readings[1], into: &comparison)
        return comparison
    }
}

extension EngineState {
    fileprivate mutating func read(_ part: ComparedReadings.Part, of rebuilt: inout Rebuilt, _ time: FrameTime, into readings: inout ComparedReadings) {
        settle()
        if rebuilt.settlement != settlement {
            settle(&rebuilt.past)
            rebuilt.settlement = settlement
        }
        // What spans tell of the window that is looked at stays known.
        let spans = traceFrames.fold
        within(&rebuilt.past) { state in
            let frame = state.begun(time, time.now ?? state.newest)
            switch part {
            case .services:
                state.readNodes(.service, frame, into: &readings)
                if state.hasSpans { state.readEntries(frame, into: &readings) }
            case .versions: state.readNodes(.version, frame, into: &readings)
            case .pods: state.readNodes(.pod, frame, into: &readings)
            case .calls: state.readEdges(frame, into: &readings)
            }
        }
        traceFrames.fold = spans
    }
}
