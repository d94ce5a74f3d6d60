import Panels

extension Model {
    func rows(of pane: Pane) -> PaneRows? {
        switch pane.kind {
        case .waterfall: pane.waterfall.isLoaded ? .waterfall(pane.waterfall) : nil
        case .span: spanLines.map { .span($0) }
        case .way: verdictAtHand.map { .hops(HopRow.rows($0)) }
        case .grounds: whyLines.map { .grounds($0) }
        case .graph: frame?.edges[pane.graph.scope.level].map { _ in .graph(pane.graph.calls.nodes.map(PartyRow.init)) }
        case .calls: graphPane.flatMap { frame?.edges[$0.graph.scope.level] == nil ? nil : .edges($0.graph.calls.edges) }
        default: PaneRows(pane.kind, screen.place, frame, keys, predicate, foldsWays: pane.foldsWays)
        }
    }

    /// Position of the selected row among those shown; nil if it is not there.
    var selectedPosition: Int? {
        let pane = screen.pane
        guard let key = pane.selection else { return nil }
        return rows(of: pane)?.position(of: key, in: pane.listing.order)
    }

    /// Rows a page movement goes: one less than fit, so that a line stays in view.
    var pageRows: Int { max(1, visibleRows(screen.focus) - 1) }

    func visibleRows(_ pane: Int) -> Int { ScreenLayout(self).visibleRows(pane: pane) }

    /// From a vanished row, down leads to what took its place and up to what stood before it.
    mutating func moveSelection(by step: Int) {
        let count = screen.pane.listing.order.count
        guard count > 0 else { return }
        if let position = selectedPosition {
            let scroll = screen.pane.scroll
            let isInView = (scroll..<scroll + max(1, visibleRows(screen.focus))).contains(position)
            select(position: screen.pane.isTouched || isInView ? position + step : scroll)
        } else {
            select(position: screen.pane.lastIndex + (step > 0 ? step - 1 : step))
        }
    }

    mutating func select(position: Int) {
        let pane = screen.pane
        let count = pane.listing.order.count
        guard count > 0, let rows = rows(of: pane) else { return }
        let position = min(max(0, position), count - 1)
        screen.pane.selection = rows.key(at: Int(pane.listing.order[position]))
        screen.pane.lastIndex = position
        screen.pane.followsSelection = true
        screen.pane.isTouched = true
        follow(screen.focus, position: position)
        if pane.kind == .graph { revealSelection(screen.focus) }
        if pane.kind == .paths { showWay(insteadOf: pane.selection) }
    }

    /// The wheel moves what is seen, not what is selected.
    mutating func scroll(pane index: Int, by step: Int) {
        if screen.panes[index].kind == .graph { return screen.panes[index].graph.pan(columns: 0, rows: step) }
        let visible = visibleRows(index)
        let limit = max(0, screen.panes[index].listing.order.count - visible)
        screen.panes[index].scroll = min(max(0, screen.panes[index].scroll + step), limit)
        screen.panes[index].followsSelection = false
    }

    /// Rows in view whose trend is drawn, by list.
    var shownEntities: [(EntityLevel, [EntityKey])] {
        let layout = ScreenLayout(self)
        return screen.panes.indices.compactMap { index in
            let pane = screen.panes[index]
            if pane.kind == .graph { return pane.anchor?.key(pane.graph.scope.level).map { ($0.level, [$0]) } }
            guard case .entities(let level) = pane.kind, let rows = frame?.entities[level], layout.shownPanes.contains(index) else { return nil }
            let shown = pane.listing.order.dropFirst(pane.scroll).prefix(layout.visibleRows(pane: index))
            return (level, shown.compactMap { rows.indices.contains(Int($0)) ? rows[Int($0)].key : nil })
        }
    }

    // MARK: - Keeping lists in step with data

    mutating func take(_ data: FrameData) {
        frame = data
        newestVersion = max(newestVersion, data.version)
        if case .live = time { newest = max(newest ?? data.now, data.now) }
        relistAll()
    }

    mutating func relistAll() {
        for index in screen.panes.indices { relist(index) }
        settleFocus()
        openOnlyRow()
    }

