import Glibc

/// Of few numbers that are all at hand.
enum Statistics {
    /// Halfway between the middle two of an even count; 0 of none.
    static func median(_ values: some Collection<Double>) -> Double {
        guard !values.isEmpty else { return 0 }
        let sorted = values.sorted(), middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    /// 0 below two.
    static func secondLargest(_ values: [Double]) -> Double { values.count < 2 ? 0 : values.sorted()[values.count - 2] }

    static func mean(_ values: some Collection<Double>) -> Double { values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count) }

    /// How evenly it is shared out, (Σv)² / (n·Σv²): 1 where all have the same, 1/n where one has it all.
    static func participation(_ values: [Double]) -> Double {
        let squares = values.reduce(0) { $0 + $1 * $1 }, sum = values.reduce(0, +)
        return squares > 0 ? sum * sum / (Double(values.count) * squares) : 0
    }

    /// Log odds of a share and their variance, half a hit and half a miss added: finite for none and for all.
    static func logOdds(_ hits: Double, of trials: Double) -> (value: Double, variance: Double) {
        (log((hits + 0.5) / (trials - hits + 0.5)), 1 / (hits + 0.5) + 1 / (trials - hits + 0.5))
    }

    /// Where the tail with the largest n·mean² and mean > 0 begins: the likeliest moment from which on values of mean 0 and variance 1 are
    /// larger (least squares, one pass from the end). Their count where no tail is. One that was larger all along gives 0.
    static func split(_ values: some BidirectionalCollection<Double>) -> Int {
        var best = 0.0, at = values.count, sum = 0.0, place = values.count
        for value in values.reversed() {
            place -= 1
            sum += value
            let gain = sum * sum / Double(values.count - place)
            if sum > 0, gain > best { (best, at) = (gain, place) }
        }
        return at
    }

    /// The most that so many values can surprise: as much as being the largest of all, one chance in C(quiet + count, count).
    static func mostSurprise(_ count: Int, among quiet: Int) -> Double {
        let n = Double(count), all = Double(count + quiet)
        // Natural logarithm of the binomial coefficient.
        let ways = lgamma(all + 1) - lgamma(n + 1) - lgamma(Double(quiet) + 1)
        // Beyond, 1 − chance is 1 in floating point; Φ⁻¹ goes as √(2·ways).
        return ways > 30 ? (2 * ways).squareRoot() : Normal.quantile(1 - exp(-max(ways, M_LN2)))
    }
}
