import Synchronization

/// The memory that exporters of metrics and their streams take: one limit for all receivers and files of a process.
package final class MetricRoom: Sendable {
    private struct State {
        var limit = 128 << 20
        var used = 0
    }
    /// Protects: both numbers. Taken once per new stream, not per point.
    private let state = Mutex(State())

    package init() {}

    /// An eighth of the memory there is: what is kept of the series themselves has a budget of its own.
    package func setLimit(ofMemory bytes: Int) { state.withLock { $0.limit = max(1 << 20, bytes / 8) } }
    package var used: Int { state.withLock { $0.used } }

    func hasRoom(_ bytes: Int) -> Bool { state.withLock { $0.used + bytes <= $0.limit } }

    /// - Returns: false where there is no room for as much; then nothing is taken.
    func take(_ bytes: Int) -> Bool {
        state.withLock { state in
            guard state.used + bytes <= state.limit else { return false }
            state.used += bytes
            return true
        }
    }

    func giveBack(_ bytes: Int) {
        state.withLock { state in
            state.used -= bytes
            precondition(state.used >= 0, "BUG: more room is given back than was taken")
        }
    }
}
