/// Parts beside each other, what stands alone in a last block, and all of it moved to begin at 0, 0.
///
/// Postcondition: no two parts overlap; a part that has hints stays where it was unless another grew into it.
enum Stacking {
    static func picture(of sheets: [Sheet], lone: [Int], in work: Work, options: LayoutOptions, hints: LayoutHints) -> GraphPicture {
        var picture = GraphPicture()
        picture.options = options
        picture.hidden = work.hidden
        let offsets = Self.offsets(sheets)
        let top = zip(sheets, offsets).map { $0.grid.top + $1 }.min() ?? 0
        for (sheet, offset) in zip(sheets, offsets) {
            let shift = offset + sheet.grid.top - top
            let isRight = options.flow == .leftToRight
            for box in sheet.boxes {
                let item = sheet.lattice.items[box.item], across = item.row - item.before + offset - top
                let text = work.nodes[item.node].box
                let rect = isRight ? BoxRect(x: box.from, y: across, width: box.length, height: text.height) : BoxRect(x: across, y: box.from, width: text.width, height: box.length)
                picture.boxes.append(Self.box(work.nodes[item.node], rect))
            }
            Painting.paint(sheet, x: isRight ? 0 : shift, y: isRight ? shift : 0, firstSet: picture.edgeSets.count, options: options, into: &picture)
            remember(sheet, offset, work, &picture.hints)
        }
        picture.cells.sort { ($0.y, $0.x) < ($1.y, $1.x) }
        picture.width = max(picture.cells.reduce(0) { max($0, $1.x + 1) }, picture.boxes.reduce(0) { max($0, $1.rect.right) })
        picture.height = max(picture.cells.reduce(0) { max($0, $1.y + 1) }, picture.boxes.reduce(0) { max($0, $1.rect.bottom) })
        if !lone.isEmpty { block(lone, work, top: options.flow == .leftToRight ? top : 0, hints, &picture) }
        return picture
    }

    /// The parts in the order they come, a row apart; first those from the last picture, where they were.
    private static func offsets(_ sheets: [Sheet]) -> [Int] {
        var offsets = [Int](repeating: 0, count: sheets.count)
        var taken: [ClosedRange<Int>] = []
        for index in sheets.indices.filter({ sheets[$0].isKept }) + sheets.indices.filter({ !sheets[$0].isKept }) {
            let top = sheets[index].grid.top, bottom = top + sheets[index].grid.rows - 1
            // A new part begins below all others; one that another grew into goes to the next free place.
            var offset = sheets[index].isKept ? 0 : below(taken, top)
            while let blocking = taken.first(where: { $0.overlaps(top + offset - 1...bottom + offset + 1) }) { offset = below([blocking], top) }
            offsets[index] = offset
            taken.append(top + offset...bottom + offset)
        }
        return offsets
    }

    private static func below(_ taken: [ClosedRange<Int>], _ top: Int) -> Int {
        guard let bottom = taken.map(\.upperBound).max() else { return 0 }
        let offset = bottom + 2 - top
        return offset + offset & 1
    }

    private static func box(_ node: Work.Node, _ rect: BoxRect) -> GraphBox {
        GraphBox(node: node.input, rect: rect, lines: node.box.lines, nameLength: node.box.nameLength, frame: node.box.frame, callsItself: !node.loops.isEmpty, hiddenCallers: node.hiddenCallers, hiddenCallees: node.hiddenCallees)
    }

    private static func remember(_ sheet: Sheet, _ offset: Int, _ work: Work, _ hints: inout LayoutHints) {
        for (layer, items) in sheet.lattice.layers.enumerated() {
            var order = 0
            for index in items {
                let item = sheet.lattice.items[index], id = work.nodes[item.node].id, rank = sheet.lattice.ranks[layer]
                if item.isDummy {
                    for edge in item.carried.joined() {
                        hints.passages[LayoutHints.Passage(source: id, target: work.nodes[work.edges[edge].target].id, layer: rank)] = item.row + offset
                    }
                } else {
                    hints.nodes[id] = LayoutHints.Place(layer: rank, order: order, row: item.row + offset)
                    order += 1
                }
            }
        }
    }

    /// Nodes without any wire, below all others.
    private static func block(_ lone: [Int], _ work: Work, top: Int, _ hints: LayoutHints, _ picture: inout GraphPicture) {
        let first = picture.height == 0 ? 0 : max(picture.height + 1, hints.loneTop.map { $0 - top } ?? 0)
        picture.hints.loneTop = first + top
        for place in LoneNodes.places(lone, in: work, widest: max(picture.width, 78), top: first, hints: hints) {
            let node = work.nodes[place.node]
            picture.boxes.append(Self.box(node, BoxRect(x: place.x, y: place.y, width: node.box.width, height: node.box.height)))
            picture.hints.lone[node.id] = LayoutHints.Spot(shelf: place.shelf, x: place.x)
            picture.width = max(picture.width, place.x + node.box.width)
            picture.height = max(picture.height, place.y + node.box.height)
        }
    }
}
