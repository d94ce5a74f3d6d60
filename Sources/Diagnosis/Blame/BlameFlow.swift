/// Where failures of entries begin: each one's errors are followed down the calls that failed, and stay where nobody further down explains
/// them (the walk of docs/diagnosis.md, along all branches at once).
package struct BlameFlow: Sendable {
    package enum Place: Sendable, Hashable {
        /// It failed by itself.
        case node(Int32)
        /// It failed on the way.
        case edge(Int32)
    }

    /// Errors of the entries, as likely and as far as they may be more or fewer.
    package struct Mass: Sendable, Equatable {
        package var likely = 0.0
        package var low = 0.0
        package var high = 0.0

        static func += (a: inout Mass, b: Mass) {
            a.likely += b.likely
            a.low += b.low
            a.high += b.high
        }

        func times(_ likely: Double, _ low: Double, _ high: Double) -> Mass {
            Mass(likely: self.likely * likely, low: self.low * low, high: self.high * high)
        }
    }

    package struct Origin: Sendable {
        package var place: Place
        package var mass: Mass
        /// From an entry to the node that fails, or to the caller of the edge that does.
        package var path: [Int32]
        /// It is one of several that call each other in a circle and all fail.
        package var isInCircle: Bool
        /// Somebody on the way got by without some of the errors it received, and counts do not tell whose.
        package var isOpen: Bool
    }

    /// Those that explain something, the most first.
    package private(set) var origins: [Origin] = []
    /// Errors followed.
    package private(set) var total = 0.0

    /// - Parameter entries: where to begin, and how many errors came out there.
    package init(from entries: [(node: Int32, errors: Double)], in reading: MeshReading) {
        let walk = Walk(entries.map(\.node), reading)
        var mass = [Mass](repeating: Mass(), count: reading.nodes.count)
        /// The edge by which most came to a node; −1: it is an entry.
        var best = [(edge: Int32, likely: Double)](repeating: (-1, 0), count: reading.nodes.count)
        for entry in entries {
            mass[Int(entry.node)] += Mass(likely: entry.errors, low: entry.errors, high: entry.errors)
            best[Int(entry.node)] = (-1, entry.errors)
            total += entry.errors
        }
        var found: [(place: Place, at: Int32, mass: Mass)] = [], open = Set<Int32>()
        for node in walk.order where mass[Int(node)].high > 0 {
            let needed = NeededCalls(of: node, in: reading) { walk.isBack[Int($0)] }
            if needed.isOpen { open.insert(node) }
            func isLeftOut(_ edge: Int32) -> Bool { walk.isBack[Int(edge)] || needed.spared.contains(edge) }
            let own = OwnErrors(of: node, in: reading, leavingOut: isLeftOut)
            guard own.errors > 0 else { continue }
            let here = mass[Int(node)]
            let kept = here.times(own.likely / own.errors, own.low / own.errors, own.received > 0 ? own.high / own.errors : 1)
            found.append((.node(node), node, kept))
            let passed = own.errors - own.likely
            for place in reading.nodes[Int(node)].edgesOut where !isLeftOut(place) {
                let edge = reading.edges[Int(place)], failed = edge.seen.errors
                guard failed > 0 else { continue }
                let likely = min(failed, passed * failed / own.received)
                // As if all others it calls, and what is likely its own, had their full part.
                let low = max(0, own.errors - own.likely - (own.received - failed))
                let sent = here.times(likely / own.errors, min(likely, low) / own.errors, min(own.errors, failed) / own.errors)
                let wire = reading.wireErrors(place) / failed
                if wire > 0 { found.append((.edge(place), node, sent.times(wire, wire, wire))) }
                guard wire < 1 else { continue }
                let arrived = sent.times(1 - wire, 1 - wire, 1 - wire)
                mass[Int(edge.destination)] += arrived
                if arrived.likely > best[Int(edge.destination)].likely { best[Int(edge.destination)] = (place, arrived.likely) }
            }
        }
        for entry in found where entry.mass.likely > 0 {
            var path: [Int32] = [], at = entry.at
            while true {
                path.append(at)
                let edge = best[Int(at)].edge
                guard edge >= 0, path.count <= reading.nodes.count else { break }
                at = reading.edges[Int(edge)].source
            }
            origins.append(Origin(place: entry.place, mass: entry.mass, path: path.reversed(), isInCircle: walk.isInCircle(entry.at, reading), isOpen: path.contains(where: open.contains)))
        }
        origins.sort { $0.mass.likely != $1.mass.likely ? $0.mass.likely > $1.mass.likely : $0.path.lexicographicallyPrecedes($1.path) }
    }

    /// Nodes that failing calls lead to, callers before whom they call; calls that close a circle are set aside.
    private struct Walk {
        var order: [Int32] = []
        var isBack: [Bool]

        init(_ entries: [Int32], _ reading: MeshReading) {
            isBack = [Bool](repeating: false, count: reading.edges.count)
            var state = [UInt8](repeating: 0, count: reading.nodes.count)  // 1: on the way down, 2: done
            var stack: [(node: Int32, next: Int)] = []
            for entry in entries where state[Int(entry)] == 0 {
                state[Int(entry)] = 1
                stack.append((entry, 0))
                while let top = stack.last {
                    let out = reading.nodes[Int(top.node)].edgesOut
                    guard top.next < out.count else {
                        state[Int(top.node)] = 2
                        order.append(top.node)
                        stack.removeLast()
                        continue
                    }
                    stack[stack.count - 1].next += 1
                    let edge = out[top.next]
                    guard reading.edges[Int(edge)].seen.errors > 0 else { continue }
                    let to = reading.edges[Int(edge)].destination
                    switch state[Int(to)] {
                    case 0:
                        state[Int(to)] = 1
                        stack.append((to, 0))
                    case 1: isBack[Int(edge)] = true
                    default: break
                    }
                }
            }
            order.reverse()
        }

        func isInCircle(_ node: Int32, _ reading: MeshReading) -> Bool {
            let known = reading.nodes[Int(node)]
            return (known.edgesIn + known.edgesOut).contains { isBack[Int($0)] }
        }
    }
}
