import ArgumentParser
import CellCanvas
import DemoMesh
import Dashboard
import Engine
import MeshModel
import Panels

enum SnapshotFormat: String, ExpressibleByArgument, CaseIterable { case text, ansi, svg }

struct Size: CustomStringConvertible {
    var width: Int
    var height: Int
    init(width: Int, height: Int) { (self.width, self.height) = (width, height) }

    @Sendable init(argument: String) throws {
        let parts = argument.split(separator: "x", omittingEmptySubsequences: false).compactMap { Int($0) }
        guard parts.count == 2, parts.allSatisfy({ (0...Canvas.maxSide).contains($0) }) else {
            throw ValidationError("a size is written 120x40, at most \(Canvas.maxSide) either way")
        }
        self.init(width: parts[0], height: parts[1])
    }

    var description: String { "\(width)x\(height)" }
}

struct SnapshotCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "snapshot", abstract: "Prints one screen as text, with colours, or as SVG.")
    @OptionGroup var sources: SourceOptions
    @OptionGroup var options: ScreenOptions

    @Option(name: .customLong("screen"), help: "overview, services, pods, nodes, graph, traces, paths, sources, a page as service:NAME, pod:NAME, node:NAME, why, why:SERVICE, compare, compare:SERVICE or latency:SERVICE.")
    var place = "overview"

    @Option(help: "Fold the graph by service, workload, version, pod, app, namespace or node. (default: service)")
    var by: EntityLevel?

    @Option(help: ArgumentHelp("Columns and rows. (default: 120x40)", valueName: "columnsxrows"), transform: Size.init(argument:))
    var size = Size(width: 120, height: 40)

    @Option(help: "Keys to press first, as in \"jj<enter>\".")
    var keys = ""

    @Option(help: "text, ansi or svg.")
    var format: SnapshotFormat = .text

    @Option(parsing: .unconditional, help: ArgumentHelp("Show recorded files as they stood then: start, end, +90s after the start, -90s before the end, 15:30 or 15:30:05 (UTC).", valueName: "time"))
    var at: String?

    @Flag(help: "Show the demo mesh.")
    var demo = false

    @Option(help: "Seed of the demo mesh.")
    var seed: UInt64 = 1

    func run() async throws {
        let subject = try Subject(place)
        if let by, place != "graph" { throw Failure(message: "--by \(by.rawValue) folds the graph: add --screen graph", code: .usage) }
        let sieve = try options.sieve.compiled()
        let script: [Key]
        do {
            // As a person says it.
            script = try KeyScript(parsing: (by.map { ":by \($0.rawValue)<enter>" } ?? "") + keys).keys
        } catch {
            throw Failure(message: "--keys \(keys): \(error)", code: .usage)
        }
        let theme = try Themes.load(options.themeName)
        let engine: Engine
        var window = options.window.value
        if demo {
            engine = try DemoFleet.engine(seed: seed, scenario: .incident, windowSeconds: window)
        } else {
            let shot = try await OneShot(sources, windowSeconds: window)
            engine = shot.engine
            if engine.status.isSinglePages, at == nil { window = .infinity }
        }
        let playback = try at.map { text throws(Failure) -> Playback in
            let range = try ReplayCommand.range(engine, predicate: options.predicate)
            window = ReplayCommand.window(window, range)
            return Playback(range: range, at: try ReplayCommand.instant(text, in: range), isPlaying: false)
        }
        let screen = try subject.place(in: engine, windowSeconds: window)
        var canvas = Canvas(width: size.width, height: size.height)
        var model = options.model(width: size.width, height: size.height, place: screen, glyphs: options.glyphs ?? (options.ascii ? .ascii : .braille),
                                  files: !demo && !sources.hasLiveSources, windowSeconds: window, playback: playback, sieve: sieve)
        var data = ask(engine, &model)
        for key in script {
            _ = updateAtOnce(&model, .key(key))
            data = ask(engine, &model)
        }
        view(model, data, into: &canvas)
        switch format {
        case .text: Console.write(canvas.plainText() + "\n")
        case .ansi: Console.write(CanvasRendering.ansi(canvas, theme: theme, depth: .trueColor))
        case .svg: Console.write(CanvasRendering.svg(canvas, theme: theme))
        }
    }

    private func ask(_ engine: Engine, _ model: inout Model) -> FrameData {
        let status = engine.status
        _ = updateAtOnce(&model, .tick(now: status.newest, version: status.version, samples: status.samples))
        let (queries, time) = queries(for: model)
        var data = engine.answer(queries, at: time)
        _ = updateAtOnce(&model, .frame(data))
        // The first answer may make room for more.
        let more = Dashboard.queries(for: model).queries
        if panels(of: more) != panels(of: queries) {
            data = engine.answer(more, at: time)
            _ = updateAtOnce(&model, .frame(data))
        }
        let late = lateQueries(for: model, after: data)
        if !late.isEmpty { data.trends.merge(engine.answer(late, at: time).trends) { $1 } }
        return data
    }
}

