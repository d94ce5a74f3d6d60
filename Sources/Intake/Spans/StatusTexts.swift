import MeshModel
import WireFormats

/// Codes as attributes carry them: numbers, or texts of numbers, or names.
enum StatusTexts {
    /// 0 for "0" (no response came); nil for what is no HTTP status.
    static func httpCode(_ attribute: AttributeReader) -> UInt16? {
        if attribute.kind == .string { return httpCode(attribute.bytes) }
        guard let value = number(attribute), value >= 0, value < 1000 else { return nil }
        return UInt16(value)
    }

    static func httpCode(_ text: UnsafeRawBufferPointer) -> UInt16? { number(text).map(UInt16.init) }

    static func grpcCode(_ attribute: AttributeReader) -> UInt8? {
        if attribute.kind == .string { return grpcCode(attribute.bytes) }
        guard let value = number(attribute), value >= 0, value < 255 else { return nil }
        return UInt8(value)
    }

    static func grpcCode(_ text: UnsafeRawBufferPointer) -> UInt8? {
        if let value = number(text) { return value < 255 ? UInt8(value) : nil }
        guard text.count <= 24 else { return nil }
        for (name, code) in grpcNames where equalsIgnoringCase(text, name) { return code }
        return nil
    }

    static func isFalse(_ attribute: AttributeReader) -> Bool {
        switch attribute.kind {
        case .bool: attribute.bits == 0
        case .string: equalsIgnoringCase(attribute.bytes, "false")
        default: false
        }
    }

    private static func number(_ attribute: AttributeReader) -> Int64? {
        switch attribute.kind {
        case .int: return attribute.int
        case .double:
            let value = attribute.double
            return value >= 0 && value < 1000 ? Int64(value) : nil
        default: return nil
        }
    }

    /// Up to three digits.
    @inline(__always)
    private static func number(_ text: UnsafeRawBufferPointer) -> Int? {
        guard text.count > 0, text.count <= 3 else { return nil }
        var value = 0
        for byte in text {
            guard byte &- 48 < 10 else { return nil }
            value = value &* 10 &+ Int(byte &- 48)
        }
        return value
    }

    static func equalsIgnoringCase(_ text: UnsafeRawBufferPointer, _ word: StaticString) -> Bool {
        guard text.count == word.utf8CodeUnitCount else { return false }
        for index in 0..<text.count {
            let a = text[index], b = word.utf8Start[index]
            if a != b && (a | 32 != b | 32 || (a | 32) &- 97 > 25) { return false }
        }
        return true
    }

    /// https://grpc.io/docs/guides/status-codes/, and the spelling of Envoy's names.
    private static let grpcNames: [(StaticString, UInt8)] = [
        ("OK", 0), ("CANCELLED", 1), ("CANCELED", 1), ("UNKNOWN", 2), ("INVALID_ARGUMENT", 3), ("InvalidArgument", 3),
        ("DEADLINE_EXCEEDED", 4), ("DeadlineExceeded", 4), ("NOT_FOUND", 5), ("NotFound", 5), ("ALREADY_EXISTS", 6), ("AlreadyExists", 6),
        ("PERMISSION_DENIED", 7), ("PermissionDenied", 7), ("RESOURCE_EXHAUSTED", 8), ("ResourceExhausted", 8),
        ("FAILED_PRECONDITION", 9), ("FailedPrecondition", 9), ("ABORTED", 10), ("OUT_OF_RANGE", 11), ("OutOfRange", 11),
        ("UNIMPLEMENTED", 12), ("INTERNAL", 13), ("UNAVAILABLE", 14), ("DATA_LOSS", 15), ("DataLoss", 15), ("UNAUTHENTICATED", 16),
    ]
}
