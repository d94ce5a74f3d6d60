/// Bodies of OTLP answers. Field numbers: opentelemetry-proto `ExportTraceServiceResponse` (and its like for metrics), google.rpc.Status.
enum ExportResponse {
    /// Nothing at all when all was taken: `partial_success` stays unset.
    static func success(rejected: Int, reason: String, isJSON: Bool, rejectedField: String = "rejectedSpans") -> [UInt8] {
        guard rejected > 0 || !reason.isEmpty else { return isJSON ? Array("{}".utf8) : [] }
        if isJSON { return Array("{\"partialSuccess\":{\"\(rejectedField)\":\"\(rejected)\",\"errorMessage\":\(quoted(reason))}}".utf8) }
        var partial: [UInt8] = []
        if rejected > 0 {
            partial.append(1 << 3)
            varint(UInt64(rejected), into: &partial)
        }
        text(reason, field: 2, into: &partial)
        var body: [UInt8] = [1 << 3 | 2]
        varint(UInt64(partial.count), into: &body)
        return body + partial
    }

    /// google.rpc.Status with a gRPC code.
    static func status(code: Int, message: String, isJSON: Bool) -> [UInt8] {
        if isJSON { return Array("{\"code\":\(code),\"message\":\(quoted(message))}".utf8) }
        var body: [UInt8] = [1 << 3]
        varint(UInt64(code), into: &body)
        text(message, field: 2, into: &body)
        return body
    }

    private static func text(_ text: String, field: UInt8, into bytes: inout [UInt8]) {
        guard !text.isEmpty else { return }
        bytes.append(field << 3 | 2)
        varint(UInt64(text.utf8.count), into: &bytes)
        bytes.append(contentsOf: text.utf8)
    }

    private static func varint(_ value: UInt64, into bytes: inout [UInt8]) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// A JSON string (RFC 8259 §7).
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\" + String(Character(scalar))
            case _ where scalar.value < 32: result += " "
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
