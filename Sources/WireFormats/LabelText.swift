public enum LabelText {
    /// Undoes `\\`, `\"` and `\n`; any other backslash stays, as lenient readers keep it.
    public static func unescaped(_ bytes: UnsafeRawBufferPointer, into text: inout [UInt8]) {
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            guard byte == UInt8(ascii: "\\"), index < bytes.count else {
                text.append(byte)
                continue
            }
            switch bytes[index] {
            case UInt8(ascii: "n"): text.append(10)
            case UInt8(ascii: "\\"), UInt8(ascii: "\""): text.append(bytes[index])
            default: text.append(contentsOf: [byte, bytes[index]])
            }
            index += 1
        }
    }
}

/// Whether bytes are UTF-8; all-ASCII text, nearly all there is, is told eight bytes at a step.
enum UTF8Check {
    static func isValid(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var at = 0
        while at + 8 <= bytes.count, bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self) & 0x8080_8080_8080_8080 == 0 { at += 8 }
        while at < bytes.count, bytes[at] < 128 { at += 1 }
        return at == bytes.count || String(validating: bytes[at...], as: UTF8.self) != nil
    }
}
