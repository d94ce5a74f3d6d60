import Glibc

/// What a group of rows does in a quiet time.
struct QuietKey: Sendable {
    /// Middle of the stretches' means: of log(seconds + floor), and of seconds. One bad stretch moves it little.
    struct Centre: Sendable {
        var log: Double
        var seconds: Double
    }

    /// Which calls its rows made in one stretch.
    struct Piece: Sendable {
        var sets: [Int32: Int] = [:]
        var rows = 0
        var errors = 0

        func count(_ family: Set<Int32>?) -> Int { family.map { $0.reduce(0) { $0 + (sets[$1] ?? 0) } } ?? rows }
    }

    private(set) var count = 0
    private(set) var all = Centre(log: 0, seconds: 0)
    /// By set of calls, of sets seen often: one operation may serve several pages.
    private(set) var centres: [Int32: Centre] = [:]
    /// Of log seconds about the centre, within stretches, pooled.
    private(set) var variance = 0.0
    /// Variance of the stretches' means beyond what their rows' variance explains: how far it drifts by itself.
    private(set) var wander = 0.0
    private(set) var pieces: [Piece] = []
    private(set) var sets: [Int32: Int] = [:]
    private(set) var errors = 0

    /// A row as it is learned from.
    struct Sample {
        var set: Int32
        var seconds: Double
        var log: Double
        var isError: Bool
    }

    /// - Parameter stretches: none of them empty.
    init(_ stretches: [[Sample]]) {
        for stretch in stretches {
            var piece = Piece()
            for sample in stretch {
                piece.sets[sample.set, default: 0] += 1
                piece.rows += 1
                if sample.isError { piece.errors += 1 }
            }
            sets.merge(piece.sets) { $0 + $1 }
            count += piece.rows
            errors += piece.errors
            pieces.append(piece)
        }
        all = Self.centre(stretches)
        for (set, count) in sets where count >= BaselineParameters.few {
            centres[set] = Self.centre(stretches.map { $0.filter { $0.set == set } }.filter { !$0.isEmpty })
        }
        learnSpread(stretches)
    }

    private static func centre(_ stretches: [[Sample]]) -> Centre {
        Centre(log: Statistics.median(stretches.map { Statistics.mean($0.map(\.log)) }), seconds: Statistics.median(stretches.map { Statistics.mean($0.map(\.seconds)) }))
    }

    private mutating func learnSpread(_ stretches: [[Sample]]) {
        var means: [Double] = [], squares = 0.0, inverse = 0.0
        for stretch in stretches {
            let residuals = stretch.map { $0.log - centre($0.set).log }, mean = Statistics.mean(residuals)
            means.append(mean)
            squares += residuals.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            inverse += 1 / Double(stretch.count)
        }
        let free = count - stretches.count
        if free > 0 { variance = squares / Double(free) }
        // A tenth of them may not have been quiet.
        let kept = means.sorted().prefix(means.count - means.count / BaselineParameters.pieces)
        guard kept.count >= 4 else { return }
        let middle = Statistics.mean(kept), size = Double(stretches.count) / inverse
        wander = max(0, kept.reduce(0) { $0 + ($1 - middle) * ($1 - middle) } / Double(kept.count - 1) - variance / size)
    }

    func centre(_ set: Int32) -> Centre { centres[set] ?? all }

    // MARK: - Calls

    /// How often rows made exactly these calls.
    struct Share {
        /// Rows that did, of those of its family.
        var hits: Double
        var of: Double
        /// Dispersion of the share over stretches: χ² by its degrees of freedom, at least 1.
        var dispersion = 1.0
        /// Half a hit added: never 0 or 1.
        var chance: Double { (hits + 0.5) / (of + 1) }
    }

    /// - Parameter names: of the sets.
    func share(_ what: ChangeTest.What, _ names: RowNames) -> Share? {
        switch what {
        case .time: return nil
        case .errors: return share(errors, nil) { $0.errors }
        case .calls(let set):
            // Only rows that made all these calls, and may have made more, can lose others.
            let family = Set(sets.keys.filter { names.isSet(set, within: $0) })
            if let seen = sets[set] { return share(seen, family) { $0.sets[set] ?? 0 } }
            // What was never seen is as frequent as all that was seen once together (Good and Turing).
            guard !family.isEmpty else { return nil }
            return Share(hits: Double(family.count { sets[$0] == 1 }), of: Double(family.reduce(0) { $0 + (sets[$1] ?? 0) }))
        }
    }

    private func share(_ hits: Int, _ family: Set<Int32>?, _ inPiece: (Piece) -> Int) -> Share? {
        let of = family.map { $0.reduce(0) { $0 + (sets[$1] ?? 0) } } ?? count
        guard of > 0 else { return nil }
        var share = Share(hits: Double(hits), of: Double(of))
        guard hits > 0, hits < of else { return share }
        let chance = share.hits / share.of
        var square = 0.0, used = 0
        for piece in pieces {
            let trials = Double(piece.count(family))
            guard trials > 0 else { continue }
            let off = Double(inPiece(piece)) - trials * chance
            square += off * off / (trials * chance * (1 - chance))
            used += 1
        }
        if used > 1 { share.dispersion = max(1, square / Double(used - 1)) }
        return share
    }
}
