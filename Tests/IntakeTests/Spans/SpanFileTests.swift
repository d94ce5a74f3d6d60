import Glibc
import MeshModel
import Profiles
import Synchronization
import TestSupport
import Testing
import WireFormats
@testable import Intake

/// Keeps what comes, each span with its ids and what its resource is called.
final class SpanCollector: SpanSink {
    struct Content: Sendable {
        var batches = 0, spans = 0, largest = 0
        var traces = Set<TraceID>()
        var services = Set<String>()
        var times: [Timestamp] = []
    }
    private let content = Mutex(Content())
    var result: Content { content.withLock { $0 } }

    func consume(_ batch: borrowing SpanBatch) -> Int {
        var services: [String] = []
        batch.bytes.withUnsafeBytes { bytes in
            for span in batch.spans {
                let place = batch.resources[Int(span.resource)].bytes
                let resource = UnsafeRawBufferPointer(rebasing: bytes[Int(place.start)..<Int(place.start + place.count)])
                if let name = SpanOpener.value(of: "service.name", in: resource, tag: 0x0A), !name.isEmpty { services.append(name) }
            }
        }
        let traces = batch.spans.map(\.trace), time = batch.time
        content.withLock {
            $0.batches += 1
            $0.spans += traces.count
            $0.largest = max($0.largest, traces.count)
            $0.traces.formUnion(traces)
            $0.services.formUnion(services)
            $0.times.append(time)
        }
        return 0
    }
}

/// Forgets everything.
struct NoSources: SampleSink {
    func register(_ source: SourceState, claim: EntityClaim) {}
    func consume(_ batch: borrowing Batch) {}
    func update(_ source: SourceState) {}
}

/// Every recorded file of traces has the spans, traces and services that an independent reader counts (Tests/Fixtures/span_counts.py).
/// Files too large for the repository are read where TELLTALE_FIXTURES says they lie.
@Suite struct SpanFileTests {
    static let rows = Fixture.table("span-counts.tsv")

    static func path(_ name: String) -> String? {
        let places = [Fixture.folder + "/spans/"] + (getenv("TELLTALE_FIXTURES").map { [String(cString: $0) + "/"] } ?? [])
        return places.map { $0 + name }.first { access($0, R_OK) == 0 }
    }

    static func load(_ path: String) throws -> (SpanFiles.Outcome, SpanCollector.Content) {
        let collector = SpanCollector()
        let intake = Intake(profiles: try ProfileSet.builtin())
        return (try SpanFiles.load([path], intake: intake, spans: collector, sources: NoSources()), collector.result)
    }

    @Test(arguments: rows) func countsAgree(_ row: [String]) throws {
        guard let path = Self.path(row[0]) else { return }
        let (outcome, content) = try Self.load(path)
        #expect(content.spans == Int(row[1]), "\(outcome.problems)")
        #expect(outcome.report.spans == Int(row[1]))
        #expect(outcome.report.rejected == Int(row[2]), "\(outcome.problems)")
        #expect(content.traces.count == Int(row[3]))
        #expect(content.services.sorted().joined(separator: ",") == row[4])
        #expect(content.largest <= SpanBatch.mostSpans)
    }

    @Test func mostFormatsAreInTheRepository() {
        #expect(Self.rows.count { Self.path($0[0]) != nil } >= 15)
    }

    @Test(arguments: [
        ("", "the file is empty"), ("hello", "neither OTLP, Zipkin nor Jaeger spans"), ("# TYPE a counter\na 1\n", "neither OTLP"),
        ("{\"summaries\":[]}", "JSON without spans"), ("[{\"parent\":\"a\",\"child\":\"b\",\"callCount\":1}]", "dependencies without spans"),
        ("[{\"traceId\":\"1\",\"id\":\"1\",\"binaryAnnotations\":[]}]", "Zipkin v1"), ("{\"resourceLogs\":[]}", "no spans in it"),
        ("{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"traceId\":\"", "damaged JSON"), ("[]", "no spans in it"),
        ("\u{1F}\u{8B}", "neither"),
    ]) func whatHasNoSpansIsSaid(_ text: String, _ sentence: String) throws {
        let (outcome, _) = try Temporary.file(Array(text.utf8)) { try Self.load($0) }
        #expect(outcome.files == 0)
        #expect(outcome.problems.first?.contains(sentence) == true, "\(outcome.problems)")
    }

