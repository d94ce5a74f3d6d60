import MeshModel
import Panels

/// The rows of a level's calls in the order of a list, kept from frame to frame: only those of calls of which something is new are made anew.
struct EdgeList {
    private let ends: [EdgeEnds]
    /// What a list has them ordered by, and edges in that order.
    private let names: [String]
    private let order: [Int32]
    /// By edge; nil: configured, and never called.
    private var rows: [EdgeRow?]
    private var listed: [EdgeRow] = []
    /// By edge, its place among those listed; −1: none.
    private var places: [Int32]
    private var isListOutdated = true

    private var dirty: [Int32]
    private var isDirty: [Bool]
    /// Edges of which something is new since the last frame: it is seen then whether their calls still count from the same side.
    private var moved: [Int32]
    private var hasMoved: [Bool]
    var vantages: CallVantages
    /// Proxies that were silent in the last frame, and when that was.
    var silent: [Int32] = []
    var silentAt: Timestamp?
    /// The frame that last asked for it.
    var lastAsked: UInt64 = 0

    /// - Parameter ends: by edge.
    init(_ fold: LevelFold, ends: [EdgeEnds]) {
        let names = ends.map(EngineState.order)
        (self.ends, self.names) = (ends, names)
        order = ends.indices.sorted { names[$0] < names[$1] }.map(Int32.init)
        rows = .init(repeating: nil, count: ends.count)
        places = .init(repeating: -1, count: ends.count)
        dirty = ends.indices.map(Int32.init)
        isDirty = .init(repeating: true, count: ends.count)
        (moved, hasMoved) = (dirty, isDirty)
        vantages = CallVantages(fold)
    }

    func ends(_ edge: Int) -> EdgeEnds { ends[edge] }

    /// Something is new of it.
    mutating func mark(_ edge: Int) {
        markRow(edge)
        guard !hasMoved[edge] else { return }
        hasMoved[edge] = true
        moved.append(Int32(edge))
    }

    /// What is told of it is to be put otherwise.
    mutating func markRow(_ edge: Int) {
        guard !isDirty[edge] else { return }
        isDirty[edge] = true
        dirty.append(Int32(edge))
    }

    /// - Returns: the edges to make rows of now; the others stay marked.
    mutating func takeDirty(where picks: (Int) -> Bool) -> [Int] {
        var taken: [Int] = [], left = 0
        for edge in dirty {
            if picks(Int(edge)) {
                isDirty[Int(edge)] = false
                taken.append(Int(edge))
            } else {
                dirty[left] = edge
                left += 1
            }
        }
        dirty.removeSubrange(left...)
        return taken
    }

    mutating func takeMoved() -> [Int32] {
        for edge in moved { hasMoved[Int(edge)] = false }
        defer { moved.removeAll(keepingCapacity: true) }
        return moved
    }

    mutating func put(_ row: EdgeRow?, _ edge: Int) {
        rows[edge] = row
        let place = Int(places[edge])
        if let row, place >= 0 { listed[place] = row } else if row != nil || place >= 0 { isListOutdated = true }
    }

    /// - Parameter others: rows of no edge of the level, in any order.
    mutating func list(with others: [EdgeRow] = []) -> [EdgeRow] {
        if isListOutdated {
            listed.removeAll(keepingCapacity: true)
            for edge in order.map(Int.init) {
                places[edge] = rows[edge] == nil ? -1 : Int32(listed.count)
                if let row = rows[edge] { listed.append(row) }
            }
            isListOutdated = false
        }
        guard !others.isEmpty else { return listed }
        var result: [EdgeRow] = [], taken = 0
        result.reserveCapacity(listed.count + others.count)
        for (place, row) in others.map({ (place(behind: EngineState.order($0.ends)), $0) }).sorted(by: { $0.0 < $1.0 }) {
            result += listed[taken..<place]
            taken = place
            result.append(row)
        }
        return result + listed[taken...]
    }

    /// How many of those listed stand before such a name.
    private func place(behind name: String) -> Int {
        let low = (0..<order.count).firstPlace { names[Int(order[$0])] <= name }
        return order[low...].lazy.map { Int(places[Int($0)]) }.first { $0 >= 0 } ?? listed.count
    }
}

extension LevelFold {
    /// How long a side has been silent is part of a row: it is made anew with every frame, and once more when that side speaks again.
    mutating func markSilentSides(_ glances: [TargetGlance], isAnyStale: Bool, at now: Timestamp) {
        guard var list = list.take() else { return }
        defer { self.list = list }
        guard isAnyStale || !list.silent.isEmpty else { return }
        let silent = glances.indices.filter { glances[$0].isStale }.map(Int32.init)
        guard now != list.silentAt || silent != list.silent else { return }
        for target in list.silent + silent {
            for edge in edgesOfTarget[Int(target)] { list.markRow(Int(edge)) }
            let node = Int(nodeOfTarget[Int(target)])
            if node >= 0 { for edge in nodes[node].edgesIn { list.markRow(Int(edge)) } }
        }
        (list.silent, list.silentAt) = (silent, now)
    }

    /// A call of which another side tells now counts from there in every edge that it is part of.
    mutating func markTurnedCalls(_ targets: [TargetState]) {
        guard var list = list.take() else { return }
        defer { self.list = list }
        let moved = list.takeMoved()
        // An edge between services is one call.
        guard level != .service, !moved.isEmpty else { return }
        var isSeen = [Bool](repeating: false, count: callCount)
        for call in moved.flatMap({ edge in edges[Int(edge)].parts.map(\.call) }) where !isSeen[Int(call)] {
            isSeen[Int(call)] = true
            guard list.vantages.hasTurned(call, self, targets) else { continue }
            for part in parts(ofCall: call) { for edge in edgesOfTarget[Int(part.target)] { list.markRow(Int(edge)) } }
        }
    }

    /// What the callee's side decides about it is of one of these services.
    func isAbout(_ services: Set<Int32>, _ edge: Edge) -> Bool {
        level == .service ? services.contains(edge.service) : edge.parts.contains { services.contains(service(ofCall: $0.call)) }
    }
}

extension EngineState {
    /// Who calls whom at a level, as metrics tell it.
    mutating func edgeRows(_ level: EntityLevel, _ frame: Frame) -> [EdgeRow] {
        _ = fold(level, frame)
        let outside = outsideRows(level, frame)
        guard var fold = levels?.folds.removeValue(forKey: level), let facts = levels?.facts else { preconditionFailure("BUG: a level is brought up to date and not kept") }
        if fold.list == nil {
            let names = fold.nodes.map { named($0.entity) }
            fold.list = EdgeList(fold, ends: fold.edges.map { EdgeEnds(source: names[Int($0.source)], destination: names[Int($0.destination)]) })
        }
        fold.list?.lastAsked = levels?.version ?? 0
        fold.markSilentSides(glances, isAnyStale: levels?.hasStale ?? false, at: frame.now)
        fold.markTurnedCalls(targets)
        remakeRows(&fold, facts, frame)
        let rows = fold.list?.list(with: outside) ?? []
        levels?.folds[level] = fold
        return rows
    }

    func remakeRows(_ fold: inout LevelFold, _ facts: ServiceFacts, _ frame: Frame, within limit: LevelFold.Limit = .init()) {
        guard var list = fold.list.take() else { return }
        for edge in list.takeDirty(where: { fold.edges[$0].parts.count <= limit.parts }) {
            list.put(edgeRow(fold, edge, list.ends(edge), facts, &list.vantages, frame), edge)
        }
        fold.list = list
    }
}
