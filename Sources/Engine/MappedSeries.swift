import MeshModel

/// One mapped series of a target, as the fold reads it: where its count goes and how it counts.
struct MappedSeries: BitwiseCopyable {
    var ordinal: UInt32
    /// Index into the target's cells.
    var cell: UInt16
    var signal: Signal
    var rank: UInt8
    var code: UInt16
    /// Index into the target's principals; 0: it names none.
    var principals: UInt16 = 0
    /// Of a bucket: its series' name, which says the histogram.
    var family = Symbol.empty
    /// 255 = not gRPC.
    var grpcStatus: UInt8
    var security: TransportSecurity
    var isCumulative: Bool
    var flags: Symbol
    var scale: Float
    var upperBound: Float
    /// Row of the target's ring, −1 until the series first moves: most of a proxy's counters never do.
    var ringRow: Int32 = -1
    var last: Double = .nan
    /// Sum of increases since the first scrape.
    var total: Double = 0
    /// Sum of increases over the standing window.
    var window: Double = 0
}

/// One thing a target reports on: its own inbound side, or one peer of it.
struct Cell {
    var vantage: Vantage
    var source: EntityClaim?
    var destination: EntityClaim?
    var protocolIsGRPC = false
    /// Requests are counted in it, by code or by class.
    var hasRequests = false
    /// Entities both ends resolve to; −1 until the directory has settled.
    var sourceEntity: Int32 = -1
    var destinationEntity: Int32 = -1
}
