import Glibc

/// Where a receiver listens: `127.0.0.1:4317`, `[::1]:4317`, `:4317` or `4317` (both on loopback).
package struct ListenAddress: Sendable, Equatable, CustomStringConvertible {
    package var host: String
    package var port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    package init(parsing text: String) throws(IngestError) {
        let (host, port) = Self.parts(text)
        guard let number = Int(port), (0...65_535).contains(number) else {
            throw IngestError("\(text) is no address to listen on: write HOST:PORT, as 127.0.0.1:4317")
        }
        self.host = host.isEmpty ? "127.0.0.1" : host == "localhost" ? "127.0.0.1" : host
        self.port = number
        guard Self.isAddress(self.host) else {
            throw IngestError("\(text) is no address to listen on: \(host) is neither an IPv4 nor an IPv6 address")
        }
    }

    private static func parts(_ text: String) -> (host: String, port: String) {
        guard let colon = text.lastIndex(of: ":") else { return ("", text) }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        return (String(host), String(text[text.index(after: colon)...]))
    }

    private static func isAddress(_ host: String) -> Bool {
        var bytes = (UInt64(0), UInt64(0))
        return inet_pton(AF_INET, host, &bytes) == 1 || inet_pton(AF_INET6, host, &bytes) == 1
    }

    /// Only this machine reaches it.
    package var isLoopback: Bool { host == "::1" || host.hasPrefix("127.") || host.hasPrefix("::ffff:127.") }
    package var isIPv6: Bool { host.contains(":") }
    package var description: String { isIPv6 ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
