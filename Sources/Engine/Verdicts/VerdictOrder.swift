import Diagnosis
import Panels

/// What comes first of what is wrong: failures that began while somebody looked or that are many, then who got slower, then the failures of any day, those
/// of which most are hidden from the entry before the others, then what nobody fails for: what is denied, made up for, or not known well enough.
enum VerdictOrder {
    static func worstFirst(_ verdicts: [Verdict]) -> [Verdict] {
        verdicts.enumerated().sorted { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }.map(\.element)
    }

    private static func rank(_ verdict: Verdict) -> Int {
        guard verdict.isFailure, !verdict.isAbsorbed else { return 4 }
        if verdict.kind == .latency { return 1 }
        return !verdict.isOfAnyDay ? 0 : verdict.hidesMost ? 2 : 3
    }
}

extension Verdict {
    /// Few of the entry's requests fail for it, and it was so from the first that was seen, or they are too few to tell.
    package var isOfAnyDay: Bool {
        let amount = (share ?? 0) * failures
        return amount <= Health.failingShare * requests && (onset == nil || amount < Self.fewestThatBegan)
    }

    private static let fewestThatBegan = 10.0

    /// Nobody is to take it for what has just begun.
    var rememberingThatItIsOld: Verdict {
        guard kind == .errors || kind == .edge, isFailure, !isAbsorbed, isOfAnyDay else { return self }
        var verdict = self
        verdict.remarks.append("few fail for it, and nothing says that it began in this window")
        return verdict
    }

    /// It answers many more errors than the entry fails for: others try again, or do without.
    package var hidesMost: Bool {
        guard kind == .errors, let origin, !origin.isAbsorbed else { return false }
        let hidden = origin.errors - (share ?? 0) * failures
        return origin.errors >= GoldenSignals.smallSample && hidden > origin.errors / 2
    }
}
