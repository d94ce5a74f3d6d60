import MeshModel

/// Numbers that events add up to, by series and by the second of the events' own time. What was added can be taken back: an event
/// that turns out otherwise is counted as it turned out.
///
/// A slot is a table while events of it come, and bytes after that. The oldest seconds become minutes when there are too many, the
/// oldest minutes go; both earlier where there is no room. How many there are counts, not how far apart they are: one event of
/// a wrong date makes no other old.
public struct AdditiveSlots: Sendable {
    public struct Limits: Sendable {
        public var seconds = 3600
        public var minutes = 1440
        public var budgetBytes = 64 << 20
        public init() {}
    }

    public var limits: Limits
    /// By start; all minutes lie before `rolledUpTo`, all seconds from there on.
    private var minutes: [AdditiveSlot] = []
    private var seconds: [AdditiveSlot] = []
    /// Slots that are tables, in the order they became so.
    private var open: [(start: Int64, isMinute: Bool)] = []
    private static let mostOpen = 32
    private var last = 0
    /// Up to here, in seconds since the epoch, numbers are kept by the minute; up to there they are gone.
    private var rolledUpTo = Int64.min
    /// Sums of sixteen seconds each that stand by themselves, by their number, for whoever adds up long stretches again and again.
    private var blocks: [Int64: (changes: Int, sum: AdditiveSlot)] = [:]
    private static let blockSeconds: Int64 = 16
    public private(set) var droppedUpTo = Int64.min
    public private(set) var bytes = 0
    /// How often something came for a time that is gone.
    public private(set) var tooLate = 0
    /// How often a slot became a table.
    public private(set) var opened = 0

    public init(limits: Limits = Limits()) { self.limits = limits }

    public var isEmpty: Bool { minutes.isEmpty && seconds.isEmpty }
    /// The start of the first slot at or after that second.
    public func first(from second: Int64) -> Int64? {
        for slots in [minutes, seconds] {
            let place = Self.search(second, in: slots)
            if place < slots.count { return slots[place].start }
        }
        return nil
    }

    public func holds(from: Int64, through: Int64) -> Bool { first(from: from).map { $0 <= through } ?? false }

    /// Start of the oldest slot held.
    public var first: Int64? { (minutes.first ?? seconds.first)?.start }
    /// A second of this time stands by itself.
    public func isBySecond(_ second: Int64) -> Bool { second >= rolledUpTo }

    // MARK: - Writing

    public mutating func add(_ value: Int64, to series: UInt64, at second: Int64) {
        guard second >= droppedUpTo else {
            tooLate += 1
            return
        }
        if second < rolledUpTo {
            let place = Self.place(of: Self.minute(second), length: 60, in: &minutes, &bytes)
            let isClosed = !minutes[place].isOpen
            bytes += minutes[place].add(value, to: series)
            if isClosed { keepOpen(minutes[place].start, isMinute: true) }
        } else {
            if last >= seconds.count || seconds[last].start != second { last = Self.place(of: second, length: 1, in: &seconds, &bytes) }
            let isClosed = !seconds[last].isOpen
            bytes += seconds[last].add(value, to: series)
            if isClosed { keepOpen(second, isMinute: false) }
        }
        if seconds.count > limits.seconds || bytes > limits.budgetBytes || minutes.count > limits.minutes { trim() }
    }

    private static func minute(_ second: Int64) -> Int64 { second.dividedDown(by: 60).quotient * 60 }
    private static func block(_ second: Int64) -> Int64 { second.dividedDown(by: blockSeconds).quotient }

    /// First place whose slot does not begin before.
    private static func search(_ start: Int64, in slots: [AdditiveSlot]) -> Int {
        (0..<slots.count).firstPlace { slots[$0].start < start }
    }

    private static func place(of start: Int64, length: Int64, in slots: inout [AdditiveSlot], _ bytes: inout Int) -> Int {
        let place = search(start, in: slots)
        if place < slots.count, slots[place].start == start { return place }
        slots.insert(AdditiveSlot(start: start, length: length), at: place)
        bytes += slots[place].bytes
        return place
    }

    private mutating func keepOpen(_ start: Int64, isMinute: Bool) {
        opened += 1
        open.append((start, isMinute))
        guard open.count > Self.mostOpen else { return }
        let oldest = open.removeFirst()
        bytes += oldest.isMinute ? Self.close(oldest.start, in: &minutes) : Self.close(oldest.start, in: &seconds)
    }

