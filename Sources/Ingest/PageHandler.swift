import NIOCore

/// The whole pipeline of a plain-HTTP scrape: bytes as they were received go straight to the target's scanner, without
/// message objects in between (they would cost as much as decoding the page: docs/decisions/http-client.md).
final class PageHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    private let runner: TargetRunner

    init(_ runner: TargetRunner) { self.runner = runner }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        buffer.withUnsafeReadableBytes { runner.received($0, on: context.channel) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        runner.closed(context.channel)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        runner.failed(TransportProblem.of(error), on: context.channel)
        context.close(promise: nil)
    }
}
