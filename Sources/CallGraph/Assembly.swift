public import MeshModel

/// One trace put together from its spans in any order. Whatever is odd about them stays in, marked and counted.
public struct Assembly: Sendable {
    struct Marks: OptionSet {
        var rawValue: UInt16
        static let orphan = Marks(rawValue: 1)
        static let cycle = Marks(rawValue: 2)
        /// A request came in here; one went out.
        static let incoming = Marks(rawValue: 4)
        static let outgoing = Marks(rawValue: 8)
        /// Its request arrived at somebody who wrote spans.
        static let served = Marks(rawValue: 16)
        /// Toward the proxy's own application.
        static let local = Marks(rawValue: 32)
        /// Refused by policy at this proxy.
        static let denied = Marks(rawValue: 64)
    }

    /// Each once.
    public private(set) var spans: [Span] = []
    /// By place of the span: its writer, parent (−1: none) and how far its times are moved, in nanoseconds.
    public internal(set) var party: [Int32] = []
    public internal(set) var parent: [Int32] = []
    public internal(set) var shift: [Int64] = []
    var marks: [Marks] = []
    var firstChild: [Int32] = []
    var nextSibling: [Int32] = []
    /// Depth-first, siblings by start.
    public private(set) var order: [Int32] = []
    public internal(set) var oddities = Oddities()
    public internal(set) var calls: [Call] = []
    /// For each call, by place: the span where it came in (−1: nobody told) and the outermost one of its caller's side (−1).
    public internal(set) var arrivals: [Int32] = []
    public internal(set) var departures: [Int32] = []
    public private(set) var root = 0
    private(set) var rootCount = 0
    var hosts: [Int32] = []
    /// By place: spans each stands for; empty where nobody says.
    var standsFor: [UInt16] = []

    /// - Parameter resources: by a span's `resource`.
    public init(_ raw: [Span], resources: [HeldResource], parties: inout Parties) {
        spans.reserveCapacity(raw.count)
        let index = take(raw)
        let count = spans.count
        guard count > 0 else { return }
        party = spans.map { resources[Int($0.resource)].party }
        hosts = spans.map { resources[Int($0.resource)].clock }
        marks = [Marks](repeating: [], count: count)
        parent = [Int32](repeating: -1, count: count)
        shift = [Int64](repeating: 0, count: count)
        link(index, parties)
        breakCycles()
        let byStart = placeChildren()
        walk(roots: byStart.filter { parent[Int($0)] < 0 })
        straightenClocks()
        spreadSampling()
        classify(&parties)
        findCalls(&parties)
    }

    private mutating func take(_ raw: [Span]) -> SpanIndex {
        struct Extra: Hashable {
            var id: SpanID
            var kind: SpanKind
            var start: Timestamp
        }
        var index = SpanIndex(capacity: raw.count)
        var extras = Set<Extra>()
        for span in raw {
            spans.append(span)
            switch index.insert(spans.count - 1, spans) {
            case .placed: break
            case .duplicate:
                spans.removeLast()
                oddities[.duplicate] += 1
                continue
            case .idTaken:
                guard extras.insert(Extra(id: span.id, kind: span.kind, start: span.start)).inserted else {
                    spans.removeLast()
                    oddities[.duplicate] += 1
                    continue
                }
                oddities[.idTaken] += 1
            }
            if span.kind == .unspecified { oddities[.kindMissing] += 1 }
            if span.end < span.start {
                oddities[.negativeDuration] += 1
                spans[spans.count - 1].end = span.start
            } else if span.duration.nanoseconds / 1000 > CallSide.longestMicroseconds {
                oddities[.longDuration] += 1
            }
        }
        return index
    }

    // MARK: - Parents

