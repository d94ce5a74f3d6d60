import Engine
import Glibc
import MeshModel
import Panels

/// Takes in without a screen and writes counters, one JSON object a line, each second and at the end.
struct Headless {
    let engine: Engine
    let symbols: SymbolTable
    let statsPath: String?

    func run(seconds: Double?) async throws {
        var file: UnsafeMutablePointer<FILE>?
        if let statsPath {
            file = fopen(statsPath, "w")
            guard file != nil else { throw Failure(message: "--stats \(statsPath): \(String(cString: strerror(errno)))", code: .usage) }
        }
        defer { if let file { fclose(file) } }
        let end = seconds.map { DashboardLoop.wallClock.seconds + $0 }
        let stop = StopSignal()
        while !stop.isSet {
            let now = DashboardLoop.wallClock.seconds
            if let end, now >= end { break }
            try await Task.sleep(nanoseconds: UInt64(max(0.01, min(1, (end ?? now + 1) - now)) * 1e9))
            if let file { write(to: file) }
        }
        if engine.statistics.samples == 0 { throw Failure(message: "no source delivered", code: .noSource) }
    }

    private func write(to file: UnsafeMutablePointer<FILE>) {
        let stats = engine.statistics
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let cpu = Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
        let dropped = stats.dropped.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \($0.value)" }.joined(separator: ", ")
        let perSample = stats.samplesHeld > 0 ? "\(Double(stats.storeBytes) / Double(stats.samplesHeld))" : "null"
        let line = """
            {"time": "\(DashboardLoop.wallClock.rfc3339)", "samples": \(stats.samples), "series": \(stats.seriesKept), "mapped": \(stats.seriesMapped), \
            "spans": \(stats.spans), "dropped": {\(dropped)}, "bad_lines": \(stats.badLines), "store_bytes": \(stats.storeBytes), \
            "symbol_bytes": \(symbols.bytes), "bytes_per_sample": \(perSample), "evicted_samples": \(stats.evictedSamples), \
            "resident_bytes": \(Self.resident), "cpu_seconds": \(cpu)}

            """
        fputs(line, file)
        fflush(file)
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
