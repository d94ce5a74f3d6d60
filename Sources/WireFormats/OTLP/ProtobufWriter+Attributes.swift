/// OTLP's `KeyValue`.
extension ProtobufWriter {
    public mutating func attribute(_ field: UInt32, _ key: UnsafeRawBufferPointer, text: UnsafeRawBufferPointer) {
        let start = begin(field)
        bytes(1, key)
        let value = begin(2)
        bytes(1, text)
        end(value)
        end(start)
    }

    public mutating func attribute(_ field: UInt32, _ key: StaticString, text: UnsafeRawBufferPointer) {
        attribute(field, UnsafeRawBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount), text: text)
    }

    public mutating func attribute(_ field: UInt32, _ key: StaticString, int: UInt64) {
        let start = begin(field)
        text(1, key)
        let value = begin(2)
        varint(3, int)
        end(value)
        end(start)
    }

    public mutating func flag(_ field: UInt32, _ key: StaticString) {
        let start = begin(field)
        text(1, key)
        let value = begin(2)
        varint(2, 1)
        end(value)
        end(start)
    }

    public mutating func attribute(_ field: UInt32, _ key: StaticString, text: String) {
        var text = text
        text.withUTF8 { attribute(field, key, text: UnsafeRawBufferPointer($0)) }
    }
}
