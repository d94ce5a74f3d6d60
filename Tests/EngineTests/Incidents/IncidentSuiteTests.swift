import Diagnosis
import Engine
import Glibc
import MeshModel
import Panels
import Testing

/// Seeded faults of ten kinds on meshes of 10 to 60 services, through all layers: whether where they begin is named first, from spans and from counts alone.
/// It prints the table of docs/diagnosis.md.
struct IncidentSuiteTests {
    static let each = 20
    /// Other meshes and other faults: `INCIDENT_SEED=1000 swift test --filter IncidentSuite`.
    static let firstSeed = getenv("INCIDENT_SEED").flatMap { UInt64(String(cString: $0)) } ?? 0

    enum Answer: Equatable {
        case right
        /// Something else, or nothing, and it says that it does not know.
        case unsure(String)
        case wrong(String)
    }

    struct Outcome {
        var right = 0
        var count: Int { right + unsure.count + wrong.count }
        var unsure: [String] = []
        var wrong: [String] = []
        var onsets = 0
        var lateOnsets: [String] = []

        mutating func add(_ answer: Answer, _ incident: Incident, _ onset: Double?) {
            switch answer {
            case .right:
                right += 1
                if let onset, abs(onset) <= 15 { onsets += 1 } else { lateOnsets.append("\(incident.seed): \(onset.map { "\(Int($0)) s" } ?? "none")") }
            case .unsure(let text): unsure.append("\(incident.kind) \(incident.seed): \(text)")
            case .wrong(let text): wrong.append("\(incident.kind) \(incident.seed): \(text)")
            }
        }
    }

    @Test(arguments: [Incident.Input.metrics, .spans])
    func theTrueOriginIsNamedFirst(_ input: Incident.Input) async throws {
        var all = Outcome(), staged = 0
        let outcomes = try await withThrowingTaskGroup(of: (Incident.Kind, Outcome).self) { group in
            for kind in Incident.Kind.faults { group.addTask { (kind, try Self.outcome(of: kind, input)) } }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        for kind in Incident.Kind.faults {
            guard let outcome = outcomes[kind] else { continue }
            print("\(input) \(kind): \(outcome.right)/\(outcome.count), unsure \(outcome.unsure.count), onset \(outcome.onsets)", outcome.unsure + outcome.wrong, "late", outcome.lateOnsets)
            (all.right, all.onsets, staged) = (all.right + outcome.right, all.onsets + outcome.onsets, staged + outcome.count)
            all.unsure += outcome.unsure
            all.wrong += outcome.wrong
        }
        print("\(input) all: \(all.right)/\(staged), unsure \(all.unsure.count), onset \(all.onsets)")
        #expect(staged == Incident.Kind.faults.count * Self.each)
        #expect(all.right * 100 >= staged * (input == .spans ? 95 : 85))
    }

    /// One answer in two thousand is an error, and requests differ in what they take: nothing of it began, and nothing got slower.
    @Test(arguments: [Incident.Input.metrics, .spans])
    func calmMeshesAreLeftAlone(_ input: Incident.Input) throws {
        var called: [String] = []
        for seed in Self.firstSeed + 1...Self.firstSeed + UInt64(Self.each) {
            guard let incident = Incident(.calm, seed: seed) else { continue }
            let verdicts = try incident.observed(by: input).answer([.verdicts], at: FrameTime(windowSeconds: Incident.seconds)).verdicts ?? []
            called += verdicts.filter { $0.isFailure && ($0.kind == .latency || $0.onset != nil && !$0.isAbsorbed) }.map { "\(seed): \($0.headline)" }
        }
        print("\(input) calm: \(called.count) of \(Self.each) called", called)
        #expect(called.count <= 1)
    }

    private static func outcome(of kind: Incident.Kind, _ input: Incident.Input) throws -> Outcome {
        var outcome = Outcome(), seed = firstSeed + UInt64(kind.rawValue.utf8.reduce(0) { ($0 * 31 + UInt64($1)) % 10_000 })
        while outcome.count < each {
            seed += 1
            guard let incident = Incident(kind, seed: seed) else { continue }
            let verdicts = try incident.observed(by: input).answer([.verdicts], at: FrameTime(windowSeconds: Incident.seconds)).verdicts ?? []
            let (answer, onset) = judge(verdicts, incident)
            outcome.add(answer, incident, onset)
        }
        return outcome
    }

    /// What stands first, of what is absorbed the first of these where retries hide it.
    static func judge(_ verdicts: [Verdict], _ incident: Incident) -> (Answer, Double?) {
        let causes = verdicts.filter { $0.isFailure && !$0.isAbsorbed }
        // What is hidden but for one in a thousand is a cause, too.
        let isSeen = incident.kind != .retries || causes.first?.origin?.entity.service == incident.places.first?.service
        let ranked = isSeen ? causes : verdicts.filter { $0.isAbsorbed || $0.hidesMost }
        guard let first = ranked.first, let origin = first.origin else {
            let known = verdicts.first
            return (.unsure(known?.headline ?? "nothing"), nil)
        }
        let onset = first.onset.map { ($0 - Incident.start).seconds - Incident.after }
        let isSlow = incident.kind == .slow || incident.kind == .slowVersion
        let isRight = incident.places.contains { place in
            guard origin.entity.service == place.service, isSlow == (first.kind == .latency) else { return false }
            switch incident.kind {
            case .edge, .timeout: return origin.caller?.service == place.caller
            // Nobody answers: who fails is every call to it.
            case .gone: return true
            default: return origin.caller == nil && (place.version == nil || origin.entity.version == place.version) && (place.pod == nil || origin.entity.pod == place.pod)
            }
        }
        // Both of two are named before all others.
        if isRight, incident.kind == .two, ranked.count > 1 {
            let both = Set(ranked.prefix(2).compactMap { $0.origin?.entity.service })
            if both != Set(incident.places.map(\.service)) { return (.wrong("second \(ranked[1].headline)"), onset) }
        }
        if isRight { return (.right, onset) }
        let isUnsure = first.kind == .notEnoughEvidence || !first.remarks.isEmpty
        let text = "\(incident.places.map { ($0.caller.map { "\($0) → " } ?? "") + $0.service + ($0.version.map { " \($0)" } ?? "") }) not \(first.headline) \(first.remarks)"
        return (isUnsure ? .unsure(text) : .wrong(text), onset)
    }
}
