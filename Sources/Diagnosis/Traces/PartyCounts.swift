/// How many traces pass each party, by its number: counted for every trace of a window, so that what is looked up must not be hashed.
package struct PartyCounts: Sendable {
    /// Up to the largest number there was.
    private var dense: [Int32] = []
    private var sparse: [Int32: Int32] = [:]
    private let isDense: Bool

    /// - Parameter isDense: takes four bytes for every party there is.
    init(isDense: Bool) { self.isDense = isDense }

    mutating func add(_ party: Int32, _ count: Int32 = 1) {
        guard isDense else {
            sparse[party, default: 0] += count
            return
        }
        if dense.count <= Int(party) { dense.append(contentsOf: repeatElement(0, count: Int(party) + 1 - dense.count)) }
        dense[Int(party)] += count
    }

    /// Of those that any pass.
    var all: [(party: Int32, count: Int32)] {
        isDense ? dense.indices.lazy.filter { dense[$0] > 0 }.map { (Int32($0), dense[$0]) } : sparse.map { ($0.key, $0.value) }
    }

    package subscript(party: Int32) -> Int {
        isDense ? (party >= 0 && Int(party) < dense.count ? Int(dense[Int(party)]) : 0) : Int(sparse[party] ?? 0)
    }
}
