import Glibc

/// Why an answer is no page of metrics, as a sentence.
struct ScrapeProblem: Error, Sendable, Equatable {
    var sentence: String
    /// The connection may be used again.
    var leavesConnection = false
    var status: Int?
    init(_ sentence: String, status: Int? = nil) {
        self.sentence = sentence
        self.status = status
    }
}

/// Reads one HTTP/1.x response out of bytes in any chunking and hands its body on as it comes, without copying it.
/// No header is kept but those that matter for a scrape (RFC 9112).
struct HTTPResponseScanner {
    struct Head: Sendable, Equatable {
        var status = 0
        var reason = ""
        var contentType: String?
        var contentLength: Int?
        var isChunked = false
        var encoding: String?
        var location: String?
        var closes = false
    }

    private enum State {
        case head
        case length(Int)
        case chunkSize, chunkData(Int), chunkEnd, trailer
        case untilClose
        case done
    }

    static let maxHead = 65_536
    private var state = State.head
    private var line: [UInt8] = []
    private(set) var head = Head()
    private(set) var bodyBytes = 0
    let bodyLimit: Int

    init(bodyLimit: Int) { self.bodyLimit = bodyLimit }

    var isDone: Bool { if case .done = state { true } else { false } }
    var sawHead: Bool { if case .head = state { false } else { true } }
    /// No bytes of an answer have come.
    var isUntouched: Bool { if case .head = state { line.isEmpty && head.status == 0 } else { false } }

    /// - Parameters:
    ///   - onHead: called once when the head is complete; throwing ends the reading.
    ///   - onBody: called with stretches of the body.
    /// - Returns: bytes used; less than given only once the response is done.
    mutating func feed(_ bytes: UnsafeRawBufferPointer, onHead: (Head) throws(ScrapeProblem) -> Void,
                       onBody: (UnsafeRawBufferPointer) -> Void) throws(ScrapeProblem) -> Int {
        var at = 0
        while at < bytes.count {
            switch state {
            case .done: return at
            case .head:
                guard try readLine(bytes, &at) else { continue }
                if line.isEmpty, head.status == 0 { continue }
                if line.isEmpty {
                    // 1xx answers precede the real one (RFC 9110 §15.2).
                    if (100..<200).contains(head.status) {
                        head = Head()
                        continue
                    }
                    try onHead(head)
                    state = head.isChunked ? .chunkSize : head.contentLength.map { $0 == 0 ? .done : .length($0) } ?? .untilClose
                    if head.status == 204 || head.status == 304 { state = .done }
                } else {
                    try readHeader()
                    line.removeAll(keepingCapacity: true)
                }
            case .length(let left):
                let count = min(left, bytes.count - at)
                try body(bytes, at, count, onBody)
                at += count
                state = count == left ? .done : .length(left - count)
            case .untilClose:
                try body(bytes, at, bytes.count - at, onBody)
                at = bytes.count
            case .chunkSize:
                guard try readLine(bytes, &at) else { continue }
                guard let size = Int(String(decoding: line.prefix { $0 != 59 && $0 != 32 }, as: UTF8.self), radix: 16), size >= 0 else {
                    throw ScrapeProblem("answered with a broken chunk size")
                }
                line.removeAll(keepingCapacity: true)
                state = size == 0 ? .trailer : .chunkData(size)
            case .chunkData(let left):
                let count = min(left, bytes.count - at)
                try body(bytes, at, count, onBody)
                at += count
                state = count == left ? .chunkEnd : .chunkData(left - count)
            case .chunkEnd:
                guard try readLine(bytes, &at) else { continue }
                guard line.isEmpty else { throw ScrapeProblem("answered with a broken chunk") }
                state = .chunkSize
            case .trailer:
                guard try readLine(bytes, &at) else { continue }
                if line.isEmpty { state = .done }
                line.removeAll(keepingCapacity: true)
            }
        }
        return at
    }

    /// The peer closed: an answer without a length is then complete.
    mutating func end() throws(ScrapeProblem) {
        switch state {
        case .done: return
        case .untilClose: state = .done
        case .head where isUntouched: throw ScrapeProblem("closed the connection without an answer")
        case .head: throw ScrapeProblem("closed the connection in the middle of the headers")
        default: throw ScrapeProblem("closed the connection in the middle of the page, after \(bodyBytes) bytes")
        }
    }

