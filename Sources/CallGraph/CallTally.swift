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

    package mutating func add(_ side: CallSide) {
        requests += 1
        if side.isDenied { denied += 1 }
        if side.errors & 1 != 0 { errors[0] += 1 }
        if side.errors & 2 != 0 { errors[1] += 1 }
        if side.errors & 4 != 0 { errors[2] += 1 }
        if side.code != Meaning.untoldCode { addCode(side.code, 1) }
        if !side.flags.isEmpty { addFlags(side.flags, 1) }
        durations.add(milliseconds: side.milliseconds)
    }

    package mutating func merge(_ other: SideTally) {
        requests += other.requests
        denied += other.denied
        for place in errors.indices { errors[place] += other.errors[place] }
        for entry in other.codes { addCode(entry.code, entry.count) }
        for entry in other.flags { addFlags(entry.flags, entry.count) }
        durations.merge(other.durations)
    }

    private mutating func addCode(_ code: UInt16, _ count: Int) {
        if let place = codes.firstIndex(where: { $0.code == code }) { codes[place].count += count } else { codes.append((code, count)) }
    }

    private mutating func addFlags(_ text: Symbol, _ count: Int) {
        if let place = flags.firstIndex(where: { $0.flags == text }) { flags[place].count += count } else { flags.append((text, count)) }
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
    private var counts: [UInt32] = []
    package private(set) var count = 0
    package private(set) var milliseconds = 0.0
    private static let steps = 32 * 16

    package init() {}

    private static func step(_ milliseconds: Float) -> Int {
        let microseconds = milliseconds * 1000
        guard microseconds > 1 else { return 0 }
        let octave = Int(microseconds.exponent)
        return min(steps - 1, octave * 16 + Int((microseconds.significand - 1) * 16))
    }

    private static func bound(_ step: Int) -> Double {
        Double(sign: .plus, exponent: step / 16, significand: 1 + Double(step % 16) / 16) / 1000
    }

    package mutating func add(milliseconds: Float) {
        if counts.isEmpty { counts = [UInt32](repeating: 0, count: Self.steps) }
        counts[Self.step(milliseconds)] += 1
        count += 1
        self.milliseconds += Double(milliseconds)
    }

    package mutating func merge(_ other: DurationTally) {
        guard other.count > 0 else { return }
        if counts.isEmpty { counts = [UInt32](repeating: 0, count: Self.steps) }
        for step in counts.indices { counts[step] += other.counts[step] }
        count += other.count
        milliseconds += other.milliseconds
    }

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
    package private(set) var newest = Timestamp(nanoseconds: .min)

    package init() {}

    package mutating func add(_ call: Call) {
        seen.add(call.seen)
        answered.add(call.server.isPresent ? call.server : call.client)
        if call.client.isPresent { client.add(call.client) }
        if call.server.isPresent { server.add(call.server) }
        attempts += Int(call.attempts)
        isGRPC = isGRPC || call.isGRPC
        isHTTP = isHTTP || call.isHTTP
        isMessaging = isMessaging || call.isMessaging
        newest = max(newest, call.start)
    }

    package mutating func merge(_ other: PairTally) {
        seen.merge(other.seen)
        answered.merge(other.answered)
        client.merge(other.client)
        server.merge(other.server)
        attempts += other.attempts
        isGRPC = isGRPC || other.isGRPC
        isHTTP = isHTTP || other.isHTTP
        isMessaging = isMessaging || other.isMessaging
        newest = max(newest, other.newest)
    }
}

extension TraceStore {
    /// Calls that began within the range, by the number of their pair.
    package func tally(_ range: TimeRange) -> [PairTally] {
        var tallies = [PairTally](repeating: PairTally(), count: pairEnds.count)
        for case let trace? in traces where trace.start < range.to && trace.end >= range.from {
            for call in trace.calls where call.start >= range.from && call.start < range.to { tallies[Int(call.pair)].add(call) }
        }
        return tallies
    }
}
