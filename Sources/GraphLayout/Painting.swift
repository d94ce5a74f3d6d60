/// From a sheet to cells on the screen: every cell from its arms by the tables, crossings and splits by the nets that meet.
///
/// Postcondition: four arms are a crossing if they belong to two nets, a split three ways if to one. Nothing is overwritten.
enum Painting {
    static func paint(_ sheet: Sheet, options: LayoutOptions, into picture: inout GraphPicture) {
        let grid = sheet.grid
        for index in grid.arms.indices where grid.arms[index] != 0 || grid.specials[index] != .none {
            let (row, column) = index.quotientAndRemainder(dividingBy: grid.length)
            let arms = Glyphs.Arms(grid.arms[index], flow: options.flow)
            let (nets, sets) = (grid.nets[index], grid.sets[index])
            let isCrossing = arms.shape == 15 && nets.along != nets.across
            let set = Int(sets.along > 0 ? sets.along : sets.across) - 1
            let scalar = grid.specials[index] == .none ? Glyphs.wire(arms, isSplit: arms.shape == 15 && !isCrossing, ascii: options.ascii)
                : Glyphs.special(grid.specials[index], flow: options.flow, ascii: options.ascii)
            if isCrossing { picture.crossings += 1 }
            let (dx, dy) = options.flow == .leftToRight ? (column, row) : (row, column)
            picture.cells.append(WireCell(x: dx, y: dy, scalar: scalar, arms: UInt8(arms.shape), along: set, across: isCrossing ? Int(sets.across) - 1 : nil, tone: sheet.carried.entries[set].tone))
        }
        picture.edgeSets = sheet.carried.entries.map(\.edges)
    }
}
