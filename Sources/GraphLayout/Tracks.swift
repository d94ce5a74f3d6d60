/// A column for every trunk: the first that is free along its span, in their order.
///
/// Postcondition: trunks that touch the same row stand in different columns, in their order. Who comes first on a target's row owns it;
/// others that go on beyond it have a column for their stub.
enum Tracks {
    /// Gives the columns used. ASCII needs a free column between trunks, as its corners do not show where they lead.
    static func assign(_ nets: inout [Net], gap: Int) -> Int {
        guard let top = nets.map(\.top).min(), let bottom = nets.map(\.bottom).max() else { return 0 }
        var owned: Set<Int> = []
        var edge = [Int](repeating: 1, count: bottom - top + 1)
        var widest = 0
        for index in nets.indices {
            let net = nets[index]
            for branch in net.branches {
                guard case .box = branch.end else { continue }
                if !owned.insert(branch.row).inserted && net.passes(branch.row) { nets[index].stubs.insert(branch.row) }
            }
            guard net.hasTrunk else { continue }
            let span = net.top - top...net.bottom - top
            let track = span.reduce(1) { max($0, edge[$1]) }
            let width = nets[index].stubs.isEmpty ? 1 : 2
            nets[index].track = track
            for row in span { edge[row] = track + width + gap }
            widest = max(widest, track + width - 1)
        }
        return widest
    }
}