    /// Filters and sorts a list anew. `userNarrowed`: the person just changed what it shows, so a selection that
    /// fell out moves to the first row; data never moves it.
    mutating func relist(_ index: Int, userNarrowed: Bool = false) {
        let before = screen.panes[index].selection
        defer { if screen.panes[index].kind == .paths { showWay(insteadOf: before) } }
        if screen.panes[index].kind == .waterfall { takeTrace(index) }
        if screen.panes[index].kind == .graph { takeGraph(index) }
        screen.panes[index].sieve = screen.panes[index].kind.isSifted ? sieve : .open
        guard let rows = rows(of: screen.panes[index]) else {
            screen.panes[index].listing = Listing()
            return
        }
        // What a search finds comes after it was typed: the first of it is selected, as if it had been there.
        let userNarrowed = userNarrowed || screen.panes[index].listing.isLoaded && screen.panes[index].listing.order.isEmpty && !screen.panes[index].filter.attributeKeys.isEmpty
        var memory = screen.panes[index].memory.take() ?? ListingMemory()
        let listing = rows.listing(screen.panes[index], &memory)
        screen.panes[index].memory = memory
        screen.panes[index].listing = listing
        // Until the person chose one, the first row is selected: what needs a look.
        // A waterfall begins at its root, and a search in it at what it found.
        if !screen.panes[index].isTouched, !userNarrowed, screen.panes[index].kind != .waterfall { screen.panes[index].selection = nil }
        // In a graph around somebody that one is.
        if !screen.panes[index].isTouched, let center = screen.panes[index].graph.center { screen.panes[index].selection = .party(center.entity) }
        if userNarrowed { selectFound(index) }
        let position = screen.panes[index].selection.flatMap { rows.position(of: $0, in: listing.order) }
        if userNarrowed { screen.panes[index].followsSelection = true }
        if let position {
            screen.panes[index].lastIndex = position
        } else if screen.panes[index].selection == nil || userNarrowed, let first = listing.order.first {
            // The way is looked at from its end: there it begins.
            let isWay = screen.panes[index].kind == .way
            screen.panes[index].selection = rows.key(at: Int(isWay ? listing.order[listing.order.count - 1] : first))
            screen.panes[index].lastIndex = isWay ? listing.order.count - 1 : 0
            if isWay { screen.panes[index].followsSelection = true }
        }
        if screen.panes[index].kind == .graph { revealSelection(index) }
        follow(index, position: position ?? min(screen.panes[index].lastIndex, max(0, listing.order.count - 1)))
    }

    /// What is wrong with a filter of the focused pane.
    func searchProblem(_ text: String) -> FilterProblem? { Filter(text, hasAttributes: screen.pane.kind == .traces).problem }

    mutating func applyFilter(_ text: String, selection: RowKey?) {
        screen.pane.filter = .asFarAsGood(text, hasAttributes: screen.pane.kind == .traces)
        screen.pane.selection = selection
        relist(screen.focus, userNarrowed: true)
    }

    mutating func followSelections() {
        for index in screen.panes.indices {
            let pane = screen.panes[index]
            let position = pane.selection.flatMap { rows(of: pane)?.position(of: $0, in: pane.listing.order) }
            follow(index, position: position ?? pane.lastIndex)
        }
    }

    /// Scrolls as little as brings the position into view.
    private mutating func follow(_ index: Int, position: Int) {
        let visible = max(1, visibleRows(index))
        let count = screen.panes[index].listing.order.count
        var scroll = screen.panes[index].scroll
        if screen.panes[index].followsSelection {
            scroll = min(max(scroll, position - visible + 1), position)
        }
        screen.panes[index].scroll = min(max(0, scroll), max(0, count - visible))
    }

    /// The focus is always on a pane that is shown. The first data picks it: what fails, if anything does.
    mutating func settleFocus() {
        let layout = ScreenLayout(self)
        if !screen.hasSettled, screen.place == .overview, let first = screen.panes.first, first.listing.isLoaded {
            screen.hasSettled = true
            screen.focus = first.listing.order.isEmpty ? 1 : 0
        }
        if !layout.focusablePanes.contains(screen.focus) { screen.focus = layout.focusablePanes.first ?? 0 }
    }
}
