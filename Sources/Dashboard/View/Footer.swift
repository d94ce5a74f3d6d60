import CellCanvas
import Panels

extension Painter {
    /// The last line: the line being edited, else the last message, else where keys lead.
    mutating func footer(_ model: Model) {
        let y = model.height - 1
        switch model.mode {
        case .command(let line): commandLine(line, model, y: y)
        case .filter(let line, _, _): filterLine(line, model, y: y)
        case .jump(let editor):
            prompt("jump to ", editor, y: y, right: [Piece("-10m  +30s  15:30  15:30:05 (UTC)", .dim)])
        case .browse:
            if let message = model.message {
                text("\(message.isError ? "✕ " : "")\(message.text)", x: 1, y: y, message.isError ? .failing : .accent, limit: width - 2)
            } else {
                hints(model, y: y)
            }
        }
    }

    private mutating func commandLine(_ line: CommandLine, _ model: Model, y: Int) {
        let candidates = line.candidates.isEmpty ? model.completions(of: line.editor.text) : line.candidates
        let words = candidates.prefix(12).enumerated().map { index, candidate in
            Piece(candidate.split(separator: " ").last.map(String.init) ?? "", line.candidate == index ? .strong : .dim)
        }
        if let problem = line.problem { return prompt(":", line.editor, y: y, problem) }
        prompt(":", line.editor, y: y, right: words)
    }

    /// Who is still typing is told what is missing; what is wrong, and what was not taken, is pointed at.
    private mutating func filterLine(_ line: CommandLine, _ model: Model, y: Int) {
        let pane = model.screen.pane
        let problem = model.searchProblem(line.editor.text)
        if let problem, !problem.isUnfinished || model.message?.isError == true { return prompt("/", line.editor, y: y, problem) }
        let words = line.candidates.prefix(8).enumerated().map { index, candidate in
            Piece(candidate.split(separator: " ").last.map(String.init) ?? "", line.candidate == index ? .strong : .dim)
        }
        let count = Piece("\(Format.grouped(pane.listing.order.count)) of \(Format.grouped(pane.listing.total))", .dim)
        let found = pane.graph.search(pane.kind == .graph ? pane.filter : .none)
        let beyond = found.notDrawn.isEmpty ? nil : Piece("\(Format.grouped(found.notDrawn.count)) not drawn" + (found.hasDrawn ? "" : ": Enter looks there"), .warning)
        prompt("/", line.editor, y: y, right: [problem.map { Piece($0.text, .warning) }, count, beyond].compactMap { $0 } + words)
    }

    /// The line one up, and below what is wrong in it a caret and why.
    private mutating func prompt(_ label: String, _ editor: LineEditor, y: Int, _ problem: FilterProblem) {
        fill(Rect(x: 0, y: y - 1, width: width, height: 1), .normal)
        let (start, first) = prompt(label, editor, y: y - 1, right: [])
        let characters = Array(editor.text)
        func column(_ place: Int) -> Int {
            let before = characters[min(first, characters.count)..<min(max(first, place), characters.count)]
            return start + before.reduce(0) { $0 + cells(String($1)) } + max(0, place - max(first, characters.count))
        }
        let caret = min(column(problem.place.lowerBound), width - 3)
        let end = min(max(caret + 1, column(problem.place.upperBound)), width - 2)
        text(String(repeating: "^", count: end - caret), x: caret, y: y, .failing, limit: end - caret)
        // Beside the caret, on the side that has room for it.
        let length = cells(problem.text)
        let isLeft = end + 1 + length > width - 1 && length < caret - 1
        text(problem.text, x: isLeft ? caret - 1 - length : end + 1, y: y, .failing, limit: isLeft ? length : width - 2 - end)
    }

    /// What is typed wins the room; what stands right of it is cut. Where its first visible character stands, and which that is.
    @discardableResult
    private mutating func prompt(_ label: String, _ editor: LineEditor, y: Int, right: [Piece]) -> (x: Int, first: Int) {
        var x = 1 + text(label, x: 1, y: y, .key, limit: width - 1)
        let room = max(4, width - x - 2)
        let characters = Array(editor.text)
        let first = max(0, editor.cursor - room + 1), start = x
        for (index, character) in characters.enumerated().dropFirst(first) where x < width - 1 {
            x += text(String(character), x: x, y: y, index == editor.cursor ? .cursor : .normal, limit: width - x)
        }
        if editor.cursor >= characters.count {
            x += text(" ", x: x, y: y, .cursor, limit: width - x)
        }
        x += 2
        for piece in right where x < width - 2 { x += text(piece.text, x: x, y: y, piece.tone, limit: width - 1 - x) + 2 }
        return (start, first)
    }

