extension GraphPicture {
    /// The wires in a part of the picture. One that leaves it ends in a mark that points to where it goes on.
    package func cells(in view: BoxRect) -> [WireCell] {
        var shown: [WireCell] = []
        // Cells stand by row: the first that may show is found by halving.
        var low = 0, high = cells.count
        while low < high {
            let middle = (low + high) / 2
            if cells[middle].y < view.y { low = middle + 1 } else { high = middle }
        }
        while low < cells.count, cells[low].y < view.bottom {
            if (view.x..<view.right).contains(cells[low].x) { shown.append(marked(cells[low], view)) }
            low += 1
        }
        return shown
    }

    private func marked(_ cell: WireCell, _ view: BoxRect) -> WireCell {
        var cell = cell
        if cell.x == view.right - 1 && cell.x < width - 1 && cell.arms & 2 != 0 {
            cell.scalar = options.ascii ? ">" : "»"
        } else if cell.x == view.x && cell.x > 0 && cell.arms & 1 != 0 {
            cell.scalar = options.ascii ? "<" : "«"
        } else if cell.y == view.bottom - 1 && cell.y < height - 1 && cell.arms & 8 != 0 {
            cell.scalar = options.ascii ? "v" : "↓"
        } else if cell.y == view.y && cell.y > 0 && cell.arms & 4 != 0 {
            cell.scalar = options.ascii ? "^" : "↑"
        }
        return cell
    }
}
