import MeshModel
import Panels

/// From anything to why it fails, and from there to what shows it.
extension Model {
    /// The path of failures that is looked at: that of the page, or the one selected in a list.
    var verdictAtHand: Verdict? {
        if case .why(let subject) = screen.place { return frame?.verdict(on: subject) }
        let selection = screen.place == .paths ? screen.panes[0].selection : screen.pane.selection
        guard case .verdict(let key)? = selection, screen.pane.kind.isOfFailures else { return nil }
        return frame?.verdict(key)
    }

    /// Below the list of paths stands the way of the selected one.
    mutating func showWay(insteadOf before: RowKey?) {
        guard let way = screen.panes.firstIndex(where: { $0.kind == .way }) else { return }
        if screen.panes[0].selection != before { screen.panes[way].isTouched = false }
        relist(way)
    }

    /// Lines of what is known, as wide as the screen has room for.
    var whyLines: [WhyLine]? {
        guard case .why(let subject) = screen.place, let frame, let verdict = frame.verdict(on: subject) else { return nil }
        var others: [Verdict] = []
        if case .verdict(let key) = subject { others = frame.verdicts?.filter { $0.service == verdict.service && $0.share != nil && $0.key != key } ?? [] }
        return WhyLine.lines(verdict, others: others, width: ScreenLayout.groundWidth(width), now: frame.now)
    }

    // MARK: - Why

    mutating func showWhy() {
        if case .verdict(let key)? = screen.pane.selection, screen.pane.kind.isOfFailures { return showWhy(.verdict(key)) }
        if case .warning(let text)? = screen.pane.selection { return follow(warningOf: text) }
        if case .ground? = screen.pane.selection { return followGround() }
        guard let key = serviceAtHand else {
            return tell("why is asked of a service: select one, a pod, a call, a trace, a span or a failing path")
        }
        showWhy(.service(key))
    }

    mutating func showWhy(_ subject: WhySubject) {
        screen.place == .why(subject) ? tell("this is why") : push(Screen(.why(subject)))
    }

    /// `:why payment`, `:why shop/payment`.
    static func service(typed name: String) -> EntityKey {
        let parts = name.split(separator: "/", maxSplits: 1).map(String.init)
        return EntityKey(level: .service, namespace: parts.count == 2 ? parts[0] : "", name: parts.last ?? name)
    }

    /// Whose failures the selection, else the page, is about. Of a call it is the one called.
    var serviceAtHand: EntityKey? {
        if case .trace = screen.place { return selectedSpan.flatMap { Self.service(named: $0.service) } }
        switch screen.pane.selection {
        case .trace(let id)?: return frame?.traces?.first { $0.id == id }.flatMap { Self.service(named: $0.service) }
        case .edge(let edge)?: return edge.destination.asService.key(.service)
        case .party(let entity)?: return entity.service == nil ? nil : entity.asService.key(.service)
        case .hop(let entity)?: return entity.key(.service)
        case .callPath(let way)?: return way.last.flatMap { Self.service(named: $0.service) }
        case .repeated(_, let callee)?: return Self.service(named: callee.service)
        case .entity(let key)?: return service(of: key)
        default: break
        }
        return switch screen.place {
        case .detail(let key): service(of: key)
        case .call(_, let edge): edge.destination.asService.key(.service)
        case .why(.service(let key)), .latency(let key): key
        default: nil
        }
    }

    private static func service(named name: String) -> EntityKey? { name.isEmpty ? nil : EntityKey(level: .service, name: name) }

    private func service(of key: EntityKey) -> EntityKey? {
        switch key.level {
        case .service: return key
        case .version: return EntityKey(level: .service, cluster: key.cluster, namespace: key.namespace, name: key.name)
        case .pod, .workload:
            let rows = (frame?.entities[key.level] ?? []) + (frame?.details.values.flatMap { $0.members + [$0.row] } ?? [])
            return rows.first { $0.key == key }.flatMap { $0.entity.service == nil ? nil : $0.entity.asService.key(.service) }
        case .node, .namespace, .app: return nil
        }
    }

    // MARK: - Warnings

    mutating func followFirstWarning() {
        guard let first = frame?.mesh?.warnings.first else { return tell("nothing to warn of") }
        follow(first)
    }

    mutating func follow(_ warning: MeshSummary.Warning) {
        if let cause = warning.cause {
            showWhy(.verdict(cause))
        } else if let target = warning.target {
            open(target)
        } else {
            showRoot(.sources)
            tell(warning.text)
        }
    }

    mutating func follow(warningOf text: String) {
        guard let warning = frame?.mesh?.warnings.first(where: { $0.text == text }) else { return tell("that is over") }
        follow(warning)
    }

    // MARK: - From a path of failures to what shows it

    mutating func followGround() {
        guard case .ground? = screen.pane.selection, let key = screen.pane.selection, let line = whyLines?.first(where: { $0.rowKey == key }) else { return }
        switch line.target {
        case .page(let key)?: open(key)
        case .trace(let id)?: push(Screen(.trace(id)))
        case .why(let key)?: showWhy(.verdict(key))
        case nil: tell("\(keyHint(.copy)) copies it; \(keyHint(.open)) on services, pods, traces and other origins opens them")
        }
    }

    mutating func showSampleTrace() {
        guard let verdict = verdictAtHand else {
            return tell("that is for failing paths: \(keyHint(.paths)) lists them")
        }
        guard let sample = verdict.evidence.sample else {
            return tell(verdict.origin == nil ? "nothing fails here" : "no trace that is held shows it: it is known from metrics")
        }
        push(Screen(.trace(sample)))
    }

    /// - Returns: false where no path of failures is looked at.
    mutating func openOrigin(_ level: EntityLevel) -> Bool {
        guard let verdict = verdictAtHand else { return false }
        let entity = verdict.origin?.entity ?? verdict.service
        guard level != .pod || entity.pod != nil, let key = entity.key(level) else {
            tell(verdict.origin == nil ? "nothing fails here" : "which \(level.rawValue) of \(verdict.origin?.name ?? "it") it is is not known")
            return true
        }
        open(key)
        return true
    }

    /// The graph around where it begins; of the selected rung, around that.
    /// - Returns: false where no path of failures is looked at.
    mutating func showOriginInGraph() -> Bool {
        guard let verdict = verdictAtHand else { return false }
        var place = verdict.originPlace ?? verdict.service
        if case .hop(let entity)? = screen.pane.selection { place = HopRow.rows(verdict).first { $0.hop.entity.asService == entity }?.hop.entity ?? place }
        var graph = Screen(.graph)
        graph.panes[0].graph.scope.focus = .on(place)
        graph.panes[0].selection = .party(place)
        graph.panes[0].isTouched = true
        push(graph)
        return true
    }
}
