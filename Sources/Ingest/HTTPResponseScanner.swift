/// Reads one HTTP/1.x response out of bytes in any chunking and hands its body on as it comes, without copying it.
struct HTTPResponseScanner {
    private enum State {
        case head
        case length(Int)
        case chunkSize, chunkData(Int), chunkEnd, trailer
        case untilClose
        case done
    }

    /// Most bytes of everything that is not body: headers of all answers up to the real one, chunk sizes, trailers.
    static let maxOverhead = 262_144
    static let maxLine = 65_536

    private var state = State.head
    private var line: [UInt8] = []
    private var overhead = 0
    private(set) var head = HTTPHead()
    private(set) var bodyBytes = 0
    let bodyLimit: Int

    init(bodyLimit: Int) { self.bodyLimit = bodyLimit }

    var isDone: Bool { if case .done = state { true } else { false } }
    /// No bytes of an answer have come.
    var isUntouched: Bool { if case .head = state { overhead == 0 } else { false } }
    /// The most this scanner itself holds: one line.
    var heldBytes: Int { line.capacity }

    /// - Parameters:
    ///   - onHead: called once when the head is complete; throwing ends the reading.
    ///   - onBody: called with stretches of the body.
    /// - Returns: bytes used; less than given only once the response is done.
    mutating func feed(_ bytes: UnsafeRawBufferPointer, onHead: (HTTPHead) throws(ScrapeProblem) -> Void,
                       onBody: (UnsafeRawBufferPointer) -> Void) throws(ScrapeProblem) -> Int {
        var at = 0
        while at < bytes.count {
            switch state {
            case .done: return at
            case .head:
                let isWhole = try readLine(bytes, &at)
                if head.status == 0 { try checkProtocol() }
                guard isWhole else { continue }
                try takeHeadLine(onHead)
            case .length(let left):
                let count = min(left, bytes.count - at)
                try body(bytes, &at, count, onBody)
                state = count == left ? .done : .length(left - count)
            case .untilClose:
                try body(bytes, &at, bytes.count - at, onBody)
            case .chunkSize:
                guard try readLine(bytes, &at) else { continue }
                // What follows a semicolon is an extension.
                let digits = line.prefix { $0 != UInt8(ascii: ";") && $0 != 32 && $0 != 9 }
                guard let size = HTTPHead.number(String(decoding: digits, as: UTF8.self), radix: 16) else {
                    throw ScrapeProblem("answered with a broken chunk size")
                }
                line.removeAll(keepingCapacity: true)
                state = size == 0 ? .trailer : .chunkData(size)
                // A page of tiny chunks is not a flood: what is bounded is a chunk's own overhead.
                if size > 0 { overhead = 0 }
            case .chunkData(let left):
                let count = min(left, bytes.count - at)
                try body(bytes, &at, count, onBody)
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
        case .head where head.status == 0 && !line.starts(with: "HTTP/1.".utf8): throw HTTPHead.noHTTP(line)
        case .head: throw ScrapeProblem("closed the connection in the middle of the headers")
        default: throw ScrapeProblem("closed the connection in the middle of the page, after \(bodyBytes) bytes")
        }
    }

    private mutating func takeHeadLine(_ onHead: (HTTPHead) throws(ScrapeProblem) -> Void) throws(ScrapeProblem) {
        defer { line.removeAll(keepingCapacity: true) }
        guard line.isEmpty else { return try head.read(line) }
        switch head.status {
        case 0: break  // blank lines before the status line are to be ignored (RFC 9112 §2.2)
        case 101: throw ScrapeProblem("answered 101, another protocol than HTTP", status: 101)
        case 100..<200: head = HTTPHead()  // precedes the real answer (RFC 9110 §15.2)
        default:
            try onHead(head)
            state = switch head.contentLength {
            case _ where head.status == 204 || head.status == 304: .done
            case _ where head.isChunked: .chunkSize
            case .some(0): .done
            case .some(let length): .length(length)
            case nil: .untilClose
            }
            // Without a length the page ends where the connection does.
            if case .untilClose = state { head.closes = true }
        }
    }

    /// A peer that is no HTTP server is known by its first bytes: there may never come a line.
    private func checkProtocol() throws(ScrapeProblem) {
        if HTTPHead.isTLS(line) { throw ScrapeProblem("speaks TLS: write https://") }
        if line.count >= 80, !line.starts(with: "HTTP/1.".utf8) { throw HTTPHead.noHTTP(line) }
    }

    private mutating func body(_ bytes: UnsafeRawBufferPointer, _ at: inout Int, _ count: Int, _ onBody: (UnsafeRawBufferPointer) -> Void) throws(ScrapeProblem) {
        bodyBytes += count
        guard bodyBytes <= bodyLimit else { throw .tooLarge(bodyLimit) }
        onBody(UnsafeRawBufferPointer(rebasing: bytes[at..<at + count]))
        at += count
    }

    /// Up to and over the newline; true when a whole line stands in `line`, without its end.
    private mutating func readLine(_ bytes: UnsafeRawBufferPointer, _ at: inout Int) throws(ScrapeProblem) -> Bool {
        let rest = UnsafeRawBufferPointer(rebasing: bytes[at...])
        let newline = rest.firstIndex(of: 10)
        let count = newline.map { $0 + 1 } ?? rest.count
        overhead += count
        guard line.count + count <= Self.maxLine, overhead <= Self.maxOverhead else {
            if head.status == 0, !(line + rest.prefix(80)).starts(with: "HTTP/1.".utf8) { throw HTTPHead.noHTTP(line + rest.prefix(80)) }
            throw ScrapeProblem("answered with more than \(overhead > Self.maxOverhead ? Self.maxOverhead >> 10 : Self.maxLine >> 10) kB of headers")
        }
        line.append(contentsOf: rest[..<(newline ?? rest.count)])
        at += count
        guard newline != nil else { return false }
        if line.last == 13 { line.removeLast() }
        return true
    }
}
