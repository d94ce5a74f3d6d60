import MeshModel
import Panels

/// From anything to what changed since it began, and from there to what shows it.
extension Model {
    /// Since the failing path at hand began, else since the service at hand fails, else since whatever is worst does.
    mutating func showComparison() {
        if let key = verdictAtHand?.key { return showComparison(.verdict(key)) }
        if case .ground? = screen.pane.selection { return showComparison(.worst) }
        switch screen.place {
        case .detail, .call, .why: if let key = serviceAtHand { return showComparison(.service(key)) }
        default: break
        }
        showComparison(.worst)
    }

    mutating func showComparison(_ split: ComparisonSplit) {
        screen.place == .compare(split) ? tell("this is what changed") : push(Screen(.compare(split)))
    }

    /// `:compare`, `:compare 14:02:10`, `:compare -10m`, `:compare payment`.
    mutating func showComparison(typed text: String) {
        guard !text.isEmpty else { return showComparison() }
        let shown = time.instant ?? frame?.now ?? newest
        let instant = shown.flatMap { shown in
            if let playback = time.playback { TimeText.instant(text, in: playback.range, shown: shown) } else { TimeText.instant(text, shown: shown, newest: newest ?? shown) }
        }
        if let instant { return showComparison(.at(instant)) }
        showComparison(.service(Self.service(typed: text)))
    }

    mutating func followExcess() {
        guard case .excess? = screen.pane.selection, let key = screen.pane.selection, let frame, let row = ExcessRow.rows(frame)?.first(where: { $0.rowKey == key }) else { return }
        if let search = row.search { return push(Screen(.traces, scope: Filter(attribute: search))) }
        guard let page = row.attribute.service.key(.service) else { return tell("\(row.service) is outside the mesh: it has no page") }
        open(page)
    }
}
