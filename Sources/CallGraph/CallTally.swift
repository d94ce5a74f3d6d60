public import MeshModel

/// What one side saw of many calls.
public struct SideTally: Sendable {
    public private(set) var requests = 0
    public private(set) var denied = 0
    /// By `ErrorPredicate.allCases`.
    public private(set) var errors: InlineArray<3, Int> = [0, 0, 0]
    /// How they ended, one by one.
    public private(set) var outcomes: [SideOutcome: Int] = [:]
    public private(set) var durations = DurationTally()

    public init() {}

    /// Durations come apart: `PairTally.add(_:_:_:)`.
    mutating func add(_ side: SideOutcome, _ count: Int) {
        requests.add(saturating: count)
        if side.isDenied { denied.add(saturating: count) }
        if side.errors & 1 != 0 { errors[0].add(saturating: count) }
        if side.errors & 2 != 0 { errors[1].add(saturating: count) }
        if side.errors & 4 != 0 { errors[2].add(saturating: count) }
        outcomes[side, default: 0].add(saturating: count)
    }

    mutating func add(_ part: DurationPart, _ value: Int) { durations.add(part, value) }

    public mutating func merge(_ other: SideTally) {
        requests.add(saturating: other.requests)
        denied.add(saturating: other.denied)
        for place in errors.indices { errors[place].add(saturating: other.errors[place]) }
        for (outcome, count) in other.outcomes { outcomes[outcome, default: 0].add(saturating: count) }
        durations.merge(other.durations)
    }

    public func errors(_ predicate: ErrorPredicate) -> Int {
        switch predicate {
        case .server: errors[0]
        case .client: errors[1]
        case .strict: errors[2]
        }
    }
}

/// Durations counted in steps of a sixteenth of an octave, from a microsecond to an hour: a quantile is off by a fiftieth at most.
public struct DurationTally: Sendable {
    /// Steps that anything fell into, ascending: a pair has few of them, and there are many pairs.
    private var counts: [(step: Int, count: Int)] = []
    public private(set) var count = 0
    private var microseconds = 0
    public var milliseconds: Double { Double(microseconds) / 1000 }
    public static let steps = 32 * 16

    public init() {}

    public static func step(_ microseconds: Int) -> Int {
        guard microseconds > 1 else { return 0 }
        let octave = 63 - microseconds.leadingZeroBitCount
        return min(steps - 1, octave * 16 + (octave < 4 ? microseconds << (4 - octave) : microseconds >> (octave - 4)) & 15)
    }

    private static func bound(_ step: Int) -> Double {
        Double(sign: .plus, exponent: step / 16, significand: 1 + Double(step % 16) / 16) / 1000
    }

    public mutating func add(_ part: DurationPart, _ value: Int) {
        guard case .step(let step) = part else {
            microseconds.add(saturating: value)
            return
        }
        var place = 0
        add(value, toStep: min(step, Self.steps - 1), from: &place)
        count.add(saturating: value)
    }

    /// - Parameter place: no step before it is as long.
    private mutating func add(_ value: Int, toStep step: Int, from place: inout Int) {
        var end = counts.count
        while place < end {
            let middle = (place + end) / 2
            if counts[middle].step < step { place = middle + 1 } else { end = middle }
        }
        if place < counts.count, counts[place].step == step { counts[place].count.add(saturating: value) } else { counts.insert((step, value), at: place) }
    }

    public mutating func merge(_ other: DurationTally) {
        microseconds.add(saturating: other.microseconds)
        if counts.isEmpty {
            counts = other.counts
        } else {
            var place = 0
            for entry in other.counts { add(entry.count, toStep: entry.step, from: &place) }
        }
        count.add(saturating: other.count)
    }

    /// Observations by half octaves, the shortest first; empty where there are none.
    public var halfOctaves: [Int] {
        guard !counts.isEmpty else { return [] }
        var sums = [Int](repeating: 0, count: Self.steps / 8)
        for entry in counts { sums[entry.step / 8].add(saturating: entry.count) }
        return sums
    }

    /// Milliseconds.
    public static func upperBound(ofHalfOctave place: Int) -> Double { bound((place + 1) * 8) }

    public static let stepsOfQuarterOctave = 4
    /// Milliseconds.
    public static func upperBound(ofQuarterOctave place: Int) -> Double { bound((place + 1) * stepsOfQuarterOctave) }

    /// Steps that anything fell into, the shortest first.
    public func forEachStep(_ body: (_ upperMilliseconds: Double, _ count: Int) -> Void) {
        for (step, count) in counts where count > 0 { body(Self.bound(step + 1), count) }
    }

    /// Interpolated within its step.
    public func quantile(_ share: Double) -> Double {
        let rank = share * Double(count)
        var below = 0.0
        for (step, count) in counts where count > 0 {
            let here = Double(count)
            if below + here >= rank {
                let from = step == 0 ? 0 : Self.bound(step)
                return from + (Self.bound(step + 1) - from) * (here > 0 ? (rank - below) / here : 0)
            }
            below += here
        }
        return 0
    }
}

/// All calls of one pair of parties within a stretch of time.
public struct PairTally: Sendable {
    /// As the caller saw it, where it is known, else as the callee did.
    public private(set) var seen = SideTally()
    /// As the callee saw it, where it is known, else as the caller did.
    public private(set) var answered = SideTally()
    public private(set) var client = SideTally()
    public private(set) var server = SideTally()
    public private(set) var attempts = 0
    public private(set) var isGRPC = false
    public private(set) var isHTTP = false
    public private(set) var isMessaging = false

    public init() {}

    public mutating func add(_ outcome: CallOutcome, _ count: Int) {
        if !outcome.isAttempt { seen.add(outcome.client.isPresent ? outcome.client : outcome.server, count) }
        answered.add(outcome.server.isPresent ? outcome.server : outcome.client, count)
        if outcome.client.isPresent { client.add(outcome.client, count) }
        if outcome.server.isPresent { server.add(outcome.server, count) }
        if !outcome.isAttempt { attempts.add(saturating: Int(outcome.attempts).multiplied(saturating: count)) }
        isGRPC = isGRPC || outcome.isGRPC
        isHTTP = isHTTP || outcome.isHTTP
        isMessaging = isMessaging || outcome.isMessaging
    }

    public mutating func add(_ vantage: CallVantage, _ part: DurationPart, _ value: Int) {
        if vantage != .serverOfBoth { seen.add(part, value) }
        if vantage != .clientOfBoth { answered.add(part, value) }
        switch vantage {
        case .clientOfBoth, .clientAlone: client.add(part, value)
        case .serverOfBoth, .serverAlone: server.add(part, value)
        }
    }

    public mutating func merge(_ other: PairTally) {
        seen.merge(other.seen)
        answered.merge(other.answered)
        client.merge(other.client)
        server.merge(other.server)
        attempts.add(saturating: other.attempts)
        isGRPC = isGRPC || other.isGRPC
        isHTTP = isHTTP || other.isHTTP
        isMessaging = isMessaging || other.isMessaging
    }
}
