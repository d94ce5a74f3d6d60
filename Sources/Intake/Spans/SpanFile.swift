/// A file of spans from front to back, gzip or not, through a window that is as large as what is asked for at once. Files are read, not
/// mapped: one that is cut short meanwhile would end the process.
struct SpanFile: ~Copyable {
    /// The most that may stand in memory at once.
    static let most = PageFiles.maxBytes
    private static let piece = 1 << 21

    private var source: GzipStream
    let isPacked: Bool
    private var window: [UInt8] = []
    /// What is not taken yet.
    private var start = 0
    private var end = 0
    private var isAtEnd = false
    /// Where in the unpacked file that begins.
    private(set) var offset = 0
    /// Why it cannot be read on.
    private(set) var problem: String?

    init(_ path: String) throws(FileError) {
        let input = try PackedInput(path)
        isPacked = input.isGzip
        source = GzipStream(input)
    }

    /// - Returns: whether there is as much; if not, all that is left stands in the window.
    mutating func need(_ count: Int) -> Bool {
        while end - start < count, !isAtEnd { fill(count) }
        return end - start >= count
    }

    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        window.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[start..<end])) }
    }

    mutating func advance(_ count: Int) {
        start += count
        offset += count
    }

    /// What is in it, told by its beginning: by more of that where a first message or object is long.
    mutating func layout() -> SpanFileLayout? {
        var count = 1 << 16
        while true {
            let isWhole = !need(count)
            if let layout = withBytes({ SpanFileLayout($0, isWhole: isWhole) }) { return layout }
            guard !isWhole, count < Self.most / 4, withBytes({ SpanFileLayout.needsMore($0) }) else { return nil }
            count *= 4
        }
    }

    private mutating func fill(_ wanted: Int) {
        makeRoom(wanted)
        if isPacked {
            do throws(CompressionError) {
                try source.fill(&window, &end)
                isAtEnd = source.isEnded
            } catch {
                problem = "damaged gzip data: \(error.reason)"
                isAtEnd = true
            }
        } else {
            while end < window.count {
                let (from, to) = (end, window.count)
                let count = window.withUnsafeMutableBytes { source.inflate.input.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[from..<to])) }
                guard count > 0 else {
                    isAtEnd = true
                    break
                }
                end += count
            }
        }
        if let reason = source.inflate.input.problem { problem = reason }
    }

    /// Moves what is left to the front, and makes the window larger where that is not enough: by as much again, for who asks for much may
    /// get little.
    private mutating func makeRoom(_ wanted: Int) {
        let kept = isPacked ? min(start, max(0, end - Inflate.history)) : start
        if kept > 0 {
            window.withUnsafeMutableBytes { bytes in
                guard let base = bytes.baseAddress else { return }
                base.copyMemory(from: base + kept, byteCount: end - kept)
            }
            start -= kept
            end -= kept
        }
        let free = window.count - end
        guard free < Self.piece / 2, free < wanted - (end - start) + Inflate.longest else { return }
        let more = min(max(Self.piece, window.count), max(Self.piece, wanted - (end - start) + Inflate.longest))
        // An array: element by element, an unoptimized build takes a second for a window.
        window += [UInt8](repeating: 0, count: more)
    }
}
