package import MeshModel

/// What one side saw of many calls.
package struct SideTally: Sendable {
    package private(set) var requests = 0
    package private(set) var denied = 0
    /// By `ErrorPredicate.allCases`.
    package private(set) var errors = [0, 0, 0]
    package private(set) var codes: [(code: UInt16, count: Int)] = []
    package private(set) var flags: [(flags: Symbol, count: Int)] = []
    package private(set) var durations = DurationTally()

    package init() {}

    /// Durations come apart: `PairTally.add(_:_:_:)`.
    mutating func add(_ side: SideOutcome, _ count: Int) {
        requests.add(saturating: count)
        if side.isDenied { denied.add(saturating: count) }
        if side.errors & 1 != 0 { errors[0].add(saturating: count) }
        if side.errors & 2 != 0 { errors[1].add(saturating: count) }
        if side.errors & 4 != 0 { errors[2].add(saturating: count) }
        if side.code != Meaning.untoldCode { addCode(side.code, count) }
        if !side.flags.isEmpty { addFlags(side.flags, count) }
    }

    mutating func add(_ part: DurationPart, _ value: Int) { durations.add(part, value) }

    package mutating func merge(_ other: SideTally) {
        requests.add(saturating: other.requests)
        denied.add(saturating: other.denied)
        for place in errors.indices { errors[place].add(saturating: other.errors[place]) }
        for entry in other.codes { addCode(entry.code, entry.count) }
        for entry in other.flags { addFlags(entry.flags, entry.count) }
        durations.merge(other.durations)
    }

    private mutating func addCode(_ code: UInt16, _ count: Int) {
        if let place = codes.firstIndex(where: { $0.code == code }) { codes[place].count.add(saturating: count) } else { codes.append((code, count)) }
    }

    private mutating func addFlags(_ text: Symbol, _ count: Int) {
        if let place = flags.firstIndex(where: { $0.flags == text }) { flags[place].count.add(saturating: count) } else { flags.append((text, count)) }
    }

    package func errors(_ predicate: ErrorPredicate) -> Int {
        switch predicate {
        case .server: errors[0]
        case .client: errors[1]
        case .strict: errors[2]
        }
    }
}

/// Durations counted in steps of a sixteenth of an octave, from a microsecond to an hour: a quantile is off by a fiftieth at most.
package struct DurationTally: Sendable {
    private var counts: [Int32] = []
    package private(set) var count = 0
    private var microseconds = 0
    package var milliseconds: Double { Double(microseconds) / 1000 }
    package static let steps = 32 * 16

    package init() {}

    package static func step(_ microseconds: Int) -> Int {
        guard microseconds > 1 else { return 0 }
        let octave = 63 - microseconds.leadingZeroBitCount
        return min(steps - 1, octave * 16 + (octave < 4 ? microseconds << (4 - octave) : microseconds >> (octave - 4)) & 15)
    }

    private static func bound(_ step: Int) -> Double {
        Double(sign: .plus, exponent: step / 16, significand: 1 + Double(step % 16) / 16) / 1000
    }

    package mutating func add(_ part: DurationPart, _ value: Int) {
        guard case .step(let step) = part else {
            microseconds.add(saturating: value)
            return
        }
        if counts.isEmpty { counts = [Int32](repeating: 0, count: Self.steps) }
        counts[min(step, Self.steps - 1)] &+= Int32(clamping: value)
        count.add(saturating: value)
    }

    package mutating func merge(_ other: DurationTally) {
        microseconds.add(saturating: other.microseconds)
        guard !other.counts.isEmpty else { return }
        if counts.isEmpty { counts = [Int32](repeating: 0, count: Self.steps) }
        for step in counts.indices { counts[step] &+= other.counts[step] }
        count.add(saturating: other.count)
    }

    /// Observations by half octaves, the shortest first; empty where there are none.
    package var halfOctaves: [Int] {
        counts.isEmpty ? [] : stride(from: 0, to: Self.steps, by: 8).map { from in counts[from..<from + 8].reduce(0) { $0 + Int($1) } }
    }

    /// Milliseconds.
    package static func upperBound(ofHalfOctave place: Int) -> Double { bound((place + 1) * 8) }

    /// Interpolated within its step.
    package func quantile(_ share: Double) -> Double {
        let rank = share * Double(count)
        var below = 0.0
        for step in counts.indices where counts[step] > 0 {
            let here = Double(counts[step])
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
package struct PairTally: Sendable {
    /// As the caller saw it, where it is known, else as the callee did.
    package private(set) var seen = SideTally()
    /// As the callee saw it, where it is known, else as the caller did.
    package private(set) var answered = SideTally()
    package private(set) var client = SideTally()
    package private(set) var server = SideTally()
    package private(set) var attempts = 0
    package private(set) var isGRPC = false
    package private(set) var isHTTP = false
    package private(set) var isMessaging = false

    package init() {}

    package mutating func add(_ outcome: CallOutcome, _ count: Int) {
        seen.add(outcome.client.isPresent ? outcome.client : outcome.server, count)
        answered.add(outcome.server.isPresent ? outcome.server : outcome.client, count)
        if outcome.client.isPresent { client.add(outcome.client, count) }
        if outcome.server.isPresent { server.add(outcome.server, count) }
        attempts.add(saturating: Int(outcome.attempts).multiplied(saturating: count))
        isGRPC = isGRPC || outcome.isGRPC
        isHTTP = isHTTP || outcome.isHTTP
        isMessaging = isMessaging || outcome.isMessaging
    }

    package mutating func add(_ vantage: CallVantage, _ part: DurationPart, _ value: Int) {
        if vantage != .serverOfBoth { seen.add(part, value) }
        if vantage != .clientOfBoth { answered.add(part, value) }
        switch vantage {
        case .clientOfBoth, .clientAlone: client.add(part, value)
        case .serverOfBoth, .serverAlone: server.add(part, value)
        }
    }

    package mutating func merge(_ other: PairTally) {
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
