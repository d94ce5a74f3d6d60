/// 16 bytes, big-endian. All zero is no id.
package struct TraceID: Hashable, Comparable, Sendable, BitwiseCopyable {
    package var high: UInt64
    package var low: UInt64
    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
    package var isZero: Bool { high == 0 && low == 0 }
    package static func < (a: TraceID, b: TraceID) -> Bool { (a.high, a.low) < (b.high, b.low) }
}

/// 8 bytes, big-endian. Zero is no id: a span without a parent.
package struct SpanID: Hashable, Sendable, BitwiseCopyable {
    package var raw: UInt64
    package init(raw: UInt64) { self.raw = raw }
    package static let none = SpanID(raw: 0)
    package var isNone: Bool { raw == 0 }
}

/// OpenTelemetry's numbers.
package enum SpanKind: UInt8, Sendable, BitwiseCopyable {
    case unspecified, `internal`, server, client, producer, consumer
}

/// OpenTelemetry's numbers.
package enum SpanStatus: UInt8, Sendable, BitwiseCopyable {
    case unset, ok, error
}

/// What assembling, folding and listing need of a span, decoded once; the rest of it stays bytes in the batch until someone opens it.
package struct Span: Sendable, BitwiseCopyable {
    package var trace = TraceID(high: 0, low: 0)
    package var id = SpanID.none
    package var parent = SpanID.none
    package var start = Timestamp(nanoseconds: 0)
    package var end = Timestamp(nanoseconds: 0)
    package var kind = SpanKind.unspecified
    package var status = SpanStatus.unset
    /// Zipkin: the server half wrote the client's id.
    package var isShared = false
    /// Carries links; they are read from its bytes.
    package var hasLinks = false
    /// A proxy wrote it (`component=proxy`): it may be one of several of the same hop.
    package var isProxy = false
    /// A tag `error` (Zipkin, Envoy) that is not "false".
    package var hasErrorTag = false
    /// 255: not gRPC.
    package var grpcStatus: UInt8 = 255
    /// Spans it stands for where a sampler left the others out; 0: nobody says.
    package var standsFor: UInt16 = 0
    /// HTTP status; 0: none came; `Meaning.untoldCode`: not HTTP.
    package var code: UInt16 = Meaning.untoldCode
    /// Place of its resource in the batch.
    package var resource: Int32 = 0
    package var name = Symbol.empty
    /// Envoy's response flags as one text (`UF,URX`); empty for none.
    package var flags = Symbol.empty
    /// Envoy's `upstream_cluster`, raw.
    package var upstreamCluster = Symbol.empty
    /// Whom its attributes name as the other side: peer.service, a database, a broker's queue, server.address; the host without its port.
    package var peer = Symbol.empty
    package var peerKind = EntityClaim.Kind.unknown
    /// Where its OTLP `Span` message lies in the batch's bytes; other formats are rewritten to that one.
    package var bytes = ByteRange()

    package init() {}

    package var duration: Timestamp.Span { end - start }

    /// Counts are whole: of 2.5, half of all traces stand for 2 and half for 3. All spans of one trace are rounded the same way, and not by
    /// the part of the id that samplers decide by.
    package mutating func stand(for ratio: Double) {
        guard ratio >= 1 else { return }
        let mixed = (trace.low ^ trace.high &* 0x9E37_79B9_7F4A_7C15 ^ trace.low >> 29) &* 0xBF58_476D_1CE4_E5B9
        let share = Double((mixed ^ mixed >> 31) >> 11) / Double(1 << 53)
        standsFor = UInt16(min(Double(UInt16.max), (ratio + share).rounded(.down)))
    }

    package func isError(_ predicate: ErrorPredicate) -> Bool {
        if code == Meaning.untoldCode, grpcStatus == 255 { return status == .error || hasErrorTag }
        let byCode = predicate.isError(code: code, grpcStatus: grpcStatus == 255 ? nil : grpcStatus, hasFlags: !flags.isEmpty)
        return byCode || (predicate == .strict && status == .error)
    }
}

/// A stretch of a batch's bytes.
package struct ByteRange: Sendable, BitwiseCopyable, Equatable {
    package var start: UInt32
    package var count: UInt32
    package init(start: UInt32 = 0, count: UInt32 = 0) {
        self.start = start
        self.count = count
    }
}

/// Who wrote spans: an OTLP resource, a Zipkin endpoint, a Jaeger process.
package struct SpanResource: Sendable, BitwiseCopyable {
    package var claim = EntityClaim()
    /// One clock: host.id, host.ip or host.name, else empty.
    package var host = Symbol.empty
    /// Where its OTLP `Resource` message lies in the batch's bytes.
    package var bytes = ByteRange()
    package init() {}
}

/// The spans of one export request or of one stretch of a file.
package struct SpanBatch: Sendable {
    package var source: SourceID
    /// When it came; for files, the newest end among its spans.
    package var time: Timestamp
    package var resources: [SpanResource] = []
    package var spans: [Span] = []
    package var bytes: [UInt8] = []

    package init(source: SourceID, time: Timestamp) {
        self.source = source
        self.time = time
    }

    package mutating func removeAll(source: SourceID, time: Timestamp) {
        self.source = source
        self.time = time
        resources.removeAll(keepingCapacity: true)
        spans.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: true)
    }
}

/// Takes spans: the Engine, a recorder, a test. Called from any thread, once per batch.
package protocol SpanSink: Sendable {
    /// - Returns: how many of them could not be kept because the memory budget is full; a receiver answers that as retryable.
    @discardableResult
    func consume(_ batch: borrowing SpanBatch) -> Int
}
