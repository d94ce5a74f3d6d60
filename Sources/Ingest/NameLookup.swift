import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// Looks host names up on threads of its own. NIO does it on one thread per event loop, where one name whose server does not
/// answer (getaddrinfo waits ten seconds and more) would hold up all others.
final class NameLookup: Sendable {
    private let pool = NIOThreadPool(numberOfThreads: 8)
    private let state = Mutex(State())

    /// Protects: who waits for which name. A name being looked up is not looked up a second time.
    private struct State {
        var waiting: [String: [EventLoopPromise<[SocketAddress]>]] = [:]
        var isStarted = false
    }

    func addresses(of host: String, on loop: any EventLoop) -> EventLoopFuture<[SocketAddress]> {
        let promise = loop.makePromise(of: [SocketAddress].self)
        let isFirst = state.withLock { state in
            if !state.isStarted {
                state.isStarted = true
                pool.start()
            }
            state.waiting[host, default: []].append(promise)
            return state.waiting[host]?.count == 1
        }
        if isFirst {
            pool.submit { [self] item in
                let answer: Result<[SocketAddress], ScrapeProblem> = item == .active ? Self.ask(host) : .failure(ScrapeProblem("no longer asked"))
                for promise in state.withLock({ $0.waiting.removeValue(forKey: host) }) ?? [] { promise.completeWith(answer.mapError { $0 }) }
            }
        }
        return promise.futureResult
    }

    /// Lookups that hang are not waited for.
    func shutdown() { pool.shutdownGracefully { _ in } }

    private static func ask(_ host: String) -> Result<[SocketAddress], ScrapeProblem> {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_protocol = Int32(IPPROTO_TCP)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, nil, &hints, &list)
        defer { if list != nil { freeaddrinfo(list) } }
        switch code {
        case 0: break
        case EAI_NONAME, -5: return .failure(ScrapeProblem("the name \(host) is not known"))  // -5: EAI_NODATA
        case EAI_AGAIN: return .failure(ScrapeProblem("the name \(host) cannot be looked up now: no answer from DNS"))
        default: return .failure(ScrapeProblem("the name \(host) cannot be looked up: \(String(cString: gai_strerror(code)))"))
        }
        var addresses: [SocketAddress] = []
        var item = list
        while let info = item {
            if let raw = UnsafeRawPointer(info.pointee.ai_addr) {
                switch info.pointee.ai_family {
                case AF_INET: addresses.append(SocketAddress(raw.loadUnaligned(as: sockaddr_in.self), host: host))
                case AF_INET6: addresses.append(SocketAddress(raw.loadUnaligned(as: sockaddr_in6.self), host: host))
                default: break
                }
            }
            item = info.pointee.ai_next
        }
        return .success(addresses)
    }
}

/// One connection's question to `NameLookup`, as NIO puts it: each family apart.
struct NameQuery: Resolver, Sendable {
    let lookup: NameLookup
    let loop: any EventLoop

    func initiateAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> { query(host, port, .inet) }
    func initiateAAAAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> { query(host, port, .inet6) }
    func cancelQueries() {}

    private func query(_ host: String, _ port: Int, _ family: NIOBSDSocket.ProtocolFamily) -> EventLoopFuture<[SocketAddress]> {
        lookup.addresses(of: host, on: loop).map { addresses in
            addresses.filter { $0.protocol == family }.map { address in
                var address = address
                address.port = port
                return address
            }
        }
    }
}
