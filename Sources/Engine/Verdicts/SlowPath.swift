import Diagnosis
import Panels

/// Services behind one entry, and what of them changed at one moment.
struct SlowPath {
    var mesh = SlowMesh()
    /// By place in the mesh, the node of the fold.
    private(set) var nodes: [Int] = []
    let slot: Int
    /// Of more behind one entry the nearest are looked at.
    private static let mostServices = 256

    /// - Parameter slot: where what is before ends.
    init(from entry: Int, at slot: Int, _ fold: borrowing LevelFold, _ reader: inout SlowReader, _ state: borrowing EngineState, _ frame: EngineState.Frame) {
        self.slot = slot
        let gap = state.lateSlots
        var places = [entry: 0], next = 0
        nodes = [entry]
        while next < nodes.count {
            let node = nodes[next]
            var service = SlowMesh.Service(change: reader.times(of: node, fold, state, frame).map { TimesChange($0, at: slot, gap: gap) })
            for edge in fold.nodes[node].edgesOut.map(Int.init) where fold.edges[edge].requests > 0 {
                let callee = Int(fold.edges[edge].destination)
                guard callee != node else { continue }
                let told = reader.times(ofCall: edge, fold, state, frame)
                guard let times = told ?? reader.times(of: callee, fold, state, frame) else { continue }
                if places[callee] == nil {
                    guard nodes.count < Self.mostServices else { continue }
                    places[callee] = nodes.count
                    nodes.append(callee)
                }
                guard let place = places[callee] else { continue }
                let share = told == nil ? min(1, fold.edges[edge].requests / max(1, fold.nodes[callee].sums.requests)) : 1
                service.calls.append(.init(callee: place, change: TimesChange(times, at: slot, gap: gap), share: share))
            }
            mesh.services.append(service)
            next += 1
        }
    }
}
