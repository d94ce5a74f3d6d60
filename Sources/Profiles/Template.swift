/// A cluster-name template, `outbound|{port}|{version}|{service}.{namespace}.svc.{domain}`: literals and captures in turn.
/// A capture takes the shortest text up to the next literal, the last one all that is left. Captures that name no part
/// of an identity (`{port}`) are read over. A `{service}` or `{namespace}` must not come out empty.
struct Template: Sendable, Equatable {
    enum Part: Sendable, Equatable {
        case literal(String)
        case capture(String)
    }
    let text: String
    let parts: [Part]

    init?(_ text: String) {
        var parts: [Part] = []
        var rest = Substring(text)
        while !rest.isEmpty {
            if rest.first == "{" {
                guard let close = rest.firstIndex(of: "}") else { return nil }
                if case .capture = parts.last { return nil }  // two captures in a row have no border
                parts.append(.capture(String(rest[rest.index(after: rest.startIndex)..<close])))
                rest = rest[rest.index(after: close)...]
            } else {
                let end = rest.firstIndex(of: "{") ?? rest.endIndex
                parts.append(.literal(String(rest[..<end])))
                rest = rest[end...]
            }
        }
        self.text = text
        self.parts = parts
    }

    /// Captured texts by name, nil when the name has another form.
    func match(_ name: String) -> [(name: String, value: String)]? {
        var captures: [(String, String)] = []
        var rest = Substring(name)
        var index = 0
        while index < parts.count {
            switch parts[index] {
            case .literal(let text):
                guard rest.hasPrefix(text) else { return nil }
                rest = rest.dropFirst(text.count)
                index += 1
            case .capture(let capture):
                guard index + 1 < parts.count, case .literal(let next) = parts[index + 1] else {
                    captures.append((capture, String(rest)))
                    rest = ""
                    index += 1
                    continue
                }
                guard let border = Self.firstRange(of: next, in: rest) else { return nil }
                captures.append((capture, String(rest[..<border])))
                rest = rest[border...]
                index += 1
            }
        }
        guard rest.isEmpty else { return nil }
        for (capture, value) in captures where value.isEmpty && (capture == "service" || capture == "namespace") { return nil }
        return captures
    }

    private static func firstRange(of literal: String, in text: Substring) -> Substring.Index? {
        var start = text.startIndex
        while start < text.endIndex {
            if text[start...].hasPrefix(literal) { return start }
            start = text.index(after: start)
        }
        return nil
    }
}
