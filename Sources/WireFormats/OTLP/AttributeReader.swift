/// One OTLP `KeyValue` with its `AnyValue` as it lies on the wire.
public struct AttributeReader {
    public enum Kind: UInt8, Sendable { case none, string, bool, int, double, array, list, bytes }

    public let key: UnsafeRawBufferPointer
    public private(set) var kind = Kind.none
    /// Of a string, bytes, an array or a list.
    public private(set) var bytes = UnsafeRawBufferPointer(start: nil, count: 0)
    /// Of a bool, an int or a double.
    public private(set) var bits: UInt64 = 0

    public var int: Int64 { Int64(bitPattern: bits) }
    public var double: Double { Double(bitPattern: bits) }

    /// nil where the message is damaged.
    @inlinable public init?(_ message: UnsafeRawBufferPointer) {
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

    public init?(key: UnsafeRawBufferPointer, anyValue: UnsafeRawBufferPointer) {
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

/// A `KeyValue` of the form that nearly all have: a key and a text, both short, in this order. Found without reading field by field.
public enum ShortAttribute {
    /// nil where the key is longer or not first.
    @inlinable @inline(__always) public static func key(_ message: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        guard let base = message.baseAddress, message.count >= 2, base.load(as: UInt8.self) == 0x0A else { return nil }
        let length = Int(base.load(fromByteOffset: 1, as: UInt8.self))
        guard length < 0x80, length <= message.count - 2 else { return nil }
        return UnsafeRawBufferPointer(start: base + 2, count: length)
    }

    /// The text behind a key of so many bytes; nil where the value is none, or longer.
    @inlinable @inline(__always) public static func text(_ message: UnsafeRawBufferPointer, behindKeyOf count: Int) -> UnsafeRawBufferPointer? {
        let length = message.count - count - 6
        guard let base = message.baseAddress, length >= 0, length < 0x7E else { return nil }
        let value = base + (count + 2)
        // Field 2, its length, in it field 1 and its length, and nothing behind.
        let head = UInt32(littleEndian: value.loadUnaligned(as: UInt32.self))
        guard head == 0x12 | UInt32(truncatingIfNeeded: length + 2) << 8 | 0x0A << 16 | UInt32(truncatingIfNeeded: length) << 24 else { return nil }
        return UnsafeRawBufferPointer(start: value + 4, count: length)
    }
}
