/// Text a filter term looks for, ignoring ASCII case: a plain substring, or a regular expression where it holds
/// any of `. * + ? [ ] ( ) | ^ $ \`. Compiled once, matched per row without allocation.
struct Pattern: Sendable, Equatable {
    private enum Matcher: Sendable, Equatable {
        case literal([UInt8], Part)
        case automaton(Automaton)
    }

    /// Which part of the text plain characters have to be.
    enum Part: Sendable { case substring, prefix, suffix, whole }

    let text: String
    private let matcher: Matcher

    /// nil for a half-typed or overlong expression. `isWhole`: the pattern must cover the text from end to end.
    init?(_ text: String, isWhole: Bool = false) {
        self.text = text
        let bytes = text.utf8.map(\.lowercasedASCII)
        if text.utf8.contains(where: { Self.special.contains($0) }) {
            guard let automaton = Automaton(bytes, isWhole: isWhole) else { return nil }
            matcher = .automaton(automaton)
        } else {
            matcher = .literal(bytes, isWhole ? .whole : .substring)
        }
    }

    /// The text as it stands: what may be full of dots and bars.
    init(literal text: String, _ part: Part = .whole) {
        self.text = text
        matcher = .literal(text.utf8.map(\.lowercasedASCII), part)
    }

    private static let special = Set(".*+?[]()|^$\\".utf8)

    func matches(_ candidate: String) -> Bool {
        // Native strings are contiguous; bridged ones do not exist on Linux.
        candidate.utf8.withContiguousStorageIfAvailable { matches($0) } ?? matches(Array(candidate.utf8))
    }

    private func matches(_ candidate: [UInt8]) -> Bool { candidate.withUnsafeBufferPointer { matches($0) } }

    private func matches(_ candidate: UnsafeBufferPointer<UInt8>) -> Bool {
        switch matcher {
        case .literal(let needle, let part): needle.withUnsafeBufferPointer { Self.matches(candidate, $0, part) }
        case .automaton(let automaton): automaton.matches(candidate)
        }
    }

    private static func matches(_ text: UnsafeBufferPointer<UInt8>, _ needle: UnsafeBufferPointer<UInt8>, _ part: Part) -> Bool {
        switch part {
        case .substring: contains(text, needle)
        case .prefix: text.count >= needle.count && equal(text, at: 0, needle)
        case .suffix: text.count >= needle.count && equal(text, at: text.count - needle.count, needle)
        case .whole: text.count == needle.count && equal(text, at: 0, needle)
        }
    }

    private static func contains(_ haystack: UnsafeBufferPointer<UInt8>, _ needle: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = needle.first else { return true }
        guard haystack.count >= needle.count else { return false }
        for start in 0...(haystack.count - needle.count) where haystack[start].lowercasedASCII == first {
            if equal(haystack, at: start, needle) { return true }
        }
        return false
    }

    private static func equal(_ haystack: UnsafeBufferPointer<UInt8>, at start: Int, _ needle: UnsafeBufferPointer<UInt8>) -> Bool {
        for offset in 0..<needle.count where haystack[start + offset].lowercasedASCII != needle[offset] { return false }
        return true
    }
}

extension UInt8 {
    var lowercasedASCII: UInt8 { (65...90).contains(self) ? self | 32 : self }
}
