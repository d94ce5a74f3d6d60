import WireFormats

/// The bounds that exponential histograms are kept with: two to an octave, the same for all that have one unit. Streams change their scale
/// and offset as they please; on common bounds they can be added, bucket by bucket. Base-2 histograms of scale 1 and more, which is
/// what SDKs send, fall onto these bounds exactly; what is coarser is counted at its upper end.
struct ExponentialLadder: Equatable {
    /// In half octaves of the unit.
    private let lowest: Int
    private let highest: Int

    /// From some 60 µs to some 9 minutes for times; from 1 to 2^40 for all else.
    init(unit: UnsafeRawBufferPointer) {
        if unit.reads("s") {
            (lowest, highest) = (-28, 18)
        } else if unit.reads("ms") {
            (lowest, highest) = (-8, 38)
        } else if unit.reads("us") {
            (lowest, highest) = (12, 58)
        } else if unit.reads("ns") {
            (lowest, highest) = (32, 78)
        } else {
            (lowest, highest) = (0, 80)
        }
    }

    /// Without the last, which has none.
    var bounds: [Double] { (lowest...highest).map { Self.power($0) } }

    private static func power(_ halves: Int) -> Double {
        let octave = Double(sign: .plus, exponent: halves >> 1, significand: 1)
        return halves & 1 == 0 ? octave : octave * 1.4142135623730951
    }

    /// Appends the counts up to each bound, and all of them as the last.
    func append(_ point: borrowing MetricPoint, to values: inout [Double]) {
        let first = values.count
        values.append(contentsOf: repeatElement(0, count: highest - lowest + 2))
        // Zeros and what lies below them are under every bound.
        values[first] += Double(point.zeroCount) + point.negative
        for (place, count) in point.positive.enumerated() where count > 0 {
            // Bucket i ends at 2^((i + 1) / 2^scale) of the unit.
            let upper = Int(point.positiveOffset) + place + 1
            let shift = Int(point.scale) - 1
            let halves = shift >= 0 ? Self.ceiling(upper, shift) : shift < -40 ? (upper > 0 ? highest + 1 : lowest) : upper.multipliedSaturating(1 << -shift)
            values[first + min(max(halves, lowest), highest + 1) - lowest] += Double(count)
        }
        for index in first + 1..<values.count { values[index] += values[index - 1] }
    }

    private static func ceiling(_ value: Int, _ shift: Int) -> Int { shift >= 40 ? (value > 0 ? 1 : 0) : (value + (1 << shift) - 1) >> shift }
}

extension Int {
    fileprivate func multipliedSaturating(_ factor: Int) -> Int {
        let (product, isOver) = multipliedReportingOverflow(by: factor)
        return isOver ? (self < 0 ? Int.min / 2 : Int.max / 2) : product
    }
}
