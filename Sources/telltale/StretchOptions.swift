import ArgumentParser
import Dashboard
import Engine
import MeshModel
import Panels

/// The stretch of time that is counted; without one, all there is.
struct StretchOptions: ParsableArguments {
    @Option(parsing: .unconditional, help: ArgumentHelp("Count recorded files as they stood then: start, end, +90s after the start, -90s before the end, 15:30 or 15:30:05 (UTC).", valueName: "time"))
    var at: String?

    @Option(help: ArgumentHelp("Count the last of it alone: 30s, 5m. (default: all there is)", valueName: "time"), transform: Seconds.init(argument:))
    var window: Seconds?
}

extension OneShot {
    /// What `--at` and `--window` name, over what the sources delivered.
    func time(_ stretch: StretchOptions, _ predicate: ErrorPredicate) throws(Failure) -> FrameTime {
        guard stretch.at != nil || stretch.window != nil else { return FrameTime(windowSeconds: .infinity, predicate: predicate) }
        if stretch.at != nil, options.hasLiveSources {
            throw Failure(message: "--at is of recorded files; live sources are read now, and --window counts the last of --for", code: .usage)
        }
        if engine.status.isSinglePages, engine.statistics.spans == 0 {
            throw Failure(message: "\(stretch.at == nil ? "--window" : "--at"): a single page of each proxy has counts since its start and no time in between; name pages of several times (X@UNIXTIME.txt)", code: .usage)
        }
        let range = try ReplayCommand.range(engine, predicate: predicate)
        let now = try stretch.at.map { text throws(Failure) in try ReplayCommand.instant(text, in: range) }
        // From its very beginning: what happened in the first instant counts, too.
        let seconds = stretch.window?.value ?? max(1, ((now ?? range.to) - range.from).seconds + 0.001)
        return FrameTime(now: now, windowSeconds: seconds, predicate: predicate)
    }
}
