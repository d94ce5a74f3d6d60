package import MeshModel

/// How calls ended, without when and how long: few of these differ.
package struct CallOutcome: Sendable, Hashable {
    package var client: SideOutcome
    package var server: SideOutcome
    package var attempts: UInt16
    package var isMessaging: Bool

    package init(_ call: Call) {
        (client, server) = (SideOutcome(call.client), SideOutcome(call.server))
        (attempts, isMessaging) = (call.attempts, call.isMessaging)
    }

    /// As the callee saw it, where it is known.
    package var answered: SideOutcome { server.isPresent ? server : client }
    var isGRPC: Bool { client.grpcStatus != 255 || server.grpcStatus != 255 }
    var isHTTP: Bool { client.code != Meaning.untoldCode || server.code != Meaning.untoldCode }
}

package struct SideOutcome: Sendable, Hashable {
    package var isPresent: Bool
    package var isDenied: Bool
    package var grpcStatus: UInt8
    package var errors: UInt8
    package var code: UInt16
    package var flags: Symbol

    init(_ side: CallSide) {
        (isPresent, isDenied, grpcStatus) = (side.isPresent, side.isDenied, side.grpcStatus)
        (errors, code, flags) = (side.errors, side.code, side.flags)
    }

    package func isError(_ predicate: ErrorPredicate) -> Bool { errors & predicate.bit != 0 }
}

/// Whose duration it is: the caller's or the callee's, of a call both told of or of one that one side alone did.
package enum CallVantage: Int, Sendable, CaseIterable {
    case clientOfBoth, clientAlone, serverOfBoth, serverAlone
}

/// What is added up of durations.
package enum DurationPart: Sendable {
    /// One more in this step of `DurationTally`.
    case step(Int)
    case microseconds
}

/// A call that a trace tells of now, or that it told of until spans came and said otherwise.
package struct CallChange: Sendable {
    package var call: Call
    package var isTakenBack: Bool
}
