import Dashboard
import Diagnosis
import MeshModel
import Panels

/// The shop before payment v2 began to fail, and since.
enum ShopComparison {
    private static func steps(_ median: Double, _ count: Double) -> LatencySteps {
        var steps = LatencySteps()
        for (bound, share) in [(0.5, 0.25), (1, 0.25), (2, 0.3), (5, 0.15), (20, 0.05)] { steps.add((count * share).rounded(), upTo: median * bound) }
        return steps
    }

    private static func reading(_ signals: GoldenSignals) -> WindowReading {
        var reading = WindowReading()
        (reading.requests, reading.errors, reading.denied) = (signals.requests, signals.errors, signals.denied ?? 0)
        (reading.p50, reading.p95) = (signals.latency?.p50, signals.latency?.p95)
        return reading
    }

    private static func row(_ subject: Comparison.Row.Subject, _ before: GoldenSignals?, _ after: GoldenSignals?) -> Comparison.Row {
        var old = before.map(reading), new = after.map(reading)
        // A ladder both are counted at, by their medians.
        let quick = before?.latency?.p50 ?? 1
        old?.steps = steps(quick, before?.requests ?? 0)
        new?.steps = (after?.latency?.p50 ?? 1) > quick * 1.2 ? shifted(quick, after?.requests ?? 0) : steps(quick, after?.requests ?? 0)
        return Comparison.Row(subject, WindowChange(old, new, seconds: (180, 180)), before: before, after: after)
    }

    private static func shifted(_ median: Double, _ count: Double) -> LatencySteps {
        var steps = LatencySteps()
        for (bound, share) in [(0.5, 0.05), (1, 0.15), (2, 0.3), (5, 0.3), (20, 0.2)] { steps.add((count * share).rounded(), upTo: median * bound) }
        return steps
    }

    private static func entity(_ level: EntityLevel, _ name: String, version: String = "", pod: String? = nil) -> Comparison.Row.Subject {
        var entity = Shop.entity(name), key = Shop.key(level, pod ?? name)
        if !version.isEmpty { (entity.version, key.version) = (version, level == .version ? version : "") }
        entity.pod = pod
        return .entity(key, entity)
    }

    private static func edge(_ source: String, _ destination: String) -> Comparison.Row.Subject {
        .edge(EdgeEnds(source: Shop.entity(source), destination: Shop.entity(destination)), protocol: "http")
    }

    private static func rank(_ row: Comparison.Row) -> Int { Comparison.Row.Kind.allCases.firstIndex(of: row.kind) ?? 0 }

    static let made: Comparison = {
        let span = Timestamp.Span(seconds: 180), onset = Shop.now - span
        var comparison = Comparison(before: .init(from: onset - span, to: onset), after: .init(from: onset, to: Shop.now), meeting: "since payment v2 fails")
        func signals(_ rate: Double, _ errors: Double = 0, p50: Double = 8) -> GoldenSignals { Shop.signals(rate: rate, errorShare: errors, p50: p50) }
        let fine = Shop.signals(rate: 2.1), denied = Shop.signals(rate: 2.04, denied: 612)
        comparison.rows = [
            row(entity(.service, "payment"), signals(82.1, 0.0004), signals(81.8, 0.102, p50: 31)), row(entity(.version, "payment", version: "v2"), signals(16.4, 0.0003), signals(16.5, 0.51, p50: 88)),
            row(edge("checkout", "payment"), signals(82, 0.0004), signals(81.9, 0.103, p50: 33)), row(edge("frontend", "checkout"), signals(81.7), signals(81.8, 0.1)),
            row(edge("recommendation", "inventory"), fine, denied), row(edge("checkout", "fraud"), nil, signals(40)),
            row(entity(.pod, "payment", pod: "payment-v2-9b8d7c6f5-x2x9k"), nil, signals(16.5, 0.5)), row(edge("catalog", "cache"), signals(12), nil),
            row(entity(.service, "ledger"), signals(80, p50: 9), signals(80, p50: 38)), row(edge("gateway", "search"), signals(30), signals(11)),
            row(entity(.service, "cart"), signals(0.02), signals(0.03, 0.4)),
        ].sorted { (rank($0), -$0.weight) < (rank($1), -$1.weight) }
        (comparison.same, comparison.unsure) = (34, 1)
        (comparison.sample.kind, comparison.sample.selected, comparison.sample.others) = (.failing, 22, 158)
        (comparison.sample.read, comparison.sample.toRead) = (180, 180)
        func excess(_ service: String, _ names: [AttributeExcess.Name], _ selected: (Int, Int), _ others: (Int, Int), isOutcome: Bool = false) -> Comparison.Attribute {
            .init(service: Shop.entity(service), AttributeExcess(service: 0, names: names, selected: selected.0, of: selected.1, others: others.0, of: others.1, isOutcome: isOutcome))
        }
        comparison.attributes = [
            excess("payment", [.init("version", "v2", isAttribute: false), .init("k8s.pod.name", "payment-v2-9b8d7c6f5-x2x9k"), .init("zone", "b")], (20, 20), (0, 48)),
            excess("ledger", [.init("operation", "POST /reserve", isAttribute: false)], (14, 20), (3, 48)),
            excess("fraud", [], (19, 22), (0, 158)),
            excess("payment", [.init("http.status_code", "503")], (20, 20), (0, 48), isOutcome: true),
        ]
        return comparison
    }()

    static func frame(_ change: (inout Comparison) -> Void = { _ in }) -> FrameData {
        var data = ShopTraces.frame
        var comparison = made
        change(&comparison)
        data.comparison = comparison
        return data
    }
}
