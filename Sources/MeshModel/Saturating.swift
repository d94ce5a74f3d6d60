/// Sums of what others send: they stop at the largest number there is instead of trapping.
extension Int {
    public mutating func add(saturating other: Int) {
        let (sum, isTooFar) = addingReportingOverflow(other)
        self = isTooFar ? (other < 0 ? .min : .max) : sum
    }

    public func multiplied(saturating other: Int) -> Int {
        let (product, isTooFar) = multipliedReportingOverflow(by: other)
        return isTooFar ? ((self < 0) == (other < 0) ? .max : .min) : product
    }
}

extension Int64 {
    public mutating func add(saturating other: Int64) {
        let (sum, isTooFar) = addingReportingOverflow(other)
        self = isTooFar ? (other < 0 ? .min : .max) : sum
    }
}
