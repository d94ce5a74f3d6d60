/// What the head of an HTTP/1.x response says; no header is kept but those that matter for a scrape (RFC 9112).
struct HTTPHead: Sendable, Equatable {
    /// 0 until the status line was read.
    var status = 0
    var reason = ""
    var contentType: String?
    var contentLength: Int?
    var isChunked = false
    var encoding: String?
    var location: String?
    /// The connection is not to be used again.
    var closes = false

    /// Takes one line of the head, without its end.
    mutating func read(_ line: [UInt8]) throws(ScrapeProblem) {
        if status == 0 { try readStatus(line) } else { try readField(line) }
    }

    private mutating func readStatus(_ line: [UInt8]) throws(ScrapeProblem) {
        let parts = String(decoding: line, as: UTF8.self).split(separator: " ", maxSplits: 2)
        guard parts.count >= 2, parts[0].hasPrefix("HTTP/1."), parts[1].utf8.count == 3, let status = Self.number(parts[1]), status >= 100 else {
            throw Self.noHTTP(line)
        }
        self.status = status
        reason = parts.count > 2 ? ScrapeProblem.printable(parts[2]) : ""
        closes = parts[0] == "HTTP/1.0"
    }

    private mutating func readField(_ line: [UInt8]) throws(ScrapeProblem) {
        let text = String(decoding: line, as: UTF8.self)
        guard let colon = text.firstIndex(of: ":") else { return }
        let value = text[text.index(after: colon)...].trimmingBlanks
        switch text[..<colon].lowercased() {
        case "content-type": contentType = value.lowercased()
        case "content-length":
            // Two different lengths are an attack or a broken proxy; the same one twice is harmless (RFC 9110 §8.6).
            guard let length = Self.number(value), contentLength == nil || contentLength == length else {
                throw ScrapeProblem("answered with a broken Content-Length")
            }
            contentLength = length
        case "transfer-encoding":
            switch value.lowercased() {
            case "chunked": isChunked = true
            case "identity": break
            default: throw ScrapeProblem("answered in a transfer coding that was not asked for, \(ScrapeProblem.printable(value))")
            }
        case "content-encoding": encoding = value.lowercased()
        case "location": location = ScrapeProblem.printable(value)
        case "connection":
            let value = value.lowercased()
            if value.contains("close") { closes = true } else if value.contains("keep-alive") { closes = false }
        default: break
        }
    }

    /// Digits alone: `Int` would take a sign.
    static func number(_ text: some StringProtocol, radix: Int = 10) -> Int? {
        guard let first = text.utf8.first, first != UInt8(ascii: "-"), first != UInt8(ascii: "+") else { return nil }
        return Int(text, radix: radix)
    }

    /// What answered, when it is not HTTP.
    static func noHTTP(_ line: [UInt8]) -> ScrapeProblem {
        ScrapeProblem("does not speak HTTP: it answered \"\(ScrapeProblem.printable(String(decoding: line.prefix(80), as: UTF8.self)))\"")
    }

    /// A TLS record (RFC 8446 §5.1): an alert, or a handshake.
    static func isTLS(_ line: [UInt8]) -> Bool { line.count >= 2 && (line[0] == 21 || line[0] == 22) && line[1] == 3 }

    /// What is wrong with an answer by its head alone; nil for a page.
    func problem(bodyLimit: Int) -> ScrapeProblem? {
        let words = reason.isEmpty ? "\(status)" : "\(status) \(reason)"
        switch status {
        case 200: break
        case 300..<400:
            return ScrapeProblem("answered \(words), a redirect\(location.map { " to \($0)" } ?? ""); redirects are not followed, scrape that address", status: status)
        case 401, 403: return ScrapeProblem("answered \(words): it wants other credentials", status: status)
        case 404: return ScrapeProblem("answered \(words): is the path right?", status: status)
        case 426: return ScrapeProblem("answered \(words): it wants another version of HTTP", status: status)
        default: return ScrapeProblem("answered \(words)", status: status)
        }
        if let contentType, contentType.hasPrefix("text/html") { return ScrapeProblem("answered text/html, no metrics: is the path right?", status: 200) }
        if let contentLength, contentLength > bodyLimit { return .tooLarge(bodyLimit) }
        return nil
    }
}

extension Substring {
    fileprivate var trimmingBlanks: Substring {
        var text = self
        while let first = text.first, first == " " || first == "\t" { text = text.dropFirst() }
        while let last = text.last, last == " " || last == "\t" { text = text.dropLast() }
        return text
    }
}
