import Testing
@testable import CallGraph
import MeshModel
import TestSupport

@Suite struct TraceStoreTests {
    @Test func wholeOldestTracesGoFirstFailingOnesLast() {
        var builder = SpanBuilder()
        var store = builder.store(budget: 1 << 20)
        for trace in 1...2000 as ClosedRange<UInt64> {
            builder.restart(at: 100)
            let start = Double(trace) * 100
            for part in 0..<4 as Range<UInt64> {
                builder.add(part + 1, part, part == 0 ? .server : .internal, "a", start...start + 10, trace: trace, code: trace % 10 == 0 ? 500 : 200, message: 500)
            }
            #expect(store.consume(builder.batch) == 0)
        }
        #expect(store.heldBytes <= 1 << 20)
        #expect(store.evictedTraces + store.count == 2000)
        #expect(store.evictedSpans + store.spans == 8000)
        var kept: [UInt64] = []
        for case let trace? in store.traces { kept.append(trace.id.low) }
        let ordinary = kept.filter { $0 % 10 != 0 }, failing = kept.filter { $0 % 10 == 0 }
        #expect(ordinary.max() == 1999)
        #expect((ordinary.min() ?? 0) > (failing.min() ?? 0) + 100)
        // Whole traces: what is held has all its spans.
        for case let trace? in store.traces { #expect(trace.spanCount == 4) }
    }

    @Test func aBatchLargerThanTheBudgetLeavesItsNewestTraces() {
        var builder = SpanBuilder()
        for trace in 1...1000 as ClosedRange<UInt64> { builder.add(1, 0, .server, "a", Double(trace)...Double(trace) + 1, trace: trace, message: 2000) }
        var store = builder.store(budget: 1 << 18)
        #expect(store.consume(builder.batch) == 0)
        #expect(store.heldBytes <= 1 << 18 && store.count > 50 && store.count + store.evictedTraces == 1000)
        #expect(store[TraceID(high: 0, low: 1000)] != nil && store[TraceID(high: 0, low: 1)] == nil)
    }

    @Test func lateSpansJoinAndChangeWhatWasSaid() {
        var builder = SpanBuilder()
        builder.add(2, 1, .server, "b", 10...20)
        var store = builder.store()
        _ = store.consume(builder.batch)
        store.settle()
        #expect(calls(store, builder.symbols) == ["(unknown)>b"])
        #expect(store.oddities[.noClientHalf] == 1)
        builder.restart(at: 160)
        builder.add(1, 0, .client, "a", 0...30)
        _ = store.consume(builder.batch)
        store.settle()
        #expect(calls(store, builder.symbols) == ["a>b"])
        #expect(store.oddities.byName == ["late half": 1])
    }

    @Test func whatNeverFitsIsRefused() {
        var builder = SpanBuilder()
        builder.add(1, 0, .server, "a", message: 10_000)
        var store = builder.store(budget: 8192)
        #expect(store.consume(builder.batch) == 1)
        #expect(store.spans == 0 && store.count == 0 && store.refusedSpans == 1)
        builder.restart(at: 100)
        // A span whose message lies outside of its batch.
        var span = builder.add(1, 0, .server, "a", message: 10)
        span.bytes.count = 1000
        builder.batch.spans = [span]
        #expect(store.consume(builder.batch) == 1)
    }

    @Test func callsAreToldOfOnceAndTakenBackWhereLateSpansChangeThem() {
        var builder = SpanBuilder()
        var store = builder.store()
        func changes(_ store: inout TraceStore) -> [String] {
            var told: [String] = [], found: [CallChange] = []
            store.takeCallChanges { found.append($0) }
            for change in found {
                let ends = store.pairEnds[Int(change.call.pair)]
                let names = [ends.source, ends.destination].map { $0 == Parties.unknown ? "?" : builder.symbols.string(store.parties[$0].service) }
                told.append((change.isTakenBack ? "-" : "+") + names.joined(separator: ">"))
            }
            return told
        }
        builder.add(2, 1, .server, "b", 10...20)
        _ = store.consume(builder.batch)
        store.settle()
        #expect(changes(&store) == ["+?>b"])
        store.settle()
        #expect(changes(&store) == [])
        builder.restart(at: 101)
        builder.add(1, 0, .client, "a", 0...30)
        _ = store.consume(builder.batch)
        #expect(!store.settle(most: 0) && changes(&store) == [])
        store.settle()
        #expect(changes(&store) == ["-?>b", "+a>b"])
    }

    @Test func callsOfTracesThatWentUnseenAreToldOf() {
        var builder = SpanBuilder()
        for trace in 1...1000 as ClosedRange<UInt64> { builder.add(1, 0, .server, "a", Double(trace)...Double(trace) + 1, trace: trace, message: 2000) }
        var store = builder.store(budget: 1 << 18)
        _ = store.consume(builder.batch)
        store.settle()
        #expect(store.evictedTraces > 500)
        var calls = 0
        store.takeCallChanges { calls += $0.isTakenBack ? -1 : 1 }
        #expect(calls == 1000)
    }

    @Test func whatIsStillArrivingIsNeitherOddNorCountedUntilItIsWholeOrQuiet() {
        var builder = SpanBuilder()
        var store = builder.store()
        func counted() -> Int {
            var calls = 0
            store.takeCallChanges { calls += $0.isTakenBack ? -1 : 1 }
            return calls
        }
        let trace = TraceID(high: 0, low: 1)
        builder.restart(at: 100)
        builder.add(2, 1, .server, "b", 10...20)
        // Whoever never says what time it is has all there is.
        _ = store.consume(builder.batch)
        store.settle()
        #expect(store[trace]?.isArriving == false && counted() == 1)
        var changed = store.pass(quietSince: Timestamp(seconds: 97))
        #expect(!changed)
        builder.restart(at: 101)
        builder.add(3, 1, .server, "c", 20...25)
        _ = store.consume(builder.batch)
        store.settle()
        #expect(store[trace]?.isArriving == true && counted() == -1)
        #expect(store.oddities[.parentMissing] == 2 && store.settledOddities.byName == [:])
        changed = store.pass(quietSince: Timestamp(seconds: 100))
        #expect(!changed)
        // Its root comes: it is whole.
        builder.restart(at: 102)
        builder.add(1, 0, .client, "a", 0...30)
        _ = store.consume(builder.batch)
        store.settle()
        #expect(store[trace]?.isArriving == false && counted() > 0)
        #expect(store.settledOddities == store.oddities)
        // One whose root never comes.
        builder.restart(at: 103)
        builder.add(2, 1, .server, "b", 10...20, trace: 2)
        _ = store.consume(builder.batch)
        store.settle()
        let stamp = store[TraceID(high: 0, low: 2)]?.stamp
        changed = store.pass(quietSince: Timestamp(seconds: 102))
        #expect(counted() == 0 && !changed)
        changed = store.pass(quietSince: Timestamp(seconds: 103))
        #expect(counted() == 1 && changed)
        #expect(store.settledOddities[.parentMissing] == 1 && store[TraceID(high: 0, low: 2)]?.stamp != stamp)
        changed = store.pass(quietSince: Timestamp(seconds: 104))
        #expect(!changed)
    }
}
