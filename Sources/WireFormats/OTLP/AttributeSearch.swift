/// What the attributes of a span, of its events or of its resource hold under one key. Traces are searched by the thousand: bytes that
/// do not hold the key's name are not read.
public struct AttributeSearch: Sendable {
    private let name: [UInt8]

    /// By the byte under the name's end: how far the name can be moved on (Horspool).
    private let steps: [Int]

    public init(_ key: String) {
        name = Array(key.utf8)
        var steps = [Int](repeating: max(1, name.count), count: 256)
        for (place, byte) in name.dropLast().enumerated() { steps[Int(byte)] = name.count - 1 - place }
        self.steps = steps
    }

    /// Whether the name lies in the bytes at all.
    public func isWorthReading(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard !name.isEmpty else { return false }
        return name.withUnsafeBufferPointer { name in
            steps.withUnsafeBufferPointer { steps in
                let end = name.count - 1, last = name[end]
                var place = end
                while place < bytes.count {
                    let byte = bytes[place]
                    if byte == last, (0..<end).allSatisfy({ bytes[place - end + $0] == name[$0] }) { return true }
                    place += steps[Int(byte)]
                }
                return false
            }
        }
    }

    /// In an OTLP `Span`: of the span and of its events.
    public func values(inSpan message: UnsafeRawBufferPointer, _ body: (String) -> Void) {
        var reader = ProtobufReader(message)
        while reader.next() {
            switch reader.tag {
            case 0x4A: take(reader.bytes(), body)
            case 0x5A: values(in: reader.bytes(), tag: 0x1A, body)
            default: reader.skip()
            }
        }
    }

    public func values(inResource message: UnsafeRawBufferPointer, _ body: (String) -> Void) { values(in: message, tag: 0x0A, body) }

    private func values(in message: UnsafeRawBufferPointer, tag: UInt32, _ body: (String) -> Void) {
        var reader = ProtobufReader(message)
        while reader.next() {
            if reader.tag == tag { take(reader.bytes(), body) } else { reader.skip() }
        }
    }

    private func take(_ message: UnsafeRawBufferPointer, _ body: (String) -> Void) {
        guard let attribute = AttributeReader(message), attribute.key.elementsEqual(name) else { return }
        body(AttributeText.text(attribute))
    }
}
