import CellCanvas
import Dashboard
import Engine
import Glibc
import MeshModel
import Panels
import TerminalDriver

/// The loop of the dashboard, on the main thread: wait, update, ask, paint. Keys are answered at once; data is looked at once
/// a refresh, and nothing is painted when nothing changed.
struct DashboardLoop: ~Copyable {
    private let engine: Engine
    private var terminal: Terminal
    private var model: Model
    private var front: Canvas
    private var back: Canvas
    private var data: FrameData?
    private var asked: Asked?
    /// The time whose frame is being read back, beside this thread.
    private var awaited: FrameTime?
    /// What the last answer lacked is being made, beside this thread.
    private var isWorking = false
    private let arrivals = Arrivals()
    private var clicks = ClickTimer()
    private let refreshSeconds: Double
    /// Called once a refresh before data is asked for: the demo moves its mesh on here.
    private let onRefresh: (Timestamp) -> Void

    private struct Asked: Equatable {
        var queries: [PanelQuery]
        var time: FrameTime
        var version: UInt64
    }

    init(engine: Engine, terminal: consuming Terminal, model: Model, refreshSeconds: Double = 1, onRefresh: @escaping (Timestamp) -> Void = { _ in }) {
        self.engine = engine
        let size = terminal.size
        self.terminal = terminal
        self.model = model
        self.refreshSeconds = refreshSeconds
        self.onRefresh = onRefresh
        front = Canvas(width: size.width, height: size.height)
        back = Canvas(width: size.width, height: size.height)
        self.model.width = size.width
        self.model.height = size.height
    }

    /// Returns when the user quits, a signal ends it or the terminal is gone: how the process is to end, once the terminal is given back.
    mutating func run() -> Ending {
        onRefresh(Self.wallClock)
        ask(force: true)
        paint()
        var nextRefresh = Self.monotonic + pace
        while true {
            nextRefresh = min(nextRefresh, Self.monotonic + pace)
            let wait = max(0, nextRefresh - Self.monotonic)
            var changed = false
            if let event = terminal.nextEvent(timeoutMilliseconds: Int32(wait * 1000) + (wait > 0 ? 1 : 0)) {
                // A burst of keys is taken in whole before it is painted.
                var next: TerminalEvent? = event
                while let event = next {
                    switch handle(event) {
                    case .ended(let how): return how
                    case .changed: changed = true
                    case .nothing: break
                    }
                    next = terminal.nextEvent(timeoutMilliseconds: 0)
                }
            }
            if Self.monotonic >= nextRefresh {
                // A picture that is being read back is waited for: a recording does not run away from its screen.
                if let playing = model.time.playback, playing.isPlaying, awaited == nil {
                    apply(.elapsed(seconds: pace))
                    changed = changed || !(model.time.playback?.isPlaying ?? false)
                }
                nextRefresh = max(nextRefresh + pace, Self.monotonic)
                onRefresh(Self.wallClock)
                if ask(force: false) { changed = true }
            } else if changed {
                ask(force: false)
            }
            if changed { paint() }
        }
    }

    /// Seconds between two looks at the data. A recording that is played moves on in equal steps, so that every run shows the same pictures.
    private var pace: Double { model.time.playback?.isPlaying ?? false ? Self.playingSeconds : refreshSeconds }
    private static let playingSeconds = 0.25
    /// So few are read back between two keys.
    private static let samplesAtOnce = 200_000

    private enum Outcome {
        case ended(Ending)
        case changed, nothing
    }

    private mutating func handle(_ event: TerminalEvent) -> Outcome {
        switch event {
        case .key(let key):
            return apply(.key(Key(key)))
        case .mouse(let x, let y, let kind):
            guard let mouse = clicks.mouse(kind, x: x, y: y, at: Self.monotonic) else { return .nothing }
            return apply(.mouse(mouse))
        case .resized(let width, let height):
            front.resize(width: width, height: height)
            back.resize(width: width, height: height)
            return apply(.resized(width: width, height: height))
        case .woken:
            let found = arrivals.take()
            if found.isReadBack { awaited = nil }
            if found.hasWorked { isWorking = false }
            return found.picture.map { apply(.laidOut($0)) } ?? .changed
        case .resumed:
            terminal.redraw()
            return .changed
        case .pasted(let text): return apply(.pasted(text))
        case .terminate(let signal): return .ended(.signal(signal))
        case .hangup: return .ended(.signal(SIGHUP))
        }
    }

    @discardableResult
    private mutating func apply(_ event: Event) -> Outcome {
        for effect in update(&model, event) {
            if case .quit = effect { return .ended(.asked) }
            perform(effect)
        }
        return .changed
    }

