/// Goes through an OTLP `ExportTraceServiceRequest` (or `TracesData`, the same on the wire) by resources and spans, without copying
/// or decoding either. Scopes are passed through. A damaged part ends that part alone: `damagedParts` counts them.
public struct TraceRequestWalker {
    private var resources: ResourceWalker
    private var spans = ResourceWalker.nothing

    /// The `Resource` message of the spans that follow; the first where the sender wrote it in several pieces.
    public private(set) var resource = UnsafeRawBufferPointer(start: nil, count: 0)
    /// How many pieces of it there are: more than one are one message, put together.
    public private(set) var resourcePieces = 0
    public var damagedParts: Int { resources.damagedParts }

    public init(_ bytes: UnsafeRawBufferPointer) { resources = ResourceWalker(bytes) }

    /// The bytes are no such request from some point on.
    public var isBroken: Bool { resources.isBroken }

    /// Goes to the next `ResourceSpans`; its `Resource` may come behind its spans.
    public mutating func nextResource() -> Bool {
        guard resources.nextResource() else { return false }
        spans = ResourceWalker.nothing
        (resource, resourcePieces) = (UnsafeRawBufferPointer(start: nil, count: 0), 0)
        resources.forEachPiece { piece in
            if resourcePieces == 0 { resource = piece }
            resourcePieces += 1
        }
        return true
    }

    /// The next `Span` message of this resource.
    public mutating func nextSpan() -> UnsafeRawBufferPointer? {
        while true {
            while spans.next() {
                guard spans.tag == 0x12 else {
                    spans.skip()
                    continue
                }
                let span = spans.bytes()
                if !spans.isBroken { return span }
            }
            guard let next = resources.nextScope(after: spans) else {
                spans = ResourceWalker.nothing
                return nil
            }
            spans = next
        }
    }

    /// Appends the `Resource` message whole, all its pieces.
    public func appendResource(to bytes: inout [UInt8]) {
        resources.forEachPiece { bytes.append(contentsOf: $0) }
    }
}
