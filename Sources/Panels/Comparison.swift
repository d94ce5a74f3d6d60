package import Diagnosis
package import MeshModel

/// What two windows are to be held against each other: where they meet.
package enum ComparisonSplit: Hashable, Sendable {
    /// The onset of the worst verdict that has one.
    case worst
    case verdict(Verdict.Key)
    case service(EntityKey)
    case at(Timestamp)
}

/// Two windows side by side: what changed from one to the other, and what the traces that fail (or are slow) in the second have more often than the others.
package struct Comparison: Sendable, Equatable {
    package var before: TimeRange
    package var after: TimeRange
    /// Why they meet there: `since payment v2 fails`, `no onset is known: two halves of what is held`.
    package var meeting: String
    /// What changed, the worst first; then what there was too little of.
    package var rows: [Row] = []
    /// How many were as before, and of how many too little was seen.
    package var same = 0
    package var unsure = 0
    package var sample = Sample()
    package var attributes: [Attribute] = []
    /// What weakens it, a sentence each.
    package var remarks: [String] = []

    package init(before: TimeRange, after: TimeRange, meeting: String) { (self.before, self.after, self.meeting) = (before, after, meeting) }

    package struct Row: Sendable, Equatable {
        package enum Subject: Sendable, Equatable {
            case entity(EntityKey, Entity)
            case edge(EdgeEnds, protocol: String)
        }
        /// As `WindowChange` says it; what matters more comes first.
        package enum Kind: String, Sendable, CaseIterable {
            case failing, denied, new, gone, slower, less, more, mended, faster, same, unsure = "too little"
        }
        package var subject: Subject
        /// The weightiest first; never empty.
        package var kinds: [Kind]
        package var weight: Double
        /// nil: it was not there.
        package var before: GoldenSignals?
        package var after: GoldenSignals?
        package var kind: Kind { kinds.first ?? .unsure }

        package init(_ subject: Subject, _ change: WindowChange, before: GoldenSignals?, after: GoldenSignals?) {
            kinds = change.kinds.compactMap { Kind(rawValue: $0.rawValue) }
            (self.subject, weight, self.before, self.after) = (subject, change.weight, before, after)
        }
    }

    /// Whose attributes are compared.
    package struct Sample: Sendable, Equatable {
        package enum Kind: Sendable {
            /// Traces that fail against those that do not.
            case failing
            /// Nothing fails: traces slower than 19 of 20 of the same entry were before, against the others.
            case slow
            case none
        }
        package var kind = Kind.none
        /// Traces there are, and those read so far.
        package var selected = 0
        package var others = 0
        package var read = 0
        package var toRead = 0
        /// Hardly any trace of the second window is good: those of the first are what it is held against.
        package var isAgainstBefore = false
        /// Only the newest so many of either are read; nil: all are.
        package var cutTo: Int?

        package init() {}
        package var isRead: Bool { read >= toRead }
    }

    /// One that those looked at have more often, as `AttributeExcess` says it.
    package struct Attribute: Sendable, Equatable {
        package struct Name: Sendable, Equatable {
            package var key: String
            package var value: String
            /// It can be searched for among the attributes of traces.
            package var isAttribute: Bool
        }
        package var service: Entity
        /// Those behind the first tell the same; empty: the service itself.
        package var names: [Name]
        package var selected: Int
        package var ofSelected: Int
        package var others: Int
        package var ofOthers: Int
        package var isOutcome: Bool

        package init(service: Entity, _ excess: AttributeExcess) {
            self.service = service
            names = excess.names.map { Name(key: $0.key, value: $0.value, isAttribute: $0.isAttribute) }
            (selected, ofSelected, others, ofOthers) = (excess.selected, excess.ofSelected, excess.others, excess.ofOthers)
            isOutcome = excess.isOutcome
        }

        package var selectedShare: Double { ofSelected > 0 ? Double(selected) / Double(ofSelected) : 0 }
        package var othersShare: Double { ofOthers > 0 ? Double(others) / Double(ofOthers) : 0 }
    }
}