    private mutating func perform(_ effect: Effect) {
        switch effect {
        case .quit: break
        case .suspend: terminal.suspend()
        case .redraw: terminal.redraw()
        case .copy(let text):
            terminal.copy(base64: Base64.encoded(Array(text.utf8)))
        case .saveScreen(let path):
            do {
                try ScreenFile.write(front, theme: terminal.theme, to: path)
                apply(.done("saved \(path)"))
            } catch {
                apply(.failed(error.message))
            }
        case .layOut(let job): layOut(job)
        case .setTheme(let name):
            do {
                terminal.theme = try Themes.load(name)
                terminal.erase()
                front.resize(width: model.width, height: model.height)
            } catch {
                apply(.failed(error.message))
            }
        }
    }

    /// Asks what the screen needs if that or the data changed. A live frame is drawn at the newest sample; once all sources are
    /// silent for long, at the clock, so that their age shows.
    @discardableResult
    private mutating func ask(force: Bool, isAgain: Bool = false) -> Bool {
        engine.pass(to: Self.wallClock)
        let status = engine.status
        let behind = model.behind.count
        apply(.tick(now: status.newest, version: status.version, samples: status.samples))
        var (queries, time) = queries(for: model)
        let plain = time, wall = Self.wallClock
        if time.now == nil, status.longestInterval > 0, (wall - status.newest).seconds > 3 * status.longestInterval { time.now = wall }
        let wanted = Asked(queries: queries, time: time, version: time.now == nil ? status.version : 0)
        // What is shown frozen stays; how far it is behind grows.
        guard force || wanted != asked || (data?.isUnfinished == true && !isWorking) else { return waitNoMore() || model.behind.count != behind }
        guard var answer = engine.answerIfReady(queries, at: time, mostSamples: Self.samplesAtOnce) else {
            readBack(plain)
            return showMeanwhile(queries)
        }
        abandon()
        apply(.frame(answer))
        // The first answer may make room for more: panes for namespaces are worth asking for once there are several.
        if !isAgain, panels(of: Dashboard.queries(for: model).queries) != panels(of: queries) { return ask(force: true, isAgain: true) }
        let late = lateQueries(for: model, after: answer)
        if !late.isEmpty, let more = engine.answerIfReady(late, at: time) { answer.trends.merge(more.trends) { $1 } }
        data = answer
        if answer.isUnfinished { work() }
        // The rows in view may be others now: that alone is no reason to ask again.
        asked = Asked(queries: Dashboard.queries(for: model).queries, time: wanted.time, version: wanted.version)
        return true
    }

    /// Another instant or window is read from thousands of proxies' rows: not on this thread, and not in the engine's lock.
    private mutating func readBack(_ time: FrameTime) {
        guard awaited != time else { return }
        awaited = time
        let waker = terminal.waker
        guard let rebuild = engine.prepare(time) else {
            arrivals.put { $0.isReadBack = true }
            return waker.wake()
        }
        Task.detached { [engine, arrivals] in
            guard let rebuilt = rebuild.run(while: { engine.isWanted(rebuild) }) else { return }
            engine.take(rebuilt)
            arrivals.put { $0.isReadBack = true }
            waker.wake()
        }
    }

    /// Verdicts of thousands of services, attributes of thousands of traces: made in slices, and shown a twentieth of a second after there is more to show.
    private mutating func work() {
        guard !isWorking else { return }
        isWorking = true
        let waker = terminal.waker
        Task.detached { [engine, arrivals] in
            var shown = 0
            while shown < 16 {
                switch engine.workSlice() {
                case .nothing: shown = 16
                case .worthShowing: shown += 1
                case .going: break
                }
            }
            arrivals.put { $0.hasWorked = true }
            waker.wake()
        }
    }

    /// A large picture takes longer than a key may wait.
    private func layOut(_ job: LayoutJob) {
        let waker = terminal.waker
        Task.detached { [arrivals] in
            let picture = job.run()
            arrivals.put { $0.picture = picture }
            waker.wake()
        }
    }

    private mutating func abandon() {
        guard awaited != nil else { return }
        awaited = nil
        engine.abandonRebuild()
    }

    /// What was asked for elsewhere was taken back before it came: what is shown is what is wanted.
    /// - Returns: whether the screen said that it waits.
    private mutating func waitNoMore() -> Bool {
        abandon()
        guard model.isAwaiting, let data else { return false }
        apply(.frame(data))
        return true
    }

    /// Until then the last view stays; a screen that needs other panels gets them for that view's time.
    private mutating func showMeanwhile(_ queries: [PanelQuery]) -> Bool {
        if let asked, panels(of: queries) != panels(of: asked.queries), let answer = engine.answerIfReady(queries, at: asked.time) {
            apply(.frame(answer))
            data = answer
            self.asked?.queries = queries
        }
        let wasAwaiting = model.isAwaiting
        apply(.awaiting)
        return !wasAwaiting
    }

    private mutating func paint() {
        guard let data else { return }
        back.clear()
        view(model, data, into: &back)
        terminal.paint(back, since: front)
        swap(&front, &back)
    }

    private static var monotonic: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    static var wallClock: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(nanoseconds: Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec))
    }
}
