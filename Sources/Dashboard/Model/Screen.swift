package import MeshModel
package import Panels

/// What a screen is about. Detail pages carry the identity they show.
package enum Place: Hashable, Sendable {
    case overview, services, pods, nodes, graph, traces, paths, sources, help
    case trace(TraceID)
    case detail(EntityKey)
    /// The calls of one to another, at a level.
    case call(EntityLevel, EdgeKey)
    /// Why something fails.
    case why(WhySubject)
    /// Where the time of a service's requests goes.
    case latency(EntityKey)
    /// What changed from one window to the next.
    case compare(ComparisonSplit)

    package var title: String {
        switch self {
        case .overview: "Overview"
        case .services: "Services"
        case .pods: "Pods"
        case .nodes: "Nodes"
        case .graph: "Graph"
        case .traces: "Traces"
        case .trace(let id): id.displayName
        case .paths: "Paths"
        case .why(let subject): "Why \(subject.name)"
        case .latency(let key): "Time of \(key.name)"
        case .compare(let split): split.title
        case .sources: "Sources"
        case .help: "Help"
        case .detail(let key): RowKey.entity(key).displayName
        case .call(let level, let edge): "\(edge.source.title(level)) → \(edge.destination.title(level))"
        }
    }

    /// A screen by the name `snapshot --screen` takes.
    package init?(named name: String) {
        guard let place = (Self.roots.map(\.place) + [.help]).first(where: { $0.title.lowercased() == name.lowercased() }) else { return nil }
        self = place
    }

    /// The screens a digit leads to.
    package static let roots: [(place: Place, action: Action)] = [
        (.overview, .overview), (.services, .services), (.pods, .pods), (.nodes, .nodes), (.graph, .graph), (.traces, .traces), (.paths, .paths), (.sources, .sources),
    ]

    var panes: [PaneKind] {
        switch self {
        case .overview: [.failing, .entities(.service), .entities(.namespace), .entities(.node)]
        case .services: [.entities(.service)]
        case .pods: [.entities(.pod)]
        case .nodes: [.entities(.node)]
        case .graph: [.graph, .calls]
        case .traces: [.traces, .latencies]
        case .trace: [.waterfall, .span]
        case .paths: [.paths, .way]
        case .why: [.way, .grounds]
        case .latency: [.times, .repeats]
        case .compare: [.changes, .excesses]
        case .sources: [.sources]
        case .help: [.help]
        case .call: [.versions, .answers]
        case .detail(let key):
            switch key.level {
            case .pod: [.inbound, .outbound, .members, .answers, .counters, .charts]
            // Versions of different services have nothing in common but their names.
            case .node, .namespace, .version: [.members, .inbound, .outbound, .answers, .counters, .charts]
            case .service, .workload, .app: [.members, .inbound, .outbound, .versions, .answers, .counters, .charts]
            }
        }
    }
}

/// One list of a screen: what rows it shows. Its columns are in `Columns`, its empty text in `EmptyState`.
package enum PaneKind: Hashable, Sendable {
    case failing
    case entities(EntityLevel)
    case sources
    case help
    case members, inbound, outbound, versions, answers, counters
    /// The picture of who calls whom, and the calls of what is selected in it.
    case graph, calls
    case traces
    /// Not a list: when traces began and how long they took, to pick from.
    case latencies
    /// The spans of one trace, and all that is known of one of them.
    case waterfall, span
    /// Where failures begin; the way there from whom is asked, and what is known of it.
    case paths, way, grounds
    /// Where time goes, by call path; calls repeated one after another.
    case times, repeats
    /// What is not as in the window before, and the attributes that failing traces have more often.
    case changes, excesses
    /// Not a list: the course over the window.
    case charts
}

/// One screen of the navigation stack, with everything a person did to it.
package struct Screen: Sendable {
    package var place: Place
    package var panes: [Pane]
    /// Index of the pane that keys go to.
    package var focus = 0
    /// The focused pane takes the whole body.
    package var isZoomed = false
    /// False until data arrived for the first time; the first data picks the pane worth looking at.
    package var hasSettled = false
    /// Was opened to look for one row by name: if there is just one, its page takes the place of the list.
    var opensOnlyRow = false

    package init(_ place: Place, scope: Filter = .none) {
        self.place = place
        panes = place.panes.map { Pane($0, scope: scope) }
    }

    package var pane: Pane {
        get { panes[focus] }
        set { panes[focus] = newValue }
    }
}

