import CellCanvas
import Panels

/// What an empty list says: why it is empty, and what to do.
enum EmptyState {
    static func lines(_ pane: Pane, _ model: Model) -> [String] {
        let noun = noun(pane.kind)
        if pane.listing.total > 0 {
            let all = Format.grouped(pane.listing.total)
            if pane.errorsOnly, pane.filter.isEmpty {
                return ["No \(noun) has errors, denials or warnings.", "\(model.keyHint(.errorsOnly)) shows all \(all)."]
            }
            if let cell = pane.cell, pane.filter.isEmpty { return ["No \(noun) is left in \(cell.words).", "\(model.keyHint(.clear)) shows all \(all)."] }
            if let progress = SearchProgress.words(model.frame) { return ["\(progress)…", "\(model.keyHint(.clear)) shows all \(all)."] }
            if pane.listing.hidden > 0 {
                return ["\(Painter.plural(pane.listing.hidden, noun)) hidden by \(model.sieveWords).", ":find and :hide without an expression show them again."]
            }
            if pane.isFiltered {
                return ["No \(noun) matches \(pane.filter.text)\(pane.errorsOnly ? " with errors only" : "").", "\(model.keyHint(.clear)) shows all \(all)."]
            }
            return ["No \(noun) matches \(pane.scope.text).", "\(model.keyHint(.back)) goes back."]
        }
        if case .why(let subject) = model.screen.place, let frame = model.frame, frame.isPending, frame.verdict(on: subject) == nil { return ["looking for what fails…"] }
        switch pane.kind {
        case .failing, .paths: return ["✓ nothing fails, nothing is denied"]
        case .way: return ["nothing fails, or it is not known where it begins"]
        case .grounds: return ["nothing is known of it"]
        case .times: return model.frame?.latency?.emptyLines(model) ?? ["nothing is known of it"]
        case .repeats: return model.frame?.latency.map { $0.requests == 0 ? [] : $0.isComplete ? ["✓ no call is made again and again"] : ["…"] } ?? []
        case .changes: return ["✓ all is as before, as far as can be told"]
        case .excesses: return noExcess(model)
        case .sources: return noSources
        case .help, .counters, .charts: return ["nothing here"]
        case .traces: return noTraces(model)
        case .latencies, .waterfall: return ["nothing here"]
        case .graph where pane.graph.calls.left.nodes > 0: return ["all is hidden by :hide \(model.hide.text)", ":hide without an expression shows it again."]
        case .graph: return ["nobody calls anybody yet"]
        case .calls: return ["it calls nobody, and nobody calls it"]
        case .span: return ["nothing else is known of it"]
        case .versions: return ["no version known"]
        case .answers: return ["no request ended in this window"]
        case .inbound:
            if case .detail(let key) = model.screen.place, key.level == .node { return ["its proxies do not say who calls them"] }
            return ["nobody calls it, as far as is known"]
        case .outbound: return ["it calls nobody, as far as is known"]
        case .members: return ["no pods known"]
        case .entities:
            let hasSources = model.frame?.mesh.map { $0.sourcesUp + $0.sourcesStale + $0.sourcesFailing > 0 } ?? false
            if !hasSources { return ["No source delivers yet, so there is nothing to show."] + noSources }
            if pane.kind == .entities(.node), (model.frame?.mesh?.pods ?? 0) > 0 {
                return ["No source says which node its pods run on.", "A target label `node` does (--targets FILE)."]
            }
            guard model.windowSeconds.isFinite else { return ["No \(noun)s in these data.", "\(model.keyHint(.sources)) shows what each source delivers."] }
            return [
                "No \(noun)s yet in the last \(Format.duration(model.windowSeconds)).",
                "Rates need two samples of a source. \(model.keyHint(.sources)) shows what each source delivers,",
                "\(model.keyHint(.windowLonger)) looks further back.",
            ]
        }
    }

    private static func noTraces(_ model: Model) -> [String] {
        let held = model.frame?.traceStats?.traces ?? 0
        let window = model.windowSeconds.isFinite ? "began in the last \(Format.duration(model.windowSeconds))" : "in these data"
        guard held == 0 else { return ["No trace \(window), \(Format.grouped(held)) before it.", "\(model.keyHint(.windowLonger)) looks further back."] }
        return [
            "No span has come yet.", "Let proxies and SDKs send them to telltale:", "  OTLP gRPC   127.0.0.1:4317    (OTEL_EXPORTER_OTLP_ENDPOINT)",
            "  OTLP HTTP   127.0.0.1:4318    /v1/traces", "  Zipkin      127.0.0.1:9411    /api/v2/spans", "or list those of a file: telltale traces FILE",
        ]
    }

    private static func noExcess(_ model: Model) -> [String] {
        guard let sample = model.frame?.comparison?.sample else { return [] }
        if model.frame?.traceStats == nil { return ["Attributes are those of spans, and no span has come."] }
        if sample.kind == .none || sample.toRead == 0 { return [Painter.words(sample)] }
        return ["No attribute is more frequent among them for certain."]
    }

    /// How to add a source; also shown on Sources.
    static let noSources = [
        "Point telltale at proxies:", "  telltale --scrape http://POD:15020/stats/prometheus", "  telltale --targets FILE       (file_sd)",
        "or look around without any: telltale demo",
    ]

    private static func noun(_ kind: PaneKind) -> String {
        switch kind {
        case .failing, .paths: "failing path"
        case .way: "service"
        case .grounds: "line"
        case .times: "call path"
        case .repeats: "repeated call"
        case .changes: "change"
        case .excesses: "attribute"
        case .entities(let level): level.rawValue
        case .sources: "source"
        case .help: "key or command"
        case .members: "pod"
        case .inbound, .outbound, .calls: "call"
        case .graph: "service"
        case .counters: "counter"
        case .versions: "version"
        case .answers: "answer"
        case .charts, .latencies: "chart"
        case .traces: "trace"
        case .waterfall: "span"
        case .span: "value"
        }
    }
}

extension Model {
    /// `:find healthy and :hide idle`
    var sieveWords: String {
        [find.isEmpty ? nil : ":find \(find.text)", hide.isEmpty ? nil : ":hide \(hide.text)"].compactMap { $0 }.joined(separator: " and ")
    }
}

extension Painter {
    /// Lines in the upper third of an area, left edges aligned.
    mutating func empty(_ lines: [String], in area: Rect) {
        guard area.height > 0 else { return }
        let longest = lines.map { cells($0) }.max() ?? 0
        let x = area.x + max(1, (area.width - longest) / 2)
        let top = area.y + max(0, (area.height - lines.count) / 3)
        for (index, line) in lines.prefix(area.height).enumerated() where top + index < area.y + area.height {
            let tone: Tone = line.hasPrefix("✓") ? .good : index == 0 ? .normal : .dim
            text(line, x: x, y: top + index, tone, limit: max(0, area.x + area.width - x))
        }
    }
}
