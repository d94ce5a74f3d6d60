extension Range<Int> {
    /// Search by halving, where all places of which something holds come before all others.
    /// - Parameter isBefore: asked of places, so that what stands there is looked at where it is.
    /// - Returns: the first place of which it does not hold; the upper bound where it holds of all.
    @inlinable public func firstPlace(behind isBefore: (Int) -> Bool) -> Int {
        var low = lowerBound, high = upperBound
        while low < high {
            let middle = low + (high - low) / 2
            if isBefore(middle) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
