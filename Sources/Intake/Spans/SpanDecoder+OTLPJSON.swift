import MeshModel
import WireFormats

/// OTLP as JSON: a request, a `TracesData`, Tempo's `batches` and `trace`, Jaeger's `result`.
extension SpanDecoder {
    mutating func readOTLPDocument(_ reader: inout JSONReader, _ batch: inout SpanBatch, _ flush: Flush?) {
        guard reader.beginObject() else { return }
        while let key = reader.nextKey() {
            if key.reads("resourceSpans") || key.reads("batches") {
                guard reader.beginArray() else { continue }
                while reader.nextElement() { readResourceSpans(&reader, &batch, flush) }
            } else if key.reads("result") || key.reads("trace") {
                readInnerDocument(&reader, &batch, flush)
            } else {
                reader.skip()
            }
        }
    }

    /// One level is all there ever is.
    private mutating func readInnerDocument(_ reader: inout JSONReader, _ batch: inout SpanBatch, _ flush: Flush?) {
        guard reader.beginObject() else { return }
        while let key = reader.nextKey() {
            guard key.reads("resourceSpans") || key.reads("batches"), reader.peek() == .array, reader.beginArray() else {
                reader.skip()
                continue
            }
            while reader.nextElement() { readResourceSpans(&reader, &batch, flush) }
        }
    }

    /// The resource may stand behind the spans: it is looked for first.
    private mutating func readResourceSpans(_ reader: inout JSONReader, _ batch: inout SpanBatch, _ flush: Flush?) {
        let start = reader.place
        rewriter.beginResource()
        guard reader.beginObject() else { return }
        while let key = reader.nextKey() {
            guard key.reads("resource"), reader.peek() == .object, reader.beginObject() else {
                reader.skip()
                continue
            }
            while let key = reader.nextKey() {
                if key.reads("attributes") { OTLPJSONValues.attributes(&reader, 1, &rewriter.side) } else { reader.skip() }
            }
        }
        reader.go(to: start)
        guard reader.beginObject() else { return }
        while let key = reader.nextKey() {
            guard key.reads("scopeSpans") || key.reads("instrumentationLibrarySpans"), reader.peek() == .array, reader.beginArray() else {
                reader.skip()
                continue
            }
            while reader.nextElement() {
                guard reader.beginObject() else { continue }
                while let key = reader.nextKey() {
                    guard key.reads("spans"), reader.peek() == .array, reader.beginArray() else {
                        reader.skip()
                        continue
                    }
                    while reader.nextElement() { readOTLPSpan(&reader, &batch, flush) }
                }
            }
        }
    }

    private mutating func readOTLPSpan(_ reader: inout JSONReader, _ batch: inout SpanBatch, _ flush: Flush?) {
        guard reader.peek() == .object, reader.beginObject() else { return rejectForeign(&reader) }
        let start = rewriter.writer.count
        while let key = reader.nextKey() {
            if key.reads("traceId") {
                if let id = reader.string() { rewriter.writer.id(1, id, size: 16, isPadded: false) }
            } else if key.reads("spanId") {
                if let id = reader.string() { rewriter.writer.id(2, id, size: 8, isPadded: false) }
            } else if key.reads("parentSpanId") {
                if let id = reader.string(), !id.isEmpty { rewriter.writer.id(4, id, size: 8, isPadded: false) }
            } else if key.reads("traceState") {
                if let state = reader.string(), !state.isEmpty { rewriter.writer.bytes(3, state) }
            } else if key.reads("name") {
                if let name = reader.string() { rewriter.writer.bytes(5, name) }
            } else if key.reads("kind") {
                rewriter.writer.varint(6, OTLPJSONValues.kind(&reader))
            } else if key.reads("startTimeUnixNano") {
                if let time = reader.uint() { rewriter.writer.fixed64(7, time) }
            } else if key.reads("endTimeUnixNano") {
                if let time = reader.uint() { rewriter.writer.fixed64(8, time) }
            } else if key.reads("attributes") {
                OTLPJSONValues.attributes(&reader, 9, &rewriter.writer)
            } else if key.reads("events") {
                OTLPJSONValues.events(&reader, &rewriter.writer)
            } else if key.reads("links") {
                OTLPJSONValues.links(&reader, &rewriter.writer)
            } else if key.reads("status") {
                OTLPJSONValues.status(&reader, &rewriter.writer)
            } else {
                reader.skip()
            }
        }
        // A document that breaks off in a span does not make one of it.
        if reader.isBroken { rewriter.forget(from: start) } else { endRewritten(from: start, &batch, flush) }
    }
}
