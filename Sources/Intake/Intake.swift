package import MeshModel
package import Profiles
import Synchronization

/// What all sources share: the symbols, the profiles' verdicts and the numbering of sources. One per process; any thread.
package final class Intake: Sendable {
    /// Which series are kept: those a profile maps, or every one.
    package enum Keep: String, Sendable, CaseIterable { case mapped, all }

    package let symbols: SymbolTable
    package let keep: Keep
    /// What exporters of metrics may take, together.
    package let metricRoom = MetricRoom()
    /// Seeds the hashes of lines, so that a hostile page cannot aim at collisions.
    let seed = UInt64.random(in: .min ... .max)
    private let shared: Mutex<Shared>

    /// Protects: the matcher's memory and the next source's number. Taken once per page that brings something new.
    struct Shared: Sendable {
        var matcher: ProfileMatcher
        var nextSource: UInt32 = 0
    }

    package init(profiles: ProfileSet, keep: Keep = .mapped, symbols: SymbolTable = SymbolTable()) {
        self.symbols = symbols
        self.keep = keep
        let matcher = symbols.withLock { ProfileMatcher(profiles, symbols: &$0) }
        shared = Mutex(Shared(matcher: matcher))
    }

    func withMatcher(_ body: (inout ProfileMatcher, inout SymbolTable.Storage) -> Void) {
        shared.withLock { state in
            symbols.withLock { body(&state.matcher, &$0) }
        }
    }

    /// Begins a source and registers it with the sink.
    /// - Parameters:
    ///   - name: for people: the URL or file name.
    ///   - labels: target labels as discovery gave them; they say who is behind the source.
    ///   - rawName: a file's name without its extension: says who it is where labels do not.
    package func openSource(name: String, job: String = "", labels: [(String, String)] = [], rawName: String? = nil,
                            intervalSeconds: Double? = nil, sink: any SampleSink) -> DecodeSession {
        let id = nextSourceID()
        var claim = symbols.withLock { TargetLabels.claim(labels, symbols: &$0) }
        if claim.pod.isEmpty {
            if let rawName {
                claim.pod = symbols.intern(rawName)
                claim.isRawName = claim.service.isEmpty
            } else {
                claim.pod = symbols.intern(TargetLabels.address(of: name))
            }
        }
        let state = SourceState(id: id, name: name, job: job, intervalSeconds: intervalSeconds)
        sink.register(state, claim: claim)
        return DecodeSession(intake: self, state: state, sink: sink)
    }

    /// A line among the sources for what brings no samples itself, as a target list; it stands for no proxy.
    package func openNotice(name: String, job: String, sink: any SampleSink) -> SourceState {
        let state = SourceState(id: nextSourceID(), name: name, job: job)
        var claim = EntityClaim()
        claim.kind = .unknown
        sink.register(state, claim: claim)
        return state
    }

    /// A line for one exporter of metrics: a proxy or a process that sends them, told apart by its resource.
    package func openExporter(_ name: String, job: String, claim: EntityClaim, intervalSeconds: Double?, sink: any SampleSink) -> SourceState {
        let state = SourceState(id: nextSourceID(), name: name, job: job, intervalSeconds: intervalSeconds)
        sink.register(state, claim: claim)
        return state
    }

    private func nextSourceID() -> SourceID {
        shared.withLock { state in
            defer { state.nextSource += 1 }
            return SourceID(raw: state.nextSource)
        }
    }
}
