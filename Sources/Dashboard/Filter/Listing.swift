/// The rows of a list that are shown, in order, as indices into the data they were made from.
package struct Listing: Sendable, Equatable {
    package var order: [Int32] = []
    /// Rows before the filters.
    package var total = 0
    /// False until the data for this list arrived.
    package var isLoaded = false
    /// Bytes of the longest text of the columns that grow with their content: an upper bound of its cells, so that
    /// columns do not move while scrolling.
    var longest: [Field: Int] = [:]

    /// Filters and sorts. What the order needs is taken out of each row once, as integers and bytes: comparing rows
    /// themselves would count references with every access.
    static func make<Row: ListRow>(_ rows: [Row], _ pane: Pane) -> Listing {
        var keys: [SortKey] = []
        keys.reserveCapacity(rows.count)
        var names = NameArena(capacity: Row.comesByName ? 0 : rows.count * 32)
        var longest: [Field: Int] = [:]
        rows.withUnsafeBufferPointer { buffer in
            guard let first = buffer.baseAddress else { return }
            collect(first, buffer.count, pane, &keys, &names)
            longest[.name] = keys.reduce(0) { max($0, Int($1.nameLength)) }
            for column in Columns.of(pane.kind) where column.growsWithContent { longest[column.field] = longestText(first, keys, column.field) }
        }
        if pane.sort.field != .unsorted {
            names.bytes.withUnsafeBufferPointer { bytes in
                keys.sort { a, b in a.precedes(b) ?? NameArena.precedes(a, b, bytes) ?? (a.index < b.index) }
            }
        } else if pane.sort.isDescending {
            keys.reverse()
        }
        return Listing(order: keys.map(\.index), total: rows.count, isLoaded: true, longest: longest)
    }

    /// `~Copyable` keeps the compiler from copying rows, which costs dozens of reference counts each.
    private static func collect<Row: ListRow & ~Copyable>(_ rows: UnsafePointer<Row>, _ count: Int, _ pane: Pane, _ keys: inout [SortKey],
                                                          _ names: inout NameArena) {
        for index in 0..<count where accepts(rows[index], pane) {
            keys.append(SortKey(rows[index], index: index, pane.sort, &names))
        }
    }

    private static func longestText<Row: ListRow & ~Copyable>(_ rows: UnsafePointer<Row>, _ keys: [SortKey], _ field: Field) -> Int {
        var longest = 0
        for key in keys { longest = max(longest, rows[Int(key.index)].text(field)?.utf8.count ?? 0) }
        return longest
    }

    private static func accepts<Row: ListRow & ~Copyable>(_ row: borrowing Row, _ pane: Pane) -> Bool {
        (pane.scope.isEmpty || pane.scope.accepts(row)) && (pane.filter.isEmpty || pane.filter.accepts(row))
            && (!pane.errorsOnly || row.isTroubled)
    }
}

/// Name, namespace and cluster of the listed rows, end to end: what breaks ties.
struct NameArena {
    private(set) var bytes: [UInt8] = []

    init(capacity: Int) { bytes.reserveCapacity(capacity) }

    /// Where the texts lie, apart by a byte that no text holds first.
    mutating func append(_ texts: String...) -> Range<UInt32> {
        let start = bytes.count
        for text in texts {
            bytes.append(contentsOf: text.utf8)
            bytes.append(0)
        }
        return UInt32(clamping: start)..<UInt32(clamping: bytes.count)
    }

    /// nil: equal.
    static func precedes(_ a: SortKey, _ b: SortKey, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool? {
        var x = Int(a.nameStart), y = Int(b.nameStart)
        while x < a.nameEnd, y < b.nameEnd {
            if bytes[x] != bytes[y] { return bytes[x] < bytes[y] }
            x += 1
            y += 1
        }
        return nil
    }
}

/// A row's place in the order as integers that compare ascending; its name breaks ties.
struct SortKey {
    var index: Int32
    var nameLength: Int32
    var nameStart: UInt32
    var nameEnd: UInt32
    private var a: UInt64 = 0
    private var b: UInt64 = 0
    private var c: UInt64 = 0

    init<Row: ListRow & ~Copyable>(_ row: borrowing Row, index: Int, _ sort: Sort, _ names: inout NameArena) {
        self.index = Int32(clamping: index)
        let name = row.text(.name) ?? ""
        nameLength = Int32(clamping: name.utf8.count)
        let place = Row.comesByName ? 0..<0 : names.append(name, row.text(.namespace) ?? "", row.text(.cluster) ?? "")
        (nameStart, nameEnd) = (place.lowerBound, place.upperBound)
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
        return nil
    }

    /// Bits that order as the numbers do.
    private static func ordered(_ value: Double) -> UInt64 {
        let bits = (value == 0 ? 0 : value).bitPattern
        return bits >> 63 == 1 ? ~bits : bits | 1 << 63
    }

    /// The first 16 bytes: enough to order a column of text; the name orders the rest.
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
