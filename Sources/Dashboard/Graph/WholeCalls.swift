import MeshModel
import Panels

/// All that a picture may draw, kept from frame to frame: who is next to whom is made anew only where somebody came, went or called another;
/// else the numbers of now take the place of those before. What is drawn of it is chosen by places, and only that is put together.
struct WholeCalls: Sendable {
    private(set) var calls = CallNodes(edges: [])
    /// By node, the places of the edges from it and to it.
    private var outgoing: [[Int]] = []
    private var incoming: [[Int]] = []
    /// By edge, the number of its pair of caller and callee; nil for who calls itself.
    private var pairs: [Int?] = []
    private var pairCount = 0
    /// What `:hide` is true of; a box takes its calls with it. Empty where nothing is hidden.
    private var hide = Filter.none
    private var isNodeHidden: [Bool] = []
    private var isEdgeHidden: [Bool] = []

    mutating func take(_ rows: CallRows, hide: Filter) {
        let (edges, entities) = (calls.edges, calls.rows)
        let isAsBefore = calls.renew(rows)
        if !isAsBefore {
            calls = CallNodes(rows)
            relate()
        }
        defer { self.hide = hide }
        guard !hide.isEmpty else {
            (isNodeHidden, isEdgeHidden) = ([], [])
            return
        }
        guard isAsBefore, hide == self.hide else {
            isNodeHidden = calls.nodes.map { hide.matches(node: $0) }
            isEdgeHidden = calls.edges.map { hide.matches(edge: $0) }
            return
        }
        for place in edges.indices where !edges[place].isSame(as: calls.edges[place]) { isEdgeHidden[place] = hide.matches(edge: calls.edges[place]) }
        for place in calls.nodes.indices {
            guard let row = calls.rowOf[place], entities[row] !== calls.rows[row] else { continue }
            isNodeHidden[place] = hide.matches(node: calls.nodes[place])
        }
    }

    private mutating func relate() {
        outgoing = .init(repeating: [], count: calls.nodes.count)
        incoming = outgoing
        var numbers: [CallNodes.Ends: Int] = [:]
        pairs = calls.ends.enumerated().map { place, end in
            outgoing[end.source].append(place)
            incoming[end.target].append(place)
            guard end.source != end.target else { return nil }
            let number = numbers[end] ?? numbers.count
            numbers[end] = number
            return number
        }
        pairCount = numbers.count
    }

    /// Whoever is not hidden.
    var nodes: [CallNodes.Node] { isNodeHidden.isEmpty ? calls.nodes : calls.nodes.indices.filter { !isNodeHidden[$0] }.map { calls.nodes[$0] } }

    /// Whoever is not hidden, nor idle where those are left out.
    func nodes(_ scope: GraphScope) -> [CallNodes.Node] {
        guard scope.hidesIdle else { return nodes }
        var part = notHidden
        dropIdle(&part)
        return calls.nodes.indices.filter { part.nodes[$0] }.map { calls.nodes[$0] }
    }

    // MARK: - A part of it

    /// By place. An edge is of it only if both its ends are.
    private struct Part {
        var nodes: [Bool]
        var edges: [Bool]
    }

    private var notHidden: Part {
        guard !isNodeHidden.isEmpty || !isEdgeHidden.isEmpty else {
            return Part(nodes: .init(repeating: true, count: calls.nodes.count), edges: .init(repeating: true, count: calls.edges.count))
        }
        return Part(nodes: isNodeHidden.map { !$0 }, edges: calls.ends.indices.map { edge in
            !isEdgeHidden[edge] && !isNodeHidden[calls.ends[edge].source] && !isNodeHidden[calls.ends[edge].target]
        })
    }

    /// The part of the calls that is drawn.
    /// - Parameter picked: whom the picture is drawn around as nobody was chosen: it stays, or the picture would jump with the numbers.
    func drawn(_ scope: GraphScope, picked: inout Entity?) -> (calls: CallNodes, center: GraphScope.Center?) {
        var part = notHidden
        if scope.hidesIdle { dropIdle(&part) }
        guard let start = start(scope.focus, part, &picked) else { return (narrowed(to: part), nil) }
        var hops = scope.hops ?? 2
        var reached = within(hops, of: start, part)
        if scope.hops == nil, reached.count(where: { $0 }) > GraphScope.readable {
            hops = 1
            reached = within(1, of: start, part)
        }
        part.nodes = reached
        return (narrowed(to: part), GraphScope.Center(entity: calls.nodes[start].entity, hops: hops))
    }

    private func dropIdle(_ part: inout Part) {
        let before = part
        for node in calls.nodes.indices where !((calls.nodes[node].row?.signals.requests ?? 0) > 0) { part.nodes[node] = false }
        for edge in calls.edges.indices where before.edges[edge] {
            let signals = calls.edges[edge].signals
            part.edges[edge] = signals.requests > 0 || (signals.bytesIn ?? 0) + (signals.bytesOut ?? 0) > 0
            guard part.edges[edge] else { continue }
            (part.nodes[calls.ends[edge].source], part.nodes[calls.ends[edge].target]) = (true, true)
        }
    }

