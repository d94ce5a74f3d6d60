/// One OTLP `KeyValue` with its `AnyValue` as it lies on the wire.
package struct AttributeReader {
    package enum Kind: UInt8, Sendable { case none, string, bool, int, double, array, list, bytes }

    package let key: UnsafeRawBufferPointer
    package private(set) var kind = Kind.none
    /// Of a string, bytes, an array or a list.
    package private(set) var bytes = UnsafeRawBufferPointer(start: nil, count: 0)
    /// Of a bool, an int or a double.
    package private(set) var bits: UInt64 = 0

    package var int: Int64 { Int64(bitPattern: bits) }
    package var double: Double { Double(bitPattern: bits) }

    /// nil where the message is damaged.
    @inlinable package init?(_ message: UnsafeRawBufferPointer) {
        var reader = ProtobufReader(message)
        var key = UnsafeRawBufferPointer(start: nil, count: 0)
        var value = UnsafeRawBufferPointer(start: nil, count: 0)
        while reader.next() {
            switch reader.tag {
            case 0x0A: key = reader.bytes()
            case 0x12: value = reader.bytes()
            default: reader.skip()
            }
        }
        if reader.isBroken { return nil }
        self.init(key: key, anyValue: value)
    }

    @usableFromInline package init?(key: UnsafeRawBufferPointer, anyValue: UnsafeRawBufferPointer) {
        self.key = key
        var reader = ProtobufReader(anyValue)
        while reader.next() {
            switch reader.tag {
            case 0x0A: take(.string, reader.bytes())
            case 0x10: take(.bool, reader.varint())
            case 0x18: take(.int, reader.varint())
            case 0x21: take(.double, reader.fixed64())
            case 0x2A: take(.array, reader.bytes())
            case 0x32: take(.list, reader.bytes())
            case 0x3A: take(.bytes, reader.bytes())
            default: reader.skip()
            }
        }
        if reader.isBroken { return nil }
    }

    private mutating func take(_ kind: Kind, _ bytes: UnsafeRawBufferPointer) {
        self.kind = kind
        self.bytes = bytes
    }

    private mutating func take(_ kind: Kind, _ bits: UInt64) {
        self.kind = kind
        self.bits = bits
    }
}
