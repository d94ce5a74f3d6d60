/// What one stretch of time says of a mesh under one predicate: counts, and who calls whom by place in `nodes`.
package struct MeshReading: Sendable {
    package struct Counts: Sendable, Equatable {
        package var requests: Double
        package var errors: Double
        /// Part of `requests`, none of `errors`.
        package var denied: Double
        /// Of `errors`, those that a proxy on the way answered, or nobody did.
        package var onTheWay: Double

        package init(requests: Double = 0, errors: Double = 0, denied: Double = 0, onTheWay: Double = 0) {
            (self.requests, self.errors, self.denied, self.onTheWay) = (requests, errors, denied, onTheWay)
        }

        package static func + (a: Counts, b: Counts) -> Counts {
            Counts(requests: a.requests + b.requests, errors: a.errors + b.errors, denied: a.denied + b.denied, onTheWay: a.onTheWay + b.onTheWay)
        }
    }

    package struct Node: Sendable {
        /// What its own proxies, or its halves of spans, say it answered; nil: nobody tells but its callers.
        package var own: Counts?
        /// Calls come to it from outside the mesh: so many, and how they ended.
        package var entry: Counts?
        package var edgesIn: [Int32] = []
        package var edgesOut: [Int32] = []
        /// Of all calls to it, as they were seen.
        fileprivate(set) var errorsIn = 0.0

        package init(own: Counts? = nil, entry: Counts? = nil) {
            self.own = own
            self.entry = entry
        }
    }

    package struct Edge: Sendable {
        package var source: Int32
        package var destination: Int32
        package var client: Counts?
        package var server: Counts?

        package init(source: Int32, destination: Int32, client: Counts?, server: Counts?) {
            (self.source, self.destination, self.client, self.server) = (source, destination, client, server)
        }

        /// The caller's view counts where it is known: it alone sees what never arrived.
        package var seen: Counts { client ?? server ?? Counts() }
    }

    package private(set) var nodes: [Node] = []
    package private(set) var edges: [Edge] = []

    package init() {}

    package mutating func reserve(nodes: Int, edges: Int) {
        self.nodes.reserveCapacity(nodes)
        self.edges.reserveCapacity(edges)
    }

    @discardableResult
    package mutating func add(_ node: Node) -> Int32 {
        nodes.append(node)
        return Int32(nodes.count - 1)
    }

    @discardableResult
    package mutating func add(_ edge: Edge) -> Int32 {
        let place = Int32(edges.count)
        edges.append(edge)
        nodes[Int(edge.source)].edgesOut.append(place)
        nodes[Int(edge.destination)].edgesIn.append(place)
        nodes[Int(edge.destination)].errorsIn += edge.seen.errors
        return place
    }

    /// Calls to a node from outside the mesh.
    package mutating func add(entry counts: Counts, to node: Int32) { nodes[Int(node)].entry = (nodes[Int(node)].entry ?? Counts()) + counts }
    /// What a node says it answered.
    package mutating func add(own counts: Counts, to node: Int32) { nodes[Int(node)].own = (nodes[Int(node)].own ?? Counts()) + counts }

    /// What a node answered: by its own word, else by its callers'.
    package func answered(_ node: Int32) -> Counts {
        let known = nodes[Int(node)]
        if let own = known.own { return own }
        return known.edgesIn.reduce(known.entry ?? Counts()) { $0 + edges[Int($1)].seen }
    }

    /// Proxies are read a moment apart: what differs by less than a tenth says nothing.
    static let noise = 0.1
}
