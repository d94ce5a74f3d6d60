import CellCanvas
import Dashboard
import Engine
import Glibc
import MeshModel
import Panels

// What one refresh of the dashboard costs: update, query, view, diff, at 120x40, while pages come in between.
//     telltale-frame-bench [WORKLOADS… | waterfall | verdicts]

func seconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

func milliseconds(_ value: Double) -> String {
    let hundredths = Int((value * 100_000).rounded())
    return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100) ms"
}

/// One screen kept open for some refreshes.
/// - Parameters:
///   - keys: pressed once the screen is there; the last of them is measured on its own.
///   - pages: what comes in between two refreshes.
func measure(_ feed: MeshFeed, _ place: Place, keys: String = "", refreshes: Int, pages: (MeshFeed) -> Void = { $0.second() }) throws {
    var model = Model(width: 120, height: 40, place: place)
    var front = Canvas(width: 120, height: 40), back = Canvas(width: 120, height: 40)
    var parts: [[Double]] = [[], [], [], [], []]
    var changed = 0, typed = 0.0
    for refresh in 0..<refreshes + 2 {
        let before = seconds()
        pages(feed)
        let start = seconds()
        _ = update(&model, .tick(now: feed.now, version: feed.engine.version))
        let (queries, time) = queries(for: model)
        let asked = seconds()
        guard var data = feed.engine.answerIfReady(queries, at: time) else { preconditionFailure("BUG: the newest instant is always ready") }
        let answered = seconds()
        // As the dashboard does on another thread.
        if data.isUnfinished { while feed.engine.workSlice() != .nothing {} }
        let resumed = seconds()
        _ = update(&model, .frame(data))
        let late = lateQueries(for: model, after: data)
        if !late.isEmpty { data.trends.merge(feed.engine.answer(late, at: time).trends) { $1 } }
        let updated = seconds()
        back.clear()
        view(model, data, into: &back)
        changed = 0
        back.forEachRun(changedSince: front) { _, _, cells in changed += cells.count }
        let shown = seconds()
        swap(&front, &back)
        // The first refreshes fill caches and paint everything.
        if refresh == 1, !keys.isEmpty {
            let keys = try KeyScript(parsing: keys).keys
            for key in keys.dropLast() { _ = update(&model, .key(key)) }
            let start = seconds()
            if let last = keys.last { _ = update(&model, .key(last)) }
            typed = seconds() - start
        }
        guard refresh >= 2 else { continue }
        for (index, value) in [answered - asked, updated - resumed + asked - start, shown - updated, shown - start - (resumed - answered), start - before].enumerated() { parts[index].append(value) }
    }
    print("\(feed.workloads) workloads  \(place.title): query \(milliseconds(median(parts[0])))  update \(milliseconds(median(parts[1])))  "
        + "view and diff \(milliseconds(median(parts[2])))  whole \(milliseconds(median(parts[3])))  worst \(milliseconds(parts[3].max() ?? 0))  "
        + "pages between \(milliseconds(median(parts[4])))" + (keys.isEmpty ? "" : "  \(keys) \(milliseconds(typed))"))
}

if Swift.CommandLine.arguments.dropFirst().first == "waterfall" {
    try measureTraceList()
    try measureWaterfall()
    try measureWaterfallOfEngine()
    exit(0)
}

if Swift.CommandLine.arguments.dropFirst().first == "verdicts" {
    for (workloads, traces) in [(100, 1000), (500, 10_000), (5000, 0), (5000, 100_000)] { try measureVerdicts(workloads: workloads, traces: traces) }
    try measureVerdicts(workloads: 5000, traces: 0, slows: true)
    exit(0)
}

let sizes = Swift.CommandLine.arguments.dropFirst().compactMap { Int($0) }
for workloads in sizes.isEmpty ? [50, 500, 5000] : sizes {
    let feed = try MeshFeed(workloads: workloads, windowSeconds: 300)
    for _ in 0..<60 { feed.second() }
    let start = seconds()
    for _ in 0..<10 { feed.second() }
    print("\(workloads) workloads  taking in a page: \(Int((seconds() - start) / Double(workloads * 2) * 1e6)) µs")
    for place in [Place.overview, .services, .pods, .graph] { try measure(feed, place, refreshes: 12) }
    print("120 pages between two refreshes, then none:")
    for place in [Place.services, .graph] {
        try measure(feed, place, refreshes: 12) { $0.scrape(next: 120) }
        try measure(feed, place, refreshes: 12) { _ in }
    }
    print("an expression of three operands:")
    for place in [Place.services, .graph] {
        for command in ["find", "hide"] { try measure(feed, place, keys: ":\(command) rate > 15 AND p95 > 100ms OR code = 503<enter>", refreshes: 12) }
    }
    try measure(feed, .detail(EntityKey(level: .service, namespace: MeshFeed.namespace(11), name: MeshFeed.name(11))), refreshes: 12)
}
