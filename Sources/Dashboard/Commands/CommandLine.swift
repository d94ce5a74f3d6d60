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

    init(_ text: String = "") { editor = LineEditor(text) }

    /// Whatever is typed ends the round of completions.
    mutating func touched() {
        candidates = []
        candidate = nil
    }

    mutating func complete(forward: Bool, from fresh: [String]) {
        if candidates.isEmpty { candidates = fresh }
        guard !candidates.isEmpty else { return }
        let count = candidates.count
        let next = candidate.map { ($0 + (forward ? 1 : count - 1)) % count } ?? (forward ? 0 : count - 1)
        candidate = next
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
    /// Lines the text may be completed to, best first.
    func completions(of text: String) -> [String] {
        guard let space = text.firstIndex(of: " ") else {
            return Command.all.filter { $0.rawValue.hasPrefix(text.lowercased()) }.map { $0.rawValue + ($0.argument == .none ? "" : " ") }
        }
        guard let command = Command(typed: text[..<space]) else { return [] }
        let head = text[...space]
        let rest = text[text.index(after: space)...]
        let last = rest.lastIndex(of: " ").map { rest[rest.index(after: $0)...] } ?? rest
        let before = head + rest[..<last.startIndex]
        return words(for: command, beginning: String(last)).map { before + $0 }
    }

    private func words(for command: Command, beginning prefix: String) -> [String] {
        let all: [String] =
            switch command.argument {
            case .none, .path: []
            case .column: ["worst"] + Columns.fields(screen.pane.kind).filter { $0 != .state }.map(\.rawValue) + ["up", "down"]
            case .box: boxNames
            case .hops: GraphScope.hopLimits.map(String.init)
            case .level: EntityLevel.allCases.map(\.rawValue)
            case .overlay: Overlay.allCases.map(\.rawValue)
            case .duration: Self.windowSteps.map { Format.duration($0) }
            case .predicate: ["server", "client", "strict"]
            case .time: ["-1m", "-5m", "-10m", "-30m", "-1h"] + (time.playback == nil ? [] : ["start", "end"])
            case .speed: Playback.speeds.map(Format.speed)
            case .theme: settings.themes
            case .glyphs: GlyphSet.allCases.map(\.rawValue)
            case .filter: filterWords(for: command, prefix)
            }
        return all.filter { $0.hasPrefix(prefix) && $0 != prefix }
    }

    private var boxNames: [String] {
        let scope = graphPane?.graph.scope ?? GraphScope()
        return (graphCalls(scope)?.nodes ?? []).prefix(5000).map { $0.entity.title(scope.level) }.sorted()
    }

    /// Keys of a filter, or after `key=` the values the data knows.
    private func filterWords(for command: Command, _ prefix: String) -> [String] {
        guard let equals = prefix.firstIndex(of: "=") else {
            if command == .traces || (command == .filter && screen.pane.kind == .traces) {
                return ["service=", "operation=", "status=", "duration>", "spans>", "errors>", "code=", "age<", "oddities>", "attr."]
            }
            return ["svc=", "ns=", "node=", "version=", "state=", "rate>", "success<", "p99>", "mtls<"]
        }
        let key = prefix[...equals]
        guard let field = Field(named: prefix[..<equals]) else { return [] }
        if field == .state, command == .traces || screen.pane.kind == .traces { return ["failed", "errors", "ok"].map { key + $0 } }
        if field == .state { return ["failing", "warning", "good", "idle", "unknown", "stale"].map { key + $0 } }
        var values: Set<String> = []
        for rows in (frame?.entities ?? [:]).values {
            for row in rows.prefix(5000) {
                if let value = row.text(field), !value.isEmpty { values.insert(value) }
            }
        }
        for row in (frame?.traces ?? []).prefix(5000) {
            if field == .service { values.formUnion(row.services) }
            if field == .operation { values.insert(row.operation) }
        }
        return values.sorted().prefix(200).map { key + $0 }
    }
}
