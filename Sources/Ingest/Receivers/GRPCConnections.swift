import NIOCore
import Synchronization

/// The gRPC connections that are open. The transport knows no limit to them, and waits for ever for one that says nothing.
final class GRPCConnections: Sendable {
    private let open = Atomic<Int>(0)
    private let limits: ReceiverLimits

    init(_ limits: ReceiverLimits) { self.limits = limits }

    func admit(_ channel: any Channel) -> EventLoopFuture<Void> {
        let count = open.add(1, ordering: .relaxed).newValue
        channel.closeFuture.whenComplete { [self] _ in open.subtract(1, ordering: .relaxed) }
        return channel.eventLoop.makeCompletedFuture {
            if count > limits.connections { channel.close(promise: nil) } else { try channel.pipeline.syncOperations.addHandler(GRPCConnectionWatch(limits)) }
        }
    }
}

/// Closes a connection without calls for so long that it should have gone when it was asked to.
final class GRPCConnectionWatch: ChannelInboundHandler {
    typealias InboundIn = NIOAny

    private let patience: Int64
    private var calls = 0
    private var deadline = ReceiverDeadline()
    private var context: ChannelHandlerContext?

    init(_ limits: ReceiverLimits) { patience = limits.idleSeconds + limits.graceSeconds }

    func callBegins() { calls += 1 }

    func callEnds() {
        calls -= 1
        if calls == 0 { wait() }
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        wait()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        deadline.cancel()
    }

    private func wait() {
        guard let context else { return }
        deadline.set(patience, on: context.eventLoop) { [weak self] in self?.ring() }
    }

    private func ring() {
        guard let context, deadline.hasPassed(on: context.eventLoop, { [weak self] in self?.ring() }) else { return }
        if calls > 0 { wait() } else { context.close(promise: nil) }
    }
}