    @Test(arguments: [
        ("", false), ("up 1\n", false), ("# TYPE a counter\na 1\n", false), ("{\"my.metric\",\"a\"=\"b\"} 1\n", false), ("{}", true), ("[]", true), ("{\"summaries\":[]}", true),
        ("resourceSpans:\n", false),
    ]) func pagesOfMetricsAreLeftToTheirReader(_ text: String, _ isOurs: Bool) throws {
        let holds = try Temporary.file(Array(text.utf8)) { try SpanFiles.holdsSpans($0) }
        #expect(holds == isOurs)
    }

    @Test func aMissingFileIsAnError() {
        #expect(throws: FileError.self) { try Self.load("/nowhere/at/all") }
    }

    static let request: [UInt8] = {
        var writer = RequestWriter()
        writer.resourceSpans([("service.name", "a")], [SpanParts(1), SpanParts(2)])
        writer.resourceSpans([("service.name", "b")], [SpanParts(3)])
        return writer.bytes
    }()

    /// Four bytes, the highest first, or one or two of a varint.
    static func prefixed(_ message: [UInt8], isVarint: Bool) -> [UInt8] {
        let count = message.count
        let length: [UInt8] = isVarint ? [UInt8(count & 127 | 128), UInt8(count >> 7)]
            : [UInt8(count >> 24), UInt8(count >> 16 & 255), UInt8(count >> 8 & 255), UInt8(count & 255)]
        return length + message
    }

    @Test(arguments: [false, true]) func requestsBehindTheirLengthsAreRead(_ isVarint: Bool) throws {
        let one = Self.prefixed(Self.request, isVarint: isVarint)
        let (outcome, content) = try Temporary.file(one + one + one) { try Self.load($0) }
        #expect(content.spans == 9 && content.services == ["a", "b"] && outcome.problems.isEmpty)
    }

    @Test func aRecordingCutAnywhereKeepsWhatIsWhole() throws {
        let one = Self.prefixed(Self.request, isVarint: false)
        let file = one + one
        for cut in stride(from: one.count + 1, to: file.count, by: 7) {
            let (outcome, content) = try Temporary.file(Array(file[..<cut])) { try Self.load($0) }
            #expect(content.spans == 3)
            #expect(outcome.problems.contains { $0.contains("in the middle") })
        }
    }

    /// In stored blocks.
    static func packed(_ bytes: [UInt8]) -> [UInt8] {
        func word(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }
        var result: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
        for start in stride(from: 0, to: bytes.count, by: 60_000) {
            let part = bytes[start..<min(start + 60_000, bytes.count)]
            let low = UInt8(part.count & 255), high = UInt8(part.count >> 8)
            result += [start + 60_000 >= bytes.count ? 1 : 0, low, high, ~low, ~high] + part
        }
        return result + word(Gzip.checksum(bytes[...])) + word(UInt32(bytes.count))
    }

    @Test func packedFilesAreKnownByTheirContent() throws {
        let one = Self.prefixed(Self.request, isVarint: false)
        let many = Array(repeatElement(one, count: 1000).joined())
        try Temporary.file(Self.packed(many)) { path in
            let holds = try SpanFiles.holdsSpans(path), spans = try Self.load(path).1.spans
            #expect(holds && spans == 3000)
        }
        try Temporary.file(Self.packed(Array("up 1\n".utf8))) { path in
            let holds = try SpanFiles.holdsSpans(path), problem = try Self.load(path).0.problems.first
            #expect(!holds && problem?.contains("neither") == true)
        }
        try Temporary.file(Array(Self.packed(many).dropLast(9))) { path in
            let problem = try Self.load(path).0.problems.first
            #expect(problem?.contains("damaged gzip data") == true)
        }
    }

