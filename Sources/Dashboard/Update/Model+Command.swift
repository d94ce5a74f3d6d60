import CellCanvas
import MeshModel
import Panels

extension Model {
    private static let historyLimit = 100

    /// Runs a typed line. What it cannot do it says, and changes nothing.
    mutating func run(_ line: String) -> [Effect] {
        let words = line.split(separator: " ")
        guard let word = words.first else { return [] }
        history.removeAll { $0 == line }
        history.append(line)
        if history.count > Self.historyLimit { history.removeFirst() }
        guard let command = Command(typed: word) else {
            tell("no command :\(word); \(keyHint(.help)) lists them", isError: true)
            return []
        }
        let rest = line[word.endIndex...].drop { $0 == " " }
        let argument = String(rest.prefix(rest.count - rest.reversed().prefix { $0 == " " }.count))
        return run(command, argument, in: line)
    }

    private mutating func run(_ command: Command, _ argument: String, in line: String) -> [Effect] {
        switch command {
        case .overview: showRoot(.overview)
        case .services: show(.services, argument, in: line)
        case .pods: show(.pods, argument, in: line)
        case .nodes: show(.nodes, argument, in: line)
        case .graph: showRoot(.graph)
        case .traces: show(.traces, argument, in: line)
        case .paths: show(.paths, argument, in: line)
        case .why: if argument.isEmpty { showWhy() } else { showWhy(.service(Self.service(typed: argument))) }
        case .latency: if argument.isEmpty { showLatency() } else { showLatency(Self.service(typed: argument)) }
        case .compare: showComparison(typed: argument)
        case .sources: show(.sources, argument, in: line)
        case .help: if screen.place != .help { push(Screen(.help)) }
        case .focus: setFocus(named: argument)
        case .by: if let level = EntityLevel(rawValue: argument.lowercased()) { setLevel(level) } else { complain(command) }
        case .overlay: if let overlay = Overlay(rawValue: argument.lowercased()) { setOverlay(overlay) } else { complain(command) }
        case .hops: if let hops = Int(argument) { setHops(hops) } else { complain(command) }
        case .filter: setFilter(argument, in: line)
        case .find: sift(\.find, argument, in: line)
        case .hide: sift(\.hide, argument, in: line)
        case .errors: return perform(.errorsOnly)
        case .sort: setSort(argument)
        case .window: return setWindow(typed: argument)
        case .predicate:
            if let predicate = ErrorPredicate(rawValue: argument.lowercased()) {
                setPredicate(predicate)
            } else {
                complain(command)
            }
        case .at: argument.isEmpty ? complain(command) : jump(to: argument)
        case .live: goLive()
        case .freeze: toggleFreeze()
        case .speed:
            if let speed = Double(argument.drop { $0 == "x" }), Playback.speedLimits.contains(speed) { setSpeed(speed) } else { complain(command) }
        case .theme: return setTheme(argument)
        case .glyphs:
            if let glyphs = GlyphSet(rawValue: argument.lowercased()) {
                settings.glyphs = glyphs
            } else {
                complain(command)
            }
        case .save: return [.saveScreen(path: argument.isEmpty ? defaultSavePath : argument)]
        case .copy: return copySelection()
        case .quit: return [.quit]
        }
        return []
    }

    private mutating func complain(_ command: Command) { tell("write it as \(command.usage)", isError: true) }

    /// Without a filter the screen itself, as its digit would; with one a screen of its own on the stack.
    private mutating func show(_ place: Place, _ filter: String, in line: String) {
        let scope = Filter(filter, hasAttributes: place == .traces)
        if let problem = scope.problem { return refuse(line, argument: filter, problem) }
        scope.isEmpty ? showRoot(place) : push(Screen(place, scope: scope))
    }

    private mutating func setFilter(_ text: String, in line: String) {
        let filter = Filter(text, hasAttributes: screen.pane.kind == .traces)
        if let problem = filter.problem { return refuse(line, argument: text, problem) }
        screen.pane.filter = filter
        relist(screen.focus, userNarrowed: true)
    }

    private mutating func sift(_ part: WritableKeyPath<Sieve, Filter>, _ text: String, in line: String) {
        let filter = Filter(text, .find)
        if let problem = filter.problem ?? filter.misuse() { return refuse(line, argument: text, problem) }
        sieve[keyPath: part] = filter
        relistAll()
        relist(screen.focus, userNarrowed: true)
    }

    /// The line stays to be mended, and shows where.
    private mutating func refuse(_ line: String, argument: String, _ problem: FilterProblem) {
        var problem = problem
        let start = line.count - argument.count - line.reversed().prefix { $0 == " " }.count
        problem.place = problem.place.lowerBound + start..<problem.place.upperBound + start
        var again = CommandLine(line)
        again.problem = problem
        mode = .command(again)
        tell(problem.text, isError: true)
    }

    private mutating func setSort(_ argument: String) {
        let words = argument.split(separator: " ")
        guard let name = words.first, words.count <= 2, let field = Field(named: name) else {
            complain(.sort)
            return
        }
        guard Columns.sortable(screen.pane.kind).contains(field) else {
            tell("this list has no column \(name)", isError: true)
            return
        }
        switch words.dropFirst().first {
        case nil: sort(by: Sort(field))
        case "up", "asc": sort(by: Sort(field, isDescending: false))
        case "down", "desc": sort(by: Sort(field, isDescending: true))
        default: complain(.sort)
        }
    }

    private mutating func setWindow(typed text: String) -> [Effect] {
        guard let seconds = TimeText.seconds(text), Self.windowLimits.contains(seconds) else {
            tell("a window is 10s to 24h, written 90s, 10m or 1h30m", isError: true)
            return []
        }
        return setWindow(seconds)
    }

    private mutating func setTheme(_ name: String) -> [Effect] {
        guard settings.themes.contains(name) else {
            tell("no theme \(name); there are \(settings.themes.joined(separator: ", "))", isError: true)
            return []
        }
        settings.theme = name
        return [.setTheme(name)]
    }
}
