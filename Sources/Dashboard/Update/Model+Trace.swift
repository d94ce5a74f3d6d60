import MeshModel
import Panels

extension Model {
    /// The trace of the frame, if it is the one on the screen.
    var shownTrace: TraceDetail? {
        guard case .trace(let id) = screen.place, let trace = frame?.trace, trace.row.id == id else { return nil }
        return trace
    }

    mutating func takeTrace(_ index: Int) {
        guard let trace = shownTrace else { return }
        screen.panes[index].waterfall.take(trace)
    }

    /// Row of the selected span in the waterfall, shown or not.
    private var spanRow: Int? {
        guard case .trace = screen.place, let key = screen.panes[0].selection else { return nil }
        return screen.panes[0].waterfall.row(of: key)
    }

    var selectedSpan: SpanRow? { spanRow.map { screen.panes[0].waterfall.spans[$0] } }

    /// The span whose bytes are worth decoding: while its panel is in view.
    var spanToOpen: (SpanID, SpanKind)? {
        guard let span = selectedSpan, ScreenLayout(self).shownPanes.contains(1) else { return nil }
        let part = openPart(of: span)
        return part.map { (span.parts[$0].id, span.parts[$0].kind) } ?? (span.id, span.kind)
    }

    /// Which of a hop's spans is open: the caller's outermost, until one steps on.
    private func openPart(of span: SpanRow) -> Int? {
        guard !span.parts.isEmpty else { return nil }
        guard let (id, part) = screen.panes[1].openPart, id == span.id else { return 0 }
        return min(part, span.parts.count - 1)
    }

    var spanLines: [SpanLine]? {
        selectedSpan.map { SpanLine.lines($0, open: openPart(of: $0), frame?.span, trace: screen.panes[0].waterfall.id, origin: screen.panes[0].waterfall.index.range.from) }
    }

    /// Steps through the spans of a hop; false if that is not what the action means.
    mutating func stepThroughHop(_ action: Action) -> Bool {
        guard action == .columnsLeft || action == .columnsRight, let span = selectedSpan else { return false }
        guard let part = openPart(of: span) else {
            tell("one span tells of this call")
            return true
        }
        openPart(part + (action == .columnsRight ? 1 : span.parts.count - 1), of: span)
        return true
    }

    private mutating func openPart(_ part: Int, of span: SpanRow) {
        let part = part % span.parts.count
        screen.panes[1].openPart = (span.id, part)
        relist(1)
        // Where one is among them stays in view.
        guard let line = spanLines?.first(where: { if case .part(part)? = $0.target { true } else { false } }) else { return }
        if let position = screen.panes[1].listing.order.firstIndex(of: Int32(line.number)) { select(position: position) }
    }

    // MARK: - Walking the waterfall

    /// Does what an action means in a waterfall; false if it means what it means everywhere.
    mutating func walk(_ action: Action) -> Bool {
        switch action {
        case .sortNext, .sortPrevious, .sortReverse:
            tell("spans stand in the order of their calls")
            return true
        case .chain:
            screen.panes[0].waterfall.lightsPath.toggle()
            tell(screen.panes[0].waterfall.lightsPath ? "lit up: what the request waited for, moment by moment" : "all is as it is")
            return true
        case .fold, .foldAll, .foldLess, .foldMore, .parent, .nextError, .previousError, .slowestChild, .columnsLeft, .columnsRight: break
        default: return false
        }
        guard let row = spanRow else {
            tell("no span is selected")
            return true
        }
        let waterfall = screen.panes[0].waterfall
        switch action {
        case .fold where !waterfall.hasChildren(row): tell("nothing is below this span")
        case .fold: fold { $0.toggle(row) }
        case .foldAll: fold { $0.toggleAll() }
        case .foldLess: fold { $0.changeLevel(by: 1) }
        case .foldMore: fold { $0.changeLevel(by: -1) }
        case .columnsLeft where waterfall.hasChildren(row) && !waterfall.isFolded(row) && !screen.pane.isFiltered: fold { $0.toggle(row) }
        case .columnsRight where waterfall.isFolded(row) && !screen.pane.isFiltered: fold { $0.toggle(row) }
        case .columnsRight: if waterfall.hasChildren(row) { moveSelection(by: 1) }
        case .columnsLeft, .parent:
            let parent = Int(waterfall.index.parents[row])
            parent >= 0 ? go(to: parent) : tell(waterfall.spans[row].isOrphan || waterfall.spans[row].isAwaitingParent ? "its parent has not come" : "this is where the trace begins")
        case .nextError, .previousError:
            guard let (next, wrapped) = waterfall.next(from: row, by: action == .nextError ? 1 : -1, screen.pane) else {
                tell(screen.pane.isFiltered ? "no span is found" : "no span failed (\(predicate.rawValue))")
                return true
            }
            go(to: next)
            if wrapped { tell(next == row ? "this is the only one" : "around the end") }
        case .slowestChild:
            if let child = waterfall.slowestChild(of: row) { go(to: child) } else { tell("nothing is below this span") }
        default: break
        }
        return true
    }

    /// Selects a row, unfolding what hides it.
    private mutating func go(to row: Int) {
        screen.panes[0].waterfall.reveal(row)
        relist(0)
        select(row)
    }

    private mutating func fold(_ change: (inout Waterfall) -> Void) {
        guard !screen.pane.isFiltered else {
            tell("what is found is never folded; \(keyHint(.clear)) clears the search")
            return
        }
        let row = spanRow
        change(&screen.panes[0].waterfall)
        relist(0)
        if let row { select(screen.panes[0].waterfall.shown(row)) }
    }

    private mutating func select(_ row: Int) {
        let pane = screen.panes[0]
        guard let key = pane.waterfall.key(at: row) else { return }
        if let position = pane.waterfall.position(of: key, in: pane.listing.order) {
            select(position: position)
        } else {
            tell("the filter hides it; \(keyHint(.clear)) clears it")
        }
    }

    /// A search goes to the first span it finds, not to those above it that lead there.
    mutating func selectFound(_ index: Int) {
        let pane = screen.panes[index]
        guard pane.kind == .waterfall, pane.isFiltered else { return }
        func isFound(_ row: Int) -> Bool { Waterfall.isFound(pane.waterfall.spans[row], pane.filter, errorsOnly: pane.errorsOnly) }
        if let row = pane.selection.flatMap({ pane.waterfall.row(of: $0) }), isFound(row) { return }
        guard let first = pane.listing.order.first(where: { isFound(Int($0)) }) else { return }
        screen.panes[index].selection = pane.waterfall.key(at: Int(first))
    }

    // MARK: - The span panel

    /// From the waterfall to all that is known of the span.
    mutating func showSpan() {
        screen.focus = 1
        screen.isZoomed = false
        relistAll()
    }

    mutating func followSpanLine() {
        guard let key = screen.pane.selection, let line = spanLines?.first(where: { $0.rowKey == key }) else { return }
        switch line.target {
        case .service: openPage(.service)
        case .pod: openPage(.pod)
        case .trace(let id): push(Screen(.trace(id)))
        case .part(let part): if let span = selectedSpan { openPart(part, of: span) }
        case .span(let id):
            screen.focus = 0
            if let row = screen.panes[0].waterfall.row(holding: id) { go(to: row) }
        case .notHeld: tell("that trace is not held: its spans did not come here, or it went when memory was full")
        case nil: tell("\(keyHint(.copy)) copies it; \(keyHint(.open)) on service, pod and links opens them")
        }
    }
}
