import ArgumentParser
import CellCanvas
import Dashboard
import Engine
import Intake
import Glibc
import MeshModel
import Panels
import TerminalDriver

struct LiveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "live", abstract: "Opens the dashboard on live sources (the default).")
    @OptionGroup var sources: SourceOptions
    @OptionGroup var screen: ScreenOptions

    @Flag(help: "Without a screen: take in what comes, for --for or until a signal.")
    var headless = false

    @Option(help: "With --headless: write counters as JSON lines to this file each second and at the end.")
    var stats: String?

    func validate() throws {
        if stats != nil, !headless { throw ValidationError("--stats goes with --headless") }
    }

    func run() async throws {
        let sieve = try screen.sieve.compiled()
        let intake = try Wiring.intake(sources)
        let engine = Engine(symbols: intake.symbols, windowSeconds: screen.window.value, budgetBytes: sources.maxMemory.bytes)
        intake.metricRoom.setLimit(ofMemory: sources.maxMemory.bytes)
        let statsFile = try stats.map { path throws(Failure) in try StatsFile(path) }
        try FileSources.load(sources, intake: intake, sink: engine, warns: headless)
        let live = try await LiveSources(sources, intake: intake, sink: engine, listens: true)
        if headless {
            try await runHeadless(live, Headless(engine: engine, symbols: intake.symbols, stats: statsFile))
            return
        }
        let terminal: Terminal
        do {
            terminal = try Self.terminal(screen)
        } catch {
            await live.shutdown()
            throw error
        }
        live.start()
        let watcher = Task { await live.watch { _ in } }
        let size = terminal.size
        var loop = DashboardLoop(engine: engine, terminal: terminal, model: model(size, engine, sieve))
        let ending = loop.run()
        _ = consume loop
        watcher.cancel()
        ending.leave()
    }

    /// Files alone are no live data, and single pages cover whatever their proxies have lived through.
    private func model(_ size: (width: Int, height: Int), _ engine: Engine, _ sieve: Sieve) -> Model {
        let isFiles = !sources.hasLiveSources && !sources.files.isEmpty
        return screen.model(width: size.width, height: size.height, files: isFiles, windowSeconds: isFiles && engine.status.isSinglePages ? .infinity : nil, sieve: sieve)
    }

    private func runHeadless(_ live: LiveSources, _ headless: Headless) async throws {
        live.start()
        let watcher = Task { await live.watch { Console.warn($0) } }
        let result: Result<Void, any Error>
        do {
            result = .success(try await headless.run(seconds: sources.duration?.value))
        } catch {
            result = .failure(error)
        }
        watcher.cancel()
        await live.shutdown()
        try result.get()
        try headless.end()
    }

    static func terminal(_ screen: ScreenOptions) throws(Failure) -> Terminal {
        let theme = try Themes.load(screen.usesColor ? screen.themeName : "mono")
        do {
            return try Terminal.open(theme: theme, colors: screen.usesColor ? nil : .mono, mouse: true)
        } catch {
            throw Failure(message: error.description, code: .usage)
        }
    }
}
