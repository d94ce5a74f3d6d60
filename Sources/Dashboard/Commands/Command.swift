import MeshModel
import Panels

/// What the command line understands. The raw value is the word typed after the colon.
enum Command: String, Sendable, CaseIterable {
    case overview, services, pods, nodes, graph, traces, paths, why, latency, compare, sources, help
    case focus, hops, by, overlay
    case filter, find, hide, errors, sort, window, predicate, at, live, freeze, speed, theme, glyphs, save, copy, quit

    /// What follows the word, for completion and usage.
    enum Argument: Sendable {
        case none, filter, expression, box, service, hops, level, overlay, column, duration, predicate, time, speed, theme, glyphs, path
    }

    static var all: [Command] { allCases }
    var name: String { rawValue }

    private static let aliases: [String: Command] = [
        "q": .quit, "exit": .quit, "svc": .services, "service": .services, "svcs": .services, "pod": .pods, "po": .pods, "node": .nodes,
        "no": .nodes, "source": .sources, "src": .sources, "targets": .sources, "trace": .traces, "tr": .traces, "mesh": .overview, "home": .overview, "h": .help,
        "keys": .help, "jump": .at, "seek": .at, "play": .freeze, "pause": .freeze, "end": .live, "goto": .at, "w": .save, "write": .save, "yank": .copy, "now": .live, "win": .window,
    ]

    /// Exact name or alias, else the only command it begins.
    init?(typed word: some StringProtocol) {
        let word = word.lowercased()
        if let exact = Command(rawValue: word) ?? Self.aliases[word] {
            self = exact
            return
        }
        let candidates = Self.allCases.filter { $0.rawValue.hasPrefix(word) }
        guard !word.isEmpty, candidates.count == 1, let only = candidates.first else { return nil }
        self = only
    }

    var argument: Argument {
        switch self {
        case .overview, .graph, .help, .errors, .live, .freeze, .copy, .quit: .none
        case .services, .pods, .nodes, .traces, .paths, .sources, .filter: .filter
        case .why, .latency: .service
        case .compare: .time
        case .focus: .box
        case .hops: .hops
        case .by: .level
        case .overlay: .overlay
        case .find, .hide: .expression
        case .sort: .column
        case .window: .duration
        case .predicate: .predicate
        case .at: .time
        case .speed: .speed
        case .theme: .theme
        case .glyphs: .glyphs
        case .save: .path
        }
    }

    var usage: String {
        switch argument {
        case .none: ":" + name
        case .filter: ":\(name) [filter]"
        case .box, .service: ":\(name) [name]"
        case .hops: ":\(name) 2"
        case .level: ":\(name) \(EntityLevel.allCases.map(\.rawValue).joined(separator: "|"))"
        case .overlay: ":\(name) \(Overlay.allCases.map(\.rawValue).joined(separator: "|"))"
        case .expression: ":\(name) [expression]"
        case .column: ":\(name) column [up|down]"
        case .duration: ":\(name) 10m"
        case .predicate: ":\(name) name"
        case .time: ":\(name) -10m|15:30"
        case .speed: ":\(name) 10"
        case .theme: ":\(name) name"
        case .glyphs: ":\(name) name"
        case .path: ":\(name) [file]"
        }
    }

    var summary: String {
        switch self {
        case .overview: "go to Overview"
        case .services: "services, or those a filter lets through (ns=shop)"
        case .pods: "pods, or those a filter lets through (svc=payment)"
        case .nodes: "nodes, or those a filter lets through"
        case .graph: "who calls whom, as a picture"
        case .traces: "traces, or those a filter lets through (service=payment status=failed)"
        case .paths: "failing paths, or those a filter lets through (state=denied)"
        case .why: "why a service fails; without a name: what is selected"
        case .latency: "where the time of a service's requests goes; without a name: of what is selected"
        case .compare: "what changed since it fails, or since a time (14:02:10, -10m) or a service's failing"
        case .sources: "sources, or those a filter lets through (state=failing)"
        case .help: "all keys and commands"
        case .focus: "draw what is around a box of the graph; without a name: the whole"
        case .hops: "how many calls up and down from there the graph goes"
        case .by: "the graph by service, version, workload, pod, app, namespace or node"
        case .overlay: "what the graph's colours tell: errors, latency, rate, mtls, versions"
        case .filter: "filter this list; without a filter: show all"
        case .find: "mark in the graph and keep in lists what an expression is true of (NOT healthy AND rate > 10); without one: all"
        case .hide: "take away from graph and lists what an expression is true of (idle OR ns = kube-system); without one: nothing"
        case .errors: "only rows with errors, denials or warnings; again: all"
        case .sort: "sort this list by a column (worst, rate, p99, …)"
        case .window: "how far back counts and charts look"
        case .predicate: "what counts as an error: server, client or strict"
        case .at: "freeze at a time; in a recording go there, also start and end"
        case .live: "back to live; in a recording to its end"
        case .freeze: "freeze or go on; play or pause a recording"
        case .speed: "how fast a recording is played: 0.5, 10, 60"
        case .theme: "colours"
        case .glyphs: "what draws charts and lines: braille, block or ascii"
        case .save: "write the screen to a file (.txt, .ansi, .svg)"
        case .copy: "copy the selected row as text"
        case .quit: "quit"
        }
    }
}
