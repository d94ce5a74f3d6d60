import AsyncHTTPClient
import Glibc
import NIOCore
import NIOHTTP1
import NIOHTTPCompression
import NIOPosix
import NIOSSL

/// Errors of sockets, names, TLS and the HTTP library as sentences for people.
enum TransportProblem {
    static func of(_ error: any Error, bodyLimit: Int = 0) -> ScrapeProblem {
        switch error {
        case let problem as ScrapeProblem: return problem
        case let error as IOError: return ScrapeProblem(words(errno: error.errnoCode))
        case let error as NIOConnectionError:
            if let first = error.connectionErrors.first { return of(first.error) }
            if let problem = (error.dnsAError ?? error.dnsAAAAError) as? ScrapeProblem { return problem }
            return ScrapeProblem("the name \(error.host) is not known")
        case ChannelError.connectTimeout: return ScrapeProblem("timed out while connecting")
        case is ChannelError: return ScrapeProblem("no connection: \(error)")
        case let error as HTTPClientError: return ScrapeProblem(words(client: error))
        case NIOHTTPDecompression.DecompressionError.limit: return .tooLarge(bodyLimit)
        case is NIOHTTPDecompression.DecompressionError, is NIOHTTPDecompression.ExtraDecompressionError:
            return ScrapeProblem("answered a compressed page that is broken")
        case is HTTPParserError: return ScrapeProblem("answered something that is no HTTP (\(ScrapeProblem.printable("\(error)")))")
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError: return ScrapeProblem(words(tls: "\(error)"))
        case is NIOTooManyBytesError: return .tooLarge(bodyLimit)
        case is CancellationError: return ScrapeProblem("no longer asked")
        default: return ScrapeProblem(ScrapeProblem.printable("\(error)"))
        }
    }

    static func words(errno code: CInt) -> String {
        switch code {
        case ECONNREFUSED: "connection refused: nothing listens there"
        case ECONNRESET, EPIPE: "reset the connection"
        case EHOSTUNREACH, ENETUNREACH: "no route to it"
        case ETIMEDOUT: "timed out while connecting"
        case EMFILE, ENFILE: "too many open files here; raise `ulimit -n`"
        default: String(cString: strerror(code))
        }
    }

    private static func words(client error: HTTPClientError) -> String {
        switch error {
        case .connectTimeout: "timed out while connecting"
        case .tlsHandshakeTimeout: "timed out while agreeing on TLS"
        case .deadlineExceeded, .readTimeout: "timed out"
        case .remoteConnectionClosed: "closed the connection in the middle of the answer"
        default: ScrapeProblem.printable(error.shortDescription)
        }
    }

    /// BoringSSL's reasons, by the names it gives them.
    private static func words(tls text: String) -> String {
        for (needle, words) in reasons where text.contains(needle) { return "TLS failed: " + words }
        return "TLS failed: \(ScrapeProblem.printable(text))"
    }

    private static let reasons = [
        ("failedToValidateHostname", "its certificate is for another name"),
        ("CERTIFICATE_VERIFY_FAILED", "its certificate is expired or from an authority not trusted here; name it with --tls-ca"),
        ("unableToValidateCertificate", "its certificate is expired or from an authority not trusted here; name it with --tls-ca"),
        ("WRONG_VERSION_NUMBER", "it speaks no TLS; write http://"),
        ("HTTP_REQUEST", "it speaks no TLS; write http://"),
        ("CERTIFICATE_REQUIRED", "it wants a client certificate; give --tls-cert and --tls-key"),
        ("HANDSHAKE_FAILURE", "it refuses what is offered, perhaps for want of a client certificate (--tls-cert, --tls-key)"),
        ("ALERT_UNKNOWN_CA", "it does not trust this client's certificate"),
        ("ALERT_BAD_CERTIFICATE", "it does not trust this client's certificate"),
        ("ALERT_CERTIFICATE_EXPIRED", "this client's certificate is expired"),
        ("PROTOCOL_VERSION", "it speaks only older versions of TLS"),
        ("uncleanShutdown", "the connection was closed in the middle"),
    ]
}