/// A column to sort by, and its direction.
package struct Sort: Hashable, Sendable {
    package var field: Field
    package var isDescending: Bool

    package init(_ field: Field, isDescending: Bool? = nil) {
        self.field = field
        self.isDescending = isDescending ?? field.sortsDescendingFirst
    }

    /// State, then error share, then rate: what needs a look comes first.
    package static let worstFirst = Sort(.state)
}

/// The state of one list.
package struct Pane: Sendable {
    package let kind: PaneKind
    /// What it was opened with (`:pods svc=payment`); Esc does not clear it.
    package var scope: Filter
    package var filter = Filter.none
    /// What `:find` and `:hide` say of its rows; the same for all panes of one kind.
    var sieve = Sieve.open
    package var errorsOnly = false
    package var sort: Sort
    package var selection: RowKey?
    /// Where the selection was last seen: the place to go on from when it has vanished.
    package var lastIndex = 0
    /// First row shown, and whether it follows the selection: from the first move on, until the wheel lets go of it.
    /// Before, a row that was first once and then sinks must not take the worst rows out of view.
    package var scroll = 0
    package var followsSelection = false
    /// The person chose the selection; before, it is the row that happened to be first.
    var isTouched = false
    /// Columns scrolled off to the left; the name stays.
    package var columnOffset = 0
    /// Only traces of this cell of the latencies.
    var cell: TraceCell?
    /// Where the cursor of the latencies is, in time and duration: it stays there while the window moves on.
    var cursor: TraceCell.Point?
    /// The picture of who calls whom.
    var graph = CallPicture()
    /// A trace's spans, folds and what is hidden by them.
    var waterfall = Waterfall()
    /// Call paths that end in one operation are one row.
    var foldsWays = false
    /// Which of the spans of a hop is looked at, by the span the hop begins with.
    var openPart: (SpanID, Int)?
    /// Rows after filter and sort, as of the last data.
    package var listing = Listing()
    /// What that listing was made from.
    var memory: ListingMemory?

    package init(_ kind: PaneKind, scope: Filter = .none) {
        self.kind = kind
        self.scope = scope
        sort = kind.defaultSort
    }

    var isFiltered: Bool { !filter.isEmpty || errorsOnly || cell != nil }
}

extension PaneKind {
    /// Whether its rows are what `:find` and `:hide` speak of.
    var isSifted: Bool {
        switch self {
        case .failing, .entities, .members, .inbound, .outbound, .calls: true
        default: false
        }
    }

    var isOfTraces: Bool {
        switch self {
        case .traces, .latencies, .waterfall, .span: true
        default: false
        }
    }

    /// A line that names its columns.
    var hasHead: Bool {
        switch self {
        case .failing, .grounds, .charts, .latencies, .graph: false
        default: true
        }
    }

    var isOfTimes: Bool { self == .times || self == .repeats }

    var isOfFailures: Bool {
        switch self {
        case .failing, .paths, .way, .grounds: true
        default: false
        }
    }

    func title(on place: Place) -> String {
        switch self {
        case .failing: return "Failing paths"
        case .entities(.namespace): return "Namespaces"
        case .entities(let level): return level.rawValue.capitalizedASCII + "s"
        case .sources: return "Sources"
        case .help: return "Help"
        case .members:
            if case .detail(let key) = place, key.level == .pod { return "Siblings" }
            return "Pods"
        case .inbound: return "Callers"
        case .outbound: return "Calls"
        case .versions: return "Versions"
        case .answers: return "Answers"
        case .counters: return "Counters"
        case .charts: return "Charts"
        case .graph: return "Graph"
        case .calls: return "Calls"
        case .traces: return "Traces"
        case .latencies: return "Latencies"
        case .waterfall: return "Waterfall"
        case .span: return "Span"
        case .paths: return "Failing paths"
        case .way: return "The way there"
        case .grounds: return "What is known"
        case .times: return "Where the time goes"
        case .repeats: return "Repeated calls"
        case .changes: return "What changed"
        case .excesses: return "Attributes"
        }
    }

    var defaultSort: Sort {
        switch self {
        // What fails comes ranked: what is at fault before what passes it on.
        case .help, .charts, .failing, .paths, .way, .grounds, .times, .repeats, .changes, .excesses, .latencies, .waterfall, .span: Sort(.unsorted, isDescending: false)
        case .traces: Sort(.age, isDescending: false)
        default: .worstFirst
        }
    }
}

extension ComparisonSplit {
    /// `Compare`, `Compare payment`, `Compare @14:02:10`
    var title: String {
        switch self {
        case .worst: "Compare"
        case .verdict(let key): "Compare \(key.name)"
        case .service(let key): "Compare \(key.name)"
        case .at(let time): "Compare @\(time.timeOfDay)"
        }
    }
}
