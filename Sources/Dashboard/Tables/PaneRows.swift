import MeshModel
import Panels

/// The rows a pane lists, as they came.
enum PaneRows {
    case entities([EntityRow])
    case edges([EdgeRow])
    case graph([PartyRow])
    case failing([FailingRow])
    case sources([SourceRow])
    case counters([ProxyCounter])
    case versions([VersionShareRow])
    case answers([AnswerRow])
    case help([HelpRow])
    case traces([TraceRow], now: Timestamp, [String: AttributeColumn])
    case waterfall(Waterfall)
    case span([SpanLine])
    case verdicts([VerdictRow])
    case hops([HopRow])
    case grounds([WhyLine])
    case times([TimeRow])
    case repeats([RepeatRow])
    case changes([ChangeRow])
    case excesses([ExcessRow])

    /// nil while the data for it has not arrived.
    init?(_ kind: PaneKind, _ place: Place, _ data: FrameData?, _ keys: KeyTable, _ predicate: ErrorPredicate, foldsWays: Bool = false) {
        if kind == .help {
            self = .help(HelpRow.rows(keys))
            return
        }
        guard let data else { return nil }
        if case .call(let level, let edge) = place {
            guard let row = data.call(level, edge) else { return nil }
            self = kind == .versions ? .versions(VersionShareRow.rows(row.versions, predicate)) : .answers(AnswerRow.rows(row.signals, predicate))
            return
        }
        switch kind {
        case .help, .charts, .latencies, .waterfall, .span, .graph, .calls, .way, .grounds: return nil
        case .traces:
            guard let rows = data.traces else { return nil }
            self = .traces(rows, now: data.now, data.attributes)
        case .times, .repeats:
            guard let latency = data.latency else { return nil }
            self = kind == .times ? .times(TimeRow.rows(latency, foldsWays: foldsWays)) : .repeats(latency.repeated.map { RepeatRow(calls: $0) })
        case .failing:
            guard let rows = FailingRow.rows(data) else { return nil }
            self = .failing(rows)
        case .paths:
            guard let rows = VerdictRow.rows(data) else { return nil }
            self = .verdicts(rows)
        case .changes:
            guard let rows = ChangeRow.rows(data) else { return nil }
            self = .changes(rows)
        case .excesses:
            guard let rows = ExcessRow.rows(data) else { return nil }
            self = .excesses(rows)
        case .entities(let level):
            guard let rows = data.entities[level] else { return nil }
            self = .entities(rows)
        case .sources:
            guard let sources = data.sources else { return nil }
            self = .sources(sources.map { SourceRow(source: $0, now: data.now) })
        case .members, .inbound, .outbound, .counters, .versions, .answers:
            guard case .detail(let key) = place, let detail = data.details[key] else { return nil }
            switch kind {
            case .members: self = .entities(detail.members)
            case .inbound: self = .edges(detail.inbound)
            case .outbound: self = .edges(detail.outbound)
            case .versions: self = .versions(VersionShareRow.rows(detail.row.versions, predicate))
            case .answers: self = .answers(AnswerRow.rows(detail.row.signals, predicate))
            default: self = .counters(detail.counters)
            }
        }
    }

    func listing(_ pane: Pane, _ memory: inout ListingMemory) -> Listing {
        switch self {
        case .entities(let rows): .make(rows, pane, &memory)
        case .edges(let rows): .make(rows, pane)
        case .graph(let rows): .make(rows, pane)
        case .failing(let rows): .make(rows, pane)
        case .sources(let rows): .make(rows, pane)
        case .counters(let rows): .make(rows, pane)
        case .versions(let rows): .make(rows, pane)
        case .answers(let rows): .make(rows, pane)
        case .help(let rows): .make(rows, pane)
        case .traces(let rows, let now, let attributes): .make(rows, now: now, attributes, pane, &memory)
        case .waterfall(let waterfall): waterfall.listing(pane)
        case .span(let rows): .make(rows, pane)
        case .verdicts(let rows): .make(rows, pane)
        case .hops(let rows): .make(rows, pane)
        case .grounds(let rows): .make(rows, pane)
        case .times(let rows): TimeRow.listing(rows, pane)
        case .repeats(let rows): .make(rows, pane)
        case .changes(let rows): .make(rows, pane)
        case .excesses(let rows): .make(rows, pane)
        }
    }

    var count: Int {
        switch self {
        case .entities(let rows): rows.count
        case .edges(let rows): rows.count
        case .graph(let rows): rows.count
        case .failing(let rows): rows.count
        case .sources(let rows): rows.count
        case .counters(let rows): rows.count
        case .versions(let rows): rows.count
        case .answers(let rows): rows.count
        case .help(let rows): rows.count
        case .traces(let rows, _, _): rows.count
        case .waterfall(let waterfall): waterfall.spans.count
        case .span(let rows): rows.count
        case .verdicts(let rows): rows.count
        case .hops(let rows): rows.count
        case .grounds(let rows): rows.count
        case .times(let rows): rows.count
        case .repeats(let rows): rows.count
        case .changes(let rows): rows.count
        case .excesses(let rows): rows.count
        }
    }

