/// Pulls values out of JSON in place: no tree, no recursion, no allocation but one buffer for texts with escapes. The reader asks for what it
/// expects; a value of another kind is to be skipped. What is no JSON breaks the reader: it then gives nothing more, and says where and why.
///
///     reader.beginObject()
///     while let key = reader.nextKey() { … one value … }
public struct JSONReader: ~Copyable {
    public enum Kind: UInt8, Sendable { case object, array, string, number, bool, null, end, none }

    private let base: UnsafeRawPointer
    private let end: UnsafeRawPointer
    private var at: UnsafeRawPointer
    private var scratch: UnsafeMutableRawBufferPointer
    /// Behind an opening bracket: the next thing is the first of its list.
    private var isFirst = false
    public private(set) var problem: StaticString?

    /// - Parameter bytes: must outlive the reader and the texts it gave.
    public init(_ bytes: UnsafeRawBufferPointer) {
        base = bytes.baseAddress ?? ProtobufReader.nothing
        end = base + bytes.count
        at = base
        scratch = .allocate(byteCount: 256, alignment: 8)
        // Windows' tools put a byte order mark in front.
        if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { at += 3 }
    }

    deinit { scratch.deallocate() }

    public var isBroken: Bool { problem != nil }
    /// Where it stands, for going back to with `go`; and for people, where it broke.
    public var offset: Int { at - base }
    public struct Place: Sendable { fileprivate var offset: Int; fileprivate var isFirst: Bool }
    public var place: Place { Place(offset: offset, isFirst: isFirst) }
    public mutating func go(to place: Place) {
        guard !isBroken else { return }
        at = base + place.offset
        isFirst = place.isFirst
    }

    /// What comes next; blanks are passed.
    public mutating func peek() -> Kind {
        skipBlanks()
        guard at < end, !isBroken else { return .end }
        switch at.load(as: UInt8.self) {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
        case UInt8(ascii: "n"): return .null
        case UInt8(ascii: "-"), 48...57: return .number
        default: return .none
        }
    }

    // MARK: - Objects and arrays

    /// false, and the value skipped, where no object stands.
    public mutating func beginObject() -> Bool { begin(.object) }
    public mutating func beginArray() -> Bool { begin(.array) }

    private mutating func begin(_ kind: Kind) -> Bool {
        guard peek() == kind else {
            skip()
            return false
        }
        at += 1
        isFirst = true
        return true
    }

    /// The next key, valid until the next text is read; nil behind the object's end.
    public mutating func nextKey() -> UnsafeRawBufferPointer? {
        guard nextItem(closing: UInt8(ascii: "}")) else { return nil }
        guard at < end, at.load(as: UInt8.self) == UInt8(ascii: "\"") else { return broken("a key in quotes is missing") }
        guard let key = text() else { return nil }
        skipBlanks()
        guard at < end, at.load(as: UInt8.self) == UInt8(ascii: ":") else { return broken("a colon is missing behind a key") }
        at += 1
        return key
    }

    /// Whether another element comes; false behind the array's end.
    public mutating func nextElement() -> Bool { nextItem(closing: UInt8(ascii: "]")) }

    private mutating func nextItem(closing: UInt8) -> Bool {
        skipBlanks()
        guard !isBroken else { return false }
        guard at < end else { return broken("it ends in the middle") }
        let byte = at.load(as: UInt8.self)
        if byte == closing {
            at += 1
            isFirst = false
            return false
        }
        if isFirst {
            isFirst = false
            return true
        }
        guard byte == UInt8(ascii: ",") else { return broken("a comma is missing") }
        at += 1
        skipBlanks()
        return true
    }

    // MARK: - Values

    /// A text with its escapes resolved, valid until the next text is read; nil, and the value skipped, where none stands.
    public mutating func string() -> UnsafeRawBufferPointer? {
        guard peek() == .string else {
            skip()
            return nil
        }
        return text()
    }

    public mutating func bool() -> Bool? {
        guard peek() == .bool else {
            skip()
            return nil
        }
        let isTrue = at.load(as: UInt8.self) == UInt8(ascii: "t")
        return literal(isTrue ? "true" : "false") ? isTrue : nil
    }

    /// The token of a number, or the text of a string, as 64-bit numbers are often written; nil for anything else.
    public mutating func numberText() -> UnsafeRawBufferPointer? {
        switch peek() {
        case .string: return text()
        case .number:
            let start = at
            skipNumber()
            return UnsafeRawBufferPointer(start: start, count: at - start)
        default:
            skip()
            return nil
        }
    }

    /// A whole number; one that is not whole, or beyond 64 bits, is cut to what fits.
    public mutating func int() -> Int64? { numberText().flatMap(JSONNumber.int) }
    public mutating func uint() -> UInt64? { numberText().flatMap(JSONNumber.uint) }

    public mutating func double() -> Double? { numberText().flatMap(NumberScanner.number) }

    /// Passes one value whatever it is, however deep it goes.
    public mutating func skip() {
        var depth = 0
        repeat {
            switch peek() {
            case .object, .array:
                at += 1
                depth += 1
            case .string: passText()
            case .number: skipNumber()
            case .bool: _ = literal(at.load(as: UInt8.self) == UInt8(ascii: "t") ? "true" : "false")
            case .null: _ = literal("null")
            case .end: _ = broken("it ends in the middle")
            case .none:
                // Inside of what is passed over, only brackets are counted.
                switch at.load(as: UInt8.self) {
                case UInt8(ascii: "}") where depth > 0, UInt8(ascii: "]") where depth > 0:
                    at += 1
                    depth -= 1
                case UInt8(ascii: ",") where depth > 0, UInt8(ascii: ":") where depth > 0: at += 1
                default: _ = broken("a value is missing")
                }
            }
        } while depth > 0 && !isBroken
    }

    // MARK: - Tokens

    private mutating func skipBlanks() {
        while at < end {
            let byte = at.load(as: UInt8.self)
            guard byte == 32 || byte == 10 || byte == 13 || byte == 9 else { return }
            at += 1
        }
    }

    private mutating func skipNumber() {
        while at < end {
            switch at.load(as: UInt8.self) {
            case 48...57, UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): at += 1
            default: return
            }
        }
    }

    private mutating func literal(_ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard end - at >= count, (0..<count).allSatisfy({ at.load(fromByteOffset: $0, as: UInt8.self) == word.utf8Start[$0] }) else {
            return broken("a word that is neither true, false nor null")
        }
        at += count
        return true
    }

    private mutating func passText() {
        at += 1
        while at < end {
            let byte = at.load(as: UInt8.self)
            if byte == UInt8(ascii: "\"") {
                at += 1
                return
            }
            at += byte == UInt8(ascii: "\\") ? 2 : 1
        }
        at = end
        _ = broken("a text without its closing quote")
    }

    private mutating func text() -> UnsafeRawBufferPointer? {
        let start = at + 1
        passText()
        guard !isBroken else { return nil }
        let raw = UnsafeRawBufferPointer(start: start, count: at - 1 - start)
        guard raw.contains(UInt8(ascii: "\\")) else { return raw }
        if scratch.count < raw.count {
            scratch.deallocate()
            scratch = .allocate(byteCount: raw.count * 2, alignment: 8)
        }
        return UnsafeRawBufferPointer(rebasing: scratch[..<JSONText.unescape(raw, into: scratch)])
    }

    private mutating func broken<Nothing>(_ reason: StaticString) -> Nothing? {
        _ = broken(reason)
        return nil
    }

    @discardableResult
    private mutating func broken(_ reason: StaticString) -> Bool {
        if problem == nil { problem = reason }
        return false
    }
}
