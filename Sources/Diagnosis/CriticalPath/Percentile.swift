/// Of values that are all at hand: the smallest that so many of a hundred do not exceed (nearest rank), no value between two.
enum Percentile {
    /// - Parameter values: ascending; of none it is 0.
    static func ofSorted(_ values: [Int64], _ percent: Int) -> Int64 {
        guard let last = values.last else { return 0 }
        let rank = (values.count * percent + 99) / 100
        return rank >= values.count ? last : values[max(0, rank - 1)]
    }
}
