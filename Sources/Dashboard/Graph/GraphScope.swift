import MeshModel
package import Panels

/// What of the calls a person wants to see drawn.
package struct GraphScope: Sendable, Hashable {
    enum Focus: Sendable, Hashable {
        /// The whole if that can be read, else around whoever is worth a look.
        case fitting
        case whole
        case on(Entity)
    }

    /// Whom a picture is drawn around, and how many calls away from there it ends.
    struct Center: Sendable, Hashable {
        var entity: Entity
        var hops: Int
    }

    package var level = EntityLevel.service
    var focus = Focus.fitting
    /// Namespaces that are one box each.
    var folded: Set<String> = []
    /// Without calls nobody made, and who made and got none.
    var hidesIdle = false
    /// Calls up and down from the focus; nil: two, or one where two lead to too many.
    var hops: Int?

    /// Boxes a picture can have and still be read.
    static let readable = 40
    static let hopLimits = 1...9
}

extension CallNodes {
    /// The part of the calls that is drawn.
    /// - Parameter picked: whom the picture is drawn around as nobody was chosen: it stays, or the picture would jump with the numbers.
    func drawn(_ scope: GraphScope, picked: inout Entity?) -> (calls: CallNodes, center: GraphScope.Center?) {
        if scope.hidesIdle {
            var awake = scope
            awake.hidesIdle = false
            return withoutIdle.drawn(awake, picked: &picked)
        }
        guard let start = start(scope.focus, &picked) else { return (self, nil) }
        let around = Neighbourhood(self)
        var hops = scope.hops ?? 2
        var keeps = around.within(hops, of: start)
        if scope.hops == nil, keeps.count(where: { $0 }) > GraphScope.readable {
            hops = 1
            keeps = around.within(1, of: start)
        }
        return (narrowed(to: keeps), GraphScope.Center(entity: nodes[start].entity, hops: hops))
    }

    private func start(_ focus: GraphScope.Focus, _ picked: inout Entity?) -> Int? {
        switch focus {
        case .whole: return nil
        case .on(let entity) where place(of: entity) != nil: return place(of: entity)
        // Who is not there any more is no reason to draw everything.
        case .on, .fitting:
            guard nodes.count > GraphScope.readable else {
                picked = nil
                return nil
            }
            if picked.flatMap({ place(of: $0) }) == nil { picked = worthALook.map { nodes[$0].entity } }
            return picked.flatMap { place(of: $0) }
        }
    }

    private var withoutIdle: CallNodes {
        var keeps = nodes.map { ($0.row?.signals.requests ?? 0) > 0 }
        let keepsEdge = edges.map { $0.signals.requests > 0 || ($0.signals.bytesIn ?? 0) + ($0.signals.bytesOut ?? 0) > 0 }
        for (index, end) in ends.enumerated() where keepsEdge[index] { (keeps[end.source], keeps[end.target]) = (true, true) }
        return narrowed(to: keeps, edges: keepsEdge)
    }

    /// Who fails most by itself; where nobody fails, the busiest of those nobody calls.
    private var worthALook: Int? {
        var own = nodes.map { $0.row?.signals.errors ?? 0 }, calls = [Double](repeating: 0, count: nodes.count)
        var isCalled = [Bool](repeating: false, count: nodes.count)
        for (end, row) in zip(ends, edges) where end.source != end.target {
            own[end.source] -= row.signals.errors
            calls[end.source] += row.signals.rate ?? row.signals.requests
            isCalled[end.target] = true
        }
        let failing = nodes.indices.filter { nodes[$0].isFailing }
        if !failing.isEmpty { return best(failing, own) }
        let entries = nodes.indices.filter { !isCalled[$0] && calls[$0] > 0 }
        return best(entries.isEmpty ? Array(nodes.indices) : entries, calls)
    }

    /// Of two that are alike the first by name, so that every run has the same.
    private func best(_ places: [Int], _ amounts: [Double]) -> Int? {
        places.min { a, b in
            let first = Magnitude.of(amounts[a]), second = Magnitude.of(amounts[b])
            return first != second ? first > second : (nodes[a].entity.title(level), nodes[a].entity.namespace ?? "") < (nodes[b].entity.title(level), nodes[b].entity.namespace ?? "")
        }
    }
}

/// Who is how many calls away.
struct Neighbourhood {
    private var callees: [[Int]]
    private var callers: [[Int]]

    init(_ calls: CallNodes) {
        callees = .init(repeating: [], count: calls.nodes.count)
        callers = callees
        for end in calls.ends {
            callees[end.source].append(end.target)
            callers[end.target].append(end.source)
        }
    }

    /// Whoever leads to the start in so many calls, and whoever it leads to.
    func within(_ hops: Int, of start: Int) -> [Bool] {
        var reached = [Bool](repeating: false, count: callees.count)
        for next in [callees, callers] {
            var seen = [Bool](repeating: false, count: callees.count), edge = [start]
            seen[start] = true
            for _ in 0..<hops where !edge.isEmpty {
                var further: [Int] = []
                for place in edge {
                    for other in next[place] where !seen[other] {
                        seen[other] = true
                        further.append(other)
                    }
                }
                edge = further
            }
            for place in seen.indices where seen[place] { reached[place] = true }
        }
        return reached
    }
}
