package import MeshModel

extension TraceStore {
    /// Every span of a trace with its OTLP message. `scratch` is room for one, kept from trace to trace.
    package func forEachMessage(of trace: HeldTrace, _ scratch: inout [UInt8], _ body: (Span, UnsafeRawBufferPointer) -> Void) {
        blocks.forEachSpan(of: trace.chain) { span, place in
            var place = place
            let count = Int(span.bytes.count)
            if scratch.count < count { scratch = [UInt8](repeating: 0, count: count * 2) }
            scratch.withUnsafeMutableBytes { room in
                let message = UnsafeMutableRawBufferPointer(rebasing: room[..<count])
                blocks.read(&place, into: message)
                body(span, UnsafeRawBufferPointer(message))
            }
        }
    }
}

extension HeldTrace {
    /// What its spans and their messages take.
    package var messageBytes: Int { chain.count }
}
