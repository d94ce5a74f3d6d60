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
    /// that the first view holds what matters. `longestName` bounds the name's width.
    init() {}

    init(_ columns: [Column], width: Int, offset: Int, longestName: Int) {
        guard width > 0 else { return }
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
        place(columns, chosen, width: width, spare: max(0, width - used), longestName: longestName)
    }

    /// Spare cells go to the name until it holds the longest one, then evenly to what can use them.
    private mutating func place(_ all: [Column], _ chosen: Set<Int>, width: Int, spare: Int, longestName: Int) {
        var spare = spare
        let shown = chosen.sorted()
        var widths = shown.map { all[$0].width }
        let limits = shown.map { index in
            all[index].field == .name ? min(all[index].maxWidth, max(all[index].width, longestName)) : all[index].maxWidth
        }
        let growOrder = Array(shown.indices)
        if let name = growOrder.first(where: { all[shown[$0]].field == .name }) {
            let growth = min(spare, max(0, limits[name] - widths[name]))
            widths[name] += growth
            spare -= growth
        }
        while spare > 0 {
            let growing = growOrder.filter { widths[$0] < limits[$0] }
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
