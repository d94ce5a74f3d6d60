public import MeshModel

/// A trace's spans in its blocks: each as it was decoded, and behind it its message.
extension SpanBlocks {
    /// - Returns: false, and nothing is written, where the system has no more memory.
    func append(_ span: Span, _ message: UnsafeRawBufferPointer, to chain: inout BlockChain) -> Bool {
        var span = span
        span.bytes = ByteRange(start: UInt32(chain.count + MemoryLayout<Span>.size), count: UInt32(message.count))
        return withUnsafeBytes(of: span) { append($0, message, to: &chain) }
    }

    /// With the place of its message in the chain.
    func forEachSpan(of chain: BlockChain, _ body: (Span, Reader) -> Void) {
        var reader = reader(chain)
        while reader.left > 0 {
            var span = Span()
            withUnsafeMutableBytes(of: &span) { read(&reader, into: $0) }
            body(span, reader)
            skip(&reader, Int(span.bytes.count))
        }
    }

    /// Takes the record a reader stands at, and gives back the blocks it has passed.
    func takeFirst(_ reader: inout Reader, of chain: inout BlockChain) -> (span: Span, message: [UInt8])? {
        guard reader.left > 0 else {
            removeAll(&chain)
            return nil
        }
        var span = Span()
        withUnsafeMutableBytes(of: &span) { read(&reader, into: $0) }
        let bytes = message(of: span, at: reader)
        skip(&reader, bytes.count)
        removeAll(before: reader, of: &chain)
        return (span, bytes)
    }

    func spans(of chain: BlockChain, count: Int) -> [Span] {
        var spans: [Span] = []
        spans.reserveCapacity(count)
        forEachSpan(of: chain) { span, _ in spans.append(span) }
        return spans
    }

    /// Copied: it may lie in several blocks.
    func message(of span: Span, at place: Reader) -> [UInt8] {
        var place = place
        let count = Int(span.bytes.count)
        return [UInt8](unsafeUninitializedCapacity: count) { target, filled in
            read(&place, into: UnsafeMutableRawBufferPointer(start: target.baseAddress, count: count))
            filled = count
        }
    }
}

extension TraceStore {
    public func spans(of trace: HeldTrace) -> [Span] { blocks.spans(of: trace.chain, count: trace.spanCount) }

    /// The OTLP messages of a span and of its resource; nil where it is not held.
    public func withMessage<Result>(of id: SpanID, in trace: TraceID, _ body: (_ span: UnsafeRawBufferPointer, _ resource: UnsafeRawBufferPointer) -> Result) -> Result? {
        guard let held = self[trace] else { return nil }
        var found: (span: Span, place: SpanBlocks.Reader)?
        blocks.forEachSpan(of: held.chain) { span, place in
            if found == nil, span.id == id { found = (span, place) }
        }
        guard let found else { return nil }
        return blocks.message(of: found.span, at: found.place).withUnsafeBytes { span in
            resources[Int(found.span.resource)].bytes.withUnsafeBytes { body(span, $0) }
        }
    }
}
