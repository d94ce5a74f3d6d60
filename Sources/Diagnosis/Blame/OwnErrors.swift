/// How many of a node's errors are its own and not those of whom it calls. Counts of one window cannot tell for certain: what it had
/// from those it calls it may have passed on, or may have got by without.
package struct OwnErrors: Sendable, Equatable {
    /// What it answered.
    package var errors: Double
    /// What those it calls answered it.
    package var received: Double
    /// True bounds: own errors and received ones may have met in one request, or received ones may all have been absorbed.
    package var low: Double
    package var high: Double
    /// If all whom it calls are needed. Those asked with every request fail independently: 1 − (1 − E/N) ÷ Π(1 − Eₓ/N). Those asked with some
    /// of them, because an earlier call failed or another page was wanted, fail in requests of their own: their errors are taken off E.
    package var likely: Double
    /// Received errors that did not become its own: somebody it calls is not needed.
    package var absorbed: Double

    /// Asked with so many of its requests, it is asked with every one.
    private static let always = 0.98

    package init(of node: Int32, in reading: MeshReading, leavingOut ignored: (Int32) -> Bool = { _ in false }) {
        let answered = reading.answered(node)
        (errors, received) = (answered.errors, 0)
        var untouched = 1.0, apart = 0.0
        for place in reading.nodes[Int(node)].edgesOut where !ignored(place) {
            let seen = reading.edges[Int(place)].seen
            received += seen.errors
            if seen.requests < Self.always * answered.requests {
                apart += seen.errors
            } else if answered.requests > 0 {
                untouched *= 1 - min(1, seen.errors / answered.requests)
            }
        }
        low = max(0, errors - received)
        high = errors
        absorbed = max(0, received - errors)
        let share = answered.requests > 0 ? max(0, errors - apart) / answered.requests : 0
        // Half a request each: where all fail, all of it may be passed on.
        let half = answered.requests > 0 ? 0.5 / answered.requests : 1
        likely = min(high, max(low, (1 - (1 - share + half) / (untouched + half)) * answered.requests))
        if likely < MeshReading.noise * errors { likely = 0 }
        if low < MeshReading.noise * errors { low = 0 }
        if absorbed < MeshReading.noise * received { absorbed = 0 }
    }
}

extension MeshReading {
    /// Errors of an edge that its callee did not give: they arose between the two proxies, or at the caller's.
    package func wireErrors(_ edge: Int32) -> Double {
        let known = edges[Int(edge)], failed = known.seen.errors
        guard failed > 0, let client = known.client else { return 0 }
        let wire: Double
        if let server = known.server {
            wire = client.errors - server.errors
        } else if let own = nodes[Int(known.destination)].own {
            // It counts what it answered, and not whom: what all its callers saw beyond that is shared out.
            let seen = nodes[Int(known.destination)].errorsIn + (nodes[Int(known.destination)].entry?.errors ?? 0)
            wire = max(client.onTheWay, seen > 0 ? (seen - own.errors) * failed / seen : 0)
        } else {
            wire = client.onTheWay
        }
        return wire < Self.noise * failed ? 0 : min(failed, wire)
    }
}
