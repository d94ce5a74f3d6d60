@testable import CallGraph
@testable import Diagnosis
import MeshModel
import TestSupport
import Testing

@Suite struct CallRowTests {
    private struct Read {
        var rows: CallRows
        var names: RowNames
        let symbols: SymbolTable

        func name(_ service: Int32) -> String { service < 0 ? "-" : symbols.string(names.services[Int(service)].service) }
        /// `frontend GET / 10 ms of 30 >cart`: own time, all of it, the peer.
        var lines: [String] {
            rows.all.map { row in
                let operation = symbols.string(names.labels[names.keys[Int(row.key)].label].operation)
                return "\(name(row.service)) \(operation) \(Int((row.own * 1000).rounded())) of \(Int((row.seconds * 1000).rounded()))\(row.peer < 0 ? "" : " >" + name(row.peer))\(row.isEntry ? " entry" : "")"
            }
        }
    }

    private func read(_ builder: SpanBuilder) -> Read {
        var store = builder.store(), names = RowNames()
        #expect(store.consume(builder.batch) == 0)
        store.settle()
        let rows = CallRows(&store, window: Timestamp(nanoseconds: .min)...Timestamp(nanoseconds: .max), names: &names)
        return Read(rows: rows, names: names, symbols: builder.symbols)
    }

    @Test func aClientSpansOwnTimeIsTheWire() {
        var builder = SpanBuilder()
        builder.add(1, 0, .server, "frontend", 0...100, name: "home")
        builder.add(2, 1, .client, "frontend", 10...60, name: "get")
        builder.add(3, 2, .server, "cart", 20...50, name: "cart")
        #expect(read(builder).lines == ["frontend home 50 of 100 entry", "frontend get 20 of 50 >cart", "cart cart 30 of 30"])
    }

    @Test func aHopOfProxiesIsTwoRows() {
        var builder = SpanBuilder()
        builder.add(1, 0, .server, "frontend.shop", 0...100, pod: "frontend.shop-0", cluster: "inbound|8080||", code: 200, name: "home")
        builder.hop(10, under: 1, "frontend.shop", "cart.shop", 10...60)
        let read = read(builder)
        #expect(read.lines == ["frontend home 50 of 100 entry", "frontend GET / 4 of 50 >cart", "cart GET / 46 of 46"])
    }

    /// Without client spans the time between calls is shared out to those it touches.
    @Test func gapsTouchTheCallsBesideThem() {
        var builder = SpanBuilder()
        builder.add(1, 0, .server, "frontend", 0...100, name: "home")
        builder.add(2, 1, .server, "cart", 10...30, name: "cart")
        builder.add(3, 1, .server, "ads", 50...60, name: "ads")
        let read = read(builder)
        #expect(read.lines[0] == "frontend home 70 of 100 entry")
        let row = read.rows.all[0]
        let gaps = read.rows.gaps[Int(row.gaps.lowerBound)..<Int(row.gaps.upperBound)].map { "\(read.name($0.service)) \(Int(($0.seconds * 1000).rounded()))" }
        #expect(gaps.sorted() == ["ads 60", "cart 30"])
    }

    @Test func childrenThatStickOutAreCut() {
        var builder = SpanBuilder()
        builder.add(1, 0, .server, "frontend", 0...50, name: "home")
        builder.add(2, 1, .internal, "frontend", 40...80, name: "late")
        builder.add(3, 1, .internal, "frontend", 60...70, name: "later")
        #expect(read(builder).lines[0] == "frontend home 40 of 50 entry")
    }

    @Test func aTraceThatLostItsRootIsNoRequest() {
        var builder = SpanBuilder()
        builder.add(1, 0, .server, "frontend", 0...50)
        builder.add(2, 9, .server, "cart", 0...50, trace: 2)
        #expect(read(builder).rows.requests == 1)
        // Whoever sends all requests may write no spans.
        var others = SpanBuilder()
        others.add(2, 9, .server, "cart", 0...50, trace: 2)
        #expect(read(others).rows.requests == 1)
    }

    @Test func timesBeyondAllSenseAreHeldAgainstEachOther() {
        var builder = SpanBuilder()
        for trace in 1...40 as ClosedRange<UInt64> {
            builder.add(1, 0, .server, "frontend", 0...50, trace: trace, name: "home")
            builder.add(2, 1, .server, "cart", 10...20, trace: trace, name: "cart")
            let last = builder.batch.spans.count - 1
            let ends: [(Int64, Int64)] = [(.min, .max), (.max, .max), (0, .max), (.min, .min), (.max, .min)]
            (builder.batch.spans[last].start.nanoseconds, builder.batch.spans[last].end.nanoseconds) = ends[Int(trace) % ends.count]
            if trace % 7 == 0 { builder.batch.spans[last - 1].end.nanoseconds = .max }
        }
        let read = read(builder), model = QuietModel(read.rows, read.names)
        #expect(read.rows.all.count == 80 && read.rows.all.allSatisfy { $0.own >= 0 && $0.own <= $0.seconds })
        #expect(Departures(model, read.rows, read.names).all.allSatisfy { $0.score.isFinite })
    }

    @Test func setsForgetOrderAndRepetition() {
        var names = RowNames()
        let set = names.number(set: [3, 1, 3]), same = names.number(set: [1, 3]), part = names.number(set: [3]), other = names.number(set: [2])
        #expect(same == set)
        #expect(names.isSet(part, within: set) && names.isSet(0, within: set) && names.isSet(set, within: set))
        #expect(!names.isSet(set, within: part) && !names.isSet(other, within: set))
    }
}
