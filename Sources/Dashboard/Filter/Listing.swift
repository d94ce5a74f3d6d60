import Panels

/// The rows of a list that are shown, in order, as indices into the data they were made from.
package struct Listing: Sendable, Equatable {
    package var order: [Int32] = []
    /// Rows before the filters.
    package var total = 0
    /// Rows the filters let through, and `:find` or `:hide` do not.
    package var hidden = 0
    /// False until the data for this list arrived.
    package var isLoaded = false
    /// Bytes of the longest text of the columns that grow with their content: an upper bound of its cells, so that
    /// columns do not move while scrolling.
    var longest: [Field: Int] = [:]
    /// Of traces: the duration a full bar stands for, and the rows before the cell of the latencies was picked.
    var longestSeconds = 0.0
    var beforeCell: [Int32] = []

    /// Filters and sorts. What the order needs is taken out of each row once, as integers and bytes: comparing rows
    /// themselves would count references with every access.
    static func make<Row: ListRow>(_ rows: [Row], _ pane: Pane) -> Listing {
        var names = NameArena(capacity: Row.comesByName ? 0 : rows.count * 32)
        var places: [ListingPlace] = []
        places.reserveCapacity(rows.count)
        let growing = growingFields(pane)
        rows.withUnsafeBufferPointer { buffer in
            guard let first = buffer.baseAddress else { return }
            for index in 0..<buffer.count { places.append(ListingPlace(first[index], index: index, pane, growing, &names)) }
        }
        return make(places, names, pane, growing)
    }

    /// The same for a long list that was listed before: a row that is the very same keeps its place.
    static func make(_ rows: [EntityRow], _ pane: Pane, _ memory: inout ListingMemory) -> Listing {
        let terms = ListingMemory.Terms(scope: pane.scope, filter: pane.filter, sieve: pane.sieve, errorsOnly: pane.errorsOnly, sort: pane.sort)
        let isKnown = memory.terms == terms && memory.rows.count == rows.count
        let growing = growingFields(pane)
        var names = NameArena(capacity: 0)
        if isKnown {
            for index in rows.indices where rows[index] !== memory.rows[index] {
                memory.places[index] = ListingPlace(rows[index], index: index, pane, growing, &names)
            }
        } else {
            memory.terms = terms
            memory.places = rows.indices.map { ListingPlace(rows[$0], index: $0, pane, growing, &names) }
        }
        memory.rows = rows
        return make(memory.places, names, pane, growing)
    }

    static func make(_ places: [ListingPlace], _ names: NameArena, _ pane: Pane, _ growing: [Field]) -> Listing {
        var keys: [SortKey] = []
        keys.reserveCapacity(places.count)
        var widths = SIMD4<UInt16>()
        var hidden = 0
        for place in places where place.isAccepted {
            guard place.isLetThrough else {
                hidden += 1
                continue
            }
            keys.append(place.key)
            widths = pointwiseMax(widths, place.widths)
        }
        if pane.sort.field != .unsorted {
            names.bytes.withUnsafeBufferPointer { bytes in
                keys.sort { a, b in a.precedes(b) ?? NameArena.precedes(a, b, bytes) ?? (a.index < b.index) }
            }
        } else if pane.sort.isDescending {
            keys.reverse()
        }
        var longest: [Field: Int] = [:]
        for (place, field) in growing.enumerated() { longest[field] = Int(widths[place]) }
        return Listing(order: keys.map(\.index), total: places.count, hidden: hidden, isLoaded: true, longest: longest)
    }

    /// The name, and the columns that grow with what they hold.
    static func growingFields(_ pane: Pane) -> [Field] {
        let fields = [.name] + Columns.of(pane.kind).filter(\.growsWithContent).map(\.field)
        precondition(fields.count <= 4, "BUG: more growing columns than a place has widths for")
        return fields
    }
}

/// What listing a row takes: whether it is shown, where, and how many bytes long the texts of the growing columns are.
struct ListingPlace: Sendable {
    var key: SortKey
    var isAccepted: Bool
    /// By `:find` and `:hide`.
    var isLetThrough: Bool
    var widths = SIMD4<UInt16>()

    init<Row: ListRow & ~Copyable>(_ row: borrowing Row, index: Int, _ pane: Pane, _ growing: [Field], _ names: inout NameArena) {
        isAccepted = Self.accepts(row, pane)
        isLetThrough = pane.sieve.isOpen || !isAccepted || pane.sieve.lets(row)
        key = SortKey(row, index: index, pane.sort, &names)
        for (place, field) in growing.enumerated() { widths[place] = UInt16(clamping: row.text(field)?.utf8.count ?? 0) }
    }

    private static func accepts<Row: ListRow & ~Copyable>(_ row: borrowing Row, _ pane: Pane) -> Bool {
        (pane.scope.isEmpty || pane.scope.accepts(row)) && (pane.filter.isEmpty || pane.filter.accepts(row))
            && (!pane.errorsOnly || row.isTroubled)
    }
}

/// The last listing of a pane, row by row.
struct ListingMemory: Sendable {
    struct Terms: Equatable, Sendable {
        var scope: Filter
        var filter: Filter
        var sieve: Sieve
        var errorsOnly: Bool
        var sort: Sort
    }

    struct Traces: Sendable {
        var terms: Terms
        var cell: TraceCell?
        var rows: [TraceRow]
        var listing: Listing
    }

    var traces: Traces?
    var terms: Terms?
    var rows: [EntityRow] = []
    var places: [ListingPlace] = []
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
struct SortKey: Sendable {
    var index: Int32
    var nameStart: UInt32
    var nameEnd: UInt32
    private var a: UInt64 = 0
    private var b: UInt64 = 0
    private var c: UInt64 = 0

    init<Row: ListRow & ~Copyable>(_ row: borrowing Row, index: Int, _ sort: Sort, _ names: inout NameArena) {
        self.index = Int32(clamping: index)
        let place = Row.comesByName ? 0..<0 : names.append(row.text(.name) ?? "", row.text(.namespace) ?? "", row.text(.cluster) ?? "")
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
