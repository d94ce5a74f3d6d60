/// A name with at most one `*` at each end or in the middle: `inbound*`, `*stats*`, `envoy_http_*rbac_denied`.
/// Not a regular expression: matching costs two comparisons of bytes.
struct Pattern: Sendable, Equatable {
    private enum Form: Sendable, Equatable {
        case exact(String)
        case around(prefix: String, suffix: String)
        case contains(String)
    }
    private let form: Form
    let text: String

    init(_ text: String) {
        self.text = text
        let parts = text.split(separator: "*", omittingEmptySubsequences: false).map(String.init)
        switch parts.count {
        case 1: form = .exact(text)
        case 2: form = .around(prefix: parts[0], suffix: parts[1])
        case 3 where parts[0].isEmpty && parts[2].isEmpty: form = .contains(parts[1])
        default: form = .exact(text)
        }
    }

    /// What a pattern may not look like, for the error message; nil when it is fine.
    static func problem(with text: String) -> String? {
        let stars = text.filter { $0 == "*" }.count
        if stars <= 1 || (stars == 2 && text.hasPrefix("*") && text.hasSuffix("*")) { return nil }
        return "a pattern takes one * (or one at each end)"
    }

    var exactName: String? { if case .exact(let name) = form { name } else { nil } }

    func matches(_ name: String) -> Bool {
        switch form {
        case .exact(let text): return name == text
        case .around(let prefix, let suffix):
            return name.utf8.count >= prefix.utf8.count + suffix.utf8.count && name.hasPrefix(prefix) && name.hasSuffix(suffix)
        case .contains(let part):
            guard !part.isEmpty else { return true }
            var rest = Substring(name)
            while rest.utf8.count >= part.utf8.count {
                if rest.hasPrefix(part) { return true }
                rest.removeFirst()
            }
            return false
        }
    }

    /// Like `matches`, and what the `*` stands for is empty or ends in `_`: a spilled stat prefix, not another word.
    func matchesFamily(_ name: String) -> Bool {
        guard matches(name) else { return false }
        guard case .around(let prefix, let suffix) = form, !suffix.isEmpty, !suffix.hasPrefix("_") else { return true }
        let spill = name.utf8.dropFirst(prefix.utf8.count).dropLast(suffix.utf8.count)
        return spill.isEmpty || spill.last == UInt8(ascii: "_")
    }
}
