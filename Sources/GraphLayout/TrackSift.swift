/// An order of trunks that is being improved. It counts what will be seen: of several wires that meet on a row there is only one to cross,
/// from the first trunk on it.
struct TrackSift {
    private(set) var order: [Int]
    private let shapes: [TrackShape]
    private let later: [[Int]]
    /// Of each row, the place of the first trunk that has a wire to its right; -1 if a wire runs there through the whole channel.
    private var first: [Int]
    private let top: Int

    init(_ order: [Int], _ shapes: [TrackShape], _ later: [[Int]], straight: [Int]) {
        self.order = order
        self.shapes = shapes
        self.later = later
        let top = shapes.map(\.top).min() ?? 0
        self.top = top
        first = Array(repeating: Int.max, count: (shapes.map(\.bottom).max() ?? 0) - top + 1)
        for net in straight { for row in shapes[net].right { first[row - top] = -1 } }
        for (place, net) in order.enumerated() { for row in shapes[net].right { first[row - top] = min(first[row - top], place) } }
    }

    /// Moves every trunk to its best place, as far as those that must come before or after it let it.
    mutating func sift() {
        for _ in 0..<3 {
            var isBetter = false
            for net in order where move(net) { isBetter = true }
            if !isBetter { return }
        }
    }

    private static let reach = 32

    private mutating func move(_ net: Int) -> Bool {
        guard let from = order.firstIndex(of: net) else { return false }
        var place = from, best = from, cost = 0, least = 0
        while place > max(0, from - Self.reach), !later[order[place - 1]].contains(net) {
            place -= 1
            cost += exchange(place)
            if cost < least { (least, best) = (cost, place) }
        }
        while place < min(order.count - 1, from + Self.reach), !later[net].contains(order[place + 1]) {
            cost += exchange(place)
            place += 1
            if cost < least { (least, best) = (cost, place) }
        }
        while place > best {
            place -= 1
            _ = exchange(place)
        }
        while place < best {
            _ = exchange(place)
            place += 1
        }
        return least < 0
    }

    /// Exchanges a trunk and the next one; gives what crossings change by.
    private mutating func exchange(_ place: Int) -> Int {
        let a = shapes[order[place]], b = shapes[order[place + 1]]
        var change = 0
        if a.top <= b.bottom && b.top <= a.bottom {
            for row in b.left where a.passes(row) { change -= 1 }
            for row in a.left where b.passes(row) { change += 1 }
            for row in a.right where b.passes(row) && first[row - top] == place { change -= 1 }
            for row in b.right where a.passes(row) && first[row - top] >= place { change += 1 }
        }
        order.swapAt(place, place + 1)
        for row in a.right where first[row - top] == place { first[row - top] = place + 1 }
        for row in b.right { first[row - top] = min(first[row - top], place) }
        return change
    }
}
