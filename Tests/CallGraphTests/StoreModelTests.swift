import Testing
@testable import CallGraph
import MeshModel
import TestSupport

/// Streams of spans at random beside a model that keeps them all: whatever goes, goes as a whole and is counted, and what stays is what came.
@Suite struct StoreModelTests {
    struct Dice {
        var state: UInt64
        mutating func roll(_ sides: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % sides
        }
    }

    /// By trace and span: the messages that came of it, each of one byte repeated.
    struct Model {
        struct Message: Hashable {
            var count: Int
            var byte: UInt8
        }
        var spans: [UInt64: [UInt64: Set<Message>]] = [:]
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func whatIsHeldIsWhatCame(seed: UInt64) {
        var dice = Dice(state: seed)
        var builder = SpanBuilder()
        let budget = 1 << (17 + Int(seed % 3))
        var store = builder.store(budget: budget)
        var model = Model()
        var given = 0, refused = 0
        for round in 0..<120 {
            builder.restart(at: 100 + Double(round))
            for _ in 0..<dice.roll(30) {
                let trace = dice.roll(400) + UInt64(round) / 4 + 1, span = dice.roll(40) + 1
                // Many are short, some are longer than a block, one in a hundred is huge.
                let length = switch dice.roll(100) {
                case 0: Int(dice.roll(UInt64(budget)))
                case 1...10: Int(dice.roll(5000))
                default: Int(dice.roll(700))
                }
                if model.spans[trace]?[span] != nil, dice.roll(3) > 0 { continue }
                let start = Double(trace) * 1000 + Double(span)
                let made = builder.add(span, 0, .internal, "service-\(dice.roll(5))", start...start + Double(dice.roll(50)), trace: trace,
                                       code: dice.roll(20) == 0 ? 500 : 200, message: length)
                let byte = UInt8(dice.roll(256))
                for place in Int(made.bytes.start)..<Int(made.bytes.start) + length { builder.batch.bytes[place] = byte }
                model.spans[trace, default: [:]][span, default: []].insert(Model.Message(count: length, byte: byte))
                given += 1
            }
            refused += store.consume(builder.batch)
            #expect(store.bytes <= budget)
            // A budget that series leave less of for a while.
            if round == 60 { store.budgetBytes = budget / 2 }
            if round == 90 { store.budgetBytes = budget }
            if dice.roll(5) == 0 {
                store.settle()
                #expect(store.bytes <= budget)
            }
            if round % 10 == 9 { check(store, model) }
        }
        #expect(store.refusedSpans == refused && store.seenSpans == given)
        #expect(store.spans + store.evictedSpans + refused + store.oddities[.duplicate] == given)
        #expect(store.evictedTraces > 0)
    }

    private func check(_ store: TraceStore, _ model: Model) {
        var spans = 0, used = 0, protected = 0, held = 0
        for case let trace? in store.traces {
            let all = store.spans(of: trace)
            #expect(all.count == trace.spanCount)
            spans += all.count
            used += Int(trace.chain.blocks)
            held += trace.held
            if trace.isProtected { protected += trace.held }
            for span in all {
                let known = model.spans[trace.id.low]?[span.id.raw] ?? []
                #expect(known.contains { $0.count == Int(span.bytes.count) })
            }
            guard let last = all.last else { continue }
            let message = store.withMessage(of: last.id, in: trace.id) { bytes, _ in Array(bytes) } ?? []
            let byte = message.first ?? 0
            #expect(message == [UInt8](repeating: byte, count: message.count))
            #expect(model.spans[trace.id.low]?[last.id.raw]?.contains { $0.count == message.count && (message.isEmpty || $0.byte == byte) } == true)
        }
        #expect(spans == store.spans && used == store.blocks.usedBlocks && held == store.heldBytes && protected == store.protectedBytes)
        #expect(store.resources.reduce(0) { $0 + $1.users } == spans)
        #expect(store.places.count == store.traces.count { $0 != nil })
        checkStretches(store)
    }

