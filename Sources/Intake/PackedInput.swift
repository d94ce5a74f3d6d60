import Glibc

/// Bytes from front to back: of an array, or of a file, of which one piece stands in memory at a time.
struct PackedInput: ~Copyable {
    private static let pieceBytes = 1 << 18
    /// So many bytes of the piece before stand in front of this one: `at` may be set back by them.
    static let kept = 8
    private let file: Int32
    private(set) var piece: [UInt8]
    /// What of the piece is not read yet.
    var at = 0
    private(set) var end: Int
    /// The system's word where a file could not be read on; it then ends here.
    private(set) var problem: String?

    init(bytes: [UInt8]) {
        file = -1
        piece = bytes
        end = bytes.count
    }

    init(_ path: String) throws(FileError) {
        file = open(path, O_RDONLY | O_CLOEXEC)
        piece = []
        at = Self.kept
        end = Self.kept
        guard file >= 0 else { throw FileError(description: "\(path): \(String(cString: strerror(errno)))") }
        piece = [UInt8](repeating: 0, count: Self.pieceBytes)
        // A folder opens, but is not to be read.
        _ = refill()
        if let problem { throw FileError(description: "\(path): \(problem)") }
    }

    deinit { if file >= 0 { close(file) } }

    /// The next piece, where this one is read.
    /// - Returns: false at the end.
    mutating func refill() -> Bool {
        if at < end { return true }
        guard file >= 0, problem == nil else { return false }
        for place in 0..<Self.kept { piece[place] = piece[end - Self.kept + place] }
        at = Self.kept
        end = Self.kept
        while true {
            let count = piece.withUnsafeMutableBytes { $0.baseAddress.map { Glibc.read(file, $0 + Self.kept, Self.pieceBytes - Self.kept) } ?? 0 }
            if count < 0, errno == EINTR { continue }
            if count < 0 { problem = String(cString: strerror(errno)) }
            end += max(0, count)
            return count > 0
        }
    }

    mutating func byte() -> UInt8? {
        guard at < end || refill() else { return nil }
        defer { at += 1 }
        return piece[at]
    }

    /// The first bytes, not taken yet.
    var isGzip: Bool { end - at >= 2 && piece[at] == 0x1F && piece[at + 1] == 0x8B }

    /// - Returns: how many came; fewer than there is room for only at the end of a piece, 0 at the end of all.
    mutating func read(into target: UnsafeMutableRawBufferPointer) -> Int {
        guard at < end || refill() else { return 0 }
        let count = min(target.count, end - at)
        piece.withUnsafeBytes { target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[at..<at + count])) }
        at += count
        return count
    }
}
