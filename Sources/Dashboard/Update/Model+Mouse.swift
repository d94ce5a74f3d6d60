import CellCanvas
import Panels

extension Model {
    /// Rows one notch of the wheel goes.
    private static let wheelRows = 3

    /// A click does what stands under it. Where that is, is found by painting the screen onto a canvas nobody sees,
    /// so that what is drawn and what is clicked can not differ.
    mutating func point(_ mouse: Mouse) -> [Effect] {
        guard let frame, ScreenLayout.fits(self), let hit = hit(at: mouse, frame) else { return [] }
        switch mouse.kind {
        case .wheelUp, .wheelDown:
            if let pane = hit.pane { scroll(pane: pane, by: mouse.kind == .wheelUp ? -Self.wheelRows : Self.wheelRows) }
            return []
        case .click, .doubleClick:
            message = nil
            leaveLine()
            return click(hit, at: mouse, opens: mouse.kind == .doubleClick)
        }
    }

    private func hit(at mouse: Mouse, _ frame: FrameData) -> Hit.Target? {
        var canvas = Canvas(width: width, height: height)
        var painter = Painter(&canvas, glyphs: settings.glyphs)
        painter.paint(self, frame)
        // Later parts lie on top of earlier ones.
        return painter.hits.last { $0.area.contains(x: mouse.x, y: mouse.y) }?.target
    }

    private mutating func click(_ target: Hit.Target, at mouse: Mouse, opens: Bool) -> [Effect] {
        switch target {
        case .action(let action): return perform(action)
        case .depth(let depth): pop(toDepth: depth)
        case .warning(let warning): follow(warning)
        case .pane(let index): screen.focus = index
        case .timeline(let area): seek(toColumn: mouse.x - area.x, of: area.width)
        case .graph(let index): return clickGraph(pane: index, at: mouse, opens: opens)
        case .map(let index): clickMap(pane: index, at: mouse, opens: opens)
        case .header(let index, let field):
            screen.focus = index
            guard Columns.sortable(screen.pane.kind).contains(field) else { return [] }
            if screen.pane.sort.field == field {
                screen.pane.sort.isDescending.toggle()
                relist(index)
            } else {
                sort(by: Sort(field))
            }
        case .row(let index, let position):
            let wasSelected = screen.focus == index && selectedPosition == position
            screen.focus = index
            select(position: position)
            if opens || wasSelected { return open() }
        }
        return []
    }

    /// A click elsewhere keeps a filter and drops any other half-typed line.
    private mutating func leaveLine() { mode = .browse }
}

extension Hit.Target {
    /// The list the pointer is over.
    var pane: Int? {
        switch self {
        case .pane(let index), .map(let index), .graph(let index), .header(let index, _), .row(let index, _): index
        case .action, .depth, .timeline, .warning: nil
        }
    }
}
