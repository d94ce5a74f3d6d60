import CellCanvas
import Dashboard
import Engine
import MeshModel
import Panels

// What a frame of a trace of 20,000 spans costs the dashboard, without the engine and with it: `telltale-frame-bench waterfall`.

private let spans = 20_000

private func detail(_ id: TraceID, now: Timestamp) -> TraceDetail {
    let start = now - Timestamp.Span(seconds: 20)
    var rows: [SpanRow] = []
    for index in 0..<spans {
        let depth = index == 0 ? 0 : 1 + (index % 200 < 60 ? index % 60 : index % 3)
        let offset = 12 * Double(index) / Double(spans)
        let worker = "worker-\(index % 23)"
        var row = SpanRow(id: SpanID(raw: UInt64(index) + 1), depth: depth, service: worker, version: "v1", pod: worker + "-6c9f8b7d5-h7r4c", operation: "reindex shard \(index)", kind: .client,
                          start: start + Timestamp.Span(seconds: offset), durationSeconds: index == 0 ? 12 : 0.05)
        row.selfSeconds = 0.01
        row.isError = index % 977 == 976
        row.serverStart = start + Timestamp.Span(seconds: offset + 0.001)
        row.serverDurationSeconds = 0.04
        rows.append(row)
    }
    return TraceDetail(row: TraceRow(id: id, service: "worker-0", operation: "reindex", start: start, durationSeconds: 12, spans: spans, services: []), spans: rows)
}

/// Keys are played as a person does; each is followed by an answer as the loop asks for it, a fresh array every time.
func measureWaterfall() throws {
    let now = Timestamp(seconds: 1_795_464_273), id = TraceID(high: 1, low: 2)
    var data = FrameData(now: now, window: TimeRange(from: now - Timestamp.Span(seconds: 300), to: now), version: 1)
    data.traces = [detail(id, now: now).row]
    for (width, height) in [(80, 24), (200, 50)] {
        var model = Model(width: width, height: height, place: .traces)
        var front = Canvas(width: width, height: height), back = Canvas(width: width, height: height)
        _ = update(&model, .frame(data))
        for (name, keys) in [("open", "<enter>"), ("scroll", "jjjj<pgdn><pgdn><pgdn>kkkkGg<c-d><c-d>"), ("fold", "F]][[fjf"), ("next error", "nnnnnNN"), ("search", "/shard 1234"), ("leave", "<esc>")] {
            var times: [Double] = []
            for key in try KeyScript(parsing: keys).keys {
                let fresh = detail(id, now: now)
                let start = seconds()
                _ = update(&model, .key(key))
                if case .trace = model.screen.place { data.trace = fresh }
                data.version += 1
                _ = update(&model, .frame(data))
                back.clear()
                view(model, data, into: &back)
                var changed = 0
                back.forEachRun(changedSince: front) { _, _, cells in changed += cells.count }
                swap(&front, &back)
                times.append(seconds() - start)
            }
            print("\(spans) spans at \(width)x\(height)  \(name): median \(milliseconds(median(times)))  worst \(milliseconds(times.max() ?? 0))")
        }
    }
}

/// A list of as many traces as an engine hands over, while others come in.
func measureTraceList() throws {
    let now = Timestamp(seconds: 1_795_464_273), count = 50_000
    var data = FrameData(now: now, window: TimeRange(from: now - Timestamp.Span(seconds: 300), to: now), version: 1)
    let services = ["cart", "checkout", "frontend", "gateway", "payment"]
    var rows: [TraceRow] = []
    for index in 0..<count {
        let start = now - Timestamp.Span(seconds: Double(index) * 0.006)
        let length = Double(1 + index % 997) / 1000
        var row = TraceRow(id: TraceID(high: 7, low: UInt64(index) + 1), service: "gateway", operation: "POST /checkout/\(index % 50)", start: start, durationSeconds: length, spans: 20, services: services)
        row.isFailed = index % 17 == 0
        row.errors = row.isFailed ? 3 : 0
        rows.append(row)
    }
    for (width, height) in [(80, 24), (200, 50)] {
        var model = Model(width: width, height: height, place: .traces)
        var back = Canvas(width: width, height: height)
        for (name, keys) in [("scroll", "jjjjj<pgdn><pgdn>"), ("filter", "/payment"), ("sort", "<esc>>>>"), ("map", "<tab>hhhhk")] {
            var times: [Double] = []
            for key in try KeyScript(parsing: keys).keys {
                let start = seconds()
                _ = update(&model, .key(key))
                data.traces = rows
                data.version += 1
                _ = update(&model, .frame(data))
                back.clear()
                view(model, data, into: &back)
                times.append(seconds() - start)
            }
            print("\(count) traces at \(width)x\(height)  \(name): median \(milliseconds(median(times)))  worst \(milliseconds(times.max() ?? 0))")
        }
    }
}

