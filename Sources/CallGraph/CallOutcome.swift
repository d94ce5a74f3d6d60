public import MeshModel

/// How calls ended, without when and how long: few of these differ.
public struct CallOutcome: Sendable, Hashable {
    public var client: SideOutcome
    public var server: SideOutcome
    public var attempts: UInt16
    public var isMessaging: Bool
    public var isAttempt: Bool

    public init(_ call: Call) {
        (client, server) = (SideOutcome(call.client), SideOutcome(call.server))
        (attempts, isMessaging, isAttempt) = (call.attempts, call.isMessaging, call.isAttempt)
    }

    /// As the callee saw it, where it is known.
    public var answered: SideOutcome { server.isPresent ? server : client }
    var isGRPC: Bool { client.grpcStatus != 255 || server.grpcStatus != 255 }
    var isHTTP: Bool { client.code != Meaning.untoldCode || server.code != Meaning.untoldCode }
}

public struct SideOutcome: Sendable, Hashable {
    public var isPresent: Bool
    public var isDenied: Bool
    public var grpcStatus: UInt8
    public var errors: UInt8
    public var code: UInt16
    public var flags: Symbol

    init(_ side: CallSide) {
        (isPresent, isDenied, grpcStatus) = (side.isPresent, side.isDenied, side.grpcStatus)
        (errors, code, flags) = (side.errors, side.code, side.flags)
    }

    public func isError(_ predicate: ErrorPredicate) -> Bool { errors & predicate.bit != 0 }
}

/// Whose duration it is: the caller's or the callee's, of a call both told of or of one that one side alone did.
public enum CallVantage: Int, Sendable, CaseIterable {
    case clientOfBoth, clientAlone, serverOfBoth, serverAlone
}

/// What is added up of durations.
public enum DurationPart: Sendable {
    /// One more in this step of `DurationTally`.
    case step(Int)
    case microseconds
}

/// A call that a trace tells of now, or that it told of until spans came and said otherwise.
public struct CallChange: Sendable {
    public var call: Call
    public var isTakenBack: Bool
}
