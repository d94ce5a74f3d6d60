import CellCanvas
import Panels

/// The command line while it is typed: text, the round of completions, the place in the history.
package struct CommandLine: Sendable {
    package var editor: LineEditor
    /// Whole lines Tab goes through; empty until Tab is pressed.
    var candidates: [String] = []
    var candidate: Int?
    /// Place in the history, counted from its end; nil is the line being written, kept in `draft`.
    var age: Int?
    var draft = ""
    /// Why the line was not taken, until it is changed; places are those of the whole line.
    package internal(set) var problem: FilterProblem?

    init(_ text: String = "") { editor = LineEditor(text) }

    /// Whatever is typed ends the round of completions.
    mutating func touched() {
        candidates = []
        candidate = nil
        problem = nil
    }

    mutating func complete(forward: Bool, from fresh: [String]) {
        if candidates.isEmpty { candidates = fresh }
        guard !candidates.isEmpty else { return }
        let count = candidates.count
        let next = candidate.map { ($0 + (forward ? 1 : count - 1)) % count } ?? (forward ? 0 : count - 1)
        candidate = next
        problem = nil
        editor.set(candidates[next])
        // A single candidate is taken: the next Tab completes what comes after it.
        if count == 1 { touched() }
    }

    mutating func recall(older: Bool, _ history: [String]) {
        touched()
        let current = age ?? -1
        let next = older ? min(history.count - 1, current + 1) : current - 1
        if next == current { return }
        if age == nil { draft = editor.text }
        if next < 0 {
            age = nil
            editor.set(draft)
        } else {
            age = next
            editor.set(history[history.count - 1 - next])
        }
    }
}

extension Model {
    /// Goes through what the line may become: of a command, or of what filters while it is typed.
    mutating func complete(forward: Bool) {
        switch mode {
        case .browse, .jump: return
        case .command(var line):
            line.complete(forward: forward, from: completions(of: line.editor.text))
            mode = .command(line)
        case .filter(var line, let before, let selection):
            line.complete(forward: forward, from: filterCompletions(of: line.editor.text, .search, in: screen.pane.kind))
            mode = .filter(line, before: before, selection: selection)
            applyFilter(line.editor.text, selection: selection)
        }
    }

    /// Lines the text may be completed to, best first.
    func completions(of text: String) -> [String] {
        guard let space = text.firstIndex(of: " ") else {
            return Command.all.filter { $0.rawValue.hasPrefix(text.lowercased()) }.map { $0.rawValue + ($0.argument == .none ? "" : " ") }
        }
        guard let command = Command(typed: text[..<space]) else { return [] }
        let head = text[...space]
        let rest = text[text.index(after: space)...]
        switch command.argument {
        case .filter: return filterCompletions(of: String(rest), .search, in: place(of: command)?.panes.first ?? screen.pane.kind).map { head + $0 }
        case .expression: return filterCompletions(of: String(rest), .find, in: .calls).map { head + $0 }
        default: break
        }
        let last = rest.lastIndex(of: " ").map { rest[rest.index(after: $0)...] } ?? rest
        let before = head + rest[..<last.startIndex]
        return words(for: command, beginning: String(last)).map { before + $0 }
    }

    private func place(of command: Command) -> Place? { Place.roots.first { $0.action.rawValue == command.rawValue }?.place }

    private func words(for command: Command, beginning prefix: String) -> [String] {
        let all: [String] =
            switch command.argument {
            case .none, .path, .filter, .expression: []
            case .column: ["worst"] + Columns.fields(screen.pane.kind).filter { $0 != .state }.map(\.rawValue) + ["up", "down"]
            case .box: boxNames
            case .service: (frame?.entities[.service] ?? []).prefix(5000).map(\.key.name)
            case .hops: GraphScope.hopLimits.map(String.init)
            case .level: EntityLevel.allCases.map(\.rawValue)
            case .overlay: Overlay.allCases.map(\.rawValue)
            case .duration: Self.windowSteps.map { Format.duration($0) }
            case .predicate: ["server", "client", "strict"]
            case .time: ["-1m", "-5m", "-10m", "-30m", "-1h"] + (time.playback == nil ? [] : ["start", "end"])
            case .speed: Playback.speeds.map(Format.speed)
            case .theme: settings.themes
            case .glyphs: GlyphSet.allCases.map(\.rawValue)
            }
        return all.filter { $0.hasPrefix(prefix) && $0 != prefix }
    }

    private var boxNames: [String] {
        let scope = graphPane?.graph.scope ?? GraphScope()
        return (graphCalls(scope)?.nodes ?? []).prefix(5000).map { $0.entity.title(scope.level) }.sorted()
    }
}
