public import MeshModel

/// Traces that were put together, by when they begin: stretches of five seconds. Whoever asks for a window does not go through all that is held, and what was
/// added up of a stretch holds as long as its stamp is the same.
public struct TraceStretches: Sendable {
    public struct Stretch: Sendable {
        /// Of traces in the store, in no order.
        public fileprivate(set) var places: [Int32] = []
        /// Another number, other traces or something else that is said of one.
        public fileprivate(set) var stamp: UInt64 = 0
        /// None of them ends after it.
        fileprivate var end = Timestamp(nanoseconds: .min)

        /// - Returns: the position of the trace that is new.
        fileprivate mutating func note(_ place: Int32?, end: Timestamp, _ stamp: UInt64) -> Int32 {
            (self.stamp, self.end) = (stamp, max(self.end, end))
            if let place { places.append(place) }
            return Int32(places.count - 1)
        }
    }

    private var stretches: [Int64: Stretch] = [:]
    /// All numbers, ascending.
    private var order: [Int64] = []
    /// By place of the trace: its stretch, and where among that one's places it is; −1: not there.
    private var homes: [(number: Int64, position: Int32)] = []

    /// Nanoseconds.
    static let length: Int64 = 5_000_000_000

    public init() {}

    public subscript(number: Int64) -> Stretch? { stretches[number] }
    var bytes: Int { homes.capacity * MemoryLayout<(Int64, Int32)>.stride + (homes.count + 2 * order.capacity) * 4 + stretches.capacity * 48 }

    /// Those that a window touches, the oldest first.
    public func numbers(in window: TimeRange) -> [Int64] {
        let (first, last) = (Self.number(of: window.from), Self.number(of: window.to))
        let from = search(first)
        return Array(order[from..<max(from, search(last + 1))])
    }

    /// Those of traces that were under way within it, and maybe some more.
    public func numbers(underWayIn time: TimeRange) -> [Int64] {
        order[..<search(Self.number(of: time.to) + 1)].filter { stretches[$0].map { $0.end >= time.from } ?? false }
    }

    /// Whether all that begins in a stretch begins in the window.
    public static func isWhole(_ number: Int64, in window: TimeRange) -> Bool {
        let (start, isBefore) = number.multipliedReportingOverflow(by: length), (end, isBeyond) = start.addingReportingOverflow(length - 1)
        return !isBefore && !isBeyond && window.from.nanoseconds <= start && end <= window.to.nanoseconds
    }

    var oldest: Stretch? { order.first.flatMap { stretches[$0] } }

    /// The first place whose number is not below.
    private func search(_ number: Int64) -> Int {
        (0..<order.count).firstPlace { order[$0] < number }
    }

    /// Whether a trace is in a stretch.
    public func has(_ place: Int, in number: Int64) -> Bool { place < homes.count && homes[place].position >= 0 && homes[place].number == number }

    private static func number(of start: Timestamp) -> Int64 { start.nanoseconds.dividedDown(by: length).quotient }

    // MARK: - Changes

    mutating func put(_ place: Int, _ summary: TraceSummary, stamp: UInt64) {
        while homes.count <= place { homes.append((0, -1)) }
        let number = Self.number(of: summary.start), isThere = has(place, in: number)
        if !isThere {
            remove(place, stamp: stamp)
            if stretches[number] == nil { order.insert(number, at: search(number)) }
        }
        let position = stretches[number, default: Stretch()].note(isThere ? nil : Int32(place), end: summary.end, stamp)
        if !isThere { homes[place] = (number, position) }
    }

    /// The last of its stretch takes its position.
    mutating func remove(_ place: Int, stamp: UInt64) {
        guard place < homes.count, homes[place].position >= 0 else { return }
        let home = homes[place], position = Int(home.position)
        homes[place].position = -1
        guard let last = stretches[home.number]?.places.popLast() else { preconditionFailure("BUG: trace in a stretch that does not have it") }
        if last != place {
            stretches[home.number]?.places[position] = last
            homes[Int(last)].position = home.position
        }
        guard stretches[home.number]?.places.isEmpty == true else {
            stretches[home.number]?.stamp = stamp
            return
        }
        stretches[home.number] = nil
        order.remove(at: search(home.number))
    }
}

extension TraceStore {
    /// Of traces that may begin in a window: all that do, and some beside it.
    public func places(in window: TimeRange) -> some Sequence<Int> {
        stretches.numbers(in: window).lazy.flatMap { stretches[$0]?.places ?? [] }.map(Int.init)
    }
}
