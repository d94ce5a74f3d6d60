import NIOCore

/// The time by which something must have happened on a channel. It moves with every request; the one timer behind it is set anew only
/// where it would ring too late.
struct ReceiverDeadline {
    private var due = NIODeadline.distantFuture
    private var rings = NIODeadline.distantFuture
    private var timer: Scheduled<Void>?

    /// - Parameter ring: asked for by the timer; it calls `hasPassed`.
    mutating func set(_ seconds: Int64, on eventLoop: any EventLoop, _ ring: @escaping () -> Void) {
        due = .now() + .seconds(seconds)
        if due < rings { arm(eventLoop, ring) }
    }

    /// - Returns: whether it has; else the timer is set anew.
    mutating func hasPassed(on eventLoop: any EventLoop, _ ring: @escaping () -> Void) -> Bool {
        (timer, rings) = (nil, .distantFuture)
        guard due > .now() else { return true }
        arm(eventLoop, ring)
        return false
    }

    mutating func cancel() {
        timer?.cancel()
        (timer, rings) = (nil, .distantFuture)
    }

    private mutating func arm(_ eventLoop: any EventLoop, _ ring: @escaping () -> Void) {
        timer?.cancel()
        rings = due
        timer = eventLoop.assumeIsolated().scheduleTask(deadline: due, ring)
    }
}
