import Glibc
import MeshModel
import WireFormats

/// Turns the bytes of one page, in any chunking, into ordinals and values.
///
/// A line seen before, where it was before, costs one hash of its key, one comparison and the scan of its number. Only a
/// line out of place is split at all, and only a new series has its labels read, once, when the page ends.
struct PageDecoder: ~Copyable {
    let seed: UInt64
    let limits: PageLimits
    var cache = LineCache()
    private var parser = LineParser(format: .prometheusText)

    // Of the page being read
    private var ordinals = Column<UInt32>()
    private var values = Column<Double>()
    private(set) var count = 0
    private(set) var pending = PendingSeries()
    private(set) var report = PageReport()
    /// Lines the parser had to split: none but metadata at the end on a page like the one before.
    private(set) var parsedLines = 0
    private var carry: LineCarry
    private var next = 0
    /// The page's sequence, once it is known to differ from the remembered one.
    private var sequence: [LineCache.Entry] = []
    private var differs = false
    private var typeLine: [UInt8] = []
    private var lastSeen = Column<UInt32>()  // by ordinal: number of the page it was last on
    private var ordinalCount = 0
    private var page: UInt32 = 0
    private var offset = 0

    init(seed: UInt64, limits: PageLimits) {
        self.seed = seed
        self.limits = limits
        carry = LineCarry(limit: limits.lineBytes)
    }

    mutating func begin(format: ExpositionFormat) {
        parser = LineParser(format: format)
        count = 0
        pending.removeAll()
        report = PageReport()
        parsedLines = 0
        carry.removeAll()
        next = 0
        sequence.removeAll(keepingCapacity: true)
        differs = false
        typeLine.removeAll(keepingCapacity: true)
        page &+= 1
        offset = 0
        growOutput(to: cache.pageCount + 64)
    }

    mutating func feed(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress, !bytes.isEmpty else { return }
        report.bytes += bytes.count
        var at = base
        let end = base + bytes.count
        if !carry.isEmpty {
            guard let newline = memchr(base, 10, bytes.count) else { return carry.hold(bytes) }
            carry.hold(UnsafeRawBufferPointer(start: base, count: UnsafeRawPointer(newline) - base))
            takeCarry()
            at = UnsafeRawPointer(newline) + 1
        }
        at = takeLines(at, end)
        if at < end { carry.hold(UnsafeRawBufferPointer(start: at, count: end - at)) }
    }

    /// Ends the page: what was held back counts as a line although its newline is missing.
    mutating func end() {
        if !carry.isEmpty { takeCarry() }
    }

    // MARK: - Lines that straddle chunks

    /// A line put together from pieces goes the way of every other: what is made of it does not depend on the chunks.
    private mutating func takeCarry() {
        if carry.isTooLong {
            noteTooLong(excerpt: carry.bytes, bytes: carry.count)
            carry.removeAll()
        } else {
            let line = carry.takeLine()
            line.withUnsafeBytes { bytes in
                guard let base = bytes.baseAddress else { return }
                _ = takeLines(base, base + bytes.count)
            }
            carry.giveBack(line)
        }
    }

    private mutating func noteTooLong(excerpt: some Sequence<UInt8>, bytes: Int) {
        report.lines += 1
        report.noteBad(line: report.lines, offset: offset, reason: "line longer than \(limits.lineBytes) bytes", excerpt: excerpt)
        offset += bytes + 1
    }

    // MARK: - Whole lines

    /// Takes every complete line of `at..<end`; returns where the first incomplete one begins.
    private mutating func takeLines(_ start: UnsafeRawPointer, _ end: UnsafeRawPointer) -> UnsafeRawPointer {
        var at = start
        while at < end {
            let resume = takeKnown(at, end)
            at = resume
            guard at < end else { break }
            guard let newline = memchr(at, 10, end - at) else { break }
            let line = UnsafeRawBufferPointer(start: at, count: UnsafeRawPointer(newline) - at)
            if line.count > limits.lineBytes { noteTooLong(excerpt: line.prefix(PageReport.excerptBytes), bytes: line.count) } else { takeLine(line) }
            at = UnsafeRawPointer(newline) + 1
        }
        return at
    }

    /// The fast path: runs of lines that are where they were on the page before, and the `# HELP` and `# TYPE` above them,
    /// which were read when the page was new. Returns the first line that is not.
    private mutating func takeKnown(_ start: UnsafeRawPointer, _ end: UnsafeRawPointer) -> UnsafeRawPointer {
        var at = start
        var next = next
        var count = count
        var lines = 0, repeated = 0
        let last = differs ? 0 : cache.pageCount
        let page = page
        let longest = limits.lineBytes
        let seed = seed
        growOutput(to: count + max(0, last - next))
        let ordinals = ordinals.pointer
        let values = values.pointer
        let lastSeen = lastSeen.pointer
        var type: UnsafeRawBufferPointer?
        cache.entries.withUnsafeBufferPointer { entries in
            while at < end, next < last {
                if at.load(as: UInt8.self) == UInt8(ascii: "#") {
                    guard let newline = memchr(at, 10, end - at) else { return }
                    let length = UnsafeRawPointer(newline) - at
                    guard length > 7, length <= longest else { return }
                    let word = at.loadUnaligned(as: UInt64.self) & 0x00FF_FFFF_FFFF_FFFF
                    if word == Self.typeWord {
                        type = UnsafeRawBufferPointer(start: at, count: length)
                    } else if word != Self.helpWord {
                        return
                    }
                    at = UnsafeRawPointer(newline) + 1
                    lines &+= 1
                    continue
                }
                let entry = entries[next]
                let length = Int(entry.keyLength)
                guard end - at > length &+ 1 else { return }
                let separator = (at + length).load(as: UInt8.self)
                guard separator == 32 || separator == 9, ByteHash.hash(at, length, seed: seed) == entry.hash else { return }
                if entry.ordinal < LineCache.unresolved {
                    guard let (value, used) = NumberScanner.scan(at + length, end) else { return }
                    let after = at + length + used
                    guard after < end, after - at <= longest else { return }
                    switch after.load(as: UInt8.self) {
                    case 10: at = after + 1
                    case 32:
                        // A timestamp or an exemplar follows; the scrape's own time counts.
                        guard let newline = memchr(after, 10, end - after), UnsafeRawPointer(newline) - at <= longest else { return }
                        at = UnsafeRawPointer(newline) + 1
                    default: return
                    }
                    let ordinal = Int(entry.ordinal)
                    if lastSeen[ordinal] != page {
                        lastSeen[ordinal] = page
                        ordinals[count] = entry.ordinal
                        values[count] = value
                        count &+= 1
                    }
                } else {
                    guard let newline = memchr(at + length, 10, end - at - length), UnsafeRawPointer(newline) - at <= longest else { return }
                    at = UnsafeRawPointer(newline) + 1
                    if entry.ordinal == LineCache.repeated { repeated &+= 1 }
                }
                next &+= 1
                lines &+= 1
            }
        }
        if let type { remember(type: type) }
        self.next = next
        self.count = count
        report.lines += lines
        report.repeatedSeries += repeated
        offset += at - start
        return at
    }

