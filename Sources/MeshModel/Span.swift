/// 16 bytes, big-endian. All zero is no id.
public struct TraceID: Hashable, Comparable, Sendable, BitwiseCopyable {
    public var high: UInt64
    public var low: UInt64
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
    public var isZero: Bool { high == 0 && low == 0 }
    public static func < (a: TraceID, b: TraceID) -> Bool { (a.high, a.low) < (b.high, b.low) }
}

/// 8 bytes, big-endian. Zero is no id: a span without a parent.
public struct SpanID: Hashable, Sendable, BitwiseCopyable {
    public var raw: UInt64
    public init(raw: UInt64) { self.raw = raw }
    public static let none = SpanID(raw: 0)
    public var isNone: Bool { raw == 0 }
}

/// OpenTelemetry's numbers.
public enum SpanKind: UInt8, Sendable, BitwiseCopyable {
    case unspecified, `internal`, server, client, producer, consumer
}

/// OpenTelemetry's numbers.
public enum SpanStatus: UInt8, Sendable, BitwiseCopyable {
    case unset, ok, error
}

/// What assembling, folding and listing need of a span, decoded once; the rest of it stays bytes in the batch until someone opens it.
public struct Span: Sendable, BitwiseCopyable {
    public var trace = TraceID(high: 0, low: 0)
    public var id = SpanID.none
    public var parent = SpanID.none
    public var start = Timestamp(nanoseconds: 0)
    public var end = Timestamp(nanoseconds: 0)
    public var kind = SpanKind.unspecified
    public var status = SpanStatus.unset
    /// Zipkin: the server half wrote the client's id.
    public var isShared = false
    /// Carries links; they are read from its bytes.
    public var hasLinks = false
    /// A proxy wrote it (`component=proxy`): it may be one of several of the same hop.
    public var isProxy = false
    /// A tag `error` (Zipkin, Envoy) that is not "false".
    public var hasErrorTag = false
    /// 255: not gRPC.
    public var grpcStatus: UInt8 = 255
    /// Spans it stands for where a sampler left the others out; 0: nobody says.
    public var standsFor: UInt16 = 0
    /// HTTP status; 0: none came; `Meaning.untoldCode`: not HTTP.
    public var code: UInt16 = Meaning.untoldCode
    /// Place of its resource in the batch.
    public var resource: Int32 = 0
    public var name = Symbol.empty
    /// Envoy's response flags as one text (`UF,URX`); empty for none.
    public var flags = Symbol.empty
    /// Envoy's `upstream_cluster`, raw.
    public var upstreamCluster = Symbol.empty
    /// Whom its attributes name as the other side: peer.service, a database, a broker's queue, server.address; the host without its port.
    public var peer = Symbol.empty
    public var peerKind = EntityClaim.Kind.unknown
    /// Where its OTLP `Span` message lies in the batch's bytes; other formats are rewritten to that one.
    public var bytes = ByteRange()

    public init() {}

    public var duration: Timestamp.Span { end - start }

    /// Counts are whole: of 2.5, half of all traces stand for 2 and half for 3. All spans of one trace are rounded the same way, and not by
    /// the part of the id that samplers decide by.
    public mutating func stand(for ratio: Double) {
        guard ratio >= 1 else { return }
        let mixed = (trace.low ^ trace.high &* 0x9E37_79B9_7F4A_7C15 ^ trace.low >> 29) &* 0xBF58_476D_1CE4_E5B9
        let share = Double((mixed ^ mixed >> 31) >> 11) / Double(1 << 53)
        standsFor = UInt16(min(Double(UInt16.max), (ratio + share).rounded(.down)))
    }

    public func isError(_ predicate: ErrorPredicate) -> Bool {
        if code == Meaning.untoldCode, grpcStatus == 255 { return status == .error || hasErrorTag }
        let byCode = predicate.isError(code: code, grpcStatus: grpcStatus == 255 ? nil : grpcStatus, hasFlags: !flags.isEmpty)
        return byCode || (predicate == .strict && status == .error)
    }
}

/// A stretch of a batch's bytes.
public struct ByteRange: Sendable, BitwiseCopyable, Equatable {
    public var start: UInt32
    public var count: UInt32
    public init(start: UInt32 = 0, count: UInt32 = 0) {
        self.start = start
        self.count = count
    }
}

/// Who wrote spans: an OTLP resource, a Zipkin endpoint, a Jaeger process.
public struct SpanResource: Sendable, BitwiseCopyable {
    public var claim = EntityClaim()
    /// One clock: host.id, host.ip or host.name, else empty.
    public var host = Symbol.empty
    /// Where its OTLP `Resource` message lies in the batch's bytes.
    public var bytes = ByteRange()
    public init() {}
}

/// The spans of one export request or of one stretch of a file.
public struct SpanBatch: Sendable {
    public var source: SourceID
    /// When it came; for files, the newest end among its spans.
    public var time: Timestamp
    public var resources: [SpanResource] = []
    public var spans: [Span] = []
    public var bytes: [UInt8] = []

    public init(source: SourceID, time: Timestamp) {
        self.source = source
        self.time = time
    }

    public mutating func removeAll(source: SourceID, time: Timestamp) {
        self.source = source
        self.time = time
        resources.removeAll(keepingCapacity: true)
        spans.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: true)
    }
}

/// Takes spans: the Engine, a recorder, a test. Called from any thread, once per batch.
public protocol SpanSink: Sendable {
    /// - Returns: how many of them could not be kept because the memory budget is full; a receiver answers that as retryable.
    @discardableResult
    func consume(_ batch: borrowing SpanBatch) -> Int
}
