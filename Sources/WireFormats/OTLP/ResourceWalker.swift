/// Goes through an OTLP export request by resources and their scopes, which all signals have in the same fields. A damaged part ends that
/// part alone: `damagedParts` counts them.
struct ResourceWalker {
    private var request: ProtobufReader
    private var message = UnsafeRawBufferPointer(start: nil, count: 0)
    private var scopes = Self.nothing
    private(set) var damagedParts = 0

    static var nothing: ProtobufReader { ProtobufReader(UnsafeRawBufferPointer(start: nil, count: 0)) }

    init(_ bytes: UnsafeRawBufferPointer) { request = ProtobufReader(bytes) }

    /// The bytes are no such request from some point on.
    var isBroken: Bool { request.isBroken }

    /// Goes to the next `ResourceSpans` or `ResourceMetrics`.
    mutating func nextResource() -> Bool {
        while request.next() {
            guard request.tag == 0x0A else {
                request.skip()
                continue
            }
            message = request.bytes()
            if request.isBroken { return false }
            scopes = ProtobufReader(message)
            return true
        }
        return false
    }

    /// Every piece of the resource's `Resource` message, wherever it stands; a sender may have written it in several.
    func forEachPiece(_ take: (UnsafeRawBufferPointer) -> Void) {
        var reader = ProtobufReader(message)
        while reader.next() {
            if reader.tag == 0x0A { take(reader.bytes()) } else { reader.skip() }
        }
    }

    /// - Parameter before: the scope that was gone through.
    mutating func nextScope(after before: ProtobufReader) -> ProtobufReader? {
        if before.isBroken { damagedParts += 1 }
        while scopes.next() {
            switch scopes.tag {
            // scope_spans or scope_metrics, and instrumentation_library_… of OTLP before 0.15
            case 0x12, 1000 << 3 | 2:
                let scope = scopes.message()
                if !scopes.isBroken { return scope }
            default: scopes.skip()
            }
        }
        if scopes.isBroken { damagedParts += 1 }
        scopes = Self.nothing
        return nil
    }

    mutating func countDamage() { damagedParts += 1 }
}
