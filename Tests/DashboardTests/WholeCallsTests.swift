@testable import Dashboard
import MeshModel
import Panels
import TestSupport
import Testing

/// What a picture is chosen from is kept from frame to frame: it is what the rows of now would make.
@Suite struct WholeCallsTests {
    private struct Mesh {
        var random: SeededGenerator
        var services: [EntityRow] = []
        var calls: [EdgeRow] = []

        init(seed: UInt64) {
            random = SeededGenerator(seed: seed)
            for _ in 0..<60 { addService() }
            for _ in 0..<90 { addCall() }
        }

        mutating func signals() -> GoldenSignals {
            Shop.signals(rate: Double.random(in: 0..<3, using: &random) < 1 ? 0 : Double(Int.random(in: 1...20, using: &random)), errorShare: Bool.random(using: &random) ? 0.2 : 0)
        }

        mutating func addService() { services.append(Shop.service("s\(services.count)", signals(), pods: 1, seed: 1)) }
        mutating func addCall() {
            let ends = [0, 0].map { _ in "s\(Int.random(in: 0..<services.count + 5, using: &random))" }
            calls.append(Shop.edge(ends[0], ends[1], signals(), state: .good, reason: "", seed: 1))
        }

        /// Mostly numbers change; now and then somebody comes, or goes.
        mutating func step() {
            for _ in 0..<5 {
                let call = Int.random(in: calls.indices, using: &random), service = Int.random(in: services.indices, using: &random)
                calls[call].signals = signals()
                services[service] = services[service].with(signals: signals())
            }
            switch Int.random(in: 0..<8, using: &random) {
            case 0: addService()
            case 1: addCall()
            case 2: calls.remove(at: Int.random(in: calls.indices, using: &random))
            default: break
            }
        }

        var rows: CallRows { CallRows(edges: calls, rows: services, level: .service) }
    }

    @Test(arguments: 0..<40)
    func keptIsAsMadeAnew(seed: Int) {
        var mesh = Mesh(seed: UInt64(seed)), kept = WholeCalls(), scope = GraphScope(), hide = Filter.none
        var picked: (kept: Entity?, anew: Entity?)
        for step in 0..<30 {
            mesh.step()
            if step % 6 == 2 { hide = Filter(["", "errors", "rate > 10", "name = s1 OR rate = 0", "from = s2"][(step / 6 + seed) % 5], .find) }
            if step % 5 == 4 {
                scope.hidesIdle = Bool.random(using: &mesh.random)
                scope.focus = [.fitting, .whole, .on(Shop.entity("s\(step)"))][Int.random(in: 0..<3, using: &mesh.random)]
                scope.hops = [nil, 1, 3][Int.random(in: 0..<3, using: &mesh.random)]
            }
            var anew = WholeCalls()
            kept.take(mesh.rows, hide: hide)
            anew.take(mesh.rows, hide: hide)
            let (mine, center) = kept.drawn(scope, picked: &picked.kept), (other, otherCenter) = anew.drawn(scope, picked: &picked.anew)
            #expect(center == otherCenter && mine.ends == other.ends && mine.edges == other.edges && mine.left == other.left)
            #expect(mine.nodes.map(\.entity) == other.nodes.map(\.entity) && mine.nodes.map(\.beyond) == other.nodes.map(\.beyond))
            #expect(zip(mine.nodes, other.nodes).allSatisfy { $0.row === $1.row })
            count(mesh, mine, hide, scope)
        }
    }

    /// By the rows alone: drawn and left out are all there is, and whose calls are left out says how many.
    private func count(_ mesh: Mesh, _ drawn: CallNodes, _ hide: Filter, _ scope: GraphScope) {
        let everybody = Set(mesh.calls.flatMap { [$0.source, $0.destination] } + mesh.services.map(\.entity))
        #expect(drawn.nodes.count + drawn.left.nodes == everybody.count)
        func pairs(_ calls: [EdgeRow]) -> Set<[Entity]> { Set(calls.map { [$0.source, $0.destination] }.filter { $0[0] != $0[1] }) }
        let shown = pairs(drawn.edges), all = pairs(mesh.calls)
        #expect(shown.count + drawn.left.pairs == all.count)
        for node in drawn.nodes {
            #expect(node.beyond.callees == all.subtracting(shown).count { $0[0] == node.entity })
            #expect(node.beyond.callers == all.subtracting(shown).count { $0[1] == node.entity })
        }
        let there = Set(drawn.nodes.map(\.entity))
        // Every call between two boxes that are drawn is drawn, but for those nobody made and those hidden.
        let between = mesh.calls.filter { there.contains($0.source) && there.contains($0.destination) && !hide.matches(edge: $0) && !(scope.hidesIdle && $0.signals.requests == 0) }
        #expect(drawn.edges.allSatisfy { between.contains($0) })
        #expect(scope.hidesIdle || drawn.edges.count == between.count)
        #expect(!drawn.nodes.contains { hide.matches(node: $0) })
    }
}
