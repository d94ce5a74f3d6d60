public import MeshModel

/// Someone who calls or is called, as spans name them: a claim whose names are settled.
public typealias Party = EntityClaim

/// Everybody met in spans by a dense number, and whom each name means. It only grows, up to a limit: beyond it a pod is its service, and
/// of services beyond twice of it all are one.
public struct Parties: Sendable {
    public private(set) var all: [Party] = []
    /// The number of each party's service alone.
    private(set) var services: [Int32] = []
    /// By number: a proxy of it sent on to its own application. It is a sidecar, not a gateway.
    public private(set) var isSidecar: [Bool] = []
    /// Of services: somebody wrote spans as one of it.
    private var hasSpoken: [Bool] = []
    private var numbers: [Party: Int32] = [:]
    private var claims: [EntityClaim: Int32] = [:]
    private var clusters: [Symbol: ClusterName] = [:]
    private var peers: [PeerName: Int32] = [:]
    private let symbols: SymbolTable
    private let systems: [Symbol: EntityClaim.Kind]
    public let most: Int
    /// How often somebody new was not told apart any more.
    public private(set) var folded = 0
    /// Whoever is beyond the limit.
    private let others: Party

    /// Callers nobody names: outside the mesh, and those whose span is missing.
    public static let outside: Int32 = 0
    public static let unknown: Int32 = 1

    private struct PeerName: Hashable {
        var kind: EntityClaim.Kind
        var name: Symbol
        var cluster: Symbol
    }

    /// - Parameter most: so many are told apart; their services, as many again.
    public init(symbols: SymbolTable, most: Int = 1 << 20) {
        self.symbols = symbols
        self.most = most
        systems = Dictionary(KnownSystems.all.map { (symbols.intern($0.name), $0.kind) }) { first, _ in first }
        var others = Party()
        others.service = symbols.intern(Self.othersName)
        self.others = others
        var party = Party()
        party.kind = .external
        _ = number(party)
        party.kind = .unknown
        _ = number(party)
    }

    public subscript(_ number: Int32) -> Party { all[Int(number)] }
    public func service(of number: Int32) -> Int32 { services[Int(number)] }
    public var count: Int { all.count }
    var bytes: Int { all.count * (MemoryLayout<Party>.stride * 2 + 64) + claims.count * 96 + clusters.count * 48 + peers.count * 48 }
    public static let othersName = "(others)"
    /// Names whose meaning is remembered.
    private var mostNames: Int { 4 * most }

    mutating func noteSidecar(_ number: Int32) { isSidecar[Int(number)] = true }

    mutating func number(_ party: Party) -> Int32 {
        if let known = numbers[party] { return known }
        var service = Party()
        (service.kind, service.cluster, service.namespace, service.service) = (party.kind, party.cluster, party.namespace, party.service)
        if service.service.isEmpty { service.service = party.workload.isEmpty ? party.pod : party.workload }
        if all.count >= most, party != others {
            folded += 1
            return service != party ? number(service) : all.count < 2 * most ? add(party, service) : number(others)
        }
        return add(party, service)
    }

    mutating func numberOfOthers() -> Int32 { number(others) }

    private mutating func add(_ party: Party, _ service: Party) -> Int32 {
        let id = Int32(all.count)
        all.append(party)
        services.append(id)
        isSidecar.append(false)
        hasSpoken.append(false)
        numbers[party] = id
        if service != party { services[Int(id)] = number(service) }
        return id
    }

    /// `catalog.shop` of namespace `shop` is its service `catalog`: Istio names spans' services so.
    mutating func number(of claim: EntityClaim) -> Int32 {
        if let known = claims[claim] { return known }
        var party = Party()
        (party.kind, party.cluster, party.namespace, party.workload) = (claim.kind, claim.cluster, claim.namespace, claim.workload)
        (party.version, party.pod, party.node, party.service) = (claim.version, claim.pod, claim.node, claim.service)
        if !claim.namespace.isEmpty, !claim.service.isEmpty {
            let name = symbols.string(claim.service), end = "." + symbols.string(claim.namespace)
            if name.count > end.count, name.hasSuffix(end) { party.service = symbols.intern(String(name.dropLast(end.count))) }
        }
        if claim.isEmpty { party.kind = .unknown }
        let id = number(party)
        hasSpoken[Int(services[Int(id)])] = true
        if claims.count < mostNames { claims[claim] = id }
        return id
    }

    /// Somebody wrote spans as one of its service.
    public func speaks(_ number: Int32) -> Bool { hasSpoken[Int(services[Int(number)])] }

    /// What it is that goes by the bare name of a database or of a queue, and never wrote a span.
    public func kind(of number: Int32) -> EntityClaim.Kind {
        let party = self[number]
        guard party.kind == .workload, party.namespace.isEmpty, !speaks(number), let kind = systems[party.service] else { return party.kind }
        return kind
    }

    /// The same with the version that its caller's cluster names (`outbound|80|v2|…`).
    mutating func versioned(_ id: Int32, by symbol: Symbol) -> Int32 {
        guard !symbol.isEmpty else { return id }
        let name = cluster(symbol)
        guard !name.version.isEmpty else { return id }
        var party = self[id]
        party.version = name.version
        return number(party)
    }

    mutating func cluster(_ symbol: Symbol) -> ClusterName {
        if let known = clusters[symbol] { return known }
        let name = ClusterName(symbol, symbols)
        if clusters.count < mostNames { clusters[symbol] = name }
        return name
    }

    /// Whom a span's attributes or its cluster name as the other side.
    mutating func peer(of span: Span, caller: Int32) -> Int32 {
        let key = PeerName(kind: span.peerKind, name: span.peer, cluster: span.upstreamCluster)
        if let known = peers[key] { return known }
        var party = Party()
        if !span.upstreamCluster.isEmpty {
            let name = cluster(span.upstreamCluster)
            (party.kind, party.service, party.namespace, party.version) = (name.kind, name.service, name.namespace, name.version)
        } else if !span.peer.isEmpty {
            party.kind = span.peerKind
            party.service = span.peer
            if span.peerKind == .workload || span.peerKind == .unknown || span.peerKind == .external {
                let parts = ClusterName.host(symbols.string(span.peer))
                if parts.kind == .workload, !parts.namespace.isEmpty || span.peerKind != .external {
                    (party.kind, party.namespace) = (span.peerKind == .external ? .external : .workload, symbols.intern(parts.namespace))
                    if !parts.namespace.isEmpty { party.service = symbols.intern(parts.service) }
                }
            }
        } else {
            return Self.unknown
        }
        let id = number(party)
        if peers.count < mostNames { peers[key] = id }
        return id
    }

    /// The same process or pod: equal services, and no pods that differ.
    func isSame(_ a: Int32, _ b: Int32) -> Bool {
        if a == b { return true }
        guard services[Int(a)] == services[Int(b)] else { return false }
        let first = all[Int(a)].pod, second = all[Int(b)].pod
        return first.isEmpty || second.isEmpty || first == second
    }
}
