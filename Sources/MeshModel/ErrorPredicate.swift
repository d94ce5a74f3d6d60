/// What counts as an error. Policy denials are a class of their own beside success under all three.
/// gRPC status numbers: https://grpc.io/docs/guides/status-codes/
public enum ErrorPredicate: String, Sendable, CaseIterable {
    /// 5xx, no response, gRPC 2 UNKNOWN, 4 DEADLINE_EXCEEDED, 12 UNIMPLEMENTED, 13 INTERNAL, 14 UNAVAILABLE, 15 DATA_LOSS.
    case server
    /// Also 4xx and every gRPC status but 0.
    case client
    /// Also any response flag.
    case strict

    public func isError(code: UInt16, grpcStatus: UInt8?, hasFlags: Bool) -> Bool {
        // A class-only count carries 1…5 instead of a code.
        let hundreds = code < 10 ? Int(code) : Int(code) / 100
        let server = hundreds == 0 || hundreds == 5 || grpcStatus.map { [2, 4, 12, 13, 14, 15].contains($0) } ?? false
        switch self {
        case .server: return server
        case .client: return server || hundreds == 4 || (grpcStatus ?? 0) != 0
        case .strict: return server || hundreds == 4 || (grpcStatus ?? 0) != 0 || hasFlags
        }
    }
}
