import ArgumentParser
import Dashboard
import Engine
import Intake
import MeshModel
import Panels
import TerminalDriver

struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Plays recorded traces and pages in the dashboard, on one line of time.",
        discussion: "Space plays and pauses, t and T step, . and , change the speed, b jumps to a time, { and } go to where traces fail.")

    @Argument(help: ArgumentHelp("Recorded spans (OTLP, Zipkin, Jaeger) and metrics pages (X@UNIXTIME.txt), or folders of them. All gzip or not.", valueName: "file"))
    var files: [String]

    @Option(parsing: .unconditional, help: ArgumentHelp("Begin there: start, end, +90s after the start, -90s before the end, 15:30 or 15:30:05 (UTC).", valueName: "time"))
    var at: String?

    @Option(help: ArgumentHelp("Seconds of the recording a second.", valueName: "number"))
    var speed = 1.0

    @Flag(help: "Stand still at first.")
    var paused = false

    @Option(help: "Which series to keep: those a profile maps, or all.")
    var keep: Intake.Keep = .mapped

    @Option(help: ArgumentHelp("A profile of your own (YAML); adds to the built-in ones or replaces parts of them.", valueName: "file"))
    var profile: [String] = []

    @Option(help: ArgumentHelp("Most memory series and traces may take: 256MB, 1GB; the oldest go first. (default: 1GiB)", valueName: "bytes"), transform: Bytes.init(argument:))
    var maxMemory = Bytes(1 << 30)

    @OptionGroup var screen: ScreenOptions

    func validate() throws {
        guard Playback.speedLimits.contains(speed) else { throw ValidationError("--speed is a number from 0.01 to 100000") }
    }

    func run() throws {
        let sieve = try screen.sieve.compiled()
        let intake = try Wiring.intake(profiles: profile, keep: keep)
        let engine = Engine(symbols: intake.symbols, windowSeconds: screen.window.value, budgetBytes: maxMemory.bytes)
        intake.metricRoom.setLimit(ofMemory: maxMemory.bytes)
        try FileSources.load(files, isAll: true, intake: intake, sink: engine, warns: false)
        let range = try Self.range(engine, predicate: screen.predicate)
        let start = try at.map { text throws(Failure) in try Self.instant(text, in: range) }
        let playback = Playback(range: range, at: start, speed: speed, isPlaying: !paused)
        let window = Self.window(screen.window.value, range)
        engine.setWindow(seconds: window)
        let terminal = try LiveCommand.terminal(screen)
        let size = terminal.size
        var loop = DashboardLoop(engine: engine, terminal: terminal, model: screen.model(width: size.width, height: size.height, windowSeconds: window, playback: playback, sieve: sieve))
        let ending = loop.run()
        _ = consume loop
        ending.leave()
    }

    /// From the first thing recorded to the last.
    static func range(_ engine: Engine, predicate: ErrorPredicate) throws(Failure) -> TimeRange {
        guard let range = engine.answer([.timeline], at: FrameTime(predicate: predicate)).timeline?.range else {
            throw Failure(message: "nothing in these files has a time", code: .noSource)
        }
        return range
    }

    /// A recording shorter than the window is no longer one for it: its minute would be a corner of the charts.
    static func window(_ seconds: Double, _ range: TimeRange) -> Double {
        min(seconds, [60.0, 120].first { $0 >= range.length.seconds } ?? seconds)
    }

    /// What `--at` names. `+90s` counts from the start and `-90s` from the end, as on a line of time nobody stands on yet.
    static func instant(_ text: String, in range: TimeRange) throws(Failure) -> Timestamp {
        let shown = text.hasPrefix("+") ? range.from : range.to
        guard let instant = TimeText.instant(text, in: range, shown: shown) else {
            throw Failure(message: "--at \(text): use start, end, +90s, -90s, 15:30 or 15:30:05 (UTC)", code: .usage)
        }
        return instant
    }
}
