/// Which of those it calls a node fails for. Where it got more errors than it answered, some were absorbed, and counts may tell whose: the
/// calls it needs are those whose errors add up to its own.
package struct NeededCalls: Sendable {
    /// Edges whose errors it gets by without.
    package private(set) var spared: Set<Int32> = []
    /// It absorbs errors, and counts do not tell whose.
    package private(set) var isOpen = false

    /// So many that fail are tried in every combination; those beyond count as needed.
    static let most = 10

    package init(of node: Int32, in reading: MeshReading, leavingOut ignored: (Int32) -> Bool = { _ in false }) {
        let answered = reading.answered(node).errors
        let failing = reading.nodes[Int(node)].edgesOut.filter { !ignored($0) && reading.edges[Int($0)].seen.errors > 0 }
        let received = failing.map { reading.edges[Int($0)].seen.errors }
        let all = received.reduce(0, +)
        guard answered > 0, all > answered * (1 + MeshReading.noise) else { return }
        guard failing.count > 1, failing.count <= Self.most else {
            isOpen = true
            return
        }
        // Fits: within the noise of what it answered. Of those the closest; another that shares none of its calls leaves it open.
        var fits: [(mask: Int, distance: Double)] = []
        for mask in 1..<(1 << failing.count) {
            var sum = 0.0
            for place in failing.indices where mask & (1 << place) != 0 { sum += received[place] }
            let distance = abs(sum - answered)
            if distance <= answered * MeshReading.noise { fits.append((mask, distance)) }
        }
        guard let best = fits.min(by: { $0.distance < $1.distance }) else {
            isOpen = true
            return
        }
        isOpen = fits.contains { $0.mask & best.mask == 0 }
        guard !isOpen else { return }
        for place in failing.indices where best.mask & (1 << place) == 0 { spared.insert(failing[place]) }
    }
}
