/// Bounds of a share that was seen as `hits` of `of` (Wilson 1927, score interval): they hold for few trials and for shares near 0 and 1.
package struct Wilson: Sendable, Equatable {
    package var low: Double
    package var high: Double

    /// - Parameter z: 1.96 for 95 of 100 intervals holding the true share.
    /// - Returns: 0…1 of nothing.
    package init(_ hits: Double, of trials: Double, z: Double = 1.96) {
        guard trials > 0 else {
            (low, high) = (0, 1)
            return
        }
        let share = min(1, max(0, hits / trials)), square = z * z
        let middle = share + square / (2 * trials), spread = z * (share * (1 - share) / trials + square / (4 * trials * trials)).squareRoot()
        let divisor = 1 + square / trials
        // Rounding leaves a hair where the bound is 0 or 1.
        low = share == 0 ? 0 : max(0, (middle - spread) / divisor)
        high = share == 1 ? 1 : min(1, (middle + spread) / divisor)
    }
}
