import Glibc

/// A file's bytes for reading once from front to back. A large one is mapped, and what was read is given back to the system, so that it
/// never stands in memory as a whole.
struct FileBytes: ~Copyable {
    /// Files below are read: a mapped file that is cut short meanwhile ends the process.
    private static let mappedFrom = 64 << 20
    private let bytes: [UInt8]
    private let mapping: UnsafeMutableRawPointer?
    private let count: Int
    private var released = 0

    init(_ path: String) throws(FileError) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw FileError(description: "\(path): \(String(cString: strerror(errno)))") }
        defer { close(file) }
        var info = stat()
        if fstat(file, &info) == 0, info.st_mode & S_IFMT == S_IFREG, Int(info.st_size) >= Self.mappedFrom,
           let address = mmap(nil, Int(info.st_size), PROT_READ, MAP_PRIVATE, file, 0), address != MAP_FAILED {
            _ = madvise(address, Int(info.st_size), MADV_SEQUENTIAL)
            mapping = address
            count = Int(info.st_size)
            bytes = []
        } else {
            bytes = try PageFiles.contents(path)
            mapping = nil
            count = bytes.count
        }
    }

    init(unpacked: [UInt8]) {
        bytes = unpacked
        mapping = nil
        count = unpacked.count
    }

    deinit { if let mapping { munmap(mapping, count) } }

    var isGzip: Bool { withBytes { $0.count >= 2 && $0[0] == 0x1F && $0[1] == 0x8B } }

    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        if let mapping { return body(UnsafeRawBufferPointer(start: mapping, count: count)) }
        return bytes.withUnsafeBytes(body)
    }

    /// Lets go of everything before a place; reading there again would fetch it again.
    mutating func release(before place: Int) {
        let page = 4096
        let end = place / page * page
        guard let mapping, end - released >= 1 << 22 else { return }
        _ = madvise(mapping + released, end - released, MADV_DONTNEED)
        released = end
    }
}
