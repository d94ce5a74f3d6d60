import MeshModel
import WireFormats

/// Gathers spans of other formats as OTLP messages: each span's message, and the message of the resource it belongs to. They become a
/// batch's bytes as they are.
struct SpanRewriter: ~Copyable {
    struct Pending {
        var resource: Int
        var bytes: ByteRange
    }
    var writer = ProtobufWriter()
    private(set) var resources: [ByteRange] = []
    private(set) var pending: [Pending] = []
    /// The message of the current resource.
    var side = ProtobufWriter()
    private var places: [UInt64: Int] = [:]
    private let seed: UInt64
    private var isGrouped = true

    init(seed: UInt64) { self.seed = seed }

    var isFull: Bool { pending.count >= SpanBatch.mostSpans || writer.count >= SpanBatch.mostBytes }

    mutating func removeAll() {
        writer.bytes.removeAll(keepingCapacity: true)
        resources.removeAll(keepingCapacity: true)
        pending.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
        isGrouped = true
    }

    /// Begins the message of a resource in `side`; the spans that end from now on are its.
    mutating func beginResource() { side.bytes.removeAll(keepingCapacity: true) }

    /// Ends the span whose message was written from `start` on. Resources with the same content are one.
    mutating func endSpan(from start: Int) {
        let bytes = ByteRange(start: UInt32(start), count: UInt32(writer.count - start))
        let hash = side.bytes.withUnsafeBytes { ByteHash.hash($0, seed: seed) }
        let place: Int
        if let known = places[hash] {
            place = known
        } else {
            place = resources.count
            resources.append(ByteRange(start: UInt32(writer.count), count: UInt32(side.count)))
            writer.bytes.append(contentsOf: side.bytes)
            places[hash] = place
        }
        if let last = pending.last, last.resource > place { isGrouped = false }
        pending.append(Pending(resource: place, bytes: bytes))
    }

    mutating func forget(from start: Int) { writer.bytes.removeLast(writer.count - start) }

    /// By resource, in the order in which they came.
    mutating func group() {
        guard !isGrouped else { return }
        pending.sort { ($0.resource, $0.bytes.start) < ($1.resource, $1.bytes.start) }
    }
}

extension ProtobufWriter {
    /// An id of `size` bytes from hexadecimal digits, filled up from the left where `isPadded`; base64 where the length says so. What is
    /// neither is written as it reads, so that it is rejected as an id of a wrong length.
    mutating func id(_ field: UInt32, _ text: UnsafeRawBufferPointer, size: Int, isPadded: Bool) {
        if !isPadded, text.count == (size + 2) / 3 * 4 {
            let start = begin(field)
            _ = Base64.decode(text, into: &bytes)
            return end(start)
        }
        let length = isPadded ? size * 2 : (text.count + 1) / 2 * 2
        let start = begin(field)
        defer { end(start) }
        guard text.count <= min(length, 64), !text.isEmpty else { return }
        var byte: UInt8 = 0
        for index in 0..<length {
            var digit: UInt8 = 0
            if index >= length - text.count {
                guard let value = HexDigits.value(text[index - (length - text.count)]) else {
                    bytes.removeLast(bytes.count - start)
                    return
                }
                digit = value
            }
            byte = byte << 4 | digit
            if index & 1 == 1 { bytes.append(byte) }
        }
    }
}

extension SpanBatch {
    /// What a batch read from a file may hold before it is handed on.
    package static let mostSpans = 8192
    package static let mostBytes = 4 << 20
}
