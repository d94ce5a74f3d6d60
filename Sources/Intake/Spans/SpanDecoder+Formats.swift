package import MeshModel
import WireFormats

extension SpanDecoder {
    /// Takes a full batch and empties it.
    package typealias Flush = (inout SpanBatch) -> Void

    /// Reads spans of any format. What does not fit one batch is handed to `flush` before; the rest is in `batch` at the end.
    /// - Returns: nil, or why the bytes are not what they should be, from some point on.
    package mutating func decode(_ bytes: UnsafeRawBufferPointer, as format: SpanFormat, into batch: inout SpanBatch,
                                 flush: Flush? = nil) -> String? {
        var problem: String?
        switch format {
        case .otlpProtobuf:
            if !append(request: bytes, to: &batch) { problem = "not an OTLP trace request: damaged protobuf" }
            return problem
        case .csv: readCSV(bytes, &batch, flush)
        case .zipkinProtobuf:
            if !readZipkinProtobuf(bytes, &batch, flush) { problem = "not a list of Zipkin spans: damaged protobuf" }
        case .otlpJSON, .zipkinJSON, .jaegerJSON:
            var reader = JSONReader(bytes)
            // One document, or one after another, as JSON lines have them.
            repeat {
                switch format {
                case .otlpJSON: readOTLPDocument(&reader, &batch, flush)
                case .zipkinJSON: readZipkinDocument(&reader, &batch, flush)
                default: readJaegerDocument(&reader, &batch, flush)
                }
            } while !reader.isBroken && reader.peek() != .end
            problem = reader.problem.map { "damaged JSON at byte \(reader.offset): \($0)" }
        }
        settleRewritten(into: &batch)
        return problem
    }

    /// Ends a span that was written from `start` on.
    mutating func endRewritten(from start: Int, _ batch: inout SpanBatch, _ flush: Flush?) {
        rewriter.endSpan(from: start)
        guard let flush, rewriter.isFull else { return }
        settleRewritten(into: &batch)
        flush(&batch)
    }

    /// An element of a list of spans that is no object.
    mutating func rejectForeign(_ reader: inout JSONReader) {
        report.reject(.format, example: "at byte \(reader.offset): not an object")
        reader.skip()
    }
}
