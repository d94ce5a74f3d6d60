/// The rows of a list that are shown, in order, as indices into the data they were made from.
package struct Listing: Sendable, Equatable {
    package var order: [Int32] = []
    /// Rows before the filters.
    package var total = 0
    /// False until the data for this list arrived.
    package var isLoaded = false
    /// Bytes of the longest name: an upper bound of its cells, so that the column does not move while scrolling.
    var longestName = 0

    /// Filters and sorts. Sort keys are taken out of the rows once, as plain integers.
    static func make<Row: ListRow>(_ rows: [Row], _ pane: Pane) -> Listing {
        var keys: [SortKey] = []
        keys.reserveCapacity(rows.count)
        var longest = 0
        for index in rows.indices {
            guard pane.scope.accepts(rows[index]), pane.filter.accepts(rows[index]) else { continue }
            guard !pane.errorsOnly || rows[index].isTroubled else { continue }
            let key = SortKey(rows[index], index: index, pane.sort)
            longest = max(longest, Int(key.nameLength))
            keys.append(key)
        }
        if pane.sort.field != .unsorted {
            keys.sort { a, b in
                a.precedes(b) ?? (Self.tieBreak(rows[Int(a.index)], rows[Int(b.index)]) ?? (a.index < b.index))
            }
        } else if pane.sort.isDescending {
            keys.reverse()
        }
        return Listing(order: keys.map(\.index), total: rows.count, isLoaded: true, longestName: longest)
    }

    private static func tieBreak(_ a: some ListRow, _ b: some ListRow) -> Bool? {
        for field in [Field.name, .namespace, .cluster] {
            let left = a.text(field) ?? "", right = b.text(field) ?? ""
            if left != right { return left < right }
        }
        return nil
    }
}

/// A row's place in the order as integers that compare ascending; the first 16 bytes of its name break ties.
struct SortKey {
    var index: Int32
    var nameLength: Int32
    private var a: UInt64 = 0
    private var b: UInt64 = 0
    private var c: UInt64 = 0
    private var name0: UInt64 = 0
    private var name1: UInt64 = 0

    init(_ row: some ListRow, index: Int, _ sort: Sort) {
        self.index = Int32(clamping: index)
        let name = row.text(.name) ?? ""
        nameLength = Int32(clamping: name.utf8.count)
        (name0, name1) = Self.prefix(name)
        let flip: UInt64 = sort.isDescending ? .max : 0
        if sort.field == .state {
            let urgency = row.urgency
            (a, b, c) = (Self.ordered(urgency.0) ^ flip, Self.ordered(urgency.1) ^ flip, Self.ordered(urgency.2) ^ flip)
        } else if sort.field.isText {
            let (first, second) = Self.prefix(row.text(sort.field) ?? "")
            (b, c) = (first ^ flip, second ^ flip)
        } else if let number = row.number(sort.field), !number.isNaN {
            b = Self.ordered(number) ^ flip
        } else {
            // Unknown stands last in either direction.
            a = 1
        }
    }

    /// nil: equal as far as the key knows.
    func precedes(_ other: SortKey) -> Bool? {
        if a != other.a { return a < other.a }
        if b != other.b { return b < other.b }
        if c != other.c { return c < other.c }
        if name0 != other.name0 { return name0 < other.name0 }
        if name1 != other.name1 { return name1 < other.name1 }
        return nil
    }

    /// Bits that order as the numbers do.
    private static func ordered(_ value: Double) -> UInt64 {
        let bits = (value == 0 ? 0 : value).bitPattern
        return bits >> 63 == 1 ? ~bits : bits | 1 << 63
    }

    private static func prefix(_ text: String) -> (UInt64, UInt64) {
        var result: (UInt64, UInt64) = (0, 0)
        var count: UInt64 = 0
        for byte in text.utf8.prefix(16) {
            let shifted = UInt64(byte.lowercasedASCII) << (56 - 8 * (count & 7))
            if count < 8 { result.0 |= shifted } else { result.1 |= shifted }
            count += 1
        }
        return result
    }
}