    private mutating func link(_ index: SpanIndex, _ parties: Parties) {
        for place in spans.indices {
            let span = spans[place]
            if span.isShared || span.kind == .server {
                // A server half under the client half whose id it wrote.
                let first = Int(index[span.id].first)
                if first >= 0, first != place, span.isShared || spans[first].kind == .client {
                    parent[place] = Int32(first)
                    continue
                }
            }
            if span.kind == .unspecified {
                // The rest of a server half, sent apart.
                let (first, server) = index[span.id]
                if server >= 0, first != place, parties.isSame(party[Int(server)], party[place]) {
                    parent[place] = server
                    continue
                }
            }
            guard !span.parent.isNone else { continue }
            let (first, server) = index[span.parent]
            if first < 0, server < 0 {
                marks[place].insert(.orphan)
                oddities[.parentMissing] += 1
                continue
            }
            // Of two halves, the server's is the parent of what its own service did.
            let isClients = server < 0 || first >= 0 && parties.isSame(party[Int(first)], party[place]) && !parties.isSame(party[Int(server)], party[place])
            parent[place] = isClients ? first : server
        }
    }

    /// Of spans that are each other's ancestors the earliest becomes a root.
    private mutating func breakCycles() {
        var state = [UInt8](repeating: 0, count: spans.count)  // 1: on the way up now, 2: leads to a root
        var path: [Int] = []
        for start in spans.indices where state[start] == 0 {
            path.removeAll(keepingCapacity: true)
            var place = start
            while place >= 0, state[place] == 0 {
                state[place] = 1
                path.append(place)
                place = Int(parent[place])
            }
            if place >= 0, state[place] == 1, let from = path.firstIndex(of: place) {
                let first = path[from...].min { (spans[$0].start, spans[$0].id.raw) < (spans[$1].start, spans[$1].id.raw) } ?? place
                parent[first] = -1
                marks[first].insert(.cycle)
                oddities[.parentCycle] += 1
            }
            for passed in path { state[passed] = 2 }
        }
    }

    // MARK: - Tree

    private mutating func placeChildren() -> [Int32] {
        firstChild = [Int32](repeating: -1, count: spans.count)
        nextSibling = firstChild
        // What is compared, and nothing else of the spans: they are large.
        struct Begin {
            var start: Int64
            var id: UInt64
            var place: Int32
        }
        var begins: [Begin] = []
        begins.reserveCapacity(spans.count)
        for place in spans.indices { begins.append(Begin(start: spans[place].start.nanoseconds, id: spans[place].id.raw, place: Int32(place))) }
        begins.sort { $0.start != $1.start ? $0.start < $1.start : ($0.id, $0.place) < ($1.id, $1.place) }
        for begin in begins.reversed() {
            let above = Int(parent[Int(begin.place)])
            guard above >= 0 else { continue }
            nextSibling[Int(begin.place)] = firstChild[above]
            firstChild[above] = begin.place
        }
        return begins.map(\.place)
    }

    private mutating func walk(roots: [Int32]) {
        rootCount = roots.count
        if rootCount > 1 { oddities[.severalRoots] += 1 }
        root = Int(roots.first { !marks[Int($0)].contains(.orphan) } ?? roots[0])
        order.reserveCapacity(spans.count)
        for start in roots {
            var place = start
            walking: while true {
                order.append(place)
                if firstChild[Int(place)] >= 0 {
                    place = firstChild[Int(place)]
                    continue
                }
                while place == start || nextSibling[Int(place)] < 0 {
                    if place == start { break walking }
                    place = parent[Int(place)]
                }
                place = nextSibling[Int(place)]
            }
        }
    }

    /// By start.
    public func children(of place: Int) -> ChildList { ChildList(place: firstChild[place], siblings: nextSibling) }

    public struct ChildList: Sequence, IteratorProtocol, Sendable {
        var place: Int32
        let siblings: [Int32]
        public mutating func next() -> Int? {
            guard place >= 0 else { return nil }
            defer { place = siblings[Int(place)] }
            return Int(place)
        }
    }
}

/// Who wrote spans, as the store holds it.
public struct HeldResource: Sendable {
    public var party: Int32
    /// Spans of one clock have one number.
    public var clock: Int32
    /// Its OTLP `Resource` message.
    public var bytes: [UInt8]
    public var users = 0
    public init(party: Int32, clock: Int32, bytes: [UInt8] = []) {
        self.party = party
        self.clock = clock
        self.bytes = bytes
    }
}