/// What `--screen` names: a screen, or a page by the kind and name of what it is about (`service:payment`, `service:payments/payment`).
private enum Subject {
    case screen(Place)
    case page(EntityLevel, namespace: String?, name: String)
    /// Why a service fails; without a name, the worst path of failures.
    case why(EntityKey?)
    /// Where the time of a service's requests goes.
    case latency(EntityKey)

    init(_ text: String) throws(Failure) {
        if let place = Place(named: text) {
            self = .screen(place)
            return
        }
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        if parts[0] == "why", parts.count == 1 || !parts[1].isEmpty {
            self = .why(parts.count == 1 ? nil : Self.service(parts[1]))
            return
        }
        if parts[0] == "compare", parts.count == 1 || !parts[1].isEmpty {
            self = .screen(.compare(parts.count == 1 ? .worst : .service(Self.service(parts[1]))))
            return
        }
        if parts[0] == "latency", parts.count == 2, !parts[1].isEmpty {
            self = .latency(Self.service(parts[1]))
            return
        }
        guard parts.count == 2, let level = EntityLevel(rawValue: String(parts[0])), level != .version, !parts[1].isEmpty else {
            throw Failure(message: "--screen \(text): no such screen; there are graph, nodes, overview, paths, pods, services, sources, traces, pages as service:NAME, pod:NAME, node:NAME, and why, why:SERVICE, compare, compare:SERVICE, latency:SERVICE",
                          code: .usage)
        }
        let names = parts[1].split(separator: "/", maxSplits: 1).map(String.init)
        self = .page(level, namespace: names.count == 2 ? names[0] : nil, name: names.last ?? "")
    }

    /// `payment`, `payments/payment`.
    private static func service(_ text: Substring) -> EntityKey {
        let names = text.split(separator: "/", maxSplits: 1).map(String.init)
        return EntityKey(level: .service, namespace: names.count == 2 ? names[0] : "", name: names.last ?? "")
    }

    func place(in engine: Engine, windowSeconds: Double) throws(Failure) -> Place {
        switch self {
        case .screen(let place): return place
        case .latency(let key): return .latency(try Self.known(.service, key.namespace.isEmpty ? nil : key.namespace, key.name, engine, windowSeconds))
        case .why(let key?): return .why(.service(key))
        case .why(nil):
            let verdicts = engine.answer([.verdicts], at: FrameTime(windowSeconds: windowSeconds)).verdicts ?? []
            return verdicts.first?.key.map { .why(.verdict($0)) } ?? .paths
        case .page(let level, let namespace, let name): return .detail(try Self.known(level, namespace, name, engine, windowSeconds))
        }
    }

    private static func known(_ level: EntityLevel, _ namespace: String?, _ name: String, _ engine: Engine, _ windowSeconds: Double) throws(Failure) -> EntityKey {
        let rows = engine.answer([.entities(level)], at: FrameTime(windowSeconds: windowSeconds)).entities[level] ?? []
        guard let row = rows.first(where: { $0.key.name == name && (namespace == nil || $0.key.namespace == namespace) }) else {
            let known = rows.prefix(8).map(\.key.name).joined(separator: ", ")
            throw Failure(message: "--screen: no \(level.rawValue) \(name) in these data; there are \(known)\(rows.count > 8 ? ", …" : "")", code: .usage)
        }
        return row.key
    }
}