    private mutating func hints(_ model: Model, y: Int) {
        var x = 1
        // A trace has many keys of its own: on a narrow terminal they come before the titles of other screens.
        let isTerse = width < 100 && (model.screen.pane.kind.isOfTraces || model.screen.pane.kind.isOfFailures || model.screen.pane.kind.isOfTimes)
        for (place, action) in Place.roots {
            let key = model.keyHint(action)
            let start = x
            x += text(key, x: x, y: y, .key, limit: max(0, width - 1 - x))
            if !isTerse || model.stack[0].place == place { x += text(" \(place.title)", x: x, y: y, model.stack[0].place == place ? .strong : .normal, limit: max(0, width - 1 - x)) }
            hit(Rect(x: start, y: y, width: x - start, height: 1), .action(action))
            x += width < 100 ? 1 : 2
        }
        x += text("│ ", x: x, y: y, .border, limit: max(0, width - 1 - x))
        for (action, words) in screenHints(model) {
            guard let key = model.keys.keys(for: action).first else { continue }
            let keyText = key.caption
            guard x + keyText.count + words.count + 1 < width else { continue }
            let start = x
            x += text(keyText, x: x, y: y, .key, limit: width - x)
            x += text(" \(words)", x: x, y: y, .dim, limit: width - x)
            hit(Rect(x: start, y: y, width: x - start, height: 1), .action(action))
            x += 2
        }
    }

    private func screenHints(_ model: Model) -> [(Action, String)] {
        var hints: [(Action, String)] = []
        if let playback = model.time.playback {
            hints += [(.freeze, playback.isPlaying ? "pause" : "play"), (.nextFailure, "failure"), (.faster, "faster"), (.jump, "jump")]
        }
        if model.screen.place != .sources { hints.append((.open, model.screen.place == .help ? "do it" : "open")) }
        if model.stack.count > 1 || model.screen.pane.isFiltered || model.screen.isZoomed {
            hints.append((.clear, model.screen.pane.isFiltered ? "clear" : "back"))
        }
        if model.screen.pane.kind == .waterfall {
            hints += [(.fold, "fold"), (.nextError, model.screen.pane.isFiltered ? "next" : "error"), (.slowestChild, "slowest"), (.parent, "parent"), (.filter, "search"), (.openService, "service"), (.nextPane, "span"), (.errorsOnly, "errors")]
            return hints + [(.chain, "critical path"), (.foldAll, "fold all"), (.openPod, "pod"), (.tracesOf, "traces"), (.copy, "copy"), (.quit, "quit")]
        }
        if model.screen.pane.kind == .graph {
            hints += [(.columnsRight, "along"), (.nextError, "failing"), (.focusOn, "around"), (.chain, "chain"), (.overlay, "overlay"), (.level, "level"), (.nextPane, "table")]
            return hints + [(.filter, "find"), (.foldLess, "more"), (.fold, "fold"), (.hideIdle, "idle"), (.tracesOf, "traces"), (.quit, "quit")]
        }
        if model.screen.pane.kind.isOfFailures {
            if case .why = model.screen.place {
                hints += [(.sampleTrace, "trace"), (.compare, "compare"), (.openPod, "pod"), (.openService, "service"), (.focusOn, "graph"), (.nextPane, "pane"), (.tracesOf, "traces"), (.copy, "copy")]
            } else {
                if model.screen.pane.kind != .way { hints[hints.count - (hints.last?.0 == .clear ? 2 : 1)].1 = "why" }
                hints += [(.sampleTrace, "trace"), (.openPod, "pod"), (.focusOn, "graph"), (.filter, "filter"), (.errorsOnly, "errors")]
                if ScreenLayout(model).focusablePanes.count > 1 { hints.append((.nextPane, "pane")) }
            }
            return hints + [(.command, "command"), (.quit, "quit")]
        }
        if case .latency = model.screen.place {
            if let place = hints.firstIndex(where: { $0.0 == .open }) { hints[place].1 = "trace" }
            return hints + [(.nextPane, "pane"), (.latency, "its time"), (.why, "why"), (.fold, "fold ways"), (.tracesOf, "traces"), (.filter, "filter"), (.sortNext, "sort"), (.errorsOnly, "what slows"), (.windowLonger, "window"), (.copy, "copy"), (.quit, "quit")]
        }
        if case .detail = model.screen.place { hints += [(.why, "why"), (.latency, "time"), (.compare, "compare")] }
        if case .compare = model.screen.place { hints += [(.why, "why"), (.tracesOf, "traces")] }
        if model.screen.pane.kind == .span, model.selectedSpan?.parts.isEmpty == false { hints.append((.columnsRight, "next side of the hop")) }
        if case .detail = model.screen.place { hints.append((.tracesOf, "traces")) }
        if model.screen.pane.kind == .latencies { hints = [(.open, "pick"), (.nextPane, "list")] }
        hints.append((.filter, "filter"))
        if ScreenLayout(model).focusablePanes.count > 1 { hints.append((.nextPane, "pane")) }
        if case .frozen = model.time { hints += [(.stepBack, "back in time"), (.live, "live")] }
        hints += [(.sortNext, "sort"), (.errorsOnly, "errors"), (.command, "command")] + (model.time.playback == nil ? [(.freeze, "freeze")] : []) + [(.windowLonger, "window")]
        if ScreenLayout(model).hiddenColumns(pane: model.screen.focus, model) > 0 { hints.append((.columnsRight, "columns")) }
        return hints + [(.copy, "copy"), (.quit, "quit")]
    }
}
