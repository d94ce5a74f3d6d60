import MeshModel
import Panels

/// The fleet at one level: who there is and who calls whom, which is settled with the identities, and what they counted, which is
/// made anew only where a target took something in.
struct LevelFold {
    let level: EntityLevel
    /// Numbers the layouts: places of nodes and edges hold within one.
    var layout = 0
    private(set) var nodes: [Node] = []
    private(set) var edges: [Edge] = []
    var rows: [EntityRow] = []
    /// Node of each row.
    private(set) var nodeOfRow: [Int32] = []
    private(set) var edgesOfTarget: [[Int32]] = []
    private(set) var nodeOfTarget: [Int32] = []
    private var nodeOf: [ResolvedEntity: Int32] = [:]
    /// By call, what is reported of it; at the level of services an edge is a call.
    private(set) var calls: [Call] = []
    private var seenVersion: UInt64 = 0
    /// Calls from outside to workloads, and nodes that answered callers nobody knows.
    private(set) var entryEdges: [Int] = []
    private(set) var answersOutside: Set<Int> = []
    private var dirtyNodes: [Int32] = []
    private var dirtyEdges: [Int32] = []
    private var hadStale = false
    /// The rows of its calls, while a screen shows them.
    var list: EdgeList?

    func node(of entity: ResolvedEntity) -> Int? { nodeOf[entity].map(Int.init) }

    // MARK: - Who there is

    init(_ targets: [TargetState], directory: Directory, level: EntityLevel) {
        self.level = level
        var edgeOf: [UInt64: Int32] = [:]
        var podsSeen = Set<UInt64>()
        var callOf: [UInt64: Int32] = [:]
        let finest = FinestNames(targets, directory, level)
        for index in targets.indices {
            edgesOfTarget.append([])
            nodeOfTarget.append(-1)
            let entity = targets[index].entity
            guard entity >= 0 else { continue }
            let node = number(directory[entity].folded(to: level))
            nodeOfTarget[index] = node
            nodes[Int(node)].targets.append(Int32(index))
            // What was taken off its list is shown for a while, but is no pod any more.
            let isGone = targets[index].source.health == .gone
            if !isGone, podsSeen.insert(UInt64(UInt32(node)) << 32 | UInt64(UInt32(entity))).inserted { nodes[Int(node)].pods += 1 }
            for (place, relation) in targets[index].folded.relations.enumerated() where relation.source >= 0 && relation.destination >= 0 {
                let source = number(finest.of(relation.source)), destination = number(finest.of(relation.destination))
                let key = UInt64(UInt32(source)) << 32 | UInt64(UInt32(destination))
                let edge = edgeOf[key] ?? Int32(edges.count)
                if edge == edges.count {
                    edgeOf[key] = edge
                    edges.append(Edge(source: source, destination: destination, service: directory.serviceID(of: relation.destination)))
                    nodes[Int(source)].edgesOut.append(edge)
                    nodes[Int(destination)].edgesIn.append(edge)
                }
                var part = Part(target: Int32(index), relation: Int32(place), call: edge)
                if level != .service { part.call = note(part, between: directory.services(of: relation), &callOf) }
                edges[Int(edge)].parts.append(part)
                if edgesOfTarget[index].last != edge { edgesOfTarget[index].append(edge) }
                edges[Int(edge)].hasServerSide = edges[Int(edge)].hasServerSide || relation.vantage != .client
                nodes[Int(destination)].tellsCallers = nodes[Int(destination)].tellsCallers || relation.vantage != .client
                // What is no proxy of the callee's tells of it in its stead.
                let isOther = relation.vantage == .client || destination != node
                if isOther, nodes[Int(destination)].reporters.last != Int32(index) { nodes[Int(destination)].reporters.append(Int32(index)) }
            }
        }
        finishLayout()
    }

    private mutating func note(_ part: Part, between services: (Int32, Int32), _ callOf: inout [UInt64: Int32]) -> Int32 {
        let key = UInt64(UInt32(bitPattern: services.0)) << 32 | UInt64(UInt32(bitPattern: services.1))
        let call = callOf[key] ?? Int32(calls.count)
        if call == calls.count {
            callOf[key] = call
            calls.append(Call(service: services.1))
        }
        var part = part
        part.call = call
        calls[Int(call)].parts.append(part)
        return call
    }

    private mutating func finishLayout() {
        for index in edges.indices {
            markEdge(index)
            if nodes[Int(edges[index].source)].entity.kind == .external, nodes[Int(edges[index].destination)].entity.kind == .workload { entryEdges.append(index) }
        }
        for index in nodes.indices {
            markNode(index)
            if holdsServices { nodes[index].services = Array(Set(nodes[index].edgesIn.flatMap { edge in edges[Int(edge)].parts.map { service(ofCall: $0.call) } })) }
        }
    }

