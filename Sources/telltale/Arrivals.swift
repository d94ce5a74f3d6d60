import Dashboard
import Synchronization

/// What was made ready beside the loop since it last looked: whoever brings something puts it here and wakes the loop.
final class Arrivals: Sendable {
    struct Found {
        /// A past instant or another window was read back, or came too late.
        var isReadBack = false
        /// Some of what an answer lacked was made.
        var hasWorked = false
        var picture: LaidOut?
    }

    private let found = Mutex(Found())

    func put(_ change: (inout Found) -> Void) { found.withLock { change(&$0) } }

    func take() -> Found {
        found.withLock { found in
            let taken = found
            found = Found()
            return taken
        }
    }
}
