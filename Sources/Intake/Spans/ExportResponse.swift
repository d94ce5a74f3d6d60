import WireFormats

/// Bodies of OTLP answers. Field numbers: opentelemetry-proto `ExportTraceServiceResponse` (and its like for metrics), google.rpc.Status.
package enum ExportResponse {
    /// Nothing at all when all was taken: `partial_success` stays unset.
    package static func success(rejected: Int, reason: String, isJSON: Bool, rejectedField: String = "rejectedSpans") -> [UInt8] {
        guard rejected > 0 || !reason.isEmpty else { return isJSON ? Array("{}".utf8) : [] }
        if isJSON { return Array("{\"partialSuccess\":{\"\(rejectedField)\":\"\(rejected)\",\"errorMessage\":\(JSONString.quoted(reason))}}".utf8) }
        var writer = ProtobufWriter()
        let partial = writer.begin(1)
        if rejected > 0 { writer.varint(1, UInt64(rejected)) }
        write(reason, 2, &writer)
        writer.end(partial)
        return writer.bytes
    }

    /// google.rpc.Status with a gRPC code.
    /// - Parameter retrySeconds: what its RetryInfo says; protobuf only.
    package static func status(code: Int, message: String, isJSON: Bool, retrySeconds: Int? = nil) -> [UInt8] {
        if isJSON { return Array("{\"code\":\(code),\"message\":\(JSONString.quoted(message))}".utf8) }
        var writer = ProtobufWriter()
        writer.varint(1, UInt64(code))
        write(message, 2, &writer)
        if let retrySeconds {
            let detail = writer.begin(3)
            write("type.googleapis.com/google.rpc.RetryInfo", 1, &writer)
            retryInfo(seconds: retrySeconds).withUnsafeBytes { writer.bytes(2, $0) }
            writer.end(detail)
        }
        return writer.bytes
    }

    /// google.rpc.RetryInfo.
    package static func retryInfo(seconds: Int) -> [UInt8] {
        var writer = ProtobufWriter()
        let delay = writer.begin(1)
        writer.varint(1, UInt64(seconds))
        writer.end(delay)
        return writer.bytes
    }

    private static func write(_ text: String, _ field: UInt32, _ writer: inout ProtobufWriter) {
        var text = text
        if !text.isEmpty { text.withUTF8 { writer.bytes(field, UnsafeRawBufferPointer($0)) } }
    }
}
