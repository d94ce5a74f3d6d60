import Glibc

/// When the requests of one recording got slower for good, where nobody says what was quiet: the moment that best parts them in two.
package struct Slowdown: Sendable, Equatable {
    package struct Request: Sendable {
        /// Nanoseconds since 1970.
        package var start: Int64
        /// Who was asked for what.
        package var key: UInt64
        package var seconds: Double
        package init(start: Int64, key: UInt64, seconds: Double) { (self.start, self.key, self.seconds) = (start, key, seconds) }
    }

    /// Nanoseconds: the first of the slower ones.
    package var at: Int64
    package var requestsBefore: Int
    /// By so much, as a factor of typical durations.
    package var factor: Double

    /// Fewer before are no quiet time: ten stretches of ten requests. Fewer after are no share.
    static let leastBefore = 100
    /// Nobody said that it was quiet before, and durations drift: twice the usual three standard errors, and a fifth slower.
    static let surprise = 6.0
    static let leastFactor = 1.2

    /// Log durations less the median of their kind; of all splits the one with the largest (difference of means)² · k(n−k)/n, by the variance of
    /// neighbours' differences, which a shift does not inflate.
    package init?(_ requests: [Request]) {
        let sorted = requests.sorted { $0.start < $1.start }, count = sorted.count
        guard count >= Self.leastBefore + BaselineParameters.few else { return nil }
        var logs: [UInt64: [Double]] = [:]
        for request in sorted { logs[request.key, default: []].append(log(max(request.seconds, 1e-6))) }
        let medians = logs.mapValues { Statistics.median($0) }
        let values = sorted.map { log(max($0.seconds, 1e-6)) - (medians[$0.key] ?? 0) }
        let variance = zip(values, values.dropFirst()).reduce(0) { $0 + ($1.1 - $1.0) * ($1.1 - $1.0) } / Double(2 * (count - 1))
        let total = values.reduce(0, +)
        var before = 0.0, best = (gain: 0.0, at: 0, shift: 0.0)
        for place in 0..<count - BaselineParameters.few {
            before += values[place]
            let first = Double(place + 1), rest = Double(count - place - 1)
            let shift = (total - before) / rest - before / first, gain = shift * shift * first * rest / Double(count)
            if shift > 0, gain > best.gain { best = (gain, place + 1, shift) }
        }
        guard best.at >= Self.leastBefore, best.gain >= Self.surprise * Self.surprise * max(variance, 1e-6), exp(best.shift) >= Self.leastFactor else { return nil }
        (at, requestsBefore, factor) = (sorted[best.at].start, best.at, exp(best.shift))
    }
}

extension Departures {
    /// Where nobody vouched for the quiet time: only what is certain, takes half of a median request's time, and is the likeliest.
    package var plainSlowdown: Departures {
        var plain = self
        plain.all = all.prefix(1).filter { $0.standing == .found && $0.part != .lost && $0.score >= 0.5 }
        return plain
    }
}
