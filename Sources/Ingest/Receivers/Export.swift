/// What an export request carries, as its path and content type say.
package enum ExportFormat: Sendable, Equatable {
    case otlpTracesProtobuf, otlpTracesJSON
    case otlpMetricsProtobuf, otlpMetricsJSON
    case zipkinProtobuf, zipkinJSON

    var isJSON: Bool {
        switch self {
        case .otlpTracesJSON, .otlpMetricsJSON, .zipkinJSON: true
        case .otlpTracesProtobuf, .otlpMetricsProtobuf, .zipkinProtobuf: false
        }
    }
}

/// What became of an export request.
package enum ExportResult: Sendable, Equatable {
    /// All of it that is valid was taken; `rejected` of its spans or points were not, with the reason of the first.
    case taken(rejected: Int, reason: String)
    /// Nothing of it can be read; the client must not send it again.
    case malformed(String)
    /// Nothing was kept: the memory budget is spent. The client may send it again later.
    case full(String)
}

/// Takes whole, decompressed export requests; called from many connections at once.
package protocol ExportHandler: Sendable {
    func take(_ body: UnsafeRawBufferPointer, _ format: ExportFormat) -> ExportResult
    /// A request that never reached `take`, with its reason in words.
    func refused(_ reason: String)
}

/// What a receiver may be made to hold, per request; checked before anything is allocated for it.
package struct ReceiverLimits: Sendable {
    /// One request as sent, and unpacked (OTLP names 64 MiB for both).
    package var bodyBytes = 64 << 20
    /// All requests together that are not yet taken in. Twice the most of one: on idle receivers each finds room, packed too.
    package var pendingBytes = 128 << 20
    package var connections = 256
    package var streamsPerConnection = 128
    /// A connection on which nothing moves is closed after so long, seconds.
    package var idleSeconds: Int64 = 120
    /// Over gRPC it is first asked to go, and given so long.
    package var graceSeconds: Int64 = 10
    /// A new connection says what it wants in so long.
    package var headSeconds: Int64 = 30
    /// From the head of a request to its last byte.
    package var requestSeconds: Int64 = 60
    /// Seconds a refused client is told to wait.
    package var retrySeconds = 5
    package init() {}

    /// - Parameter memory: of the whole program; an eighth of it is for requests on their way.
    package init(memory: Int) {
        pendingBytes = max(memory / 8, 256 << 10)
        bodyBytes = min(bodyBytes, pendingBytes / 2)
    }
}