    private mutating func number(_ entity: ResolvedEntity) -> Int32 {
        if let known = nodeOf[entity] { return known }
        let id = Int32(nodes.count)
        nodes.append(Node(entity: entity))
        nodeOf[entity] = id
        return id
    }

    /// Rows in the order of their keys, for what a list shows.
    mutating func place(_ rows: [(node: Int, row: EntityRow)]) {
        self.rows = rows.map(\.row)
        nodeOfRow = rows.map { Int32($0.node) }
        for (place, entry) in rows.enumerated() { nodes[entry.node].row = Int32(place) }
    }

    // MARK: - What changed

    /// Marks what hangs on targets that said something new, and on services whose side of a call changed.
    mutating func mark(_ glances: [TargetGlance], asOf version: UInt64, changedServices: Set<Int32>) {
        for index in glances.indices where glances[index].foldVersion > seenVersion {
            mark(target: index)
        }
        seenVersion = version
        if !changedServices.isEmpty {
            for index in edges.indices where isAbout(changedServices, edges[index]) { markEdge(index) }
        }
    }

    /// Marks what hangs on one target.
    mutating func mark(target index: Int) {
        if nodeOfTarget[index] >= 0 { markNode(Int(nodeOfTarget[index])) }
        for edge in edgesOfTarget[index] { markEdge(Int(edge)) }
    }

    /// Its age is part of a silent one's row.
    mutating func markStale(_ glances: [TargetGlance], isAnyStale: Bool, callersTell: Bool) {
        guard isAnyStale || hadStale else { return }
        hadStale = isAnyStale
        for index in nodes.indices where nodes[index].row >= 0 {
            let isStale = !nodes[index].targets.isEmpty && nodes[index].targets.allSatisfy { glances[Int($0)].isStale }
            guard isStale || nodes[index].wasStale else { continue }
            nodes[index].wasStale = isStale
            // Callers do not name the pod or machine they reach.
            nodes[index].isToldByCallers = isStale && callersTell && (level == .service || level == .version || level == .workload)
                && nodes[index].reporters.contains { !glances[Int($0)].isStale }
            markNode(index)
        }
    }

    private mutating func markNode(_ index: Int) {
        if !nodes[index].isDirty, !nodes[index].hasNewCalls { dirtyNodes.append(Int32(index)) }
        nodes[index].isDirty = true
    }

    private mutating func markEdge(_ index: Int) {
        list?.mark(index)
        guard !edges[index].isDirty else { return }
        edges[index].isDirty = true
        dirtyEdges.append(Int32(index))
        // Whether a call came from outside, and what an unseen callee answered, follows from its callers.
        let node = Int(edges[index].destination)
        if !nodes[node].isDirty, !nodes[node].hasNewCalls { dirtyNodes.append(Int32(node)) }
        nodes[node].hasNewCalls = true
    }

    /// Brings up to date what is within the limit, edges before nodes; the others stay marked.
    /// - Returns: the nodes made anew.
    mutating func refresh(_ targets: [TargetState], _ facts: ServiceFacts, refusedIsError: Bool, within limit: Limit) -> [Int] {
        var leftEdges = 0
        for index in dirtyEdges {
            guard edges[Int(index)].parts.count <= limit.parts else {
                dirtyEdges[leftEdges] = index
                leftEdges += 1
                continue
            }
            edges[Int(index)].isDirty = false
            count(Int(index), targets, facts, refusedIsError)
        }
        dirtyEdges.removeSubrange(leftEdges...)
        var changed: [Int] = [], left = 0
        for index in dirtyNodes.map(Int.init) {
            guard isWithin(limit, nodes[index]) else {
                dirtyNodes[left] = Int32(index)
                left += 1
                continue
            }
            // Who has a proxy of its own is not told by its callers, and who is on no list is not summed up.
            if nodes[index].row >= 0, nodes[index].isDirty || !nodes[index].hasOwn || holdsServices {
                sum(index, targets, facts)
                changed.append(index)
            }
            nodes[index].outside = nodes[index].hasOwn ? fromOutside(index, targets, facts) : nil
            if nodes[index].outside != nil { answersOutside.insert(index) } else { answersOutside.remove(index) }
            (nodes[index].isDirty, nodes[index].hasNewCalls) = (false, false)
        }
        dirtyNodes.removeSubrange(left...)
        return changed
    }

