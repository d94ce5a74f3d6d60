import Engine
import Glibc
import MeshModel
import Panels
import WireFormats

/// Takes in without a screen and writes counters, one JSON object a line, each second and at the end.
struct Headless {
    let engine: Engine
    let symbols: SymbolTable
    let stats: StatsFile?

    func run(seconds: Double?) async throws {
        let stop = StopSignal()
        let clock = ContinuousClock()
        let end = seconds.map { clock.now + .seconds($0) }
        var next = clock.now + .seconds(1)
        while !stop.isSet {
            if let end, clock.now >= end { break }
            // Short steps, so that a signal is heard soon.
            try await Task.sleep(until: min(next, end ?? next, clock.now + .milliseconds(200)), clock: clock)
            guard clock.now >= next else { continue }
            next += .seconds(1)
            stats?.write(line)
        }
    }

    /// Once nobody sends any more: the last line counts what came until then.
    func end() throws {
        stats?.write(line)
        let sources = engine.answer([.sources], at: FrameTime(windowSeconds: .infinity)).sources ?? []
        Console.warn(ofFailing: sources)
        let counts = engine.statistics
        if counts.samples == 0, counts.spans == 0 { throw Failure(message: "no source delivered", code: .noSource) }
    }

    private var line: String {
        let stats = engine.statistics
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let cpu = Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
        let dropped = stats.dropped.sorted { $0.key < $1.key }.map { "\(JSONString.quoted($0.key)): \($0.value)" }.joined(separator: ", ")
        let perSample = stats.samplesHeld > 0 ? "\(Double(stats.sampleBytes) / Double(stats.samplesHeld))" : "null"
        return """
            {"time": "\(DashboardLoop.wallClock.rfc3339)", "samples": \(stats.samples), "series": \(stats.seriesKept), "mapped": \(stats.seriesMapped), \
            "spans": \(stats.spans), "dropped": {\(dropped)}, "bad_lines": \(stats.badLines), "store_bytes": \(stats.storeBytes), \
            "symbol_bytes": \(symbols.bytes), "bytes_per_sample": \(perSample), "evicted_samples": \(stats.evictedSamples), \
            "resident_bytes": \(Self.resident), "cpu_seconds": \(cpu)}

            """
    }

    /// Resident memory of this process (proc(5), statm: second field, in pages).
    static var resident: Int {
        guard let file = fopen("/proc/self/statm", "r") else { return 0 }
        defer { fclose(file) }
        var text = [CChar](repeating: 0, count: 128)
        guard fgets(&text, Int32(text.count), file) != nil else { return 0 }
        let words = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self).split(separator: " ")
        return words.count > 1 ? (Int(words[1]) ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE))) : 0
    }
}

/// Set by SIGINT or SIGTERM.
final class StopSignal: Sendable {
    var isSet: Bool { stopRequested }

    init() {
        for number in [SIGINT, SIGTERM, SIGHUP] { signal(number) { _ in stopRequested = true } }
    }
}

/// Written by a signal handler, which may do no more than this.
nonisolated(unsafe) private var stopRequested = false

/// The file of --stats, opened before anything else happens.
final class StatsFile {
    private let file: UnsafeMutablePointer<FILE>

    init(_ path: String) throws(Failure) {
        guard let file = fopen(path, "w") else { throw Failure(message: "--stats \(path): \(String(cString: strerror(errno)))", code: .usage) }
        self.file = file
    }

    deinit { fclose(file) }

    func write(_ line: String) {
        fputs(line, file)
        fflush(file)
    }
}
