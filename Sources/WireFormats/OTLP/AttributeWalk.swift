/// Every attribute of a span and of its events, or of a resource, as it lies on the wire. What is damaged is left out.
public enum AttributeWalk {
    /// In an OTLP `Span`.
    public static func ofSpan(_ message: UnsafeRawBufferPointer, _ body: (AttributeReader) -> Void) {
        var reader = ProtobufReader(message)
        while reader.next() {
            switch reader.tag {
            case 0x4A: if let attribute = AttributeReader(reader.bytes()) { body(attribute) }
            case 0x5A: of(reader.bytes(), tag: 0x1A, body)
            default: reader.skip()
            }
        }
    }

    /// In an OTLP `Resource`.
    public static func ofResource(_ message: UnsafeRawBufferPointer, _ body: (AttributeReader) -> Void) { of(message, tag: 0x0A, body) }

    private static func of(_ message: UnsafeRawBufferPointer, tag: UInt32, _ body: (AttributeReader) -> Void) {
        var reader = ProtobufReader(message)
        while reader.next() {
            if reader.tag == tag {
                if let attribute = AttributeReader(reader.bytes()) { body(attribute) }
            } else {
                reader.skip()
            }
        }
    }
}
