import MeshModel
import Panels

extension Model {
    mutating func perform(_ action: Action) -> [Effect] {
        if screen.pane.kind == .latencies, moveCursor(action) { return [] }
        if screen.pane.kind == .waterfall, walk(action) { return [] }
        if screen.pane.kind == .graph, walkGraph(action) { return [] }
        if action == .focusOn, showOriginInGraph() { return [] }
        if changeGraph(action) { return [] }
        if screen.pane.kind == .span, stepThroughHop(action) { return [] }
        if screen.pane.kind == .times, action == .fold {
            foldWays()
            return []
        }
        switch action {
        case .overview: showRoot(.overview)
        case .services: showRoot(.services)
        case .pods: showRoot(.pods)
        case .nodes: showRoot(.nodes)
        case .graph: showRoot(.graph)
        case .traces: showRoot(.traces)
        case .paths: showRoot(.paths)
        case .sources: showRoot(.sources)
        case .help: screen.place == .help ? back() : push(Screen(.help))
        case .up: moveSelection(by: -1)
        case .down: moveSelection(by: 1)
        case .pageUp: moveSelection(by: -pageRows)
        case .pageDown: moveSelection(by: pageRows)
        case .halfPageUp: moveSelection(by: -max(1, pageRows / 2))
        case .halfPageDown: moveSelection(by: max(1, pageRows / 2))
        case .top: select(position: 0)
        case .bottom: select(position: .max)
        case .columnsLeft: screen.pane.columnOffset = max(0, screen.pane.columnOffset - 1)
        case .columnsRight: scrollColumns()
        case .nextPane: cyclePane(by: 1)
        case .previousPane: cyclePane(by: -1)
        case .open: return open()
        case .back: back()
        case .clear: clear()
        case .filter:
            let pane = screen.pane
            mode = .filter(CommandLine(pane.filter.text), before: pane.filter, selection: pane.selection)
        case .errorsOnly: toggleErrorsOnly()
        case .sortPrevious: moveSort(by: -1)
        case .sortNext: moveSort(by: 1)
        case .sortReverse:
            screen.pane.sort.isDescending.toggle()
            relist(screen.focus)
        case .zoom: zoom()
        case .copy: return copySelection()
        case .save: return [.saveScreen(path: defaultSavePath)]
        case .tracesOf: showTracesOfSelection()
        case .openService, .openPod: openPage(action == .openService ? .service : .pod)
        case .why: showWhy()
        case .latency: showLatency()
        case .compare: showComparison()
        case .warning: followFirstWarning()
        case .sampleTrace: showSampleTrace()
        case .fold, .foldAll, .foldLess, .foldMore, .parent, .nextError, .previousError, .slowestChild:
            tell("that is for the spans of a trace: \(keyHint(.traces)) lists traces")
        case .focusOn, .hopsMore, .hopsLess, .level, .overlay, .hideIdle, .chain, .panLeft, .panRight, .panUp, .panDown, .middle: break  // Done above.
        case .freeze: toggleFreeze()
        case .stepBack: step(by: -1)
        case .stepForward: step(by: 1)
        case .jump: mode = .jump(LineEditor())
        case .live: goLive()
        case .faster: changeSpeed(by: 1)
        case .slower: changeSpeed(by: -1)
        case .nextFailure: goToFailure(1)
        case .previousFailure: goToFailure(-1)
        case .windowLonger: return changeWindow(by: 1)
        case .windowShorter: return changeWindow(by: -1)
        case .predicate:
            let all = ErrorPredicate.allCases
            setPredicate(all[((all.firstIndex(of: predicate) ?? 0) + 1) % all.count])
        case .command: mode = .command(CommandLine())
        case .redraw: return [.redraw]
        case .suspend: return [.suspend]
        case .quit: return [.quit]
        case .accept, .cancel, .complete, .completePrevious, .historyPrevious, .historyNext, .deleteBackward, .deleteForward,
            .deleteWord, .deleteToStart, .cursorLeft, .cursorRight, .cursorStart, .cursorEnd:
            break  // Only looked up while a line is edited.
        }
        return []
    }

    // MARK: - Lists

    private mutating func toggleErrorsOnly() {
        screen.pane.errorsOnly.toggle()
        relist(screen.focus, userNarrowed: true)
    }

    /// The next column that is shown, in the order of the columns.
    private mutating func moveSort(by step: Int) {
        let fields = Columns.sortable(screen.pane.kind)
        guard !fields.isEmpty else { return }
        let current = fields.firstIndex(of: screen.pane.sort.field)
        let next = current.map { ($0 + step + fields.count) % fields.count } ?? 0
        sort(by: Sort(fields[next]))
    }

    mutating func sort(by sort: Sort) {
        screen.pane.sort = sort
        relist(screen.focus)
    }

    private mutating func scrollColumns() {
        let hidden = ScreenLayout(self).hiddenColumns(pane: screen.focus, self)
        if hidden > 0 { screen.pane.columnOffset += 1 }
    }

    private mutating func zoom() {
        if !screen.isZoomed, ScreenLayout(self).focusablePanes.count < 2 {
            tell("this screen has one pane only")
            return
        }
        screen.isZoomed.toggle()
        followSelections()
    }

    mutating func copySelection() -> [Effect] {
        guard let text = selectedText else {
            tell("nothing is selected", isError: true)
            return []
        }
        tell("copied: \(text)")
        return [.copy(text)]
    }

    /// `telltale-services-20261123T200433.txt`: the screen's name and the instant it shows.
    var defaultSavePath: String {
        let instant = (frame?.now).map { "-" + $0.rfc3339.prefix(19).filter { $0 != "-" && $0 != ":" } } ?? ""
        let name = screen.place.title.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
        return "telltale-\(String(name))\(instant).txt"
    }

    mutating func setPredicate(_ predicate: ErrorPredicate) {
        self.predicate = predicate
        tell("errors now mean: \(predicate.rawValue) (\(predicate.meaning))")
    }
}

extension ErrorPredicate {
    var meaning: String {
        switch self {
        case .server: "5xx, no response, gRPC server errors"
        case .client: "also 4xx and every gRPC status but 0"
        case .strict: "also any response flag"
        }
    }
}
