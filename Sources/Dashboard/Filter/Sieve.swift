package import Panels

/// What `:find` and `:hide` let through, the same on every screen: rows of services, pods, nodes and the calls between them.
/// Tables keep what is found and drop what is hidden; the graph marks what is found.
package struct Sieve: Sendable, Equatable {
    package var find: Filter
    package var hide: Filter

    package static let open = Sieve()

    package init(find: Filter = .none, hide: Filter = .none) { (self.find, self.hide) = (find, hide) }

    package var isOpen: Bool { find.isEmpty && hide.isEmpty }

    func lets<Row: ListRow & ~Copyable>(_ row: borrowing Row) -> Bool {
        (!hide.isAbout(call: Row.isCall) || !hide.accepts(row)) && (!find.isAbout(call: Row.isCall) || find.accepts(row))
    }

    package func pick(_ rows: [EntityRow]) -> [EntityRow] { isOpen ? rows : rows.filter { lets($0) } }
    /// Whom a picture of these calls shows: their ends, and of the others those that are meant themselves.
    package func pick(_ rows: [EntityRow], with calls: [EdgeRow], _ level: EntityLevel) -> [EntityRow] {
        if isOpen { return rows }
        let ends = Set(calls.flatMap { [$0.source.key(level), $0.destination.key(level)] })
        return rows.filter { ends.contains($0.key) || (find.isEmpty || find.isAbout(call: false)) && lets($0) }
    }
    package func pick(_ rows: [EdgeRow]) -> [EdgeRow] { isOpen ? rows : rows.filter { lets($0) } }
}

extension Filter {
    /// Whether a box of the graph is meant; never, where nothing is asked that is known of one.
    package func matches(node: CallNodes.Node) -> Bool { isAbout(call: false) && accepts(PartyRow(node: node)) }
    /// Whether a call is meant; what is asked of a node may hold of either end.
    package func matches(edge: EdgeRow) -> Bool { isAbout(call: true) && accepts(edge) }

    /// Whether anything in it is known of calls, or of who makes them: `protocol = grpc` says nothing of a service.
    func isAbout(call: Bool) -> Bool { terms.contains { term in term.field.map { call ? $0 != .pods : !$0.isOfCalls } ?? true } }

    /// What the language of `:find`, `:hide`, `--find` and `--hide` cannot ask; of whom and at what level, where that is settled.
    package func misuse(ofCalls isOfCalls: Bool? = nil, at level: EntityLevel? = nil) -> FilterProblem? {
        for term in terms {
            if term.attributeKey != nil { return FilterProblem("attributes are looked for in the list of traces", at: term.place) }
            guard let field = term.field else { continue }
            if !field.isOfMesh { return FilterProblem("\(field.rawValue) is not known of services, pods, nodes or calls", at: term.place) }
            if isOfCalls == false, field.isOfCalls { return FilterProblem("\(field.rawValue) is known of calls alone: `telltale edges` has them", at: term.place) }
            if let level, let finer = field.levels, !finer.contains(level) {
                return FilterProblem("\(field.rawValue) is not told at the level of \(level.rawValue)s: fold by \(finer[0].rawValue)", at: term.place)
            }
            if isOfCalls == true, field == .pods { return FilterProblem("pods are counted of services, not of calls", at: term.place) }
        }
        return nil
    }
}

extension Field {
    /// The levels at which that part of who somebody is is told; nil: at all of them.
    fileprivate var levels: [EntityLevel]? {
        switch self {
        case .service: [.service, .workload, .version, .pod, .app]
        case .workload: [.workload, .pod]
        case .pod: [.pod]
        case .node: [.pod, .node]
        case .app: [.app]
        default: nil
        }
    }
}
