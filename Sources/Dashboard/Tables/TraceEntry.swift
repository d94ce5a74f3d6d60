import MeshModel
package import Panels

/// A trace beside the instant it is looked at from: its age is part of what is sorted and filtered.
struct TraceEntry: Sendable {
    var row: TraceRow
    var now: Timestamp
    /// Its place in the list, and what is known of the attributes of all in it.
    var index = 0
    var attributes: [String: AttributeColumn] = [:]
}

extension TraceEntry: ListRow {
    /// They come newest first.
    static var comesByName: Bool { true }
    var rowKey: RowKey { .trace(row.id) }
    var stateName: String { row.isFailed ? "failed" : row.errors > 0 ? "errors" : row.isArriving ? "arriving" : "ok" }
    var isTroubled: Bool { row.isFailed || row.errors > 0 }
    var urgency: (Double, Double, Double) { (Double(health.rawValue), Double(row.errors), row.durationSeconds) }

    /// Of what is still arriving nothing is odd yet.
    var isOdd: Bool { !row.isArriving && row.orphans + row.adjusted > 0 }

    func anyState(_ body: (String) -> Bool) -> Bool {
        if row.isArriving, body("arriving") { return true }
        if body(stateName) { return true }
        return row.isFailed ? body("failing") || body("error") : row.errors > 0 && body("error")
    }

    func number(_ field: Field) -> Double? {
        switch field {
        case .duration, .trend: row.durationSeconds * 1000
        case .age: (now - row.start).seconds
        case .spans: Double(row.spans)
        case .services: Double(row.services.count)
        case .errors: Double(row.errors)
        case .code: row.code.map(Double.init)
        case .oddities: row.isArriving ? nil : Double(row.orphans + row.adjusted)
        default: nil
        }
    }

    func text(_ field: Field) -> String? {
        switch field {
        case .name, .operation: row.operation
        case .service: row.service
        case .trace: row.id.hex
        case .code: row.code.map { String($0) }
        default: nil
        }
    }

    /// Of the services it passes each.
    func anyValue(_ field: Field, _ body: (String) -> Bool) -> Bool {
        field == .service ? body(row.service) || row.services.contains(where: body) : text(field).map(body) ?? false
    }

    func anyAttribute(_ key: String, _ body: (String) -> Bool) -> Bool? {
        guard let column = attributes[key], index < column.values.count else { return nil }
        return column.values[index].map { $0.contains(where: body) }
    }

    func anyText(_ body: (String) -> Bool) -> Bool {
        body(row.operation) || anyValue(.service, body) || (row.isFailed && body("failed")) || body(row.id.hex)
    }
}

extension TraceEntry: CellRow {
    var isStale: Bool { false }
    var health: HealthState { row.isFailed ? .failing : row.errors > 0 ? .warning : .good }
    var stateGlyph: String { row.isArriving && health == .good ? "…" : health.glyph }
    var barSeconds: Double? { row.durationSeconds }

    func cellText(_ field: Field) -> String {
        switch field {
        case .age: Format.age(number(.age).map { max(0, $0) })
        case .duration: Format.milliseconds(row.durationSeconds * 1000)
        case .spans: Format.count(row.spans)
        case .services: Format.count(row.services.count)
        case .errors: Format.count(row.errors)
        case .code: row.code.map { $0 == 0 ? "none" : "\($0)" } ?? Format.unknown
        case .oddities where row.isArriving: "…"
        case .oddities: [row.orphans > 0 ? "?\(Format.count(row.orphans))" : "", row.adjusted > 0 ? "≈\(Format.count(row.adjusted))" : ""].filter { !$0.isEmpty }.joined(separator: " ")
        case .trend: ""
        default: text(field) ?? Format.unknown
        }
    }
}

extension Listing {
    /// A list of the very same traces looks as it did, unless their age or their attributes are looked at.
    static func make(_ rows: [TraceRow], now: Timestamp, _ attributes: [String: AttributeColumn], _ pane: Pane, _ memory: inout ListingMemory) -> Listing {
        let terms = ListingMemory.Terms(scope: pane.scope, filter: pane.filter, sieve: pane.sieve, errorsOnly: pane.errorsOnly, sort: pane.sort)
        let isKept = attributes.isEmpty && !pane.filter.looksAtAge && !pane.scope.looksAtAge
        if isKept, let known = memory.traces, known.terms == terms, known.cell == pane.cell, isSame(known.rows, rows) { return known.listing }
        let listing = make(rows, now: now, attributes, pane)
        memory.traces = isKept ? .init(terms: terms, cell: pane.cell, rows: rows, listing: listing) : nil
        return listing
    }

    private static func isSame(_ a: [TraceRow], _ b: [TraceRow]) -> Bool {
        a.count == b.count && a.withUnsafeBufferPointer { a in b.withUnsafeBufferPointer { a.baseAddress == $0.baseAddress } }
    }

    /// Traces: filtered and sorted as any list, then narrowed to the cell that was picked.
    static func make(_ rows: [TraceRow], now: Timestamp, _ attributes: [String: AttributeColumn], _ pane: Pane) -> Listing {
        var names = NameArena(capacity: 0)
        var places: [ListingPlace] = []
        places.reserveCapacity(rows.count)
        let growing = growingFields(pane)
        for index in rows.indices { places.append(ListingPlace(TraceEntry(row: rows[index], now: now, index: index, attributes: attributes), index: index, pane, growing, &names)) }
        var listing = make(places, names, pane, growing)
        listing.beforeCell = listing.order
        if let cell = pane.cell { listing.order.removeAll { !cell.contains(rows[Int($0)]) } }
        for index in listing.order { listing.longestSeconds = max(listing.longestSeconds, rows[Int(index)].durationSeconds) }
        return listing
    }
}

extension Filter {
    /// A trace by its place in a list whose attributes were looked into.
    package func accepts(_ row: TraceRow, at index: Int, _ attributes: [String: AttributeColumn]) -> Bool {
        accepts(TraceEntry(row: row, now: row.start, index: index, attributes: attributes))
    }
}
