import MeshModel
import Panels

/// How far what frames wait for has come.
package enum WorkProgress: Sendable {
    /// Nothing is left to do.
    case nothing
    /// There is more to do, and nothing new to show.
    case going
    /// A frame would show more than before.
    case worthShowing
}

/// What takes longer than a frame may: begun when a frame asks for it, done beside it in slices of a few milliseconds, between batches and frames.
extension EngineState {
    /// - Parameter isAlone: nobody waits for the lock meanwhile.
    mutating func workSlice(isAlone: Bool = false) -> WorkProgress {
        settle()
        let judged = judgeSlice()
        if judged != .nothing { return judged }
        return isAlone && compareAtOnce() || searchSlice() || latencySlice() || compareSlice() ? .worthShowing : .nothing
    }

    /// The same data show more than before.
    mutating func tellMore() {
        version += 1
        told += 1
    }

    /// The state as a frame of that time sees it.
    /// - Returns: nil where it is not at hand.
    mutating func atFrame<Result>(_ time: FrameTime, _ body: (inout EngineState, Frame) -> Result) -> Result? {
        let now = time.now ?? newest
        if isStanding(time, now) {
            let frame = begun(time, now)
            return body(&self, frame)
        }
        return atPast(time, now) { state in
            let frame = state.begun(time, now)
            return body(&state, frame)
        }
    }
}