/// The same with an engine that holds the trace and puts it together when it is opened.
func measureWaterfallOfEngine() throws {
    let symbols = SymbolTable()
    let engine = Engine(symbols: symbols)
    let now = Timestamp(seconds: 1_795_464_273), start = now - Timestamp.Span(seconds: 20)
    var batch = SpanBatch(source: SourceID(raw: 0), time: now)
    for worker in 0..<23 {
        var resource = SpanResource()
        resource.claim.service = symbols.intern("worker-\(worker)")
        resource.claim.pod = symbols.intern("worker-\(worker)-6c9f8b7d5-h7r4c")
        batch.resources.append(resource)
    }
    func add(from first: Int, to end: Int) {
        (batch.spans, batch.bytes) = ([], [])
        for index in first..<end {
            var span = Span()
            span.trace = TraceID(high: 1, low: 2)
            span.id = SpanID(raw: UInt64(index) + 1)
            if index > 0 { span.parent = SpanID(raw: UInt64(index % 200 < 60 ? index : index / 7 + 1)) }
            span.kind = [.server, .client, .internal][index % 3]
            span.start = start + Timestamp.Span(seconds: 12 * Double(index) / Double(spans))
            span.end = span.start + Timestamp.Span(seconds: index == 0 ? 12 : 0.05)
            span.name = symbols.intern("reindex shard \(index)")
            span.resource = Int32(index % 23)
            span.bytes = ByteRange(start: UInt32(batch.bytes.count), count: 500)
            batch.bytes += [UInt8](repeating: 0, count: 500)
            batch.spans.append(span)
        }
        engine.consume(batch)
    }
    add(from: 0, to: spans)
    let (width, height) = (200, 50)
    var model = Model(width: width, height: height, place: .traces)
    var front = Canvas(width: width, height: height), back = Canvas(width: width, height: height)
    func frame() -> Double {
        let begin = seconds()
        _ = update(&model, .tick(now: now, version: engine.version))
        let (asked, time) = queries(for: model)
        let data = engine.answer(asked, at: time)
        _ = update(&model, .frame(data))
        back.clear()
        view(model, data, into: &back)
        var changed = 0
        back.forEachRun(changedSince: front) { _, _, cells in changed += cells.count }
        swap(&front, &back)
        return seconds() - begin
    }
    print("the list: \(milliseconds(frame()))")
    for (name, keys) in [("open", "<enter>"), ("scroll", "jjjj<pgdn><pgdn><pgdn>kkkkGg<c-d><c-d>"), ("fold", "F]][[fjf"), ("next error", "nnnnnNN"), ("search", "/shard 1234<esc>")] {
        var times: [Double] = []
        for key in try KeyScript(parsing: keys).keys {
            let begin = seconds()
            _ = update(&model, .key(key))
            times.append(seconds() - begin + frame())
        }
        print("\(spans) spans from the engine at \(width)x\(height)  \(name): median \(milliseconds(median(times)))  worst \(milliseconds(times.max() ?? 0))")
    }
    var times: [Double] = []
    for round in 0..<8 {
        add(from: spans + round * 10, to: spans + round * 10 + 10)
        times.append(frame())
    }
    print("\(spans) spans and ten more each time: median \(milliseconds(median(times)))  worst \(milliseconds(times.max() ?? 0))")
}
