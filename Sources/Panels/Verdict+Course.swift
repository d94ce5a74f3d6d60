package import MeshModel

extension Verdict {
    /// Something that happened on the way there in the time that is looked at: who began to fail when, and what was rolled out.
    package struct Event: Sendable, Equatable {
        package enum Kind: String, Sendable {
            case fails
            /// It, or the call, takes longer than before.
            case slows
            /// A version, a pod or a call that was not there before.
            case appears
            /// A pod was taken off its target list.
            case leaves
        }

        package var time: Timestamp
        package var kind: Kind
        /// The service that fails or gets slower, with the version and pod that came or went.
        package var entity: Entity
        /// Of a call from it.
        package var caller: Entity?

        package init(time: Timestamp, kind: Kind, entity: Entity, caller: Entity? = nil) {
            (self.time, self.kind, self.entity, self.caller) = (time, kind, entity, caller)
        }

        /// `payment v2 appears`, `pod payment-v2-7f appears`, `checkout → payment fails`.
        package var words: String {
            let name = entity.pod.map { "pod \($0)" } ?? (entity.version.map { "\(entity.displayName) \($0)" } ?? entity.displayName)
            return "\(caller.map { "\($0.displayName) → " } ?? "")\(name) \(kind == .slows ? "gets slower" : kind.rawValue)"
        }
    }

    /// `6 s before`, `at once`, `0.4 s after`: against since when it fails.
    package func offset(of event: Event) -> String? {
        guard let onset else { return nil }
        let seconds = (event.time - onset).seconds, amount = abs(seconds)
        guard amount >= 0.05 else { return "at the onset" }
        let text = amount < 120 ? "\(Self.number(amount)) s" : "\(Self.number((amount / 60).rounded())) min"
        return "\(text) \(seconds < 0 ? "before" : "after")"
    }
}