    /// Identity of the row at an index of the data.
    func key(at index: Int) -> RowKey? {
        guard index >= 0, index < count else { return nil }
        return switch self {
        case .entities(let rows): rows[index].rowKey
        case .edges(let rows): rows[index].rowKey
        case .graph(let rows): rows[index].rowKey
        case .failing(let rows): rows[index].rowKey
        case .sources(let rows): rows[index].rowKey
        case .counters(let rows): rows[index].rowKey
        case .versions(let rows): rows[index].rowKey
        case .answers(let rows): rows[index].rowKey
        case .help(let rows): rows[index].rowKey
        case .traces(let rows, _, _): .trace(rows[index].id)
        case .waterfall(let waterfall): waterfall.key(at: index)
        case .span(let rows): rows[index].rowKey
        case .verdicts(let rows): rows[index].rowKey
        case .hops(let rows): rows[index].rowKey
        case .grounds(let rows): rows[index].rowKey
        case .times(let rows): rows[index].rowKey
        case .repeats(let rows): rows[index].rowKey
        case .changes(let rows): rows[index].rowKey
        case .excesses(let rows): rows[index].rowKey
        }
    }

    /// Where in `order` a row is; compared in place, so that a long list costs comparisons and no copies.
    func position(of key: RowKey, in order: [Int32]) -> Int? {
        switch (self, key) {
        case (.entities(let rows), .entity(let wanted)): order.firstIndex { rows[Int($0)].key == wanted }
        case (.edges(let rows), .edge(let wanted)): order.firstIndex { Self.same(rows[Int($0)], wanted) }
        case (.graph(let rows), _): order.firstIndex { rows[Int($0)].rowKey == key }
        case (.sources(let rows), .source(let wanted)): order.firstIndex { rows[Int($0)].source.id == wanted }
        case (.failing(let rows), _): order.firstIndex { rows[Int($0)].rowKey == key }
        case (.counters(let rows), _): order.firstIndex { rows[Int($0)].rowKey == key }
        case (.versions(let rows), _): order.firstIndex { rows[Int($0)].rowKey == key }
        case (.answers(let rows), _): order.firstIndex { rows[Int($0)].rowKey == key }
        case (.traces(let rows, _, _), .trace(let wanted)): order.firstIndex { rows[Int($0)].id == wanted }
        case (.waterfall(let waterfall), _): waterfall.position(of: key, in: order)
        case (.span(let rows), _): order.firstIndex { rows[Int($0)].rowKey == key }
        case (.verdicts(let rows), _): order.firstIndex { rows[Int($0)].rowKey == key }
        case (.hops(let rows), _): order.firstIndex { rows[Int($0)].rowKey == key }
        case (.times(let rows), _): order.firstIndex { rows[Int($0)].rowKey == key }
        case (.repeats(let rows), _): order.firstIndex { rows[Int($0)].rowKey == key }
        case (.changes(let rows), _): order.firstIndex { rows[Int($0)].rowKey == key }
        case (.excesses(let rows), _): order.firstIndex { rows[Int($0)].rowKey == key }
        case (.grounds(let rows), _): order.firstIndex { rows[Int($0)].rowKey == key }
        case (.help(let rows), _): order.firstIndex { rows[Int($0)].rowKey == key }
        default: nil
        }
    }

    /// How many rows need a look, and how bad the worst is.
    var trouble: (count: Int, worst: HealthState) {
        func count(_ rows: [some CellRow]) -> (count: Int, worst: HealthState) {
            rows.reduce((0, .good)) { $1.isTroubled ? ($0.0 + 1, max($0.1, max(.warning, $1.health))) : $0 }
        }
        return switch self {
        case .entities(let rows): count(rows)
        case .edges(let rows): count(rows)
        case .graph(let rows): count(rows)
        case .sources(let rows): count(rows)
        case .counters(let rows): count(rows)
        case .versions(let rows): count(rows)
        case .answers(let rows): count(rows)
        case .failing, .help, .traces, .waterfall, .span, .verdicts, .hops, .grounds, .times, .repeats, .changes, .excesses: (0, .good)
        }
    }

    fileprivate static func same(_ row: EdgeRow, _ key: EdgeKey) -> Bool {
        row.source == key.source && row.destination == key.destination && row.protocol == key.protocol
    }
}

extension FrameData {
    /// The call as it is now.
    func call(_ level: EntityLevel, _ key: EdgeKey) -> EdgeRow? { edges[level]?.first { PaneRows.same($0, key) } }
}
