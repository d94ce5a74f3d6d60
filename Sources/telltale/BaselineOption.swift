import ArgumentParser
import Engine
import Glibc
import Intake
import MeshModel
import Panels

/// What a quiet time is read from.
struct BaselineOption: ParsableArguments {
    @Option(parsing: .unconditional, help: ArgumentHelp("What to hold spans against: recorded spans of a quiet time, how long it was quiet at first (10m), or from when to when (14:00..14:10, start..+90s). Finds what got slower and who returns early.", valueName: "file or time"))
    var baseline: String?
}

extension OneShot {
    /// A file there is, or else a length of time, or two instants.
    func learn(_ option: BaselineOption, _ predicate: ErrorPredicate) throws(Failure) {
        guard let text = option.baseline else { return }
        let requests: Int
        if access(text, F_OK) == 0 {
            let quiet = Engine(symbols: intake.symbols, windowSeconds: .infinity, budgetBytes: options.maxMemory.bytes)
            try FileSources.load([text], isAll: true, intake: intake, sink: quiet, warns: true)
            requests = engine.learnBaseline(from: quiet)
        } else if let length = try? Seconds(argument: text) {
            requests = warned(engine.learnBaseline(firstSeconds: length.value), text)
        } else if let quiet = try stretch(text, predicate) {
            requests = warned(engine.learnBaseline(within: quiet), text)
        } else {
            throw Failure(message: "--baseline \(text): no such file, and no time like 10m or 14:00..14:10", code: .usage)
        }
        if requests == 0 { throw Failure(message: "--baseline \(text): no spans of any request in it", code: .noSource) }
        if requests < Int(GoldenSignals.smallSample) { Console.warn("--baseline: \(requests) requests are little to learn from") }
    }

    /// - Returns: the requests learned from; where nothing is left to be held against them, that is said.
    private func warned(_ learned: (requests: Int, tracesAfter: Int), _ text: String) -> Int {
        if learned.requests > 0, learned.tracesAfter == 0 { Console.warn("--baseline \(text): nothing begins after that, so there is nothing to hold against it") }
        return learned.requests
    }

    /// `FROM..TO`, each as `--at` takes it; nil: it is none.
    private func stretch(_ text: String, _ predicate: ErrorPredicate) throws(Failure) -> TimeRange? {
        guard let dots = text.firstRange(of: ".."), let all = try? ReplayCommand.range(engine, predicate: predicate),
              let from = try? ReplayCommand.instant(String(text[..<dots.lowerBound]), in: all), let to = try? ReplayCommand.instant(String(text[dots.upperBound...]), in: all) else { return nil }
        guard from < to else { throw Failure(message: "--baseline \(text): it ends before it begins", code: .usage) }
        return TimeRange(from: from, to: to)
    }
}
