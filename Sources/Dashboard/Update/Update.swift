package import Panels

/// The only place the model changes: total, without clock, lock, file or terminal.
///
/// The loop around it: translate input to events; after every event ask `queries(for:)`, and when they or the
/// data's version changed send the answer as `.frame`; then `view`.
package func update(_ model: inout Model, _ event: Event) -> [Effect] {
    let effects = react(&model, to: event)
    return model.nextLayout().map { effects + [.layOut($0)] } ?? effects
}

/// The same where nothing is done beside: pictures are laid out before it returns.
package func updateAtOnce(_ model: inout Model, _ event: Event) -> [Effect] {
    var effects = update(&model, event)
    while case .layOut(let job)? = effects.last { effects = effects.dropLast() + update(&model, .laidOut(job.run())) }
    return effects
}

private func react(_ model: inout Model, to event: Event) -> [Effect] {
    switch event {
    case .key(let key): return model.press(key)
    case .mouse(let mouse): return model.point(mouse)
    case .pasted(let text):
        if !model.mode.isLine { model.tell("nothing to paste into: \(model.keyHint(.filter)) filters, \(model.keyHint(.command)) takes a command") }
        model.edit { $0.insert(text) }
        return []
    case .resized(let width, let height):
        model.width = max(0, width)
        model.height = max(0, height)
        model.settleFocus()
        model.refitGraph()
        model.followSelections()
        return []
    case .frame(let data):
        model.isAwaiting = false
        model.take(data)
        return []
    case .awaiting:
        model.isAwaiting = true
        return []
    case .tick(let now, let version, let samples):
        model.newestSamples = samples ?? model.newestSamples
        model.newest = max(model.newest ?? now, now)
        model.newestVersion = max(model.newestVersion, version)
        return []
    case .elapsed(let seconds):
        model.play(seconds)
        return []
    case .laidOut(let picture):
        model.take(picture)
        return []
    case .done(let text):
        model.tell(text)
        return []
    case .failed(let text):
        model.tell(text, isError: true)
        return []
    }
}

/// Queries but for the trends of single rows.
package func panels(of queries: [PanelQuery]) -> [PanelQuery] {
    queries.filter {
        switch $0 {
        case .trends, .callTrend: false
        default: true
        }
    }
}

/// Trends of rows that came into view with the last data: asked for on their own, they complete that frame.
package func lateQueries(for model: Model, after data: FrameData) -> [PanelQuery] {
    model.shownEntities.compactMap { level, keys in
        let late = keys.filter { data.trends[$0] == nil }
        return late.isEmpty ? nil : .trends(level, late)
    }
}

/// What the screen on top needs, and for when.
package func queries(for model: Model) -> (queries: [PanelQuery], time: FrameTime) {
    var queries: [PanelQuery] = [.mesh]
    switch model.screen.place {
    case .overview:
        queries.append(.verdicts)
        let layout = ScreenLayout(model)
        for (index, pane) in model.screen.panes.enumerated() {
            if case .entities(let level) = pane.kind, level == .service || layout.couldShow(pane: index) { queries.append(.entities(level)) }
        }
    case .services: queries.append(.entities(.service))
    case .pods: queries.append(.entities(.pod))
    case .nodes: queries.append(.entities(.node))
    case .paths: queries.append(.verdicts)
    case .why(let subject): queries.append(subject.query)
    case .latency(let key): queries.append(.latency(key))
    case .compare(let split): queries.append(.comparison(split))
    case .sources: queries.append(.sources)
    case .graph: queries += model.graphQueries
    case .traces:
        queries.append(.traces)
        let pane = model.screen.panes[0], keys = Set(pane.filter.attributeKeys + pane.scope.attributeKeys).sorted()
        if !keys.isEmpty { queries.append(.attributes(keys)) }
    case .trace(let id):
        queries.append(.trace(id))
        if let (span, kind) = model.spanToOpen { queries.append(.span(id, span, kind)) }
    case .call(let level, let edge):
        queries.append(.edges(level))
        if let source = edge.source.key(level) { queries.append(.callTrend(source, to: edge.destination)) }
    case .help: break
    case .detail(let key): queries.append(.detail(key))
    }
    for (level, keys) in model.shownEntities { queries.append(.trends(level, keys)) }
    if model.time.playback != nil { queries.append(.timeline) }
    var time = FrameTime(windowSeconds: model.windowSeconds, predicate: model.predicate)
    time.now = model.time.instant
    return (queries, time)
}

extension Model {
    mutating func tell(_ text: String, isError: Bool = false) { message = Message(text: text, isError: isError) }

    /// Passes a change to whatever line is being edited.
    mutating func edit(_ change: (inout LineEditor) -> Void) {
        switch mode {
        case .browse: break
        case .filter(var line, let before, let selection):
            change(&line.editor)
            line.touched()
            mode = .filter(line, before: before, selection: selection)
            applyFilter(line.editor.text, selection: selection)
        case .command(var line):
            change(&line.editor)
            line.touched()
            mode = .command(line)
        case .jump(var editor):
            change(&editor)
            mode = .jump(editor)
        }
    }

    mutating func press(_ key: Key) -> [Effect] {
        message = nil
        if mode.isLine { return pressInLine(key) }
        if let action = keys.action(for: key, in: .screen) { return perform(action) }
        let help = keys.keys(for: .help).first.map { "; \($0.caption) lists the keys" } ?? ""
        tell("\(key) does nothing here\(help)")
        return []
    }

    private mutating func pressInLine(_ key: Key) -> [Effect] {
        guard let action = keys.action(for: key, in: .line) else {
            if case .character(let character) = key.code, key.modifiers.isEmpty { edit { $0.insert(String(character)) } }
            return []
        }
        switch action {
        case .accept: return acceptLine()
        case .cancel:
            cancelLine()
            return []
        case .complete, .completePrevious:
            complete(forward: action == .complete)
            return []
        case .historyPrevious, .historyNext:
            guard case .command(var line) = mode else { return [] }
            line.recall(older: action == .historyPrevious, history)
            mode = .command(line)
            return []
        case .deleteBackward where lineText.isEmpty:
            // Backspace out of an empty line leaves it, as in other tools with such lines.
            cancelLine()
            return []
        default:
            edit { _ = $0.edit(action) }
            return []
        }
    }

    private var lineText: String {
        switch mode {
        case .browse: ""
        case .jump(let editor): editor.text
        case .filter(let line, _, _), .command(let line): line.editor.text
        }
    }

    private mutating func cancelLine() {
        if case .filter(_, let before, let selection) = mode {
            screen.pane.filter = before
            screen.pane.selection = selection
            relist(screen.focus)
        }
        mode = .browse
    }

    private mutating func acceptLine() -> [Effect] {
        let accepted = mode
        mode = .browse
        switch accepted {
        case .browse: return []
        case .filter(let line, _, _):
            if let problem = searchProblem(line.editor.text) {
                mode = accepted
                tell(problem.text, isError: true)
                return []
            }
            if screen.pane.kind == .graph {
                let found = screen.pane.graph.search(screen.pane.filter)
                if !found.hasDrawn, let worst = found.notDrawn.first { setFocus(on: worst) }
            }
            // What the filter led to is chosen.
            screen.pane.isTouched = screen.pane.selection != nil
            return []
        case .command(let line): return run(line.editor.text)
        case .jump(let editor):
            jump(to: editor.text)
            return []
        }
    }
}