    private static func close(_ start: Int64, in slots: inout [AdditiveSlot]) -> Int {
        let place = search(start, in: slots)
        return place < slots.count && slots[place].start == start ? slots[place].close() : 0
    }

    // MARK: - Leaving

    private mutating func trim() {
        if bytes > limits.budgetBytes { dropBlocks() }
        while seconds.count > limits.seconds { rollUp() }
        // Never the last one: what is being written must have a place.
        while minutes.count + seconds.count > 1, minutes.count > limits.minutes || bytes > limits.budgetBytes {
            if minutes.count > limits.minutes || seconds.count <= min(300, limits.seconds) { dropOldest() } else { rollUp() }
        }
    }

    /// The seconds of the oldest minute become one slot.
    private mutating func rollUp() {
        guard let oldest = seconds.first else { return }
        let start = Self.minute(oldest.start)
        let place = Self.place(of: start, length: 60, in: &minutes, &bytes)
        var end = 0
        while end < seconds.count, seconds[end].start < start + 60 {
            seconds[end].forEach { bytes += minutes[place].add($1, to: $0) }
            bytes -= seconds[end].bytes
            end += 1
        }
        bytes += minutes[place].close()
        seconds.removeSubrange(..<end)
        rolledUpTo = start + 60
    }

    private mutating func dropOldest() {
        let slot = minutes.isEmpty ? seconds.removeFirst() : minutes.removeFirst()
        bytes -= slot.bytes
        droppedUpTo = slot.start + slot.length
        rolledUpTo = max(rolledUpTo, droppedUpTo)
    }

    private mutating func dropBlocks() {
        for block in blocks.values { bytes -= block.sum.bytes }
        blocks = [:]
    }

    // MARK: - Reading

    /// Slots that begin from `from` to `through`, oldest first; a minute where its middle does.
    public func forEachSlot(from: Int64, through: Int64, _ body: (AdditiveSlot) -> Void) {
        guard from <= through else { return }
        for place in Self.search(max(from, .min + 60) - 60, in: minutes)..<minutes.count {
            let middle = minutes[place].start + 30
            guard middle <= through else { return }
            if middle >= from { body(minutes[place]) }
        }
        for place in Self.search(from, in: seconds)..<seconds.count {
            guard seconds[place].start <= through else { return }
            body(seconds[place])
        }
    }

    /// The same numbers in fewer slots: what is held by the second comes by sixteen, where these lie between the two. In no order.
    public mutating func forEachBlock(from: Int64, through: Int64, _ body: (AdditiveSlot) -> Void) {
        // Whole blocks that are held by the second.
        let first = max(from, rolledUpTo)
        guard first < .max - Self.blockSeconds, through < .max - Self.blockSeconds else { return forEachSlot(from: from, through: through, body) }
        let begin = Self.block(first + Self.blockSeconds - 1) * Self.blockSeconds, end = Self.block(through + 1) * Self.blockSeconds
        guard begin < end else { return forEachSlot(from: from, through: through, body) }
        if from < begin { forEachSlot(from: from, through: begin - 1, body) }
        var place = Self.search(begin, in: seconds)
        while place < seconds.count, seconds[place].start < end {
            let number = Self.block(seconds[place].start)
            var next = place, changes = 0
            while next < seconds.count, Self.block(seconds[next].start) == number {
                changes += seconds[next].changes
                next += 1
            }
            if let sum = block(number, changes, place..<next) { body(sum) } else { for slot in seconds[place..<next] { body(slot) } }
            place = next
        }
        if end <= through { forEachSlot(from: end, through: through, body) }
        // Of times that nobody asked for.
        if blocks.count > 2 * seconds.count / Int(Self.blockSeconds) + 64 { dropBlocks() }
    }

    /// - Returns: nil where it is no use, or there is no room for it.
    private mutating func block(_ number: Int64, _ changes: Int, _ places: Range<Int>) -> AdditiveSlot? {
        if let known = blocks[number], known.changes == changes { return known.sum }
        if let old = blocks.removeValue(forKey: number) { bytes -= old.sum.bytes }
        guard places.count > 1, bytes < limits.budgetBytes / 8 * 7 else { return nil }
        var sum = AdditiveSlot(start: number * Self.blockSeconds, length: Self.blockSeconds)
        for slot in seconds[places] { slot.forEach { _ = sum.add($1, to: $0) } }
        _ = sum.close()
        bytes += sum.bytes
        blocks[number] = (changes, sum)
        return sum
    }
}
