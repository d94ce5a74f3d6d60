import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Hands on whole requests, body in one piece: who answers them is woken once, and copies nothing. Stands for the limits: what is too
/// large, comes too slowly or does not fit beside all other requests is answered without being read, and its bytes are dropped.
final class HTTPRequestCollector: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private enum State {
        case waiting
        case collecting(HTTPRequest, length: Int?)
        /// Answered already; what still comes of it is dropped.
        case discarding
    }

    private let limits: ReceiverLimits
    private let pending: PendingBytes
    private var state = State.waiting
    private var body = ByteBuffer()
    /// What the request that comes holds of the budget.
    private var held = 0
    /// Those that are being answered, in order, by their numbers; nil for a refused one, which holds nothing.
    private var answering: [Int?] = []
    private var deadline = ReceiverDeadline()

    init(limits: ReceiverLimits, pending: PendingBytes) {
        self.limits = limits
        self.pending = pending
    }

    func handlerAdded(context: ChannelHandlerContext) {
        expect(limits.headSeconds, context)
        try? context.channel.syncOptions?.setOption(.recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 4096, initial: 64 << 10, maximum: 512 << 10))
    }

    func handlerRemoved(context: ChannelHandlerContext) { end() }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): begin(head, context)
        case .body(let part): take(part, context)
        case .end: finish(context)
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data), !answering.isEmpty {
            if let number = answering.removeFirst() { pending.abandon(number) }
            if answering.isEmpty, case .waiting = state { expect(limits.idleSeconds, context) }
        }
        context.write(data, promise: promise)
    }

    // MARK: - One request

    private func begin(_ head: HTTPRequest, _ context: ChannelHandlerContext) {
        var head = head
        head.headerFields[Refusal.header] = nil
        head.headerFields[PendingBytes.header] = nil
        let length = head.headerFields[.contentLength].flatMap { Int($0) }
        state = .collecting(head, length: length)
        expect(limits.requestSeconds, context)
        guard let length else { return }
        if length > limits.bodyBytes { refuse(.tooLarge, context) } else if !pending.hasRoom(for: length) { refuse(.full, context) }
    }

    private func take(_ part: ByteBuffer, _ context: ChannelHandlerContext) {
        guard case .collecting(_, let length) = state else { return }
        let count = part.readableBytes
        guard held + count <= limits.bodyBytes else { return refuse(.tooLarge, context) }
        guard pending.take(count) else { return refuse(.full, context) }
        if held == 0 {
            let whole = length ?? 0
            if whole <= count {
                body = part
            } else {
                body = context.channel.allocator.buffer(capacity: min(whole, Self.mostReserved))
                body.writeImmutableBuffer(part)
            }
        } else {
            body.writeImmutableBuffer(part)
        }
        held += count
    }

    /// Room for a body is made at once up to here; beyond, as it comes: a length is but a claim.
    private static let mostReserved = 1 << 20

    private func finish(_ context: ChannelHandlerContext) {
        guard case .collecting(var head, _) = state else {
            state = .waiting
            expect(limits.idleSeconds, context)
            return
        }
        let number = pending.handOn(held)
        answering.append(number)
        head.headerFields[PendingBytes.header] = "\(number)"
        held = 0
        state = .waiting
        context.fireChannelRead(wrapInboundOut(.head(head)))
        if body.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(.body(body))) }
        body = ByteBuffer()
        context.fireChannelRead(wrapInboundOut(.end(nil)))
    }

    private func refuse(_ refusal: Refusal, _ context: ChannelHandlerContext) {
        guard case .collecting(var head, _) = state else { return }
        pending.give(held)
        held = 0
        body = ByteBuffer()
        state = .discarding
        answering.append(nil)
        head.headerFields[Refusal.header] = refusal.rawValue
        if refusal == .late { head.headerFields[.connection] = "close" }
        context.fireChannelRead(wrapInboundOut(.head(head)))
        context.fireChannelRead(wrapInboundOut(.end(nil)))
    }

    // MARK: - Time

    private func expect(_ seconds: Int64, _ context: ChannelHandlerContext) {
        deadline.set(seconds, on: context.eventLoop) { [weak self] in self?.ring(context) }
    }

    private func ring(_ context: ChannelHandlerContext) {
        guard deadline.hasPassed(on: context.eventLoop, { [weak self] in self?.ring(context) }) else { return }
        switch state {
        case .waiting where !answering.isEmpty: expect(limits.idleSeconds, context)
        case .collecting:
            refuse(.late, context)
            context.fireChannelReadComplete()
            expect(Self.secondsToHear, context)
        case .waiting, .discarding: context.close(promise: nil)
        }
    }

    /// How long one who was refused for being slow has to read that.
    private static let secondsToHear: Int64 = 5

    private func end() {
        deadline.cancel()
        for case let number? in answering { pending.abandon(number) }
        pending.give(held)
        (answering, held) = ([], 0)
    }
}