    /// The caller's view counts if it saw any call: it alone sees those that never arrived.
    private mutating func count(_ index: Int, _ targets: [TargetState], _ facts: ServiceFacts, _ refusedIsError: Bool) {
        var client = (requests: 0.0, errors: 0.0, refused: 0.0), server = client, attempts = 0.0
        for part in edges[index].parts {
            let relation = targets[Int(part.target)].folded.relations[Int(part.relation)], numbers = relation.numbers
            if numbers.vantage == .client {
                attempts += max(numbers.requests, relation.sums.attempts ?? 0)
                client = (client.requests + numbers.requests, client.errors + numbers.errors, client.refused + numbers.refused)
            } else {
                server = (server.requests + numbers.requests, server.errors + numbers.errors, server.refused + numbers.refused)
            }
        }
        let side = client.requests > 0 ? client : server
        let denied = facts.deniedShare(edges[index].service).map { (side.refused * Double($0)).rounded() } ?? 0
        (edges[index].requests, edges[index].attempts) = (side.requests, client.requests > 0 ? attempts : side.requests)
        (edges[index].errors, edges[index].denied) = (side.errors - (refusedIsError ? denied : 0), denied)
    }

    private mutating func sum(_ index: Int, _ targets: [TargetState], _ facts: ServiceFacts) {
        nodes[index].versions.removeAll(keepingCapacity: true)
        if nodes[index].isToldByCallers {
            (nodes[index].hasOwn, nodes[index].sums) = (false, SignalSums())
            addWhatOthersSay(index, targets, facts, isSilent: true)
            if nodes[index].sums.requests > 0 { return }
            nodes[index].versions.removeAll(keepingCapacity: true)
        }
        if nodes[index].targets.count == 1, !holdsServices, targets[Int(nodes[index].targets[0])].folded.hasOwn {
            let target = Int(nodes[index].targets[0])
            nodes[index].hasOwn = true
            nodes[index].sums = targets[target].folded.own
            if !targets[target].version.isEmpty { nodes[index].versions.append((targets[target].version, targets[target].folded.own)) }
            return
        }
        nodes[index].hasOwn = false
        nodes[index].sums = SignalSums()
        for place in nodes[index].targets {
            let target = Int(place)
            if targets[target].folded.hasOwn {
                nodes[index].hasOwn = true
                nodes[index].sums.merge(targets[target].folded.own)
                nodes[index].addVersion(targets[target].version, targets[target].folded.own)
            } else {
                nodes[index].sums.connectionsActive = SignalSums.sum(nodes[index].sums.connectionsActive, targets[target].folded.own.connectionsActive)
            }
        }
        if !nodes[index].hasOwn || holdsServices { addWhatOthersSay(index, targets, facts) }
    }

    /// What a service answered beyond its known callers came from outside the fleet. Proxies are read a moment apart, so that a
    /// small difference says nothing. Other levels fold what services answered.
    private func fromOutside(_ index: Int, _ targets: [TargetState], _ facts: ServiceFacts) -> SignalSums? {
        guard level == .service else { return nil }
        var known = 0.0
        for edge in nodes[index].edgesIn {
            if edges[Int(edge)].hasServerSide { return nil }
            known += edges[Int(edge)].attempts
        }
        let all = nodes[index].sums.requests
        guard known == 0 ? all > 0 : all - known > max(5, all * 0.05) else { return nil }
        var sums = nodes[index].sums
        guard known > 0 else { return sums }
        var told = SignalSums()
        for edge in nodes[index].edgesIn {
            for sides in reports(ofCallsOf: Int(edge), targets, facts, where: { vantage, _ in vantage == .client }) { if let client = sides.client { told.merge(client) } }
        }
        sums.subtract(told)
        return sums
    }

    /// Several services may be of one node: some with proxies that are read, some without.
    var holdsServices: Bool { level == .namespace || level == .app }

    /// A workload nobody scrapes is still there: what others answered for it, or its callers say of it, stands for it.
    /// - Parameter isSilent: it has proxies, and what they said is of the past.
    private mutating func addWhatOthersSay(_ index: Int, _ targets: [TargetState], _ facts: ServiceFacts, isSilent: Bool = false) {
        guard isSilent || !nodes[index].hasOwn || nodes[index].services.contains(where: { !facts.hasOwn($0) }) else { return }
        for edge in nodes[index].edgesIn {
            let calls = reports(ofCallsOf: Int(edge), targets, facts) { vantage, service in
                (vantage == .client || !isSilent) && (!nodes[index].hasOwn || !facts.hasOwn(service))
            }
            for sides in calls {
                let isAnswered = (sides.server?.requests ?? 0) > 0
                guard let side = isAnswered ? sides.server : sides.client ?? sides.server else { continue }
                nodes[index].sums.merge(side)
                for entry in isAnswered ? sides.serverVersions : sides.clientVersions { nodes[index].addVersion(entry.version, entry.sums) }
            }
        }
    }
}

extension LevelFold.Node {
    mutating func addVersion(_ version: Symbol, _ more: SignalSums) { versions.add(version, more) }
}

extension [(version: Symbol, sums: SignalSums)] {
    mutating func add(_ version: Symbol, _ more: SignalSums) {
        guard !version.isEmpty else { return }
        if let place = firstIndex(where: { $0.version == version }) { self[place].sums.merge(more) } else { append((version, more)) }
    }
}
