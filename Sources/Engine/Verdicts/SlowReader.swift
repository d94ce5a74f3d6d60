import Diagnosis
import MeshModel
import Panels

/// Reads what services and calls took from the slots of proxies, each once.
struct SlowReader {
    private var times: [Int: SlotTimes?] = [:]
    private var callTimes: [Int: SlotTimes?] = [:]
    /// Proxies that may still be read, once for each side asked of: all of it happens in the engine's lock.
    private var left = 1000

    mutating func times(of node: Int, _ fold: borrowing LevelFold, _ state: borrowing EngineState, _ frame: EngineState.Frame) -> SlotTimes? {
        if let known = times[node] { return known }
        let read = mayRead(fold.nodes[node].hasOwn ? fold.nodes[node].targets.count : fold.nodes[node].reporters.count) ? state.slotTimes(of: fold.nodes[node], frame) : nil
        times[node] = .some(read)
        return read
    }

    private mutating func mayRead(_ proxies: Int) -> Bool {
        guard proxies <= left else { return false }
        left -= proxies
        return true
    }

    /// As the caller's proxies saw a call; where they tell nothing of it, nil.
    mutating func times(ofCall edge: Int, _ fold: borrowing LevelFold, _ state: borrowing EngineState, _ frame: EngineState.Frame) -> SlotTimes? {
        if let known = callTimes[edge] { return known }
        let caller = fold.nodes[Int(fold.edges[edge].source)], callee = fold.nodes[Int(fold.edges[edge].destination)].entity
        let read = caller.targets.isEmpty || !mayRead(caller.targets.count) ? nil : state.slotTimes(ofCallsOf: caller, to: callee.asService, frame)
        callTimes[edge] = .some(read)
        return read
    }
}

/// Services behind one entry, and what of them changed at one moment.
struct SlowPath {
    var mesh = SlowMesh()
    /// By place in the mesh, the node of the fold.
    private(set) var nodes: [Int] = []
    let slot: Int
    /// Envoy merges its histograms every five seconds: that long before the moment some of what came after it may be counted.
    let gap: Int
    /// Of more behind one entry the nearest are looked at.
    private static let mostServices = 256

    /// - Parameter slot: where what is before ends.
    init(from entry: Int, at slot: Int, _ fold: borrowing LevelFold, _ reader: inout SlowReader, _ state: borrowing EngineState, _ frame: EngineState.Frame) {
        self.slot = slot
        gap = max(1, Int((5 / state.grid.seconds).rounded(.up)))
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
                if let place = places[callee] { service.calls.append(.init(callee: place, change: TimesChange(times, at: slot, gap: gap), share: told == nil ? min(1, fold.edges[edge].requests / max(1, fold.nodes[callee].sums.requests)) : 1)) }
            }
            mesh.services.append(service)
            next += 1
        }
    }
}
