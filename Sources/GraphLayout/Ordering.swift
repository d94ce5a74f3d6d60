/// The order of items in each layer: medians of their neighbours, then exchanges of neighbours, the best of many sweeps.
///
/// Postcondition: each layer holds the items it held; two runs give the same order.
enum Ordering {
    private static let mostSweeps = 24, patience = 6

    static func order(_ lattice: inout Lattice) {
        var best = lattice.layers
        var fewest = Int.max / 256
        for fromCallers in [true, false] {
            var sweep = Sweep(lattice, depthFirst(lattice, fromCallers: fromCallers))
            var idle = 0
            for turn in 0..<mostSweeps where idle < patience && fewest > 0 {
                if turn > 0 { sweep.medians(down: turn % 2 == 1) }
                sweep.exchange()
                let crossings = Crossings.total(sweep.lattice, position: sweep.position)
                idle += 1
                if crossings < fewest {
                    // A little less is not worth another try of all sweeps.
                    if crossings * 200 < fewest * 199 { idle = 0 }
                    fewest = crossings
                    best = sweep.lattice.layers
                }
            }
        }
        lattice.layers = best
    }

    /// The order in which a walk meets the items, so that trees come out without a crossing.
    private static func depthFirst(_ lattice: Lattice, fromCallers: Bool) -> [[Int]] {
        var layers: [[Int]] = Array(repeating: [], count: lattice.layers.count)
        var seen = [Bool](repeating: false, count: lattice.items.count)
        let starts = fromCallers ? lattice.layers.joined() : lattice.layers.reversed().joined()
        func next(_ item: Int) -> [Int] { fromCallers ? lattice.items[item].callees : lattice.items[item].callers }
        for isEnd in [true, false] {
            for start in starts where !seen[start] {
                let ends = fromCallers ? lattice.items[start].callers.isEmpty : lattice.items[start].callees.isEmpty
                guard ends || !isEnd else { continue }
                var stack = [start]
                while let item = stack.popLast() {
                    guard !seen[item] else { continue }
                    seen[item] = true
                    layers[lattice.items[item].layer].append(item)
                    stack += next(item).reversed().filter { !seen[$0] }
                }
            }
        }
        return layers
    }
}

/// A lattice whose order is being changed.
private struct Sweep {
    var lattice: Lattice
    var position: [Int]

    init(_ lattice: Lattice, _ layers: [[Int]]) {
        self.lattice = lattice
        self.lattice.layers = layers
        position = Array(repeating: 0, count: lattice.items.count)
        for layer in layers.indices { number(layer) }
    }

    private mutating func number(_ layer: Int) {
        for (place, item) in lattice.layers[layer].enumerated() { position[item] = place }
    }

    /// One sweep: every layer is sorted by the medians of the layer before it. Items without neighbours there keep their place.
    mutating func medians(down: Bool) {
        let count = lattice.layers.count
        for step in 1..<max(1, count) {
            let layer = down ? step : count - 1 - step
            var items: [(item: Int, median: Double)] = []
            var fixed: [Int?] = []
            for item in lattice.layers[layer] {
                let ends = (down ? lattice.items[item].callers : lattice.items[item].callees).map { position[$0] }.sorted()
                fixed.append(ends.isEmpty ? item : nil)
                if !ends.isEmpty { items.append((item, median(ends))) }
            }
            // Among equals the order changes with the direction, or sweeps would run in circles.
            let sorted = items.enumerated().sorted {
                $0.element.median != $1.element.median ? $0.element.median < $1.element.median : (down ? $0.offset < $1.offset : $0.offset > $1.offset)
            }
            var next = 0
            for place in fixed.indices {
                if let item = fixed[place] {
                    lattice.layers[layer][place] = item
                } else {
                    lattice.layers[layer][place] = sorted[next].element.item
                    next += 1
                }
            }
            number(layer)
        }
    }

    /// Of an even number of ends, the middle weighted towards the side where they stand closer.
    private func median(_ ends: [Int]) -> Double {
        let middle = ends.count / 2
        if ends.count % 2 == 1 { return Double(ends[middle]) }
        if ends.count == 2 { return Double(ends[0] + ends[1]) / 2 }
        let left = Double(ends[middle - 1] - ends[0]), right = Double(ends[ends.count - 1] - ends[middle])
        if left + right == 0 { return Double(ends[middle - 1] + ends[middle]) / 2 }
        return (Double(ends[middle - 1]) * right + Double(ends[middle]) * left) / (left + right)
    }

    /// Exchanges neighbours as long as crossings fall.
    mutating func exchange() {
        for _ in 0..<10 {
            var gained = 0
            for layer in lattice.layers.indices { gained += exchange(in: layer) }
            if gained == 0 { break }
        }
    }

    private mutating func exchange(in layer: Int) -> Int {
        let count = lattice.layers[layer].count
        guard count > 1 else { return 0 }
        var before = lattice.layers[layer].map { item in lattice.items[item].callers.map { position[$0] }.sorted() }
        var after = lattice.layers[layer].map { item in lattice.items[item].callees.map { position[$0] }.sorted() }
        var total = 0
        for _ in 0..<4 {
            var gained = 0
            for place in 0..<count - 1 {
                let gain = Crossings.gain(before[place], before[place + 1]) + Crossings.gain(after[place], after[place + 1])
                guard gain > 0 else { continue }
                gained += gain
                lattice.layers[layer].swapAt(place, place + 1)
                before.swapAt(place, place + 1)
                after.swapAt(place, place + 1)
            }
            total += gained
            if gained == 0 { break }
        }
        number(layer)
        return total
    }
}
