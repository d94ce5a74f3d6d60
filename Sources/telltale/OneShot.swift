import ArgumentParser
import CellCanvas
import Dashboard
import Engine
import Glibc
import Intake
import MeshModel
import Panels
import Profiles
import Reports

/// A command that gathers, answers once and ends.
struct OneShot {
    let intake: Intake
    let engine: Engine
    let options: SourceOptions

    init(_ options: SourceOptions, windowSeconds: Double = .infinity) async throws {
        self.options = options
        intake = try Wiring.intake(options)
        engine = Engine(symbols: intake.symbols, windowSeconds: windowSeconds, budgetBytes: options.maxMemory.bytes)
        intake.metricRoom.setLimit(ofMemory: options.maxMemory.bytes)
        guard !options.files.isEmpty || options.hasLiveSources else {
            throw Failure(message: "no source: name files with metrics pages or spans, --scrape URL or --targets FILE", code: .usage)
        }
        try FileSources.load(options, intake: intake, sink: engine, warns: true)
        if options.hasLiveSources { try await gather() }
    }

    /// With --for, counts run from each target's first good scrape to a last one when the time is up; without it, over one interval.
    private func gather() async throws {
        let live = try await LiveSources(options, intake: intake, sink: engine)
        await live.scrapeAll()
        if let duration = options.duration {
            live.start()
            let watcher = Task { await live.watch { Console.warn($0) } }
            try await Task.sleep(nanoseconds: UInt64(duration.value * 1e9))
            watcher.cancel()
        } else {
            try await Task.sleep(nanoseconds: UInt64(options.interval.value * 1e9))
        }
        await live.scrapeAll()
        await live.shutdown()
        let sources = engine.answer([.sources], at: FrameTime(windowSeconds: .infinity)).sources ?? []
        Console.warn(ofFailing: sources)
        if sources.isEmpty { throw Failure(message: "no source: the target lists are empty", code: .noSource) }
        if !sources.contains(where: { $0.lastSuccess != nil }) { throw Failure(message: "no source delivered", code: .noSource) }
    }

    func list(_ level: EntityLevel, _ output: ListOptions, _ sieve: Sieve) throws(Failure) {
        let data = engine.answer([.entities(level)], at: try time(output.stretch, output.fold.predicate))
        let rows = data.entities[level] ?? []
        if rows.isEmpty { Console.warn(Self.nothing(of: level)) }
        warn(ofSampling: data)
        let shown = sieve.pick(rows)
        if shown.isEmpty, !rows.isEmpty { Console.warn("all \(rows.count) rows are left out by --find or --hide") }
        Console.write(Report.entities(shown, level: level, predicate: output.fold.predicate, format: output.output))
    }

    /// Why a list may be empty though its sources delivered.
    private static func nothing(of level: EntityLevel) -> String {
        switch level {
        case .node: "no source says on which node it runs; give the targets a `node` label"
        case .service, .workload, .version, .pod, .app, .namespace: "the sources delivered no traffic of any \(level.rawValue)"
        }
    }

    func edges(_ output: EdgeOptions, _ sieve: Sieve) throws(Failure) {
        let level = output.fold.by ?? .service
        let data = engine.answer([.edges(level)] + (output.output == .graph ? [.entities(level)] : []), at: try time(output.stretch, output.fold.predicate))
        warn(ofSampling: data)
        let rows = data.edges[level] ?? [], entities = data.entities[level] ?? [], shown = sieve.pick(rows)
        if shown.isEmpty, !rows.isEmpty { Console.warn("all \(rows.count) calls are left out by --find or --hide") }
        Console.write(Report.edges(shown, level: level, entities: sieve.pick(entities, with: shown, level),
                                   of: CallNodes(edges: rows, rows: entities, level: level), predicate: output.fold.predicate,
                                   format: output.output, isTopDown: output.direction == .td, ascii: output.ascii))
    }
}

extension OneShot {
    fileprivate func warn(ofSampling data: FrameData) {
        guard let standsFor = data.traceStats?.standsFor, standsFor > 1 else { return }
        Console.warn("spans were sampled: what is counted from them alone is an estimate, \((standsFor * 10).rounded() / 10) calls for each that was seen")
    }

    func traces(_ options: TraceOptions) throws {
        if self.options.hasLiveSources { engine.pass(to: DashboardLoop.wallClock) }
        let keys = options.attributes.attributeKeys
        let data = engine.answer([.traces] + (keys.isEmpty ? [] : [.attributes(keys)]), at: try time(options.stretch, options.predicate))
        let rows = data.traces ?? []
        if rows.isEmpty { Console.warn("the sources delivered no spans") }
        if let evicted = data.traceStats?.evictedTraces, evicted > 0 { Console.warn("\(evicted) older traces did not fit into --max-memory") }
        for (key, column) in data.attributes.sorted(by: { $0.key < $1.key }) where column.cut > 0 {
            Console.warn("\(column.cut) traces hold more of \(key) than is kept to search in: only the start of it is matched")
        }
        Console.write(Report.traces(options.picked.pick(rows, data.attributes), predicate: options.predicate, format: options.output))
    }
}

enum Wiring {
    static func intake(_ options: SourceOptions) throws(Failure) -> Intake { try intake(profiles: options.profile, keep: options.keep) }

    static func intake(profiles paths: [String], keep: Intake.Keep) throws(Failure) -> Intake {
        do {
            var profiles = try ProfileSet.builtin()
            for path in paths { try profiles.add(yaml: String(decoding: try PageFiles.contents(path), as: UTF8.self), file: path) }
            return Intake(profiles: profiles, keep: keep)
        } catch let error as ProfileError {
            throw Failure(message: error.description, code: .usage)
        } catch {
            throw Failure(message: "--profile \(error)", code: .usage)
        }
    }
}

/// Ends the program with one sentence on stderr.
struct Failure: Error, CustomStringConvertible {
    enum Code: Int32 {
        /// A check found something.
        case found = 1
        case usage = 2
        /// No source delivered.
        case noSource = 3
    }
    var message: String
    var code: Code
    /// What is spoken of, and a line below that points into it.
    var quote: [String] = []
    var description: String { message }
}

enum Console {
    static func write(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            var at = 0
            while at < bytes.count {
                let count = Glibc.write(1, bytes.baseAddress.map { $0 + at }, bytes.count - at)
                if count < 0, errno == EINTR { continue }
                if count <= 0 { return }  // the reader went away
                at += count
            }
        }
    }

    /// Without control characters: the text may quote what came from files or the network.
    static func warn(_ text: String) {
        complain("telltale: " + TextWidth.printable(text))
    }

    /// A failure, and what it points into.
    static func warn(of failure: Failure) {
        warn(failure.message)
        for line in failure.quote { complain("  " + line) }
    }

    private static func complain(_ text: String) {
        var line = text + "\n"
        line.withUTF8 { _ = Glibc.write(2, $0.baseAddress, $0.count) }
    }

    /// Every source that fails and why; of many, the first.
    static func warn(ofFailing sources: [SourceState]) {
        var count = 0
        for source in sources {
            guard case .failing(let reason) = source.health else { continue }
            count += 1
            if count <= 20 { warn("\(source.name) \(reason)") }
        }
        if count > 20 { warn("and \(count - 20) more sources fail") }
    }
}
