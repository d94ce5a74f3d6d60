import Glibc
package import MeshModel

/// One origin of what is not as in the quiet time: who, since when, and what says so.
package struct Departure: Sendable {
    package enum Standing: Sendable {
        /// More than chance does among so many tests, and it matters.
        case found
        /// One named before it explains at least half of it: the far end of the same wire.
        case otherEnd
        case weak
    }

    package enum Part: String, Sendable {
        /// Its own work takes longer.
        case own
        /// The way to it or from it does.
        case wire
        /// It makes fewer calls than it did, or errors.
        case lost
    }

    /// One test, for the words.
    package struct Sign: Sendable {
        package var part: Part
        /// Parties of the store: whose operation, of a wire the caller; and the one called (−1).
        package var party: Int32
        package var operation: Symbol
        package var callee: Int32 = -1
        /// Of the score.
        package var amount: Double
        package var z: Double
        /// Rows since it began, and those that are so.
        package var count: Int
        package var hits: Int
        /// Mean seconds, or share of rows.
        package var usual: Double
        package var seen: Double
        package var isError = false
        /// Of lost calls: services and operations that are missing where they usually are called.
        package var missing: [Call] = []
    }

    package struct Call: Sendable {
        package var party: Int32
        package var operation: Symbol
    }

    /// Party of the store: the service, or the pod where it is one alone.
    package var party: Int32
    package var pod: Symbol
    package var standing: Standing
    package var score: Double
    package var z: Double
    package var part: Part
    /// Mean seconds that the requests hit waited longer, as far as this origin's time tells; 0 for lost calls alone.
    package var slowerSeconds: Double
    package var onset: Timestamp
    /// Requests seen before it; none: it was so when the recording began.
    package var requestsBefore: Int
    package var requestsHit: Int
    package var sample: TraceID?
    /// Parties from the entry to the origin.
    package var path: [Int32]
    /// The strongest first.
    package var signs: [Sign]
}

/// A recording held against a quiet time.
package struct Departures: Sendable {
    /// The likeliest origin first.
    package internal(set) var all: [Departure] = []
    package let requests: Int
    package let tests: Int
    /// By so much everything got slower, as a factor; it is taken off.
    package let tide: Double

    /// - Parameter names: those that the model's rows were numbered by, gone on with for these.
    package init(_ model: QuietModel, _ rows: CallRows, _ names: RowNames) {
        let evidence = Evidence(model, rows, names)
        (requests, tests) = (rows.requests, evidence.tests.count)
        tide = exp(evidence.scan.tide)
        for (candidate, standing) in evidence.ranked() { all.append(evidence.departure(candidate, standing)) }
    }
}