    /// A megabyte in one attribute, six times: the window moves and grows.
    @Test(arguments: ["prefixed", "varint", "message", "lines", "packed", "packed lines"])
    func filesLargerThanTheWindowComeWhole(_ form: String) throws {
        let text = String(repeating: "x", count: 1_000_000)
        var file: [UInt8] = []
        for number in 1...6 as ClosedRange<UInt8> {
            if form.contains("lines") {
                let span = "{\"traceId\":\"00000000000000000000000000000001\",\"spanId\":\"0000000000000\(100 + Int(number))\",\"startTimeUnixNano\":\"5\","
                    + "\"attributes\":[{\"key\":\"payload\",\"value\":{\"stringValue\":\"\(text)\"}}]}"
                file += Array("{\"resourceSpans\":[{\"resource\":{},\"scopeSpans\":[{\"spans\":[\(span)]}]}]}\n".utf8)
                continue
            }
            var writer = RequestWriter()
            writer.resourceSpans([("service.name", "a")], [SpanParts(number, [("payload", .text(text))])])
            let count = writer.bytes.count
            switch form {
            case "message": file += writer.bytes
            case "varint": file += [UInt8(count & 127 | 128), UInt8(count >> 7 & 127 | 128), UInt8(count >> 14)] + writer.bytes
            default: file += Self.prefixed(writer.bytes, isVarint: false)
            }
        }
        if form.contains("packed") { file = Self.packed(file) }
        let (outcome, content) = try Temporary.file(file) { try Self.load($0) }
        #expect(content.spans == 6 && outcome.problems.isEmpty, "\(outcome.problems)")
        // What is behind a cut is lost, what is before it is not.
        let (cut, rest) = try Temporary.file(Array(file.dropLast(file.count / 4))) { try Self.load($0) }
        #expect(rest.spans == 4 && cut.problems.count == 1, "\(rest.spans) \(cut.problems)")
    }

    @Test func manySpansComeInSeveralBatches() throws {
        let span = "{\"traceId\":\"00000000000000000000000000000001\",\"spanId\":\"00000000000000a1\",\"startTimeUnixNano\":\"5\",\"endTimeUnixNano\":\"9\"}"
        let spans = [String](repeating: span, count: 20_000).joined(separator: ",")
        let text = "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[\(spans)]}],\"resource\":{\"attributes\":[{\"key\":\"service.name\",\"value\":{\"stringValue\":\"late\"}}]}}]}"
        let (_, content) = try Temporary.file(Array(text.utf8)) { try Self.load($0) }
        #expect(content.spans == 20_000 && content.batches == 3 && content.services == ["late"])
        #expect(content.times.allSatisfy { $0.nanoseconds == 9 })
    }
}

enum Temporary {
    static func file<Result>(_ bytes: [UInt8], _ body: (String) throws -> Result) throws -> Result {
        let folder = TemporaryFolder()
        folder.write(bytes, to: "spans")
        return try body(folder.path + "/spans")
    }
}

/// Tables of spans.
@Suite struct SpanTableTests {
    private static func load(_ text: String) throws -> (SpanFiles.Outcome, SpanCollector.Content) {
        let folder = TemporaryFolder()
        folder.write(text, to: "spans.csv")
        return try SpanFileTests.load(folder.path + "/spans.csv")
    }

    private static let header = "TraceID,SpanID,ParentID,PodName,OperationName,StartTimeUnixNano,EndTimeUnixNano,Duration\n"

    @Test func columnsGoByTheirNames() throws {
        let (outcome, content) = try Self.load("operation,\"start_time_unix_nano\",End-Time-Unix-Nano,span_id,parent_id,trace_id,service\r\n"
            + "\"get \"\"a, b\"\"\",1000,2000,b,,a1,cart\r\nput,1000,2000,c,b,a1,\"cart, too\"\r\n")
        #expect(outcome.problems == [] && content.spans == 2 && content.traces == [TraceID(high: 0, low: 0xA1)])
        #expect(content.services == ["cart", "cart, too"])
    }

    @Test func whoWroteASpanItsPodSays() throws {
        let (outcome, content) = try Self.load(Self.header + "0a,1,root,frontend-579b9bff58-t2dbm,op,1,2,1\n0a,2,1,cart-0,op,1,2,1\n")
        #expect(outcome.problems == [] && content.services == ["frontend", "cart"])
    }

    @Test func badLinesAreSkippedAndSaidToBe() throws {
        let (outcome, content) = try Self.load(Self.header + "0a,1,root,a,op,1,2,1\nshort,line\n0a,2,1,a,op,soon,2,1\n\n0a,x,1,a,op,1,2,1\n0a,3,1,a,op,1,99999999999999999999,1")
        #expect(content.spans == 1 && outcome.report.rejected == 4)
        #expect(outcome.problems.first?.contains("a line of 2 fields where the header has 8") == true)
    }

    @Test func anotherTableIsNone() throws {
        #expect(try Self.load("time,timestamp,value\n1,2,3\n").0.files == 0)
        #expect(try Self.load(Self.header).0.problems.first?.hasSuffix("no spans in it") == true)
    }
}
