import Dashboard
import MeshModel
import Panels

/// Traces of the shop: most are fine, checkouts fail at payment v2 now and then, one is broken in every way, one is huge.
enum ShopTraces {
    static func id(_ number: UInt64) -> TraceID { TraceID(high: 0x4bf9_2f35_77b3_4da6, low: 0xa3ce_929d_0e0e_4000 + number) }

    static let failing = id(1), broken = id(2), huge = id(3), slow = id(4)

    static let rows: [TraceRow] = (0..<180).map { index in
        let noise = Shop.noise(7, index), age = Double(index) * 1.65 + 0.4 + 0.3 * noise
        let isCheckout = index % 5 == 1, isFailed = isCheckout && index % 3 == 1 && index < 110
        let scale = isCheckout ? 0.38 : index % 5 == 2 ? 0.006 : 0.042
        var row = TraceRow(id: id(UInt64(index)), service: "gateway", operation: isCheckout ? "POST /checkout" : index % 5 == 2 ? "GET /healthz" : "GET /product/{id}",
                           start: Shop.now - .init(seconds: age), durationSeconds: scale * (1 + 0.8 * noise * noise * noise), spans: isCheckout ? 12 : 7,
                           services: isCheckout ? ["cart", "checkout", "frontend", "gateway", "inventory", "ledger", "payment", "shipping"] : ["catalog", "frontend", "gateway"],
                           errors: isFailed ? 4 : index % 31 == 9 ? 1 : 0, isFailed: isFailed, code: isFailed ? 503 : 200)
        switch row.id {
        case broken:
            row.service = "checkout"
            row.operation = "charge (root not seen)"
            (row.spans, row.orphans, row.adjusted, row.code, row.durationSeconds) = (7, 2, 1, nil, 0.35)
            row.services = ["checkout", "payment", "サービス-決済"]
        case huge: (row.spans, row.durationSeconds, row.operation, row.code, row.services) = (20_000, 12.4, "batch reindex", nil, (0..<23).map { "worker-\($0)" })
        case slow: row.durationSeconds = 2.9
        default: break
        }
        return row
    }

    static var stats: TraceStats {
        var stats = TraceStats()
        (stats.traces, stats.spans, stats.bytes) = (1412, 38_310, 24_600_000)
        (stats.evictedTraces, stats.evictedSpans) = (1204, 31_877)
        stats.rejected = ["no trace id": 3, "ends before it starts": 1]
        stats.oddities = ["parent missing": 12, "late half": 3, "duplicate": 0]
        stats.reachesBackTo = Shop.now - .init(seconds: 372)
        return stats
    }

    /// A checkout that fails at payment v2: hops seen from both sides, a retry, gaps.
    static func checkout(_ row: TraceRow) -> TraceDetail {
        var spans: [SpanRow] = []
        let scale = row.durationSeconds / 0.4
        func add(_ depth: Int, _ service: String, _ operation: String, at start: Double, _ length: Double, self own: Double = 0, wire: Double? = nil, kind: SpanKind = .client,
                 version: String = "v1", code: UInt16? = nil, flags: String = "", isError: Bool = false) {
            var span = SpanRow(id: SpanID(raw: 0x00f0_67aa_0ba9_0200 + UInt64(spans.count)), depth: depth, service: service, version: version, pod: "\(service)-\(version)-7d5b8f9c6-w2x6m",
                               operation: operation, kind: kind, start: row.start + .init(seconds: start * scale), durationSeconds: length * scale, selfSeconds: own * scale, isError: isError, code: code, flags: flags)
            if let wire {
                span.serverStart = row.start + .init(seconds: (start + wire / 2) * scale)
                span.serverDurationSeconds = (length - wire) * scale
                let caller = spans.last { $0.depth < depth }?.service ?? "gateway"
                for number in 0..<4 {
                    let inset = wire / 4 * Double(number)
                    span.parts.append(SpanPart(id: SpanID(raw: span.id.raw + UInt64(number) << 32), kind: number % 2 == 0 ? .server : .client, role: number % 2 == 0 ? .listener : .router,
                                               isCallee: number > 1, service: number > 1 ? service : caller, pod: number > 1 ? span.pod : "\(caller)-v1-7d5b8f9c6-aaaaa",
                                               start: row.start + .init(seconds: (start + inset) * scale), durationSeconds: (length - 2 * inset) * scale, isError: isError, code: code,
                                               flags: number == 1 ? flags : ""))
                }
            }
            spans.append(span)
        }
        let bad = row.isFailed, code: UInt16 = bad ? 503 : 200
        add(0, "gateway", row.operation, at: 0, 0.4, self: 0.012, kind: .server, code: code, isError: bad)
        add(1, "frontend", "POST /checkout", at: 0.004, 0.388, self: 0.02, wire: 0.01, code: code, isError: bad)
        add(2, "frontend", "render session", at: 0.012, 0.01, self: 0.01, kind: .internal)
        add(2, "checkout", "place order", at: 0.026, 0.355, self: 0.045, wire: 0.012, code: code, flags: bad ? "URX" : "", isError: bad)
        add(3, "cart", "GET /cart/{user}", at: 0.04, 0.042, self: 0.03, wire: 0.006, code: 200)
        add(4, "cart", "redis GET", at: 0.05, 0.012, self: 0.012)
        add(3, "inventory", "reserve", at: 0.09, 0.03, self: 0.03, wire: 0.004, code: 200)
        for attempt in 0..<2 {
            let at = 0.14 + Double(attempt) * 0.12
            add(3, "payment", "charge", at: at, 0.1, self: 0.07, wire: 0.02, version: bad ? "v2" : "v1", code: code, flags: bad ? "UF,URX" : "", isError: bad)
            add(4, "ledger", "append", at: at + 0.03, 0.02, self: 0.02, wire: 0.003, code: 200)
        }
        add(3, "shipping", "quote shipping and handling to a rather distant place", at: 0.362, 0.012, self: 0.012, wire: 0.002, code: 200)
        return TraceDetail(row: row, spans: marked(counted(spans)))
    }

