public import MeshModel

/// How one side saw a call end.
public struct CallSide: Sendable, BitwiseCopyable, Equatable {
    public var isPresent = false
    public var code = Meaning.untoldCode
    public var grpcStatus: UInt8 = 255
    /// Bit n: an error under the n-th of `ErrorPredicate.allCases`.
    public var errors: UInt8 = 0
    /// Refused by policy before it reached the application: neither error nor success.
    public var isDenied = false
    public var microseconds: Int64 = 0
    public var flags = Symbol.empty
    /// A day. What lasts longer is counted so, and as an oddity.
    static let longestMicroseconds: Int64 = 86_400_000_000

    public init() {}

    init(_ span: Span, isDenied: Bool) {
        isPresent = true
        (code, grpcStatus, flags) = (span.code, span.grpcStatus, span.flags)
        self.isDenied = isDenied
        microseconds = min(max(0, span.duration.nanoseconds) / 1000, Self.longestMicroseconds)
        if isDenied { return }
        for (bit, predicate) in ErrorPredicate.allCases.enumerated() where span.isError(predicate) { errors |= 1 << UInt8(bit) }
    }

    public func isError(_ predicate: ErrorPredicate) -> Bool { errors & predicate.bit != 0 }
}

extension ErrorPredicate {
    public var bit: UInt8 {
        switch self {
        case .server: 1
        case .client: 2
        case .strict: 4
        }
    }
}

/// One request as a trace tells it: both sides kept, never added up.
public struct Call: Sendable, BitwiseCopyable, Equatable {
    /// Numbers in `Parties`; a caller may be `Parties.outside` or `.unknown`.
    public var source: Int32
    public var destination: Int32
    /// Number of (source, destination) in the store: dense.
    public var pair: Int32 = 0
    public var start: Timestamp
    public var client = CallSide()
    public var server = CallSide()
    /// Retries included; at least 1.
    public var attempts: UInt16 = 1
    public var isMessaging = false
    /// One that did not answer its request: of the callee alone, and no call as its caller sees it.
    public var isAttempt = false
    /// Calls it stands for where spans were sampled; at least 1.
    public var standsFor: UInt16 = 1

    /// The caller's view counts where it is known: it alone sees what never arrived.
    public var seen: CallSide { client.isPresent ? client : server }
    public var isGRPC: Bool { client.grpcStatus != 255 || server.grpcStatus != 255 }
    public var isHTTP: Bool { client.code != Meaning.untoldCode || server.code != Meaning.untoldCode }
}

/// What is odd about traces, counted by kind.
public struct Oddities: Sendable, Equatable {
    public enum Kind: String, Sendable, CaseIterable {
        case parentMissing = "parent missing"
        case parentCycle = "parent cycle"
        case duplicate = "duplicate"
        case idTaken = "span id used twice"
        case severalRoots = "several roots"
        case kindMissing = "kind missing"
        case clockSkew = "clocks disagree"
        case clockTooFar = "clocks disagree by more than an hour"
        case noServerHalf = "no server half"
        case noClientHalf = "no client half"
        case late = "late half"
        case negativeDuration = "ends before it starts"
        case longDuration = "lasts longer than a day"

        /// Among all cases: counted for every span, so by no search.
        fileprivate var place: Int {
            switch self {
            case .parentMissing: 0
            case .parentCycle: 1
            case .duplicate: 2
            case .idTaken: 3
            case .severalRoots: 4
            case .kindMissing: 5
            case .clockSkew: 6
            case .clockTooFar: 7
            case .noServerHalf: 8
            case .noClientHalf: 9
            case .late: 10
            case .negativeDuration: 11
            case .longDuration: 12
            }
        }
    }
    private var counts = [UInt32](repeating: 0, count: Kind.allCases.count)

    public init() {}

    public subscript(_ kind: Kind) -> Int {
        get { Int(counts[kind.place]) }
        set { counts[kind.place] = UInt32(clamping: newValue) }
    }

    public var byName: [String: Int] {
        var names: [String: Int] = [:]
        for kind in Kind.allCases where self[kind] > 0 { names[kind.rawValue] = self[kind] }
        return names
    }

    public static func += (a: inout Oddities, b: Oddities) {
        for place in a.counts.indices { a.counts[place] &+= b.counts[place] }
    }
    public static func -= (a: inout Oddities, b: Oddities) {
        for place in a.counts.indices { a.counts[place] &-= min(a.counts[place], b.counts[place]) }
    }
}
