import CellCanvas

/// Writes JSON in the order it is told, without Foundation. Numbers are shortest round-trip; NaN and infinities, which JSON has
/// not, and everything unknown are null.
struct JSONWriter {
    private(set) var text = ""
    private var needsComma = false

    mutating func object(_ body: (inout JSONWriter) -> Void) { nest("{", "}", body) }
    mutating func array(_ body: (inout JSONWriter) -> Void) { nest("[", "]", body) }

    private mutating func nest(_ open: String, _ close: String, _ body: (inout JSONWriter) -> Void) {
        separate()
        text += open
        needsComma = false
        body(&self)
        text += close
        needsComma = true
    }

    mutating func key(_ name: String) {
        separate()
        quote(name)
        text += ": "
        needsComma = false
    }

    mutating func value(_ string: String?) {
        separate()
        if let string { quote(string) } else { text += "null" }
        needsComma = true
    }

    mutating func value(_ number: Double?) {
        separate()
        text += number.map(Self.text(of:)) ?? "null"
        needsComma = true
    }

    mutating func value(_ flag: Bool) {
        separate()
        text += flag ? "true" : "false"
        needsComma = true
    }

    mutating func member(_ name: String, _ string: String?) { key(name); value(string) }
    mutating func member(_ name: String, _ number: Double?) { key(name); value(number) }
    mutating func member(_ name: String, _ flag: Bool) { key(name); value(flag) }
    mutating func newline() { text += "\n" }

    /// A line break before the next item of a list, so that lists read and diff by line.
    mutating func breakLine() {
        text += needsComma ? ",\n" : "\n"
        needsComma = false
    }

    private mutating func separate() {
        if needsComma { text += ", " }
        needsComma = false
    }

    static func text(of number: Double) -> String {
        guard number.isFinite else { return "null" }
        if number == number.rounded(), abs(number) < 1e15 { return String(Int64(number)) }
        return "\(number)"
    }

    private mutating func quote(_ string: String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            // Controls and marks of reading direction: escaped, so that a terminal showing the JSON is not steered by it.
            case _ where TextWidth.isStripped(scalar):
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
