@testable import CallGraph
@testable import Diagnosis
import MeshModel
import Testing

@Suite struct SpanTreeAssemblyTests {
    let symbols = SymbolTable()

    func span(_ id: UInt64, _ parent: UInt64, _ kind: SpanKind, _ resource: Int32, _ times: ClosedRange<Int64>, _ name: String) -> Span {
        var span = Span()
        span.trace = TraceID(high: 0, low: 1)
        (span.id, span.parent, span.kind, span.resource) = (SpanID(raw: id), SpanID(raw: parent), kind, resource)
        (span.start, span.end) = (Timestamp(nanoseconds: 1000 + times.lowerBound), Timestamp(nanoseconds: 1000 + times.upperBound))
        span.name = symbols.intern(name)
        return span
    }

    /// Pods of one service, and one of another, each with its own clock.
    func tree(_ spans: [Span], labels: inout SpanLabels) -> SpanTree {
        var parties = Parties(symbols: symbols)
        let resources = [("a", "a-1"), ("a", "a-2"), ("b", "b-1")].enumerated().map { clock, names in
            var claim = EntityClaim()
            (claim.service, claim.pod) = (symbols.intern(names.0), symbols.intern(names.1))
            return HeldResource(party: parties.number(of: claim), clock: Int32(clock))
        }
        return SpanTree(Assembly(spans, resources: resources, parties: &parties), parties: parties, labels: &labels)
    }

    @Test func parentsComeFirstAtStraightenedTimes() {
        var labels = SpanLabels()
        // Callees before callers; "b" is 500 late.
        let tree = tree([
            span(4, 3, .internal, 2, 530...540, "rows"), span(3, 2, .server, 2, 520...560, "query"), span(2, 1, .client, 0, 10...90, "query"), span(1, 0, .server, 0, 0...100, "get"),
        ], labels: &labels)
        #expect(tree.parent == [-1, 0, 1, 2] && tree.entry == 0)
        #expect(tree.start.map { $0 - 1000 } == [0, 10, 30, 40] && tree.end.map { $0 - 1000 } == [100, 90, 70, 50])
        #expect(tree.label == [0, 1, 2, 3], "the same operation of another service is another")
        #expect(labels.names.map { symbols.string($0.operation) } == ["get", "query", "query", "rows"])
    }

    @Test func podsOfAServiceDoTheSame() {
        var labels = SpanLabels()
        let tree = tree([span(1, 0, .server, 0, 0...100, "get"), span(2, 1, .server, 1, 10...50, "get"), span(3, 1, .server, 1, 60...70, "put")], labels: &labels)
        #expect(tree.label == [0, 0, 1])
        let again = self.tree([span(1, 0, .server, 1, 0...100, "put")], labels: &labels)
        #expect(again.label == [1] && labels.names.count == 2)
    }

    @Test func onlyConsumersOfTheirProducersAreDetached() {
        var labels = SpanLabels()
        let tree = tree([
            span(1, 0, .server, 0, 0...100, "get"), span(2, 1, .producer, 0, 10...20, "send"), span(3, 2, .consumer, 2, 50...80, "take"), span(4, 1, .consumer, 2, 60...80, "take"),
        ], labels: &labels)
        #expect(tree.isDetached == [false, false, true, false])
    }

    @Test func theEntryIsNotAnOrphan() {
        var labels = SpanLabels()
        let tree = tree([span(5, 99, .server, 2, 0...10, "lost"), span(1, 0, .server, 0, 5...100, "get")], labels: &labels)
        #expect(tree.parent == [-1, -1] && tree.entry == 1)
        #expect(self.tree([], labels: &labels).count == 0)
    }

    @Test func operationsWithoutEndBecomeTheirServices() {
        var labels = SpanLabels(most: 2)
        let names = (0..<5 as Range<UInt32>).map { labels.number(service: Int32($0 % 2), operation: Symbol(raw: 10 + $0)) }
        #expect(names == [0, 1, 2, 3, 2] && labels.folded == 3)
        #expect(labels[2].operation.isEmpty && labels[2].service == 0)
        #expect(labels.number(service: 0, operation: Symbol(raw: 10)) == 0)
    }
}
