public import MeshModel

/// How far a trace's messages were read. It holds for as long as the trace has the same stamp.
public struct MessageReading: Sendable {
    fileprivate var reader: SpanBlocks.Reader
    /// Bytes not read yet.
    public var left: Int { reader.left }
}

extension TraceStore {
    public func reading(of trace: HeldTrace) -> MessageReading { MessageReading(reader: blocks.reader(trace.chain)) }

    /// Every span of a trace with its OTLP message.
    public func forEachMessage(of trace: HeldTrace, _ scratch: inout [UInt8], _ body: (Span, UnsafeRawBufferPointer) -> Void) {
        var reading = reading(of: trace)
        _ = read(&reading, most: .max, &scratch, body)
    }

    /// Spans of a trace with their OTLP messages, on from where the reading stands. `scratch` is room for one, kept from trace to trace.
    /// - Parameter most: where so many bytes are read, it stops.
    /// - Returns: whether that were all.
    public func read(_ reading: inout MessageReading, most: Int, _ scratch: inout [UInt8], _ body: (Span, UnsafeRawBufferPointer) -> Void) -> Bool {
        let end = reading.left - most
        while reading.left > 0 {
            guard reading.left > end else { return false }
            var span = Span()
            withUnsafeMutableBytes(of: &span) { blocks.read(&reading.reader, into: $0) }
            let count = Int(span.bytes.count)
            if scratch.count < count { scratch = [UInt8](repeating: 0, count: count * 2) }
            scratch.withUnsafeMutableBytes { room in
                let message = UnsafeMutableRawBufferPointer(rebasing: room[..<count])
                blocks.read(&reading.reader, into: message)
                body(span, UnsafeRawBufferPointer(message))
            }
        }
        return true
    }
}
