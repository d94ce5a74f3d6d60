import NIOCore
import NIOPosix

/// The plain-HTTP side of a turn: one connection, kept over turns, and what has come on it.
struct Exchange {
    var channel: (any Channel)?
    var scanner = HTTPResponseScanner(bodyLimit: 0)
    /// The connection was there before this turn: the peer may close it just as it is used again.
    var isReused = false

    mutating func begin(bodyLimit: Int) {
        scanner = HTTPResponseScanner(bodyLimit: bodyLimit)
        isReused = false
    }

    /// Where a turn that timed out had come to.
    var place: String { channel == nil ? " while connecting" : scanner.isUntouched ? " without an answer" : " in the middle of the answer" }
}

extension TargetRunner {
    func askPlainly() {
        if let channel = exchange.channel, channel.isActive {
            exchange.isReused = true
            send(on: channel)
        } else {
            connect()
        }
    }

    private func connect() {
        let attempt = attempt
        // Pages are large: few reads of much, into a buffer that the channel uses again.
        let bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(.nanoseconds(Int64(job.timeoutSeconds * 1e9)))
            .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 1 << 16))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .resolver(NameQuery(lookup: names, loop: loop))
            .channelInitializer { [self] channel in channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(PageHandler(self)) } }
        // An address needs no looking up, and so no waiting behind names that cannot be.
        let connected = if let address = try? SocketAddress(ipAddress: target.host, port: target.port) { bootstrap.connect(to: address) }
            else { bootstrap.connect(host: target.host, port: target.port) }
        connected.hop(to: loop).whenComplete { [self] result in
            let isLate = attempt != self.attempt || !isAsking || isStopped
            switch result {
            case .success(let channel):
                guard !isLate else { return channel.close(promise: nil) }
                exchange.channel = channel
                send(on: channel)
            case .failure(let error):
                if !isLate { end(.failure(TransportProblem.of(error))) }
            }
        }
    }

    static let accept = "application/openmetrics-text;version=1.0.0;escaping=underscores;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,"
        + "text/plain;version=0.0.4;q=0.3,*/*;q=0.1"

    private func send(on channel: any Channel) {
        var text = "GET \(target.path) HTTP/1.1\r\nHost: \(target.address)\r\nUser-Agent: telltale\r\nAccept: \(Self.accept)\r\n"
        text += "X-Prometheus-Scrape-Timeout-Seconds: \(job.timeoutSeconds)\r\n"
        if let authorization = job.authorization { text += "Authorization: \(authorization)\r\n" }
        channel.writeAndFlush(channel.allocator.buffer(string: text + "\r\n"), promise: nil)
    }

    func received(_ bytes: UnsafeRawBufferPointer, on channel: any Channel) {
        guard isAsking, channel === exchange.channel else {
            // An answer nobody waits for: what follows on this connection cannot be trusted.
            channel.close(promise: nil)
            return
        }
        do throws(ScrapeProblem) {
            let used = try exchange.scanner.feed(bytes) { head throws(ScrapeProblem) in
                if let problem = head.problem(bodyLimit: job.bodyLimit) { throw problem }
                if let encoding = head.encoding, encoding != "identity" { throw ScrapeProblem("answered in \(ScrapeProblem.printable(encoding)) although plain text was asked for") }
                beginPage(contentType: head.contentType)
            } onBody: { feed($0) }
            guard exchange.scanner.isDone else { return }
            if exchange.scanner.head.closes || used < bytes.count { drop() }
            end(.success(()))
        } catch {
            end(.failure(error))
        }
    }

    func closed(_ channel: any Channel) {
        guard channel === exchange.channel else { return }
        exchange.channel = nil
        guard isAsking, !reconnects() else { return }
        do throws(ScrapeProblem) {
            try exchange.scanner.end()
            end(.success(()))
        } catch {
            end(.failure(error))
        }
    }

    func failed(_ problem: ScrapeProblem, on channel: any Channel) {
        guard channel === exchange.channel else { return }
        exchange.channel = nil
        guard isAsking, !reconnects() else { return }
        let scanner = exchange.scanner
        let place = scanner.isUntouched ? "" : scanner.bodyBytes == 0 ? " in the middle of the headers" : " in the middle of the page, after \(scanner.bodyBytes) bytes"
        end(.failure(ScrapeProblem(problem.sentence + place)))
    }

    /// Closing calls `closed` at once: by then the connection is no more this turn's.
    func drop() {
        let old = exchange.channel
        exchange.channel = nil
        old?.close(promise: nil)
    }

    /// A kept connection that ends before a byte of the answer has come is no failure of the target: it is asked once more.
    private func reconnects() -> Bool {
        guard exchange.isReused, exchange.scanner.isUntouched else { return false }
        exchange.isReused = false
        connect()
        return true
    }
}
