import Diagnosis
import Testing

/// Whose the time is that requests to an entry take longer.
struct SlowMeshTests {
    /// So many requests before and after, and what they took.
    private func change(_ requests: (Double, Double), _ mean: (Double, Double)) -> TimesChange {
        func stretch(_ requests: Double, _ mean: Double) -> TimesStretch {
            var steps = LatencySteps()
            for bound in [5.0, 10, 25, 50, 100, 250, .infinity] { steps.add(mean <= bound && !(steps.total > 0) ? requests : 0, upTo: bound) }
            return TimesStretch(steps, milliseconds: requests * mean)
        }
        return TimesChange(before: stretch(requests.0, mean.0), after: stretch(requests.1, mean.1))
    }

    private func mesh(_ services: [(TimesChange?, [(Int, TimesChange)])]) -> SlowMesh {
        var mesh = SlowMesh()
        for (change, calls) in services {
            var service = SlowMesh.Service(change: change)
            service.calls = calls.map { .init(callee: $0.0, change: $0.1) }
            mesh.services.append(service)
        }
        return mesh
    }

    @Test func downAChainToWhomItBelongs() {
        let n = (1000.0, 1000.0)
        let causes = mesh([
            (change(n, (40, 80)), [(1, change(n, (30, 70)))]), (change(n, (28, 68)), [(2, change(n, (9, 49))), (3, change(n, (5, 5)))]), (change(n, (8, 48)), []), (change(n, (4, 4)), []),
        ]).causes
        #expect(causes.map(\.service) == [2])
        #expect(causes.first?.milliseconds == 40 && causes.first?.path == [0, 1, 2] && causes.first?.caller == nil)
    }

    /// A call for every second request is half of its time.
    @Test func asOftenAsItIsCalled() {
        let causes = mesh([(change((1000, 1000), (40, 70)), [(1, change((500, 500), (10, 70)))]), (change((500, 500), (9, 69)), [])]).causes
        #expect(causes.map(\.service) == [1] && causes.first?.milliseconds == 30)
    }

    @Test func whatItsCalleeDidNotTakeIsOnTheWay() {
        let n = (1000.0, 1000.0)
        let causes = mesh([(change(n, (20, 70)), [(1, change(n, (9, 59)))]), (change(n, (8, 8)), [])]).causes
        #expect(causes.first?.service == 1 && causes.first?.caller == 0 && causes.first?.milliseconds == 50 && causes.first?.path == [0])
    }

    /// Twenty calls where there was one: none of them is slower, and who makes them is.
    @Test func callsMadeMoreOftenAreTheirCallers() {
        let causes = mesh([(change((1000, 1000), (20, 210)), [(1, change((1000, 20_000), (10, 10)))]), (change((1000, 20_000), (9, 9)), [])]).causes
        #expect(causes.map(\.service) == [0] && causes.first?.milliseconds == 190)
    }

    @Test func callsAtTheSameTimeLeaveNothingToTheirCaller() {
        let n = (1000.0, 1000.0)
        let causes = mesh([(change(n, (20, 70)), [(1, change(n, (9, 59))), (2, change(n, (9, 49)))]), (change(n, (8, 58)), []), (change(n, (8, 48)), [])]).causes
        #expect(causes.map(\.service) == [1, 2])
    }

    /// Nine of ten calls to it are somebody else's, and no slower: what it takes longer in the mean may be all this caller's.
    @Test func aCalleeWithOtherCallersIsNotTheWay() {
        let causes = mesh([(change((1000, 1000), (20, 120)), [(1, change((1000, 1000), (10, 110)))]), (change((10_000, 10_000), (9, 19)), [])]).causes
        #expect(!causes.contains { $0.caller != nil }, "\(causes)")
        let unknown = mesh([(change((1000, 1000), (20, 120)), [(1, change((1000, 1000), (10, 110)))]), (change((0, 1000), (0, 100)), [])]).causes
        #expect(!unknown.contains { $0.caller != nil }, "who was not there before is not held against the way")
    }

    @Test func circlesEnd() {
        let n = (1000.0, 1000.0), slow = change(n, (20, 70))
        let causes = mesh([(slow, [(1, slow)]), (slow, [(0, slow), (2, slow)]), (slow, [(1, slow), (2, slow)])]).causes
        #expect(causes.map(\.service) == [2], "\(causes)")
        #expect(mesh([]).causes.isEmpty && mesh([(nil, [])]).causes.isEmpty)
    }
}
