/// From a drawn sheet to a picture that begins at 0, 0.
///
/// Postcondition: the places of all that is drawn are remembered.
enum Finishing {
    static func picture(of sheet: Sheet, in work: Work, options: LayoutOptions) -> GraphPicture {
        var picture = GraphPicture()
        picture.options = options
        picture.hidden = work.hidden
        guard !sheet.boxes.isEmpty else { return picture }
        for box in sheet.boxes {
            let item = sheet.lattice.items[box.item], across = item.row - item.before - sheet.grid.top
            let text = work.nodes[item.node].box
            let rect = options.flow == .leftToRight ? BoxRect(x: box.from, y: across, width: box.length, height: text.height)
                : BoxRect(x: across, y: box.from, width: text.width, height: box.length)
            picture.boxes.append(Self.box(work.nodes[item.node], rect))
        }
        Painting.paint(sheet, options: options, into: &picture)
        remember(sheet, work, &picture.hints)
        picture.cells.sort { ($0.y, $0.x) < ($1.y, $1.x) }
        picture.width = max(picture.cells.reduce(0) { max($0, $1.x + 1) }, picture.boxes.reduce(0) { max($0, $1.rect.right) })
        picture.height = max(picture.cells.reduce(0) { max($0, $1.y + 1) }, picture.boxes.reduce(0) { max($0, $1.rect.bottom) })
        return picture
    }

    private static func box(_ node: Work.Node, _ rect: BoxRect) -> GraphBox {
        GraphBox(node: node.input, rect: rect, lines: node.box.lines, nameLength: node.box.nameLength, frame: node.box.frame, callsItself: !node.loops.isEmpty, hiddenCallers: node.hiddenCallers, hiddenCallees: node.hiddenCallees)
    }

    private static func remember(_ sheet: Sheet, _ work: Work, _ hints: inout LayoutHints) {
        for (layer, items) in sheet.lattice.layers.enumerated() {
            var order = 0
            for index in items {
                let item = sheet.lattice.items[index], id = work.nodes[item.node].id, rank = sheet.lattice.ranks[layer]
                if item.isDummy {
                    for edge in item.carried.joined() {
                        hints.passages[LayoutHints.Passage(source: id, target: work.nodes[work.edges[edge].target].id, layer: rank)] = item.row
                    }
                } else {
                    hints.nodes[id] = LayoutHints.Place(layer: rank, order: order, row: item.row)
                    order += 1
                }
            }
        }
    }
}
