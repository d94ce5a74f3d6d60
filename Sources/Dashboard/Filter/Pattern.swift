/// Text a filter term looks for, ignoring ASCII case: a plain substring, or a regular expression where it holds
/// any of `. * + ? [ ] ( ) | ^ $ \`. Compiled once, matched per row without allocation.
struct Pattern: Sendable, Equatable {
    private enum Matcher: Sendable, Equatable {
        case substring([UInt8])
        case whole([UInt8])
        case automaton(Automaton)
    }

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
            matcher = isWhole ? .whole(bytes) : .substring(bytes)
        }
    }

    /// The text as it stands, from end to end: what may be full of dots and bars.
    init(literal text: String) {
        self.text = text
        matcher = .whole(text.utf8.map(\.lowercasedASCII))
    }

    private static let special = Set(".*+?[]()|^$\\".utf8)

    func matches(_ candidate: String) -> Bool {
        // Native strings are contiguous; bridged ones do not exist on Linux.
        candidate.utf8.withContiguousStorageIfAvailable { matches($0) } ?? matches(Array(candidate.utf8))
    }

    private func matches(_ candidate: [UInt8]) -> Bool { candidate.withUnsafeBufferPointer { matches($0) } }

    private func matches(_ candidate: UnsafeBufferPointer<UInt8>) -> Bool {
        switch matcher {
        case .substring(let needle): needle.withUnsafeBufferPointer { Self.contains(candidate, $0) }
        case .whole(let needle):
            candidate.count == needle.count && needle.withUnsafeBufferPointer { Self.equal(candidate, at: 0, $0) }
        case .automaton(let automaton): automaton.matches(candidate)
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
