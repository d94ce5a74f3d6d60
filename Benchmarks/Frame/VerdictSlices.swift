import Engine
import Intake
import MeshModel
import Panels

/// Traces through a `MeshFeed`'s services: six of them one after the other, a client's and a server's span for each call. Of those that end at
/// a service whose number divides by eleven every third fails there.
struct TraceFeed {
    private let feed: MeshFeed
    private var batch: SpanBatch
    private var next: UInt64 = 0
    private let operation: Symbol
    private static let hops = 6

    init(_ feed: MeshFeed, symbols: SymbolTable) {
        self.feed = feed
        operation = symbols.intern("GET /")
        batch = SpanBatch(source: SourceID(raw: 1 << 20), time: feed.now)
        for index in 0..<feed.workloads {
            var resource = SpanResource()
            resource.claim.service = symbols.intern(MeshFeed.name(index))
            resource.claim.namespace = symbols.intern(MeshFeed.namespace(index))
            resource.claim.pod = symbols.intern("\(MeshFeed.name(index))-7d9f-x")
            batch.resources.append(resource)
        }
    }

    /// Traces that began evenly over the seconds before now.
    mutating func send(_ count: Int, over seconds: Double) {
        (batch.spans, batch.bytes, batch.time) = ([], [UInt8](repeating: 0, count: 64), feed.now)
        for place in 0..<count { add(feed.now - Timestamp.Span(seconds: seconds * (1 - Double(place) / Double(count)) + 0.2)) }
        feed.engine.consume(batch)
    }

    private mutating func add(_ start: Timestamp) {
        next += 1
        var way = [Int(next % 10)]
        while way.count < Self.hops {
            let at = way[way.count - 1]
            way.append(((next >> way.count) & 1 == 0 ? at * 7 + 1 : at * 13 + 2) % feed.workloads)
        }
        let fails = way[way.count - 1] % 11 == 0 && next % 3 == 0
        var parent = SpanID(raw: 0)
        for depth in 0..<2 * Self.hops - 1 {
            var span = Span()
            span.trace = TraceID(high: 7, low: next)
            span.id = SpanID(raw: next << 8 | UInt64(depth) + 1)
            if depth > 0 { span.parent = parent }
            span.kind = depth % 2 == 0 ? .server : .client
            span.start = start + Timestamp.Span(seconds: 0.001 * Double(depth))
            span.end = start + Timestamp.Span(seconds: 0.001 * Double(40 - depth))
            span.name = operation
            span.resource = Int32(way[(depth + (depth % 2 == 0 ? 0 : -1)) / 2])
            span.code = fails ? 503 : 200
            span.bytes = ByteRange(start: 0, count: 64)
            parent = span.id
            batch.spans.append(span)
        }
    }
}

/// Verdicts of all entries beside the frames: what a frame costs that goes on without them, and what they cost.
/// - Parameter slows: a minute before they are asked for every seventh service begins to take four times as long.
func measureVerdicts(workloads: Int, traces: Int, slows: Bool = false) throws {
    let length = 300.0
    let feed = try MeshFeed(workloads: workloads, windowSeconds: length, budgetBytes: 6 << 30)
    var spans = TraceFeed(feed, symbols: feed.symbols)
    for second in 0..<(slows ? 180 : 60) {
        if slows, second == 120 { feed.slowFrom = feed.now }
        feed.second()
    }
    for part in 0..<100 { spans.send(traces / 100, over: length - Double(part) * (length - 3) / 100) }
    var frames: [Double] = [], whole: [Double] = [], slices: [Double] = []
    var found = 0, held = 0
    let time = FrameTime(windowSeconds: length)
    for round in 0..<12 {
        // Of a mesh this large verdicts stand for some seconds.
        for _ in 0..<max(1, workloads / 1000) { feed.second() }
        spans.send(traces / Int(length) * max(1, workloads / 1000), over: 1)
        let start = seconds()
        _ = feed.engine.answerIfReady([.mesh, .verdicts], at: time)
        let asked = seconds()
        var last = asked, total = 0.0
        while feed.engine.workSlice() != .nothing {
            let now = seconds()
            if round >= 2 { slices.append(now - last) }
            total += now - last
            last = now
        }
        let data = feed.engine.answerIfReady([.mesh, .verdicts], at: time)
        (found, held) = (data?.verdicts?.count ?? 0, data?.traceStats?.traces ?? 0)
        guard round >= 2 else { continue }
        frames.append(asked - start)
        whole.append(total)
    }
    print("\(workloads) workloads, \(held) traces\(slows ? ", slow services" : ""): \(found) verdicts in median \(milliseconds(median(whole))), worst \(milliseconds(whole.max() ?? 0)); "
        + "slices of them worst \(milliseconds(slices.max() ?? 0)); the frame meanwhile \(milliseconds(median(frames))), worst \(milliseconds(frames.max() ?? 0))")
}
