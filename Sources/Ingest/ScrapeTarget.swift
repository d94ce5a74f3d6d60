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

    /// `http://host:port/path`, `https://…`, or `host:port` alone, which stands for http and /metrics.
    package init(url text: String, labels: [Label] = []) throws(IngestError) {
        var rest = Substring(text)
        isTLS = false
        if rest.hasPrefix("https://") {
            isTLS = true
            rest = rest.dropFirst(8)
        } else if rest.hasPrefix("http://") {
            rest = rest.dropFirst(7)
        } else if let scheme = text.range(of: "://") {
            throw IngestError("\(text): unknown scheme \(text[..<scheme.lowerBound]); use http:// or https://")
        }
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        let authority = rest[..<end]
        let path = String(rest[end...])
        (host, port) = try Self.split(authority, isTLS: isTLS, text)
        pathIsGuess = path.isEmpty || path == "/"
        self.path = pathIsGuess ? "/metrics" : path.hasPrefix("?") ? "/" + path : path
        guard self.path.utf8.allSatisfy({ $0 > 32 && $0 < 127 }) else { throw IngestError("\(text): blanks and control characters in a path must be percent-encoded") }
        self.labels = labels
    }

    private static func split(_ authority: Substring, isTLS: Bool, _ text: String) throws(IngestError) -> (String, Int) {
        guard !authority.contains("@") else { throw IngestError("\(text): user and password do not belong in a URL; use --auth-basic") }
        var host = authority
        var port = isTLS ? 443 : 80
        let colon = authority.last == "]" ? nil : authority.lastIndex(of: ":")
        if let colon, authority[colon...].count > 1 {
            guard let number = Int(authority[authority.index(after: colon)...]), (1...65_535).contains(number) else {
                throw IngestError("\(text): no port from 1 to 65535 after the colon")
            }
            port = number
            host = authority[..<colon]
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard !host.isEmpty, host.utf8.allSatisfy({ $0 > 32 && $0 < 127 }) else { throw IngestError("\(text): no host; write http://HOST:PORT/PATH") }
        return (String(host), port)
    }
}

extension String {
    fileprivate func range(of text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}
