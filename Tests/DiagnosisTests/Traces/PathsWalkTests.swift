import CallGraph
@testable import Diagnosis
import MeshModel
import Testing
import TestSupport

/// What is kept of stretches of time tells what going through all traces tells: while traces come, grow, come late and go, and the window moves.
@Suite struct PathsWalkTests {
    @Test(arguments: [1, 2, 3] as [UInt64])
    func whatIsKeptOfStretchesIsWhatAllTracesTell(seed: UInt64) {
        var dice = SeededGenerator(seed: seed), builder = SpanBuilder()
        // The third has so little room that traces go.
        var store = builder.store(budget: seed == 3 ? 1 << 20 : 1 << 26), ofEntries = PathsMemory(), ofService = PathsMemory()
        var keptMost = 0
        for second in 0..<90 {
            builder.restart(at: 100 + Double(second))
            for number in 0..<30 { add(UInt64(second * 100 + number + 1), at: Double(second) * 1000 + Double(number) * 30, &dice, &builder) }
            // Of one that came before, a span that it lacked.
            if second > 20 { late(UInt64((second - 20) * 100 + 7), at: Double(second - 20) * 1000, &builder) }
            _ = store.consume(builder.batch)
            store.settle()
            guard second % 3 == 0 else { continue }
            let now = Timestamp(seconds: 100 + Double(second)), window = TimeRange(from: now - Timestamp.Span(seconds: 40), to: now)
            // One that others came in between of: what it kept of what changed meanwhile is not used.
            var interrupted = PathsWalk(store, &ofEntries, window: window, .server, flagClass: [:])
            for part in 0..<4 {
                _ = interrupted.goOn(&store, &ofEntries, most: 20)
                builder.restart(at: 100 + Double(second))
                late(UInt64(max(0, second - 3 * part) * 100 + 11), at: Double(max(0, second - 3 * part)) * 1000, &builder)
                _ = store.consume(builder.batch)
                store.settle()
            }
            while interrupted.goOn(&store, &ofEntries, most: 1000) {}
            for service in [nil, 2] as [Int32?] {
                var kept = service == nil ? PathsWalk(store, &ofEntries, window: window, .server, flagClass: [:]) : PathsWalk(store, &ofService, window: window, .server, service: service, flagClass: [:])
                while service == nil ? kept.goOn(&store, &ofEntries, most: Int.random(in: 1...300, using: &dice)) : kept.goOn(&store, &ofService, most: .max) {}
                var fresh = PathsMemory(), all = FailingPaths()
                let places = store.traces.indices.map { Int32($0) }
                all.add(places[...], of: &store, window: window, .server, service: service, flagClass: [:], memory: &fresh.origins)
                all.rank()
                #expect(text(kept.paths) == text(all))
            }
            keptMost = max(keptMost, ofEntries.kept.count)
        }
        #expect(keptMost >= 5)
    }

    private func add(_ trace: UInt64, at start: Double, _ dice: inout SeededGenerator, _ builder: inout SpanBuilder) {
        let fails = Int.random(in: 0..<4, using: &dice) == 0, entry = Bool.random(using: &dice) ? "gateway.shop" : "admin.shop"
        builder.add(1, 0, .server, entry, start...start + 20, trace: trace, code: fails ? 503 : 200)
        builder.add(2, 1, .client, entry, start + 1...start + 19, trace: trace, code: fails ? 503 : 200)
        let callee = ["payment.shop", "cart.shop"][Int.random(in: 0...1, using: &dice)]
        builder.add(3, 2, .server, callee, start + 2...start + 18, trace: trace, pod: "\(callee)-\(Int.random(in: 0...2, using: &dice))", code: fails && Bool.random(using: &dice) ? 503 : 200)
    }

    private func late(_ trace: UInt64, at start: Double, _ builder: inout SpanBuilder) {
        builder.add(4, 1, .client, "gateway.shop", start + 3...start + 4, trace: trace, code: 503)
        builder.add(5, 4, .server, "late.shop", start + 3...start + 4, trace: trace, code: 503)
    }

    /// In an order of its own: what is counted, not how it was come by.
    private func text(_ paths: FailingPaths) -> [String] {
        let parties: ClosedRange<Int32> = 0...20
        let entries = paths.entries.enumerated().map { index, entry in
            let times = paths.times[index].map { "\($0.start.nanoseconds)\($0.isFailing)" }.sorted()
            return "entry \(entry.service) \(entry.failing) \(entry.good) \(entry.incomplete) \(parties.map { entry.passing[$0] }) \(times)"
        }
        let groups = paths.groups.map { group in
            let key = group.key
            let counts = [group.parties.map { "\($0) \($1)" }, group.operations.map { "\($0) \($1)" }, group.paths.map { "\($0) \($1)" }, group.passing.map { "\($0) \($1)" },
                          group.answers.map { "\($0.code) \($1)" }].map { $0.sorted() }
            return "group \(key.service) \(key.caller) \(key.fault) \(paths.entries[key.entry].service) \(key.reachesEntry) \(group.traces) \(group.sample) \(group.first) \(group.last) "
                + "\(counts) \(group.times.map(\.nanoseconds).sorted())"
        }
        let passed = paths.passed.enumerated().filter { $1.traces > 0 }.map { "passed \($0) \($1)" }
        return (entries + groups + passed).sorted()
    }
}
