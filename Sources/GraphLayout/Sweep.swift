/// The links of a lattice in two flat arrays, both ways.
struct Links {
    /// Of each item, where its neighbours begin; then the neighbours.
    struct Side {
        var start: [Int] = [0]
        var ends: [Int] = []

        init(_ lists: [[Int]]) {
            start.reserveCapacity(lists.count + 1)
            for list in lists {
                ends += list
                start.append(ends.count)
            }
        }
    }

    let callers: Side
    let callees: Side
    let layers: Int

    init(_ lattice: Lattice) {
        callers = Side(lattice.items.map(\.callers))
        callees = Side(lattice.items.map(\.callees))
        layers = lattice.layers.count
    }
}

/// An order that is being changed.
struct Sweep {
    private let links: Links
    private let usesMedians: Bool
    private(set) var layers: [[Int]]
    private var position: [Int]
    /// Places of every item's callers and callees, rising, laid out like the links.
    private var before: [Int]
    private var after: [Int]

    init(_ links: Links, _ layers: [[Int]], usesMedians: Bool) {
        self.links = links
        self.layers = layers
        self.usesMedians = usesMedians
        position = Array(repeating: 0, count: links.callers.start.count - 1)
        before = links.callers.ends
        after = links.callees.ends
        for layer in layers.indices { number(layer) }
    }

    private mutating func number(_ layer: Int) {
        for (place, item) in layers[layer].enumerated() { position[item] = place }
    }

    /// Lists are short: insertion.
    private static func gather(_ item: Int, _ side: Links.Side, _ position: [Int], into places: inout [Int]) {
        let first = side.start[item]
        for index in first..<side.start[item + 1] {
            let place = position[side.ends[index]]
            var hole = index
            while hole > first && places[hole - 1] > place {
                places[hole] = places[hole - 1]
                hole -= 1
            }
            places[hole] = place
        }
    }

    func crossings() -> Int {
        var tree: [Int] = []
        var total = 0
        for layer in 0..<max(0, links.layers - 1) {
            total += Crossings.count(layers[layer], width: layers[layer + 1].count, callees: links.callees, position: position, tree: &tree)
        }
        return total
    }

    /// One sweep: every layer is sorted by the medians, or the means, of the layer before it. Items without neighbours there keep their place.
    mutating func align(down: Bool) {
        for step in 1..<max(1, links.layers) {
            let layer = down ? step : links.layers - 1 - step
            let side = down ? links.callers : links.callees
            var moving: [(item: Int, middle: Double, place: Int)] = []
            var places: [Int] = []
            for (place, item) in layers[layer].enumerated() where side.start[item] < side.start[item + 1] {
                if down { Self.gather(item, side, position, into: &before) } else { Self.gather(item, side, position, into: &after) }
                moving.append((item, middle(down ? before : after, side.start[item]..<side.start[item + 1]), place))
                places.append(place)
            }
            // Among equals the order changes with the direction, or sweeps would run in circles.
            moving.sort { $0.middle != $1.middle ? $0.middle < $1.middle : (down ? $0.place < $1.place : $0.place > $1.place) }
            for (place, moved) in zip(places, moving) { layers[layer][place] = moved.item }
            number(layer)
        }
    }

    /// Of an even number of ends, the middle weighted towards the side where they stand closer.
    private func middle(_ places: [Int], _ range: Range<Int>) -> Double {
        if !usesMedians { return Double(range.reduce(0) { $0 + places[$1] }) / Double(range.count) }
        let middle = range.lowerBound + range.count / 2
        if range.count % 2 == 1 { return Double(places[middle]) }
        let left = Double(places[middle - 1] - places[range.lowerBound]), right = Double(places[range.upperBound - 1] - places[middle])
        if left + right == 0 { return Double(places[middle - 1] + places[middle]) / 2 }
        return (Double(places[middle - 1]) * right + Double(places[middle]) * left) / (left + right)
    }

