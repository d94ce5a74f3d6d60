/// How the targets of one job are asked.
package struct ScrapeJob: Sendable, Equatable {
    package var name: String
    package var intervalSeconds: Double
    package var timeoutSeconds: Double
    /// Most bytes of one page, decompressed.
    package var bodyLimit = 64 << 20
    package var authorization: String?
    package var tls = TLS()
    /// Ask for gzip: spares the network, costs the proxy.
    package var acceptsGzip = false

    package struct TLS: Sendable, Equatable {
        package var caFile: String?
        package var certificateFile: String?
        package var keyFile: String?
        package var skipsVerification = false
        package init() {}
    }

    package init(name: String, intervalSeconds: Double, timeoutSeconds: Double? = nil) {
        self.name = name
        self.intervalSeconds = intervalSeconds
        self.timeoutSeconds = timeoutSeconds ?? min(10, max(1, intervalSeconds))
    }
}

/// One page to be scraped.
package struct ScrapeTarget: Sendable, Hashable {
    package var isTLS: Bool
    package var host: String
    package var port: Int
    /// Path and query, `/stats/prometheus?usedonly`.
    package var path: String
    package var labels: [Label]
    /// The path was not given: where the usual one is not there, Envoy's is tried.
    package var pathIsGuess: Bool

    package struct Label: Sendable, Hashable {
        package var name: String
        package var value: String
        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    package var address: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
    package var url: String { "\(isTLS ? "https" : "http")://\(address)\(path)" }

    /// Prometheus' path, and that of Envoy's admin.
    static let usualPaths = ["/metrics", "/stats/prometheus"]

    mutating func takeOtherPath() { path = path == Self.usualPaths[0] ? Self.usualPaths[1] : Self.usualPaths[0] }

    /// `http://host:port/path`, `https://…`, or `host:port` alone, which stands for http and the usual path.
    package init(url text: String, labels: [Label] = []) throws(IngestError) {
        var rest = Substring(text)
        isTLS = false
        if let scheme = text.firstRange(of: "://") {
            switch text[..<scheme.lowerBound].lowercased() {
            case "http": break
            case "https": isTLS = true
            case let other: throw IngestError("\(text): unknown scheme \(other); use http:// or https://")
            }
            rest = text[scheme.upperBound...]
        }
        rest = rest.prefix { $0 != "#" }
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        let path = String(rest[end...])
        (host, port) = try Self.split(rest[..<end], isTLS: isTLS, text)
        pathIsGuess = path.isEmpty || path == "/"
        self.path = pathIsGuess ? Self.usualPaths[0] : path.hasPrefix("?") ? "/" + path : path
        guard self.path.utf8.allSatisfy({ $0 > 32 && $0 < 127 }) else { throw IngestError("\(text): blanks and control characters in a path must be percent-encoded") }
        self.labels = labels
    }

    private static func split(_ authority: Substring, isTLS: Bool, _ text: String) throws(IngestError) -> (String, Int) {
        if let at = authority.lastIndex(of: "@") {
            // What stands before it is a secret: it is not repeated.
            throw IngestError("…\(authority[at...]): user and password do not belong in a URL; use --auth-basic")
        }
        var host = authority
        var port = isTLS ? 443 : 80
        if let colon = authority.lastIndex(of: ":"), authority.last != "]" {
            host = authority[..<colon]
            guard let number = HTTPHead.number(authority[authority.index(after: colon)...]), (1...65_535).contains(number) else {
                throw IngestError("\(text): no port from 1 to 65535 after the colon")
            }
            port = number
        }
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        if isBracketed { host = host.dropFirst().dropLast() }
        guard isBracketed || !host.contains(":") else { throw IngestError("\(text): an IPv6 address stands in brackets, [::1]:9090") }
        guard !host.isEmpty, host.utf8.allSatisfy({ $0 > 32 && $0 < 127 && $0 != UInt8(ascii: "[") && $0 != UInt8(ascii: "]") }) else {
            throw IngestError("\(text): no host; write http://HOST:PORT/PATH")
        }
        return (String(host), port)
    }
}
