import MeshModel
import WireFormats

/// Jaeger's query and UI export: `{"data":[trace…]}`, one trace, or one span that names its process itself.
extension SpanDecoder {
    mutating func readJaegerDocument(_ reader: inout JSONReader, _ batch: inout SpanBatch, _ flush: Flush?) {
        let start = reader.place
        guard reader.peek() == .object else {
            guard reader.beginArray() else { return }
            while reader.nextElement() { readJaegerTrace(&reader, &batch, flush) }
            return
        }
        guard reader.beginObject() else { return }
        while let key = reader.nextKey() {
            if key.reads("data"), reader.peek() == .array, reader.beginArray() {
                while reader.nextElement() { readJaegerTrace(&reader, &batch, flush) }
            } else if key.reads("spans") || key.reads("spanID") {
                reader.go(to: start)
                readJaegerTrace(&reader, &batch, flush)
                return
            } else {
                reader.skip()
            }
        }
    }

    /// Processes stand behind the spans that refer to them: they are looked for first.
    private mutating func readJaegerTrace(_ reader: inout JSONReader, _ batch: inout SpanBatch, _ flush: Flush?) {
        let start = reader.place
        var processes = JaegerProcesses()
        var isSpan = false
        guard reader.beginObject() else { return }
        while let key = reader.nextKey() {
            if key.reads("processes") { processes.read(&reader) } else {
                if key.reads("spanID") { isSpan = true }
                reader.skip()
            }
        }
        reader.go(to: start)
        if isSpan { return readJaegerSpan(&reader, processes, &batch, flush) }
        guard reader.beginObject() else { return }
        while let key = reader.nextKey() {
            guard key.reads("spans"), reader.peek() == .array, reader.beginArray() else {
                reader.skip()
                continue
            }
            while reader.nextElement() { readJaegerSpan(&reader, processes, &batch, flush) }
        }
    }

    private mutating func readJaegerSpan(_ reader: inout JSONReader, _ processes: borrowing JaegerProcesses, _ batch: inout SpanBatch, _ flush: Flush?) {
        guard reader.peek() == .object, reader.beginObject() else { return rejectForeign(&reader) }
        let start = rewriter.writer.count
        var times = ZipkinTimes()
        var references = JaegerReferences()
        rewriter.beginResource()
        while let key = reader.nextKey() {
            if key.reads("traceID") {
                if let id = reader.string() {
                    references.trace = Array(id)
                    rewriter.writer.id(1, id, size: 16, isPadded: true)
                }
            } else if key.reads("spanID") {
                if let id = reader.string() { rewriter.writer.id(2, id, size: 8, isPadded: true) }
            } else if key.reads("parentSpanID") {
                if let id = reader.string() { references.oldParent = Array(id) }
            } else if key.reads("operationName") {
                if let name = reader.string() { rewriter.writer.bytes(5, name) }
            } else if key.reads("startTime") {
                times.start = reader.uint() ?? 0
            } else if key.reads("duration") {
                times.duration = reader.uint() ?? 0
            } else if key.reads("references") {
                references.read(&reader)
            } else if key.reads("tags") {
                JaegerValues.tags(&reader, 9, &rewriter.writer, isSpan: true)
            } else if key.reads("logs") {
                JaegerValues.logs(&reader, &rewriter.writer)
            } else if key.reads("processID") {
                if let id = reader.string() { processes.write(id, &rewriter.side) }
            } else if key.reads("process") {
                JaegerValues.process(&reader, &rewriter.side)
            } else {
                reader.skip()
            }
        }
        if reader.isBroken { return rewriter.forget(from: start) }
        times.write(to: &rewriter.writer)
        references.write(to: &rewriter.writer)
        endRewritten(from: start, &batch, flush)
    }
}

/// A trace's processes by their ids, as `Resource` messages.
struct JaegerProcesses: ~Copyable {
    private var messages: [[UInt8]: [UInt8]] = [:]

    mutating func read(_ reader: inout JSONReader) {
        guard reader.beginObject() else { return }
        while let key = reader.nextKey() {
            let id = Array(key)
            var writer = ProtobufWriter()
            JaegerValues.process(&reader, &writer)
            messages[id] = writer.bytes
        }
    }

    func write(_ id: UnsafeRawBufferPointer, _ writer: inout ProtobufWriter) {
        if let message = messages[Array(id)] { writer.bytes.append(contentsOf: message) }
    }
}

/// A span's references: the first parent within its trace is its parent, all others are links. What they nest is passed over.
struct JaegerReferences {
    var trace: [UInt8] = []
    var oldParent: [UInt8] = []
    private var items: [(isChild: Bool, trace: [UInt8], span: [UInt8])] = []

    mutating func read(_ reader: inout JSONReader) {
        guard reader.beginArray() else { return }
        while reader.nextElement() {
            guard reader.beginObject() else { continue }
            var item: (isChild: Bool, trace: [UInt8], span: [UInt8]) = (false, [], [])
            while let key = reader.nextKey() {
                if key.reads("refType") {
                    item.isChild = reader.string()?.reads("CHILD_OF") ?? false
                } else if key.reads("traceID") {
                    item.trace = reader.string().map(Array.init) ?? []
                } else if key.reads("spanID") {
                    item.span = reader.string().map(Array.init) ?? []
                } else {
                    reader.skip()
                }
            }
            if items.count < 1024 { items.append(item) }
        }
    }

    func write(to writer: inout ProtobufWriter) {
        func isOwn(_ other: [UInt8]) -> Bool { other.drop { $0 == 48 }.elementsEqual(trace.drop { $0 == 48 }) }
        // A span that only follows another is below it all the same, as Jaeger draws it.
        let parent = items.firstIndex { $0.isChild && isOwn($0.trace) } ?? items.firstIndex { isOwn($0.trace) }
        let id = parent.map { items[$0].span } ?? oldParent
        if id.contains(where: { $0 != 48 }) { id.withUnsafeBytes { writer.id(4, $0, size: 8, isPadded: true) } }
        for (index, item) in items.enumerated() where index != parent {
            let start = writer.begin(13)
            item.trace.withUnsafeBytes { writer.id(1, $0, size: 16, isPadded: true) }
            item.span.withUnsafeBytes { writer.id(2, $0, size: 8, isPadded: true) }
            writer.end(start)
        }
    }
}
