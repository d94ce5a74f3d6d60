/// The beginning of a line whose end has not come yet; of one too long only what a report shows.
struct LineCarry: ~Copyable {
    let limit: Int
    private(set) var bytes: [UInt8] = []
    private(set) var count = 0

    init(limit: Int) { self.limit = limit }

    var isEmpty: Bool { count == 0 }
    var isTooLong: Bool { count > limit }

    mutating func hold(_ piece: UnsafeRawBufferPointer) {
        count += piece.count
        if !isTooLong {
            bytes.append(contentsOf: piece)
        } else if bytes.count < PageReport.excerptBytes {
            bytes.append(contentsOf: piece.prefix(PageReport.excerptBytes - bytes.count))
        }
    }

    /// The whole line with its newline; `giveBack` its memory when it is read.
    mutating func takeLine() -> [UInt8] {
        var line: [UInt8] = []
        swap(&line, &bytes)
        line.append(10)
        count = 0
        return line
    }

    mutating func giveBack(_ line: consuming [UInt8]) {
        bytes = line
        bytes.removeAll(keepingCapacity: true)
    }

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        count = 0
    }
}
