/// SplitMix64: one seed, one run, everywhere.
struct DemoRandom: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 0x1234_5678_9ABC_DEF1 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// 0 ≤ x < 1.
    mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// A latency around `median` with a tail: the product of two uniform stretches, cheap and skewed to the right.
    mutating func latency(_ median: Double) -> Double {
        let a = unit(), b = unit()
        let tail = unit() < 0.02 ? 4.0 : 1.0
        return median * (0.55 + 0.9 * a * (0.5 + b)) * tail
    }

    /// A short name of letters and digits as Kubernetes makes them.
    mutating func suffix(_ length: Int) -> String {
        let letters = Array("bcdfghjklmnpqrstvwxz2456789".unicodeScalars)
        var text = String.UnicodeScalarView()
        for _ in 0..<length { text.append(letters[Int(next() % UInt64(letters.count))]) }
        return String(text)
    }
}