    private func start(_ focus: GraphScope.Focus, _ part: Part, _ picked: inout Entity?) -> Int? {
        func place(_ entity: Entity?) -> Int? { entity.flatMap { calls.place(of: $0) }.flatMap { part.nodes[$0] ? $0 : nil } }
        switch focus {
        case .whole: return nil
        case .on(let entity) where place(entity) != nil: return place(entity)
        // Who is not there any more is no reason to draw everything.
        case .on, .fitting:
            guard part.nodes.count(where: { $0 }) > GraphScope.readable else {
                picked = nil
                return nil
            }
            if place(picked) == nil { picked = worthALook(part).map { calls.nodes[$0].entity } }
            return place(picked)
        }
    }

    /// Who fails most by itself; where calls alone fail an end of the worst, then who warns most, then the busiest of those nobody calls.
    private func worthALook(_ part: Part) -> Int? {
        let there = calls.nodes.indices.filter { part.nodes[$0] }
        var own = calls.nodes.map { $0.row?.signals.errors ?? 0 }, sent = [Double](repeating: 0, count: calls.nodes.count)
        var isCalled = [Bool](repeating: false, count: calls.nodes.count)
        for (edge, end) in calls.ends.enumerated() where part.edges[edge] && end.source != end.target {
            let signals = calls.edges[edge].signals
            own[end.source] -= signals.errors
            sent[end.source] += signals.rate ?? signals.requests
            isCalled[end.target] = true
        }
        let failing = there.filter { calls.nodes[$0].isFailing }
        if !failing.isEmpty { return best(failing, own, name) }
        if let end = endOfWorstCall(part) { return end }
        let warning = there.filter { calls.nodes[$0].row?.state == .warning }
        if !warning.isEmpty { return best(warning, calls.nodes.map { $0.row?.signals.troubleShare ?? 0 }, name) }
        let entries = there.filter { !isCalled[$0] && sent[$0] > 0 }
        return best(entries.isEmpty ? there : entries, sent, name)
    }

    /// Of the call that fails most the end where more calls fail, as around it they are drawn, too; else who is called.
    private func endOfWorstCall(_ part: Part) -> Int? {
        let failing = calls.edges.indices.filter { part.edges[$0] && EdgeLook(calls.edges[$0]) == .failing }
        let worst = best(failing, calls.edges.map(\.signals.errors)) { name(calls.ends[$0].target) + name(calls.ends[$0].source) }
        return worst.map { calls.ends[$0] }.map { worst in
            func failures(_ node: Int) -> Int { failing.count { calls.ends[$0].source == node || calls.ends[$0].target == node } }
            return failures(worst.source) > failures(worst.target) ? worst.source : worst.target
        }
    }

    private func name(_ node: Int) -> [String] { [calls.nodes[node].entity.title(calls.level), calls.nodes[node].entity.namespace ?? ""] }

    /// Of two that are alike the first by name, so that every run has the same.
    private func best(_ places: [Int], _ amounts: [Double], _ name: (Int) -> [String]) -> Int? {
        places.min { a, b in
            let first = Magnitude.of(amounts[a]), second = Magnitude.of(amounts[b])
            return first != second ? first > second : name(a).lexicographicallyPrecedes(name(b))
        }
    }

    /// Whoever leads to the start in so many calls, and whoever it leads to.
    private func within(_ hops: Int, of start: Int, _ part: Part) -> [Bool] {
        var reached = [Bool](repeating: false, count: calls.nodes.count)
        for (next, end) in [(outgoing, \CallNodes.Ends.target), (incoming, \.source)] {
            var seen: Set = [start], edge = [start]
            for _ in 0..<hops where !edge.isEmpty {
                edge = edge.flatMap { next[$0] }.filter { part.edges[$0] }.map { calls.ends[$0][keyPath: end] }.filter { seen.insert($0).inserted }
            }
            for place in seen { reached[place] = true }
        }
        return reached
    }

    /// Those of a part, and the edges between them; what is left out is counted.
    private func narrowed(to part: Part) -> CallNodes {
        guard part.nodes.contains(false) || part.edges.contains(false) else { return calls }
        let nodes = calls.nodes.indices.filter { part.nodes[$0] }
        let edges = nodes.flatMap { outgoing[$0] }.filter { part.edges[$0] && part.nodes[calls.ends[$0].target] }.sorted()
        // A pair is drawn if one of its edges is.
        let drawn = Set(edges.compactMap { pairs[$0] })
        func lost(_ edges: [Int]) -> Int { Set(edges.compactMap { pairs[$0] }).subtracting(drawn).count }
        let beyond = nodes.map { CallNodes.Beyond(callers: lost(incoming[$0]), callees: lost(outgoing[$0])) }
        return calls.narrowed(to: nodes, edges, beyond: beyond, left: .init(nodes: calls.nodes.count - nodes.count, pairs: pairCount - drawn.count))
    }
}
