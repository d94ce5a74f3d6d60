import Testing
import WireFormats

@Suite struct JSONReaderTests {
    /// A document read and written again without blanks; `!` and the reason at the end where it broke.
    static func dump(_ text: [UInt8]) -> String {
        text.withUnsafeBytes { bytes in
            var reader = JSONReader(bytes)
            var result = value(&reader, depth: 0)
            if reader.peek() != .end { result += " …" }
            if let problem = reader.problem { result += "!\(problem)" }
            return result
        }
    }

    private static func value(_ reader: inout JSONReader, depth: Int) -> String {
        guard depth < 20 else {
            reader.skip()
            return "…"
        }
        switch reader.peek() {
        case .object:
            var parts: [String] = []
            guard reader.beginObject() else { return "?" }
            while let key = reader.nextKey() {
                let name = String(decoding: key, as: UTF8.self)
                parts.append(name + ":" + value(&reader, depth: depth + 1))
            }
            return "{" + parts.joined(separator: ",") + "}"
        case .array:
            var parts: [String] = []
            guard reader.beginArray() else { return "?" }
            while reader.nextElement() { parts.append(value(&reader, depth: depth + 1)) }
            return "[" + parts.joined(separator: ",") + "]"
        case .string: return "'" + (reader.string().map { String(decoding: $0, as: UTF8.self) } ?? "?") + "'"
        case .number: return reader.int().map { "\($0)" } ?? "?"
        case .bool: return reader.bool().map { "\($0)" } ?? "?"
        case .null, .none, .end:
            reader.skip()
            return "null"
        }
    }

    @Test(arguments: [
        ("{}", "{}"), ("[]", "[]"), (" [ 1 , 2 ] ", "[1,2]"), ("{\"a\":{\"b\":[true,false,null]},\"c\":\"d\"}", "{a:{b:[true,false,null]},c:'d'}"),
        ("{\"a\":1,\"a\":2}", "{a:1,a:2}"), ("\u{FEFF}[1]", "[1]"), ("\"a\\n\\\"\\\\\\/\\u00e4\"", "'a\n\"\\/ä'"),
        ("\"\\ud83d\\ude00\"", "'😀'"), ("\"\\ud83d\"", "'\u{FFFD}'"), ("\"\\ud83dx\\ude00\"", "'\u{FFFD}x\u{FFFD}'"), ("\"\\u12\"", "'u12'"),
        ("18446744073709551616", "9223372036854775807"), ("-9223372036854775809", "-9223372036854775808"), ("1.9e3", "1900"), ("1e400", "9223372036854775807"),
        ("-0", "0"), ("[1 2]", "[1]!a comma is missing"), ("{\"a\" 1}", "{}!a colon is missing behind a key"), ("{a:1}", "{}!a key in quotes is missing"),
        ("[1", "[1]!it ends in the middle"), ("\"a", "'?'!a text without its closing quote"), ("\"a\\", "'?'!a text without its closing quote"),
        ("tru", "?!a word that is neither true, false nor null"), ("[1,]", "[1,null]!a value is missing"), ("{\"a\":}", "{a:null}!a value is missing"),
        ("1 2", "1 …"), ("", "null!it ends in the middle"),
    ]) func reads(_ text: String, _ result: String) { #expect(Self.dump(Array(text.utf8)) == result) }

    @Test func whatIsPassedOverMayBeDeep() {
        let depth = 100_000
        let text = "[" + String(repeating: "{\"a\":[", count: depth) + String(repeating: "]}", count: depth) + ",7]"
        Array(text.utf8).withUnsafeBytes { bytes in
            var reader = JSONReader(bytes)
            var isThere = [reader.beginArray(), reader.nextElement()]
            reader.skip()
            isThere.append(reader.nextElement())
            let last = reader.int()
            isThere.append(reader.nextElement())
            let problem = reader.problem
            #expect(isThere == [true, true, true, false] && last == 7 && problem == nil)
        }
    }

    @Test func aDocumentCutAnywhereBreaksWithoutATrap() {
        let text = Array("{\"a\":[1,{\"b\":\"c\\u00e4\"},true,null,-1.5e3],\"d\":\"e\"}".utf8)
        for end in 0..<text.count { #expect(Self.dump(Array(text[..<end])).contains("!")) }
        for index in text.indices {
            for byte in [UInt8(0), 0xFF, 34, 92, 91, 123, 125] {
                var other = text
                other[index] = byte
                _ = Self.dump(other)
            }
        }
    }

    @Test func itGoesBack() {
        Array("{\"a\":1,\"b\":2}".utf8).withUnsafeBytes { bytes in
            var reader = JSONReader(bytes)
            let start = reader.place
            for _ in 0..<2 {
                let isObject = reader.beginObject()
                var sum: Int64 = 0
                while reader.nextKey() != nil { sum += reader.int() ?? 0 }
                #expect(isObject && sum == 3)
                reader.go(to: start)
            }
        }
    }

    @Test(arguments: [("MDEy", "012"), ("MDE=", "01"), ("MDE", "01"), ("_-8", "\u{FFFD}\u{FFFD}"), ("", "")])
    func base64(_ text: String, _ result: String) {
        var bytes: [UInt8] = []
        let isWhole = Array(text.utf8).withUnsafeBytes { Base64.decode($0, into: &bytes) }
        #expect(isWhole && String(decoding: bytes, as: UTF8.self) == result)
    }
}
