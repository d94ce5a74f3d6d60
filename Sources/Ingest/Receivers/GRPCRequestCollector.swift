import HTTPTypes
import Intake
import NIOCore
import NIOHPACK
import NIOHTTP2

/// As `HTTPRequestCollector`, for the one request message of a gRPC stream: it is handed on whole, or refused before it is read or unpacked.
final class GRPCRequestCollector: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias InboundOut = HTTP2Frame.FramePayload

    private enum State {
        case waiting
        case collecting(HTTP2Frame.FramePayload.Headers, Packing)
        /// The message is on its way; a second one is for gRPC to complain about.
        case passing(Packing)
        case discarding
    }

    private let limits: ReceiverLimits
    private let pending: PendingBytes
    private var state = State.waiting
    private var message = ByteBuffer()
    private var held = 0
    private var deadline = ReceiverDeadline()

    private var connection: GRPCConnectionWatch?

    init(limits: ReceiverLimits, pending: PendingBytes, connection: GRPCConnectionWatch?) {
        self.limits = limits
        self.pending = pending
        self.connection = connection
    }

    func handlerAdded(context: ChannelHandlerContext) {
        connection?.callBegins()
        deadline.set(limits.requestSeconds, on: context.eventLoop) { [weak self] in self?.ring(context) }
    }

    func handlerRemoved(context: ChannelHandlerContext) { end() }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch (unwrapInboundIn(data), state) {
        case (.headers(var headers), .waiting) where !headers.endStream:
            headers.headers.remove(name: Refusal.header.canonicalName)
            state = .collecting(headers, Packing(headers.headers.first(name: "grpc-encoding")))
        case (.data(let data), .collecting): take(data, context)
        case (.data(let data), .passing(let packing)):
            // What a second one would unpack to, nobody has made room for.
            guard packing == .none || data.data.readableBytes == 0 else { return context.close(promise: nil) }
            let count = data.data.readableBytes
            if held + count <= limits.bodyBytes + Self.prefix, pending.take(count) { held += count } else { context.close(promise: nil) }
            context.fireChannelRead(wrapInboundOut(.data(data)))
        case (.data, .discarding): break
        case (let other, _): context.fireChannelRead(wrapInboundOut(other))
        }
    }

    /// Compressed or not, and its length in four bytes.
    private static let prefix = 5
    private static let mostReserved = 1 << 20

    private func take(_ data: HTTP2Frame.FramePayload.Data, _ context: ChannelHandlerContext) {
        guard case .collecting(let headers, let packing) = state, case .byteBuffer(let part) = data.data else { return }
        let isFirst = held == 0
        if isFirst {
            message = part
        } else {
            message.writeImmutableBuffer(part)
        }
        let length = message.getInteger(at: message.readerIndex + 1, as: UInt32.self).map { Int($0) }
        if let length, length > limits.bodyBytes { return refuse(.tooLarge, context) }
        guard pending.take(part.readableBytes) else { return refuse(.full, context) }
        held += part.readableBytes
        if let length, held < Self.prefix + length {
            if isFirst {
                guard pending.hasRoom(for: Self.prefix + length - held) else { return refuse(.full, context) }
                message = context.channel.allocator.buffer(capacity: min(Self.prefix + length, Self.mostReserved))
                message.writeImmutableBuffer(part)
            }
            guard data.endStream else { return }
        } else if held < Self.prefix, !data.endStream {
            return
        }
        let isPacked = message.getInteger(at: message.readerIndex, as: UInt8.self) == 1
        if isPacked, packing != .none, let length {
            guard message.readableBytes == Self.prefix + length else { return refuse(.damaged, context) }
            if packing == .gzip {
                if let refusal = unpack(context) { return refuse(refusal, context) }
            } else {
                guard reserve(packing.unpackedBytes(held, limit: limits.bodyBytes)) else { return refuse(.full, context) }
            }
        }
        state = .passing(packing)
        deadline.cancel()
        context.fireChannelRead(wrapInboundOut(.headers(headers)))
        context.fireChannelRead(wrapInboundOut(.data(.init(data: .byteBuffer(message), endStream: data.endStream))))
        message = ByteBuffer()
    }

    /// The transport would unpack without asking whether there is room.
    private func unpack(_ context: ChannelHandlerContext) -> Refusal? {
        do {
            let bytes = try Gzip.unpacked(Array(message.readableBytesView.dropFirst(Self.prefix)), limit: limits.bodyBytes, room: reserve)
            message = context.channel.allocator.buffer(capacity: Self.prefix + bytes.count)
            message.writeInteger(UInt8(0))
            message.writeInteger(UInt32(bytes.count))
            message.writeBytes(bytes)
            return nil
        } catch {
            return error.lacksRoom ? .full : error.isTooLarge ? .tooLarge : .damaged
        }
    }

    private func reserve(_ more: Int) -> Bool {
        guard pending.take(more) else { return false }
        held += more
        return true
    }

    /// The call goes on without its message; whoever serves it finds the refusal among its metadata.
    private func refuse(_ refusal: Refusal, _ context: ChannelHandlerContext) {
        guard case .collecting(var headers, _) = state else { return }
        pending.give(held)
        held = 0
        message = ByteBuffer()
        state = .discarding
        headers.headers.add(name: Refusal.header.canonicalName, value: refusal.rawValue)
        headers.endStream = true
        context.fireChannelRead(wrapInboundOut(.headers(headers)))
        context.fireChannelReadComplete()
    }

    private func ring(_ context: ChannelHandlerContext) {
        guard deadline.hasPassed(on: context.eventLoop, { [weak self] in self?.ring(context) }) else { return }
        switch state {
        case .collecting: refuse(.late, context)
        case .waiting, .discarding: context.close(promise: nil)
        case .passing: return
        }
        deadline.set(Self.secondsToHear, on: context.eventLoop) { [weak self] in self?.ring(context) }
    }

    private static let secondsToHear: Int64 = 5

    private func end() {
        deadline.cancel()
        pending.give(held)
        held = 0
        connection?.callEnds()
        connection = nil
    }
}
