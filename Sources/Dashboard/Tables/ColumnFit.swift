/// A column's place in a table of a given width.
struct PlacedColumn: Sendable, Equatable {
    var field: Field
    var x: Int
    var width: Int
    var isRightAligned: Bool
}

/// Which columns fit, and how wide they are.
struct ColumnFit: Sendable, Equatable {
    var columns: [PlacedColumn] = []
    /// Columns to the right that do not fit, reachable with `columns-right`.
    var hidden = 0

    private static let gap = 1

    /// `offset` columns beside those that always show are scrolled off; with none, columns fall away by rank, so
    /// that the first view holds what matters. `longest` bounds the width of columns
    /// that grow with their content.
    init() {}

    init(_ columns: [Column], width: Int, offset: Int, longest: [Field: Int]) {
        guard width > 0 else { return }
        var columns = columns
        if let name = columns.firstIndex(where: { $0.field == .name }) {
            // Names that need it get a fifth of the room beyond the narrowest screen before further columns do.
            let wanted = min(longest[.name] ?? 0, columns[name].width + max(0, width - 78) / 5)
            columns[name].width = min(columns[name].maxWidth, max(columns[name].width, wanted))
        }
        let fixed = columns.indices.filter { columns[$0].rank == 0 }
        let rest = columns.indices.filter { columns[$0].rank > 0 }
        let skipped = min(max(0, offset), max(0, rest.count - 1))
        var chosen = Set(fixed)
        var used = fixed.reduce(0) { $0 + columns[$1].width + Self.gap } - Self.gap
        let candidates = skipped == 0 ? rest.sorted { columns[$0].rank < columns[$1].rank } : Array(rest.dropFirst(skipped))
        for index in candidates {
            let needed = columns[index].width + Self.gap
            // In order of place a column that does not fit ends the row; in order of rank a narrower one may still.
            guard used + needed <= width else { if skipped > 0 { break } else { continue } }
            chosen.insert(index)
            used += needed
        }
        hidden = rest.dropFirst(skipped).filter { !chosen.contains($0) }.count
        place(columns, chosen, width: width, spare: max(0, width - used), longest: longest)
    }

    /// Spare cells go to the name and the reason first, then evenly to what can use them.
    private mutating func place(_ all: [Column], _ chosen: Set<Int>, width: Int, spare: Int, longest: [Field: Int]) {
        var spare = spare
        let shown = chosen.sorted()
        var widths = shown.map { all[$0].width }
        let limits = shown.map { index in
            longest[all[index].field].map { min(all[index].maxWidth, max(all[index].width, $0)) } ?? all[index].maxWidth
        }
        // The name as far as the longest needs it, then other names, then the reason, whose words explain the row.
        func grow(_ index: Int, to ideal: Int) {
            let growth = min(spare, max(0, min(limits[index], ideal) - widths[index]))
            widths[index] += growth
            spare -= growth
        }
        let order = shown.indices.sorted { (all[shown[$0]].field == .name ? 0 : 1, $0) < (all[shown[$1]].field == .name ? 0 : 1, $1) }
        for index in order where longest[all[shown[index]].field] != nil { grow(index, to: .max) }
        for index in order where all[shown[index]].field == .reason { grow(index, to: 40) }
        while spare > 0 {
            let growing = shown.indices.filter { widths[$0] < limits[$0] }
            if growing.isEmpty { break }
            for index in growing where spare > 0 {
                widths[index] += 1
                spare -= 1
            }
        }
        var x = 0
        for (index, columnIndex) in shown.enumerated() {
            let column = all[columnIndex]
            guard x < width else { break }
            columns.append(PlacedColumn(field: column.field, x: x, width: min(widths[index], width - x), isRightAligned: column.isRightAligned))
            x += widths[index] + Self.gap
        }
    }
}
