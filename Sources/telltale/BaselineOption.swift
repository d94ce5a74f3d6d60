import ArgumentParser
import Engine
import Glibc
import Intake
import Panels

/// What a quiet time is read from.
struct BaselineOption: ParsableArguments {
    @Option(help: ArgumentHelp("What to hold spans against: recorded spans of a quiet time, or how long it was quiet at first (10m). Finds what got slower and who returns early.", valueName: "file or time"))
    var baseline: String?
}

extension OneShot {
    /// A file there is, or else a length of time.
    func learn(_ option: BaselineOption) throws(Failure) {
        guard let text = option.baseline else { return }
        let requests: Int
        if access(text, F_OK) == 0 {
            let quiet = Engine(symbols: intake.symbols, windowSeconds: .infinity, budgetBytes: options.maxMemory.bytes)
            try FileSources.load([text], isAll: true, intake: intake, sink: quiet, warns: true)
            requests = engine.learnBaseline(from: quiet)
        } else if let length = try? Seconds(argument: text) {
            let learned = engine.learnBaseline(firstSeconds: length.value)
            if learned.requests > 0, learned.tracesAfter == 0 { Console.warn("--baseline \(text): nothing begins after that, so there is nothing to hold against it") }
            requests = learned.requests
        } else {
            throw Failure(message: "--baseline \(text): no such file, and no time like 10m", code: .usage)
        }
        if requests == 0 { throw Failure(message: "--baseline \(text): no spans of any request in it", code: .noSource) }
        if requests < Int(GoldenSignals.smallSample) { Console.warn("--baseline: \(requests) requests are little to learn from") }
    }
}
