extension Int64 {
    /// The largest whole number of `divisor` (positive) up to it, and what is left: 0 and above, before the epoch as after it.
    @inlinable public func dividedDown(by divisor: Int64) -> (quotient: Int64, rest: Int64) {
        let (quotient, rest) = quotientAndRemainder(dividingBy: divisor)
        return rest < 0 ? (quotient - 1, rest + divisor) : (quotient, rest)
    }
}