    /// Exchanges neighbours as long as crossings fall; `equals` also where they stay, once, to get out of a rut.
    mutating func exchange(equals: Bool, rounds: Int) {
        var isStale = [Bool](repeating: true, count: links.layers)
        for turn in 0..<rounds where isStale.contains(true) {
            for layer in 0..<links.layers where isStale[layer] {
                isStale[layer] = false
                guard exchange(in: layer, equals: equals && turn == 0, rounds: rounds) else { continue }
                isStale[layer] = true
                if layer > 0 { isStale[layer - 1] = true }
                if layer + 1 < links.layers { isStale[layer + 1] = true }
            }
        }
    }

    private mutating func exchange(in layer: Int, equals: Bool, rounds: Int) -> Bool {
        var row = take(layer)
        var changed = false
        for turn in 0..<rounds {
            var gained = false
            for place in row.indices.dropLast() {
                let (now, exchanged) = crossings(row[place], row[place + 1])
                guard exchanged < now || equals && turn == 0 && exchanged == now && now > 0 else { continue }
                gained = gained || exchanged < now
                changed = true
                row.swapAt(place, place + 1)
            }
            if !gained && turn > 0 { break }
        }
        layers[layer] = row
        if changed { number(layer) }
        return changed
    }

    /// A layer, to be changed and put back, with the places of its neighbours up to date.
    private mutating func take(_ layer: Int) -> [Int] {
        var row: [Int] = []
        swap(&row, &layers[layer])
        for item in row {
            Self.gather(item, links.callers, position, into: &before)
            Self.gather(item, links.callees, position, into: &after)
        }
        return row
    }

    /// Of the links of two items of one layer, as they stand and if they stood the other way round.
    private func crossings(_ upper: Int, _ lower: Int) -> (now: Int, exchanged: Int) {
        let up = links.callers.start, down = links.callees.start
        let above = Crossings.between(before, up[upper]..<up[upper + 1], up[lower]..<up[lower + 1])
        let below = Crossings.between(after, down[upper]..<down[upper + 1], down[lower]..<down[lower + 1])
        return (above.now + below.now, above.exchanged + below.exchanged)
    }

    /// Every item in turn goes where in its layer it crosses least, until none gains; gives the crossings saved.
    mutating func sift() -> Int {
        var saved = 0
        var isStale = [Bool](repeating: true, count: links.layers)
        for _ in 0..<8 where isStale.contains(true) {
            for layer in 0..<links.layers where isStale[layer] {
                isStale[layer] = false
                let gained = sift(in: layer)
                guard gained > 0 else { continue }
                saved += gained
                isStale[layer] = true
                if layer > 0 { isStale[layer - 1] = true }
                if layer + 1 < links.layers { isStale[layer + 1] = true }
            }
        }
        return saved
    }

    private mutating func sift(in layer: Int) -> Int {
        var row = take(layer)
        var saved = 0
        for item in row {
            let from = position[item]
            var best = from, least = 0, cost = 0
            for place in stride(from: from - 1, through: max(0, from - Self.reach), by: -1) {
                cost += exchanging(row[place], item)
                if cost < least { (least, best) = (cost, place) }
            }
            cost = 0
            for place in from + 1..<max(from + 1, min(row.count, from + Self.reach)) {
                cost += exchanging(item, row[place])
                if cost < least { (least, best) = (cost, place) }
            }
            guard best != from else { continue }
            saved -= least
            let step = best < from ? -1 : 1
            for place in stride(from: from, to: best, by: step) {
                row[place] = row[place + step]
                position[row[place]] = place
            }
            row[best] = item
            position[item] = best
        }
        layers[layer] = row
        return saved
    }

    /// Places that an item is tried at on either side of its own.
    private static let reach = 80

    /// What crossings change by if two items change places.
    private func exchanging(_ upper: Int, _ lower: Int) -> Int {
        let (now, exchanged) = crossings(upper, lower)
        return exchanged - now
    }
}
