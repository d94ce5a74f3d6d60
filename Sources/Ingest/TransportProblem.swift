import AsyncHTTPClient
import Glibc
import NIOCore
import NIOPosix
import NIOSSL

/// Errors of sockets, names and TLS as sentences for people.
enum TransportProblem {
    static func of(_ error: any Error) -> ScrapeProblem {
        switch error {
        case let problem as ScrapeProblem: return problem
        case let error as IOError: return ScrapeProblem(words(errno: error.errnoCode))
        case let error as NIOConnectionError:
            if let first = error.connectionErrors.first { return of(first.error) }
            return ScrapeProblem("the name \(error.host) is not known")
        case is ChannelError: return ScrapeProblem("no connection: \(error)")
        case let error as HTTPClientError:
            switch error {
            case .connectTimeout, .deadlineExceeded, .readTimeout: return ScrapeProblem("timed out")
            case .remoteConnectionClosed: return ScrapeProblem("closed the connection in the middle of the answer")
            default: return ScrapeProblem("\(error.shortDescription)")
            }
        case is NIOSSLError, is BoringSSLError: return ScrapeProblem("TLS failed: \(HTTPResponseScanner.printable("\(error)"))")
        default: return ScrapeProblem(HTTPResponseScanner.printable("\(error)"))
        }
    }

    private static func words(errno code: CInt) -> String {
        switch code {
        case ECONNREFUSED: "connection refused: nothing listens there"
        case ECONNRESET: "reset the connection"
        case EHOSTUNREACH, ENETUNREACH: "no route to it"
        case ETIMEDOUT: "timed out while connecting"
        case EMFILE, ENFILE: "too many open files here; raise `ulimit -n`"
        default: String(cString: strerror(code))
        }
    }
}
