/// One line of text with a cursor; control characters never get in.
package struct LineEditor: Sendable, Equatable {
    package private(set) var text: String
    /// Characters before the cursor.
    package private(set) var cursor: Int

    /// More than anyone types, less than a pasted file.
    static let limit = 500

    package init(_ text: String = "") {
        self.text = text
        cursor = text.count
    }

    mutating func insert(_ addition: String) {
        let clean = addition.unicodeScalars.map { $0 == "\n" || $0 == "\t" ? " " : $0 }.filter { $0.value >= 32 && !(127..<160).contains($0.value) }
        var typed = ""
        typed.unicodeScalars.append(contentsOf: clean)
        guard text.count + typed.count <= Self.limit else { return }
        text.insert(contentsOf: typed, at: index(cursor))
        cursor = min(text.count, cursor + typed.count)
    }

    mutating func set(_ text: String) { self = LineEditor(text) }

    /// Does what an editing action says; false if the action is none.
    mutating func edit(_ action: Action) -> Bool {
        switch action {
        case .deleteBackward: remove(from: cursor - 1, to: cursor)
        case .deleteForward: remove(from: cursor, to: cursor + 1)
        case .deleteWord: remove(from: wordStart, to: cursor)
        case .deleteToStart: remove(from: 0, to: cursor)
        case .cursorLeft: cursor = max(0, cursor - 1)
        case .cursorRight: cursor = min(text.count, cursor + 1)
        case .cursorStart: cursor = 0
        case .cursorEnd: cursor = text.count
        default: return false
        }
        return true
    }

    private var wordStart: Int {
        let before = Array(text.prefix(cursor))
        var start = before.count
        while start > 0, before[start - 1] == " " { start -= 1 }
        while start > 0, before[start - 1] != " " { start -= 1 }
        return start
    }

    private mutating func remove(from: Int, to: Int) {
        let from = max(0, from), to = min(text.count, to)
        guard from < to else { return }
        text.removeSubrange(index(from)..<index(to))
        cursor = from
    }

    private func index(_ offset: Int) -> String.Index { text.index(text.startIndex, offsetBy: offset) }
}