    private mutating func body(_ bytes: UnsafeRawBufferPointer, _ at: Int, _ count: Int, _ onBody: (UnsafeRawBufferPointer) -> Void) throws(ScrapeProblem) {
        bodyBytes += count
        guard bodyBytes <= bodyLimit else { throw ScrapeProblem("the page is larger than \(Self.size(bodyLimit))") }
        onBody(UnsafeRawBufferPointer(rebasing: bytes[at..<at + count]))
    }

    /// Up to and over the newline; true when a whole line stands in `line`, without its end.
    private mutating func readLine(_ bytes: UnsafeRawBufferPointer, _ at: inout Int) throws(ScrapeProblem) -> Bool {
        let rest = UnsafeRawBufferPointer(rebasing: bytes[at...])
        let newline = rest.firstIndex(of: 10)
        line.append(contentsOf: rest[..<(newline ?? rest.count)])
        at += newline.map { $0 + 1 } ?? rest.count
        guard line.count < Self.maxHead else { throw ScrapeProblem("answered with a header line longer than 64 kB") }
        guard newline != nil else { return false }
        if line.last == 13 { line.removeLast() }
        return true
    }

    private mutating func readHeader() throws(ScrapeProblem) {
        let text = String(decoding: line, as: UTF8.self)
        if head.status == 0 {
            let parts = text.split(separator: " ", maxSplits: 2)
            guard parts.count >= 2, parts[0].hasPrefix("HTTP/1."), let status = Int(parts[1]), (100...999).contains(status) else {
                throw ScrapeProblem("does not speak HTTP: it answered \"\(Self.printable(text))\"")
            }
            head.status = status
            head.reason = parts.count > 2 ? Self.printable(String(parts[2])) : ""
            head.closes = parts[0] == "HTTP/1.0"
            return
        }
        guard let colon = text.firstIndex(of: ":") else { return }
        let name = text[..<colon].lowercased()
        let value = text[text.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
        switch name {
        case "content-type": head.contentType = value.lowercased()
        case "content-length":
            guard let length = Int(value.prefix { $0 != " " }), length >= 0 else { throw ScrapeProblem("answered with a broken Content-Length") }
            head.contentLength = length
        case "transfer-encoding": head.isChunked = value.lowercased().contains("chunked")
        case "content-encoding": head.encoding = value.lowercased()
        case "location": head.location = Self.printable(String(value))
        case "connection":
            let value = value.lowercased()
            if value.contains("close") { head.closes = true } else if value.contains("keep-alive") { head.closes = false }
        default: break
        }
    }

    static func printable(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 32 && !(127...159).contains($0.value) }.prefix(80)))
    }

    static func size(_ bytes: Int) -> String { bytes >= 1 << 20 ? "\(bytes >> 20) MiB" : "\(bytes) bytes" }

    /// What is wrong with an answer by its head alone; nil for a page.
    static func problem(with head: Head, bodyLimit: Int) -> ScrapeProblem? {
        let words = head.reason.isEmpty ? "\(head.status)" : "\(head.status) \(head.reason)"
        switch head.status {
        case 200: break
        case 300..<400:
            return ScrapeProblem("answered \(words), a redirect\(head.location.map { " to \($0)" } ?? ""); redirects are not followed, scrape that address", status: head.status)
        case 401, 403: return ScrapeProblem("answered \(words): it wants other credentials", status: head.status)
        case 404: return ScrapeProblem("answered \(words): is the path right?", status: head.status)
        case 426: return ScrapeProblem("answered \(words): it wants another version of HTTP", status: head.status)
        default: return ScrapeProblem("answered \(words)", status: head.status)
        }
        if let type = head.contentType, type.hasPrefix("text/html") { return ScrapeProblem("answered text/html, no metrics: is the path right?", status: 200) }
        if let length = head.contentLength, length > bodyLimit { return ScrapeProblem("the page is larger than \(size(bodyLimit))") }
        return nil
    }
}
