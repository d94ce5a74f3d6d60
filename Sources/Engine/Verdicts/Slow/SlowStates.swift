import Diagnosis
import MeshModel
import Panels

/// Services, pods, versions and calls that take longer than they did before within the window: the rule of latency for the state of their rows.
struct SlowStates {
    private struct Call: Hashable {
        var caller: EntityKey
        var callee: EntityKey
    }
    private var reasons: [EntityKey: String] = [:]
    private var ofCalls: [Call: String] = [:]

    var isEmpty: Bool { reasons.isEmpty && ofCalls.isEmpty }

    private static func words(_ change: TimesChange, _ since: Timestamp) -> String? {
        guard let before = change.before.mean, let after = change.after.mean else { return nil }
        return "latency: \(Verdict.number(after)) ms instead of \(Verdict.number(before)) since \(since.rfc3339.dropFirst(11).prefix(8))"
    }

    /// What was found of others, who come first, stays.
    mutating func add(_ other: SlowStates) {
        reasons.merge(other.reasons) { known, _ in known }
        ofCalls.merge(other.ofCalls) { known, _ in known }
    }

    private static func key(_ entity: Entity) -> EntityKey { EngineState.key(ofService: entity) }

    /// What is slower of the services behind one that is, with their pods, and of their calls.
    mutating func add(_ path: SlowPath, _ teller: inout some TimesTeller, _ state: borrowing EngineState, _ frame: EngineState.Frame) {
        let since = state.grid.start(of: frame.head - Int64(SlotGrid.count - 1 - path.slot))
        for (place, service) in path.mesh.services.enumerated() {
            let node = path.nodes[place], entity = teller.entity(of: node)
            if let change = service.change, change.isSlower, teller.isSlowerWithin(node, at: path.slot, state, frame) {
                let words = Self.words(change, since)
                reasons[state.key(entity, .service)] = words
                addPods(of: node, at: path.slot, since, whole: words, &teller, state, frame)
            }
            for (number, call) in service.calls.enumerated() where path.calls[place][number].isSeen && call.change.isSlower {
                let ends = Call(caller: state.key(entity, .service), callee: state.key(teller.entity(of: path.nodes[call.callee]), .service))
                if let words = Self.words(call.change, since) { ofCalls[ends] = words }
            }
        }
    }

    /// - Parameter whole: what is said of the service.
    private mutating func addPods(of node: Int, at slot: Int, _ since: Timestamp, whole: String?, _ teller: inout some TimesTeller, _ state: borrowing EngineState, _ frame: EngineState.Frame) {
        let all = teller.pods(of: node, at: slot, state, frame), slower = teller.slower(of: node, at: slot, state, frame)
        for pod in slower where !pod.pod.pod.isEmpty { if let words = Self.words(pod.change, since) { reasons[state.key(pod.pod, .pod)] = words } }
        // Of whose pods of the service all are slower; the only workload of a service is the service.
        for level in [EntityLevel.version, .workload] {
            let sizes = Dictionary(all.map { (state.key($0.pod, level), 1) }, uniquingKeysWith: +)
            for (key, pods) in Dictionary(grouping: slower, by: { state.key($0.pod, level) }) where level != .version || !key.version.isEmpty {
                if level == .workload, sizes.count == 1 { reasons[key] = whole } else if pods.count == sizes[key], let words = Self.words(pods[0].change, since) { reasons[key] = words }
            }
        }
    }

    // MARK: - Rows

    func marked(_ row: EntityRow) -> EntityRow {
        guard let reason = reasons[row.key] else { return row }
        let (state, reasons) = Self.both(row.state, row.reason, reason)
        return row.with(state: state, reason: reasons)
    }

    /// What is as bad or worse stays, and is said first; who is idle by now is slow no more.
    private static func both(_ state: HealthState, _ known: String, _ reason: String) -> (HealthState, String) {
        if state == .idle { return (state, known) }
        return (state == .failing ? .failing : .warning, known.isEmpty ? reason : "\(known); \(reason)")
    }

    /// - Parameter rows: in the order of their keys: of thousands few are looked up, in every frame.
    func mark(inOrder rows: inout [EntityRow]) {
        for key in reasons.keys { if let place = EngineState.place(of: key, in: rows) { rows[place] = marked(rows[place]) } }
    }

    func mark(_ rows: inout [EntityRow]) { for place in rows.indices { rows[place] = marked(rows[place]) } }

    func mark(_ rows: inout [EdgeRow]) {
        guard !ofCalls.isEmpty else { return }
        let callees = Set(ofCalls.keys.map(\.callee.name))
        for place in rows.indices where rows[place].source.pod == nil && callees.contains(rows[place].destination.service ?? "") {
            guard let reason = ofCalls[Call(caller: Self.key(rows[place].source), callee: Self.key(rows[place].destination))] else { continue }
            (rows[place].state, rows[place].reason) = Self.both(rows[place].state, rows[place].reason, reason)
        }
    }
}

extension EngineState {
    /// Adds the rule of latency to how rows stand, as far as the mesh's verdicts are known: they are for the header of every frame. Of a whole run, where nobody
    /// asks for these, it would be a long way for a mark.
    mutating func markSlow(_ frame: Frame, in data: inout FrameData) {
        guard !data.entities.isEmpty || !data.edges.isEmpty || !data.details.isEmpty, frame.mode == .window || data.mesh != nil || data.verdicts != nil else { return }
        guard let slow = knownSlowStates(frame), !slow.isEmpty else { return }
        for level in data.entities.keys { slow.mark(inOrder: &data.entities[level, default: []]) }
        if data.edges[.service] != nil { slow.mark(&data.edges[.service, default: []]) }
        for key in data.details.keys {
            guard var detail = data.details[key] else { continue }
            detail.row = slow.marked(detail.row)
            slow.mark(&detail.members)
            if key.level == .service {
                slow.mark(&detail.inbound)
                slow.mark(&detail.outbound)
            }
            data.details[key] = detail
        }
    }
}
