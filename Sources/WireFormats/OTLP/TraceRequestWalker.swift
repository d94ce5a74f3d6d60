/// Goes through an OTLP `ExportTraceServiceRequest` (or `TracesData`, the same on the wire) by resources and spans, without copying
/// or decoding either. Scopes are passed through. A damaged part ends that part alone: `damagedParts` counts them.
package struct TraceRequestWalker {
    private var request: ProtobufReader
    private var resourceSpans = ProtobufReader(UnsafeRawBufferPointer(start: nil, count: 0))
    private var scopeSpans = ProtobufReader(UnsafeRawBufferPointer(start: nil, count: 0))
    private var parts = UnsafeRawBufferPointer(start: nil, count: 0)

    /// The `Resource` message of the spans that follow; the first where the sender wrote it in several pieces.
    package private(set) var resource = UnsafeRawBufferPointer(start: nil, count: 0)
    /// How many pieces of it there are: more than one are one message, put together.
    package private(set) var resourcePieces = 0
    package private(set) var damagedParts = 0

    package init(_ bytes: UnsafeRawBufferPointer) { request = ProtobufReader(bytes) }

    /// The bytes are no such request from some point on.
    package var isBroken: Bool { request.isBroken }

    /// Goes to the next `ResourceSpans`; its `Resource` may come behind its spans.
    package mutating func nextResource() -> Bool {
        while request.next() {
            guard request.tag == 0x0A else {
                request.skip()
                continue
            }
            parts = request.bytes()
            if request.isBroken { return false }
            resourceSpans = ProtobufReader(parts)
            scopeSpans = ProtobufReader(UnsafeRawBufferPointer(start: nil, count: 0))
            findResource()
            return true
        }
        return false
    }

    /// The next `Span` message of this resource.
    package mutating func nextSpan() -> UnsafeRawBufferPointer? {
        while true {
            while scopeSpans.next() {
                guard scopeSpans.tag == 0x12 else {
                    scopeSpans.skip()
                    continue
                }
                let span = scopeSpans.bytes()
                if !scopeSpans.isBroken { return span }
            }
            if scopeSpans.isBroken { damagedParts += 1 }
            guard nextScope() else { return nil }
        }
    }

    /// Appends the `Resource` message whole, all its pieces.
    package func appendResource(to bytes: inout [UInt8]) {
        var reader = ProtobufReader(parts)
        while reader.next() {
            if reader.tag == 0x0A { bytes.append(contentsOf: reader.bytes()) } else { reader.skip() }
        }
    }

    private mutating func nextScope() -> Bool {
        while resourceSpans.next() {
            switch resourceSpans.tag {
            // scope_spans, and instrumentation_library_spans of OTLP before 0.15
            case 0x12, 1000 << 3 | 2:
                scopeSpans = resourceSpans.message()
                if !resourceSpans.isBroken { return true }
            default: resourceSpans.skip()
            }
        }
        if resourceSpans.isBroken { damagedParts += 1 }
        resourceSpans = ProtobufReader(UnsafeRawBufferPointer(start: nil, count: 0))
        scopeSpans = resourceSpans
        return false
    }

    private mutating func findResource() {
        resource = UnsafeRawBufferPointer(start: nil, count: 0)
        resourcePieces = 0
        var reader = ProtobufReader(parts)
        while reader.next() {
            guard reader.tag == 0x0A else {
                reader.skip()
                continue
            }
            let piece = reader.bytes()
            if resourcePieces == 0 { resource = piece }
            resourcePieces += 1
        }
    }
}
