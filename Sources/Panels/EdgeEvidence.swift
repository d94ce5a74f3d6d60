import MeshModel

/// What spans tell of an edge: all there is, or beside what metrics tell.
package final class SpanSides: Sendable, Equatable {
    /// From one vantage: the caller's where it is known.
    package let seen: GoldenSignals
    package let client: GoldenSignals?
    package let server: GoldenSignals?

    package init(seen: GoldenSignals, client: GoldenSignals?, server: GoldenSignals?) {
        self.seen = seen
        self.client = client
        self.server = server
    }

    package static func == (a: SpanSides, b: SpanSides) -> Bool { a === b || a.seen == b.seen && a.client == b.client && a.server == b.server }
}

/// As whom a caller came and whom it found, by their certificates; nil = not told.
package struct Principals: Sendable, Hashable {
    package var source: String?
    package var destination: String?

    package init(source: String?, destination: String?) {
        self.source = source
        self.destination = destination
    }
}

/// Two kinds of evidence of one edge that tell different things, and why. What the edges of a scrape explain is none.
package struct Disagreement: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        /// Spans tell of fewer calls than metrics, here as everywhere.
        case sampling
        /// One side alone tells: nobody reads the other's proxies, or it writes no spans.
        case uninstrumented
        /// The callee answered more than the caller asked for: the caller's proxy tried again.
        case retries
        /// More failed for the caller than at the callee.
        case wireErrors = "wire_errors"
        /// The sides' counts are of stretches of different length.
        case window
        /// One side fell silent while the other goes on.
        case stale
        /// One side counts fewer, and nothing that is read says why.
        case missing
    }

    package struct Number: Sendable, Equatable {
        package var name: String
        package var value: Double

        package init(_ name: String, _ value: Double) {
            self.name = name
            self.value = value
        }
    }

    package var kind: Kind
    /// A sentence with the numbers.
    package var text: String
    package var numbers: [Number]

    package init(_ kind: Kind, _ text: String, _ numbers: [Number] = []) {
        self.kind = kind
        self.text = text
        self.numbers = numbers
    }
}

extension EdgeRow {
    /// Both sides as one kind of evidence tells them, metrics before spans; nil where none tells both.
    package var pair: (client: GoldenSignals, server: GoldenSignals)? {
        if let client, let server, client.isComparable(with: server) { return (client, server) }
        guard let client = spans?.client, let server = spans?.server else { return nil }
        return (client, server)
    }

    /// Requests that failed for the caller and not at the callee; 0 where retries turn it round. nil where not both sides tell.
    package var wireErrors: Double? { pair.map { $0.client.beyond(\.errors, of: $0.server) } }

    /// Requests the callee was asked beyond those of the caller: what its proxy tried again. Where the callee does not tell of its
    /// callers, by the caller's count of attempts. nil = unknown.
    package var retryExcess: Double? {
        if let client, let server, client.isComparable(with: server) { return server.beyond(\.requests, of: client, atLengthOf: client) }
        return (client?.attempts ?? spans?.client?.attempts).map { max(0, $0 - (client ?? spans?.client ?? signals).requests) }
    }
}

extension GoldenSignals {
    /// Both of metrics or both of spans, and of stretches that are known. Counts since two proxies' starts are of two stretches.
    func isComparable(with other: GoldenSignals) -> Bool {
        guard evidence.contains(.spans) == other.evidence.contains(.spans) else { return false }
        return seconds != nil && other.seconds != nil
    }

    /// What the counts span, seconds.
    package var seconds: Double? {
        guard let from, let to, to > from else { return nil }
        return (to - from).seconds
    }

    /// How much larger a count is than the other's. Stretches that differ by more than a tenth are compared as rates.
    package func beyond(_ count: KeyPath<GoldenSignals, Double>, of other: GoldenSignals, atLengthOf scale: GoldenSignals? = nil) -> Double {
        guard let own = seconds, let others = other.seconds, abs(own - others) > 0.1 * max(own, others) else {
            return max(0, self[keyPath: count] - other[keyPath: count])
        }
        let length = scale?.seconds ?? own
        return max(0, (self[keyPath: count] / own - other[keyPath: count] / others) * length).rounded()
    }
}
