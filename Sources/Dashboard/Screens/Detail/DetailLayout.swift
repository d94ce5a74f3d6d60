import CellCanvas
import Panels

extension ScreenLayout {
    /// A detail page. Where there is room everything stands at once: facts, charts, columns of lists. On a small terminal a row
    /// of tabs names the parts and what is wrong in them, and the focused one takes the place; nothing is left out.
    ///
    ///     facts                          facts
    ///     tabs                           charts ┊ charts ┊ charts
    ///     the focused list               Pods          ┊ Versions
    ///     charts                         Callers       ┊ Answers
    ///     the selected row in words      Calls         ┊ Counters
    mutating func detail(_ model: Model) {
        let (facts, rest) = body.splitTop(body.height >= 36 ? 4 : 3)
        tile = facts
        let (main, below) = rest.splitBottom(1)
        notes = below
        if model.width < 120 ? model.height < 50 : model.height < 36 {
            isTabbed = true
            tabbed(main, focus: model.screen.focus)
        } else {
            whole(main, model)
        }
    }

    private mutating func tabbed(_ main: Rect, focus: Int) {
        let (bar, rest) = main.splitTop(1)
        tabs = bar
        guard kinds[focus] != .charts, let charts = kinds.firstIndex(of: .charts) else {
            areas[focus] = rest
            return
        }
        let (list, below) = rest.splitBottom(max(6, rest.height / 3))
        areas[focus] = list
        areas[charts] = below
    }

    private mutating func whole(_ main: Rect, _ model: Model) {
        // A narrow screen has its charts in two rows.
        let (top, lists) = main.splitTop(model.width < 120 ? 14 : main.height >= 38 ? 12 : 9)
        if let charts = kinds.firstIndex(of: .charts) { areas[charts] = top }
        let columns: [[PaneKind]] =
            model.width >= 180
            ? [[.members, .versions, .answers], [.inbound, .outbound], [.counters]]
            : model.width >= 120
            ? [[.members, .inbound, .outbound], [.versions, .answers, .counters]]
            : [[.members, .inbound, .outbound, .versions, .answers, .counters]]
        var remaining = lists
        for (place, column) in columns.enumerated() {
            let isLast = place == columns.count - 1
            let (area, next) = remaining.splitLeft(remaining.width / (columns.count - place))
            remaining = next
            stack(column.compactMap { kinds.firstIndex(of: $0) }, in: isLast ? area : area.splitLeft(area.width - 1).0, model)
        }
    }

    /// One under the other: each gets what its rows need, as far as there is room for all.
    private mutating func stack(_ panes: [Int], in area: Rect, _ model: Model) {
        let needs = panes.map { 2 + max(1, model.screen.panes[$0].listing.total) }
        var remaining = area
        for (index, height) in zip(panes, DetailHeights.shares(needs, of: area.height)) {
            (areas[index], remaining) = remaining.splitTop(height)
        }
    }
}

package enum DetailHeights {
    /// Heights of lists that share a column: the modest get what they need, the others an equal part, the last what is over.
    package static func shares(_ needs: [Int], of total: Int) -> [Int] {
        var result = [Int](repeating: 0, count: needs.count)
        var left = total
        for (place, index) in needs.indices.sorted(by: { (needs[$0], $0) < (needs[$1], $1) }).enumerated() {
            result[index] = min(needs[index], left / (needs.count - place))
            left -= result[index]
        }
        if let last = result.indices.last { result[last] += left }
        return result
    }
}