    /// Calls here are made one after another: the critical path is whoever is deepest.
    private static func marked(_ spans: [SpanRow]) -> [SpanRow] {
        var spans = spans
        let ends = spans.map { (from: $0.start, to: $0.start + .init(seconds: $0.durationSeconds)) }
        let times = Set(ends.flatMap { [$0.from, $0.to] }).sorted()
        for (from, to) in zip(times, times.dropFirst()) {
            guard let row = spans.indices.filter({ ends[$0].from <= from && to <= ends[$0].to }).max(by: { spans[$0].depth < spans[$1].depth }) else { continue }
            spans[row].critical.append(TimeRange(from: from, to: to))
        }
        return spans
    }

    /// Two roots, orphans, clocks that disagree, one id twice, a name in wide letters and one with an escape sequence.
    static func brokenDetail(_ row: TraceRow) -> TraceDetail {
        func span(_ number: UInt64, _ depth: Int, _ service: String, _ operation: String, at start: Double, _ length: Double) -> SpanRow {
            SpanRow(id: SpanID(raw: number), depth: depth, service: service, operation: operation, kind: .server, start: row.start + .init(seconds: start), durationSeconds: length, selfSeconds: length)
        }
        var spans = [
            span(1, 0, "checkout", "charge", at: 0, 0.3), span(2, 1, "payment", "charge", at: 0.02, 0.1), span(2, 1, "payment", "charge", at: 0.15, 0.1), span(3, 2, "サービス-決済", "承認", at: 0.17, 0.05),
            span(4, 0, "payment", "late\u{1b}[31mjob", at: 0.1, 0.15), span(5, 1, "", "", at: 0.11, 0), span(6, 0, "checkout", "notify", at: 0.25, 0.1),
        ]
        spans[3].adjustedSeconds = -0.012
        spans[4].isOrphan = true
        spans[6].isOrphan = true
        return TraceDetail(row: row, spans: counted(spans), remarks: ["the parent of 2 spans has not come", "1 span came twice", "the clock of サービス-決済 is 12 ms ahead"])
    }

    /// Wide and deep: every 40th span begins a deeper chain, every 977th fails.
    static let hugeDetail: TraceDetail = {
        let row = rows[3]
        var spans: [SpanRow] = []
        for index in 0..<20_000 {
            let depth = index == 0 ? 0 : 1 + (index % 200 < 60 ? index % 60 : index % 3)
            let begin = row.durationSeconds * Double(index) / 20_000
            spans.append(SpanRow(id: SpanID(raw: UInt64(index) + 1), depth: depth, service: "worker-\(index % 23)", operation: "reindex shard \(index)", kind: .internal,
                                 start: row.start + .init(seconds: index == 0 ? 0 : begin), durationSeconds: index == 0 ? row.durationSeconds : 0.05 + 0.04 * Shop.noise(11, index),
                                 selfSeconds: 0.01, isError: index % 977 == 976))
        }
        return TraceDetail(row: row, spans: counted(spans))
    }()

