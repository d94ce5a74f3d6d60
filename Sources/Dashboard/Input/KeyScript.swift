/// A run of keys as text, `jj<enter>/pay<enter>`: what `snapshot --keys` takes and tests are written in.
package struct KeyScript: Sendable, Equatable {
    package var keys: [Key]

    /// A `<name>` that looks like a key's name and is none.
    package struct UnknownKey: Error, CustomStringConvertible, Equatable {
        package var notation: String
        package var description: String { "unknown key \(notation) (a plain < is written <lt>)" }
    }

    package init(_ keys: [Key]) { self.keys = keys }

    /// `<` that begins no name (`<`, `<<enter>`, `< `) is the key itself.
    package init(parsing text: some StringProtocol) throws(UnknownKey) {
        keys = []
        var rest = Substring(text)
        while let first = rest.first {
            if first == "<", let end = rest.firstIndex(of: ">") {
                let inside = rest[rest.index(after: rest.startIndex)..<end]
                if let key = Key(bracketed: inside) {
                    keys.append(key)
                    rest = rest[rest.index(after: end)...]
                    continue
                }
                if inside.count > 1, inside.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }) {
                    throw UnknownKey(notation: "<\(inside)>")
                }
            }
            keys.append(first.isNewline ? Key(.enter) : .character(first))
            rest = rest.dropFirst()
        }
    }
}
