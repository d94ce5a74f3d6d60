import Glibc
import Intake
import MeshModel
import Profiles
import Synchronization
import WireFormats

// Decodes recorded OTLP requests (length-prefixed, unpacked) into batches round after round, without a network: nanoseconds of
// CPU per span.
//     telltale-span-bench ROUNDS FILE
// Or reads a file of any format as the program does and drops its batches: seconds, and the most memory that was held.
//     telltale-span-bench file FILE

let arguments = Swift.CommandLine.arguments
guard arguments.count == 3, arguments[1] == "file" || Int(arguments[1]) != nil else {
    print("telltale-span-bench ROUNDS|file FILE")
    exit(2)
}

final class Dropped: SpanSink, SampleSink {
    let spans = Mutex(0)
    func consume(_ batch: borrowing SpanBatch) -> Int {
        let count = batch.spans.count
        spans.withLock { $0 += count }
        return 0
    }
    func register(_ source: SourceState, claim: EntityClaim) {}
    func consume(_ batch: borrowing Batch) {}
    func update(_ source: SourceState) {}
}

if arguments[1] == "file" {
    let start = cpuNanoseconds()
    let dropped = Dropped()
    let outcome = try SpanFiles.load([arguments[2]], intake: Intake(profiles: try ProfileSet.builtin()), spans: dropped, sources: dropped)
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    let spans = dropped.spans.withLock { $0 }
    print("\(spans) spans, \((cpuNanoseconds() - start) / 1_000_000) ms CPU, at most \(usage.ru_maxrss / 1024) MiB resident \(outcome.problems)")
    exit(0)
}

let rounds = Int(arguments[1]) ?? 1
let file = try PageFiles.contents(arguments[2])

func cpuNanoseconds() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
}

let symbols = SymbolTable()
var decoder = SpanDecoder(symbols: symbols)
var batch = SpanBatch(source: SourceID(raw: 0), time: Timestamp(nanoseconds: 0))
var spans = 0, best = Int.max
for _ in 0..<rounds {
    let start = cpuNanoseconds()
    var inRound = 0
    file.withUnsafeBytes { bytes in
        var at = 0
        while at + 4 <= bytes.count {
            let length = Int(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt32.self)))
            batch.removeAll(source: SourceID(raw: 0), time: Timestamp(nanoseconds: 0))
            decoder.append(request: UnsafeRawBufferPointer(rebasing: bytes[at + 4..<at + 4 + length]), to: &batch)
            inRound += batch.spans.count
            at += 4 + length
        }
    }
    spans += inRound
    best = min(best, (cpuNanoseconds() - start) / max(1, inRound))
}
print("\(spans) spans, best round \(best) ns per span, \(file.count / max(1, spans / rounds)) bytes per span, \(symbols.count) symbols")
