/// Whether one of several parts fails and the others do not.
package enum Contrast {
    package struct Part: Sendable {
        package var trials: Double
        package var hits: Double
        package init(trials: Double, hits: Double) { (self.trials, self.hits) = (trials, hits) }
    }

    /// - Returns: the place of the part whose share is above that of all others together for certain (their Wilson intervals do not meet);
    ///   of a single part with hits, that one.
    package static func worst(_ parts: [Part]) -> Int? {
        let used = parts.indices.filter { parts[$0].trials > 0 }
        guard let worst = used.max(by: { share(parts[$0]) < share(parts[$1]) }), parts[worst].hits > 0 else { return nil }
        if used.count == 1 { return worst }
        let (trials, hits) = used.reduce((0.0, 0.0)) { $1 == worst ? $0 : ($0.0 + parts[$1].trials, $0.1 + parts[$1].hits) }
        return Wilson(parts[worst].hits, of: parts[worst].trials).low > Wilson(hits, of: trials).high ? worst : nil
    }

    private static func share(_ part: Part) -> Double { part.hits / part.trials }
}
