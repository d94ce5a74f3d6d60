/// A growable run of plain values with one owner: written through its pointer in hot loops, without the checks of an
/// array held in a larger structure.
struct Column<Element: BitwiseCopyable>: ~Copyable {
    private(set) var pointer: UnsafeMutablePointer<Element>
    private(set) var capacity: Int

    init(capacity: Int = 64) {
        self.capacity = capacity
        pointer = .allocate(capacity: capacity)
    }

    deinit { pointer.deallocate() }

    /// Makes room for `count` values; the first `used` are kept, the rest is set to `filler`.
    mutating func reserve(_ count: Int, keeping used: Int, filler: Element) {
        guard count > capacity else { return }
        let larger = max(count, capacity * 2)
        let fresh = UnsafeMutablePointer<Element>.allocate(capacity: larger)
        fresh.update(from: pointer, count: used)
        (fresh + used).update(repeating: filler, count: larger - used)
        pointer.deallocate()
        pointer = fresh
        capacity = larger
    }
}
