import Diagnosis
import Panels

/// Services behind one entry, and what of them changed at one moment.
struct SlowPath {
    var mesh = SlowMesh()
    /// By place in the mesh, the teller's number.
    private(set) var nodes: [Int]
    /// By service and place among its calls there: the teller's number, and whether the caller told of it; else the callee's answers stand for it.
    private(set) var calls: [[(edge: Int, isSeen: Bool)]] = []
    let slot: Int
    /// Of more behind one entry the nearest are looked at.
    private static let mostServices = 256

    /// - Parameter slot: where what is before ends.
    init(from entry: Int, at slot: Int, _ teller: inout some TimesTeller, _ state: borrowing EngineState, _ frame: EngineState.Frame) {
        self.slot = slot
        var places = [entry: 0], next = 0
        nodes = [entry]
        while next < nodes.count {
            for call in teller.calls(of: nodes[next]) where places[call.callee] == nil && nodes.count < Self.mostServices {
                places[call.callee] = nodes.count
                nodes.append(call.callee)
            }
            next += 1
        }
        teller.prepare(nodes, at: slot, state, frame)
        for node in nodes {
            var service = SlowMesh.Service(change: teller.change(of: node, at: slot, state, frame)), numbers: [(edge: Int, isSeen: Bool)] = []
            for call in teller.calls(of: node) where call.callee != node {
                let seen = teller.change(ofCall: call.edge, at: slot, state, frame)
                guard let place = places[call.callee], let change = seen ?? teller.change(of: call.callee, at: slot, state, frame) else { continue }
                service.calls.append(.init(callee: place, change: change, share: seen == nil ? call.share : 1))
                numbers.append((call.edge, seen != nil))
            }
            mesh.services.append(service)
            calls.append(numbers)
        }
    }

    /// The teller's number of a call between two places.
    func call(from caller: Int, to callee: Int) -> Int? {
        mesh.services[caller].calls.firstIndex { $0.callee == callee }.map { calls[caller][$0].edge }
    }
}