    /// Traces that were put together are in the stretch they begin in, once, and no others are in any.
    private func checkStretches(_ store: TraceStore) {
        let all = TimeRange(from: Timestamp(nanoseconds: .min), to: Timestamp(nanoseconds: .max))
        var found: [Int] = []
        for number in store.stretches.numbers(in: all) {
            for place in store.stretches[number]?.places ?? [] {
                found.append(Int(place))
                guard let summary = store.traces[Int(place)]?.summary else {
                    Issue.record("a trace that is gone, or was not put together, is in stretch \(number)")
                    continue
                }
                #expect(store.stretches.numbers(in: TimeRange(from: summary.start, to: summary.start)) == [number])
                #expect(store.stretches.numbers(underWayIn: TimeRange(from: summary.end, to: summary.end)).contains(number))
            }
        }
        #expect(found.sorted() == store.traces.indices.filter { store.traces[$0]?.summary != nil })
    }

    @Test func blocksOfATraceThatWentServeTheNext() {
        var builder = SpanBuilder()
        var store = builder.store(budget: 1 << 22)
        for round in 1...400 as ClosedRange<UInt64> {
            builder.restart(at: Double(round))
            for span in 1...40 as ClosedRange<UInt64> {
                builder.add(span, 0, .internal, "a", Double(round) * 10...Double(round) * 10 + 5, trace: round, message: Int(round * 131 % 3000))
            }
            #expect(store.consume(builder.batch) == 0)
            #expect(store.bytes <= 1 << 22)
        }
        #expect(store.evictedTraces > 300)
        // One slab more than the budget at most, whatever sizes came and went.
        #expect(store.blocks.heldBytes <= 1 << 22 + 1 << 21)
        store.budgetBytes = 1 << 20
        builder.restart(at: 1000)
        builder.add(1, 0, .internal, "a", 100_000...100_001, trace: 1000)
        #expect(store.consume(builder.batch) == 0)
        #expect(store.bytes <= 1 << 20 && store.blocks.heldBytes < 1 << 22)
    }

    @Test func aTraceOfAHundredThousandSpansIsHeldAndOpened() throws {
        var builder = SpanBuilder()
        var store = builder.store(budget: 1 << 27)
        for first in stride(from: 0, to: 100_000, by: 10_000) as StrideTo<UInt64> {
            builder.restart(at: 100)
            for place in first..<first + 10_000 {
                builder.add(place + 1, place == 0 ? 0 : place / 3 + 1, .internal, "a", Double(place) / 10...Double(place) / 10 + 1, message: 100)
            }
            #expect(store.consume(builder.batch) == 0)
        }
        store.settle()
        let trace = try #require(store[TraceID(high: 0, low: 1)])
        #expect(trace.spanCount == 100_000 && trace.summary?.spans == 100_000)
        #expect(store.assembly(of: trace.id)?.rows().count == 100_000)
        #expect(store.withMessage(of: SpanID(raw: 100_000), in: trace.id) { bytes, _ in bytes.count } == 100)
    }

    @Test func messagesOfAMegabyteComeBackWhole() throws {
        var builder = SpanBuilder()
        var store = builder.store(budget: 1 << 25)
        for span in 1...4 as ClosedRange<UInt64> { builder.add(span, 0, .internal, "a", message: 1 << 20) }
        for place in stride(from: 0, to: 4 << 20, by: 97) { builder.batch.bytes[place] = UInt8(truncatingIfNeeded: place &* 7 ^ place >> 9) }
        let sent = builder.batch.bytes
        #expect(store.consume(builder.batch) == 0)
        let third = store.withMessage(of: SpanID(raw: 3), in: TraceID(high: 0, low: 1)) { bytes, _ in Array(bytes) }
        #expect(third == Array(sent[2 << 20..<3 << 20]))
        // All of them sent again: what is double goes, and its room with it.
        let before = store.blocks.usedBlocks
        #expect(store.consume(builder.batch) == 0)
        store.settle()
        #expect(store.spans == 4 && store.blocks.usedBlocks == before && store.oddities[.duplicate] == 4)
        #expect(store.withMessage(of: SpanID(raw: 3), in: TraceID(high: 0, low: 1)) { bytes, _ in Array(bytes) } == third)
    }
}