    private static func counted(_ spans: [SpanRow]) -> [SpanRow] {
        var spans = spans
        var open: [Int] = []
        for index in spans.indices {
            while let last = open.last, spans[last].depth >= spans[index].depth { open.removeLast() }
            for above in open { spans[above].descendants += 1 }
            open.append(index)
        }
        return spans
    }

    static func detail(_ id: TraceID) -> TraceDetail? {
        if id == huge { return hugeDetail }
        guard let row = rows.first(where: { $0.id == id }) else { return nil }
        return id == broken ? brokenDetail(row) : checkout(row)
    }

    static func span(_ trace: TraceID, _ id: SpanID, _ kind: SpanKind) -> SpanDetail? {
        guard let row = detail(trace)?.spans.first(where: { span in span.id == id || span.parts.contains { $0.id == id } }) else { return nil }
        var detail = SpanDetail(id: id, kind: kind)
        detail.attributes = [("http.request.method", "POST"), ("http.response.status_code", "\(row.code ?? 0)"), ("url.full", "http://\(row.service).shop.svc.cluster.local:8080/v1/\(row.operation)?user=4711"),
                             ("upstream_cluster", "outbound|8080||\(row.service).shop.svc.cluster.local"), ("response_flags", row.flags.isEmpty ? "-" : row.flags), ("x-request-part", id == row.id ? "first" : "other"), ("evil", "a\u{1b}[2Jb\nc")].map { .init(key: $0.0, value: $0.1) }
        detail.resource = [.init(key: "service.name", value: row.service), .init(key: "k8s.pod.name", value: row.pod)]
        if row.isError {
            detail.statusMessage = "upstream connect error or disconnect/reset before headers"
            detail.events = [.init(time: row.start + .init(seconds: 0.01), name: "exception", attributes: [.init(key: "exception.type", value: "ConnectionError"), .init(key: "exception.message", value: "connection refused")])]
            detail.links = [.init(trace: ShopTraces.broken, span: SpanID(raw: 1), root: "checkout charge"), .init(trace: TraceID(high: 7, low: 7), span: SpanID(raw: 2), root: nil),
                            .init(trace: trace, span: SpanID(raw: 0x00f0_67aa_0ba9_0200), root: "gateway POST /checkout")]
        }
        return detail
    }

    /// Of `slow.key` a third was looked into yet.
    static func attribute(_ key: String, _ rows: [TraceRow]) -> AttributeColumn {
        var column = AttributeColumn()
        for (index, row) in rows.enumerated() {
            let isKnown = key != "slow.key" || index * 3 < rows.count
            if isKnown { column.searched += 1 }
            column.values.append(!isKnown ? nil : key == "http.response.status_code" ? row.code.map { ["\($0)"] } ?? [] : key == "user.id" ? ["\(index)", "guest"] : [])
        }
        return column
    }

    static var frame: FrameData {
        var data = Shop.frame()
        data.traces = rows
        data.traceStats = stats
        return data
    }

    /// The two newest traces are still arriving, and so is the broken one.
    static var arriving: FrameData {
        var data = frame
        data.traces = rows.map { row in
            var row = row
            guard row.id == id(0) || row.id == broken else { return row }
            (row.isArriving, row.orphans, row.spans) = (true, 3, 4)
            return row
        }
        return data
    }

    /// What an engine would answer beside the panels of `data`.
    static func answer(_ data: FrameData, _ queries: [PanelQuery]) -> FrameData {
        var data = data
        data.why = [:]
        for case .why(let key) in queries { data.why[key] = ShopVerdicts.why(key) }
        data.latency = nil
        for case .latency(let key) in queries { data.latency = ShopLatency.answer(key) }
        guard data.traces != nil else { return data }
        (data.trace, data.span) = (nil, nil)
        for query in queries {
            switch query {
            case .trace(let id):
                data.trace = detail(id)
                if let row = data.traces?.first(where: { $0.id == id }), row.isArriving { data.trace?.arrive(row) }
            case .attributes(let keys): data.attributes = Dictionary(uniqueKeysWithValues: keys.map { ($0, attribute($0, data.traces ?? [])) })
            case .span(let trace, let id, let kind): data.span = span(trace, id, kind)
            default: break
            }
        }
        return data
    }
}

extension TraceDetail {
    fileprivate mutating func arrive(_ row: TraceRow) {
        (self.row, remarks) = (row, [])
        for place in spans.indices where spans[place].isOrphan { (spans[place].isOrphan, spans[place].isAwaitingParent) = (false, true) }
    }
}