    /// `# TYPE ` and `# HELP ` as the machine loads them; this code is for little-endian machines, as every Swift platform is.
    private static let typeWord: UInt64 = 0x0020_4550_5954_2023
    private static let helpWord: UInt64 = 0x0020_504C_4548_2023

    private mutating func growOutput(to room: Int) {
        ordinals.reserve(room, keeping: count, filler: 0)
        values.reserve(room, keeping: count, filler: 0)
    }

    private mutating func remember(type line: UnsafeRawBufferPointer) {
        typeLine.removeAll(keepingCapacity: true)
        typeLine.append(contentsOf: line.prefix(512))
    }

    /// The slow path: one whole line, split by the parser.
    private mutating func takeLine(_ line: UnsafeRawBufferPointer) {
        defer { offset += line.count + 1 }
        report.lines += 1
        parsedLines += 1
        switch parser.parse(line) {
        case .blank, .comment, .help, .unit: break
        case .type: remember(type: line)
        case .eof: report.sawEnd = true
        case .bad(let bad):
            report.noteBad(line: report.lines, offset: offset + bad.at, reason: bad.reason.sentence, excerpt: line.prefix(80))
        case .sample(let sample): take(sample, line)
        }
    }

    private mutating func take(_ sample: SampleLine, _ line: UnsafeRawBufferPointer) {
        guard let base = line.baseAddress else { return }
        if !differs { beginDiffering() }
        let hash = ByteHash.hash(base, sample.keyEnd, seed: seed)
        var entry = LineCache.Entry(hash: hash, keyLength: UInt32(sample.keyEnd), ordinal: LineCache.unresolved)
        if let index = cache.find(hash: hash, keyLength: sample.keyEnd) {
            entry.ordinal = cache.entries[index].ordinal
            if entry.ordinal < LineCache.unresolved {
                if lastSeen.pointer[Int(entry.ordinal)] == page {
                    entry.ordinal = LineCache.repeated
                    report.repeatedSeries += 1
                } else {
                    lastSeen.pointer[Int(entry.ordinal)] = page
                    output(entry.ordinal, sample.value)
                }
            }
            // The lines behind it most likely follow it as before.
            if index < cache.pageCount { resume(at: index + 1, after: entry) } else { sequence.append(entry) }
        } else if sequenceRoom {
            if pending.add(line: line, keyEnd: sample.keyEnd, hash: hash, typeLine: typeLine, value: sample.value, place: sequence.count) {
                sequence.append(entry)
            } else {
                entry.ordinal = LineCache.repeated
                sequence.append(entry)
                report.repeatedSeries += 1
            }
        } else {
            report.overLimit += 1
        }
    }

    private var sequenceRoom: Bool { sequence.count < limits.series }

    private mutating func output(_ ordinal: UInt32, _ value: Double) {
        growOutput(to: count + 1)
        ordinals.pointer[count] = ordinal
        values.pointer[count] = value
        count += 1
    }

    /// From the first line that is out of place the page's sequence is written anew.
    private mutating func beginDiffering() {
        differs = true
        sequence.append(contentsOf: cache.entries[0..<next])
    }

    private mutating func resume(at index: Int, after entry: LineCache.Entry) {
        sequence.append(entry)
        next = index
    }

    /// The page's samples, copied into a batch.
    borrowing func write(to batch: inout Batch) {
        batch.ordinals.append(contentsOf: UnsafeBufferPointer(start: ordinals.pointer, count: count))
        batch.values.append(contentsOf: UnsafeBufferPointer(start: values.pointer, count: count))
    }

    // MARK: - What the page's end changes

    /// Gives the pending series their ordinals (see `PendingSeries`), remembers the page's sequence.
    mutating func settle(_ resolved: [UInt32]) {
        for (item, ordinal) in zip(pending.items, resolved) {
            sequence[item.place].ordinal = ordinal
            if ordinal < LineCache.unresolved {
                lastSeen.reserve(Int(ordinal) + 1, keeping: ordinalCount, filler: 0)
                ordinalCount = max(ordinalCount, Int(ordinal) + 1)
                lastSeen.pointer[Int(ordinal)] = page
                output(ordinal, item.value)
            }
        }
        if differs || next < cache.pageCount {
            if !differs { beginDiffering() }
            cache.replace(page: sequence, limit: limits.series)
            sequence = []
        }
        pending.removeAll()
    }
}
