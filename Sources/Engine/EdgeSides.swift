import MeshModel
import Panels

/// All views of one edge, never summed with each other.
struct EdgeSides {
    var client: SignalSums?
    /// What the callee's proxies say; where they say nothing, what one in between does.
    var server: SignalSums? { hasOwnServer ? ownServer : waypoint ?? ownServer }
    private var ownServer: SignalSums?
    private var waypoint: SignalSums?
    var clientVersions: [(version: Symbol, sums: SignalSums)] = []
    private var ownServerVersions: [(version: Symbol, sums: SignalSums)] = []
    private var waypointVersions: [(version: Symbol, sums: SignalSums)] = []
    var serverVersions: [(version: Symbol, sums: SignalSums)] { hasOwnServer ? ownServerVersions : waypointVersions }
    /// Each of its calls from the one side that counts for it, where it is the sum of several calls or part of one.
    var counted: SignalSums?
    var countedVersions: [(version: Symbol, sums: SignalSums)] = []
    var isGRPC = false
    var clientTargets: [Int32] = []
    var serverTargets: [Int32] = []
    var targets: [Int32] { clientTargets + serverTargets.filter { !clientTargets.contains($0) } }

    private var hasOwnServer: Bool { (ownServer?.requests ?? 0) > 0 || waypoint == nil }

    mutating func add(_ sums: SignalSums, _ relation: TargetFold.Relation, _ facts: ServiceFacts, _ target: Int32) {
        isGRPC = isGRPC || relation.isGRPC
        let version = facts.version(of: relation.destination)
        switch relation.vantage {
        case .client:
            if clientTargets.last != target { clientTargets.append(target) }
            Self.merge(sums, into: &client)
            clientVersions.add(version, sums)
        case .server:
            if serverTargets.last != target { serverTargets.append(target) }
            Self.merge(sums, into: &ownServer)
            ownServerVersions.add(version, sums)
        case .waypoint:
            if serverTargets.last != target { serverTargets.append(target) }
            Self.merge(sums, into: &waypoint)
            waypointVersions.add(version, sums)
        }
    }

    /// What a node's proxies answered callers nobody knows.
    init(outside: SignalSums, versions: [(version: Symbol, sums: SignalSums)], targets: [Int32]) {
        (ownServer, ownServerVersions, serverTargets) = (outside, versions, targets)
    }

    init() {}

    mutating func merge(outside other: EdgeSides) {
        if let more = other.ownServer { Self.merge(more, into: &ownServer) }
        for entry in other.ownServerVersions { ownServerVersions.add(entry.version, entry.sums) }
        serverTargets += other.serverTargets
    }

    mutating func count(_ sums: SignalSums, version: Symbol) {
        Self.merge(sums, into: &counted)
        countedVersions.add(version, sums)
    }

    private static func merge(_ sums: SignalSums, into all: inout SignalSums?) {
        if all == nil { all = sums } else { all?.merge(sums) }
    }
}

/// Which side each call between two services is counted from: the caller's if it saw any, for it alone sees what never arrived; else the
/// callee's; else that of a proxy in between. An edge of any level is the sum of its calls so counted: every level has the same total.
struct CallVantages {
    private var known: [Vantage?]

    init(_ fold: LevelFold) { known = .init(repeating: nil, count: fold.level == .service ? 0 : fold.callCount) }

    mutating func vantage(of call: Int32, _ fold: LevelFold, _ targets: [TargetState]) -> Vantage {
        if let known = known[Int(call)] { return known }
        let parts = fold.parts(ofCall: call)
        let vantage = Self.first(parts, targets) { $0.requests > 0 } ?? Self.first(parts, targets) { $0.sums.hasBytes } ?? .client
        known[Int(call)] = vantage
        return vantage
    }

    /// Whether it counts from another side now.
    mutating func hasTurned(_ call: Int32, _ fold: LevelFold, _ targets: [TargetState]) -> Bool {
        let before = known[Int(call)]
        known[Int(call)] = nil
        return before.map { $0 != vantage(of: call, fold, targets) } ?? false
    }

    private static func first(_ parts: [LevelFold.Part], _ targets: [TargetState], _ counts: (TargetFold.Relation) -> Bool) -> Vantage? {
        var found: Vantage?
        for part in parts {
            let relation = targets[Int(part.target)].folded.relations[Int(part.relation)]
            guard found.map({ relation.vantage.rawValue < $0.rawValue }) ?? true, counts(relation) else { continue }
            found = relation.vantage
            if relation.vantage == .client { break }
        }
        return found
    }
}

extension LevelFold {
    func sides(of index: Int, _ targets: [TargetState], _ facts: ServiceFacts, _ vantages: inout CallVantages) -> EdgeSides {
        var result = EdgeSides()
        for part in edges[index].parts {
            let relation = targets[Int(part.target)].folded.relations[Int(part.relation)]
            let sums = facts.completed(relation, service: service(ofCall: part.call))
            result.add(sums, relation, facts, part.target)
            // An edge between services is one call.
            guard level != .service, vantages.vantage(of: part.call, self, targets) == relation.vantage else { continue }
            result.count(sums, version: facts.version(of: relation.destination))
        }
        return result
    }

    /// Some of what is said of each call between two services that an edge is made of.
    /// - Parameter picks: by the side that says it and the service called.
    func reports(ofCallsOf index: Int, _ targets: [TargetState], _ facts: ServiceFacts, where picks: (Vantage, Int32) -> Bool) -> [EdgeSides] {
        var sides: [EdgeSides] = [], places: [Int32: Int] = [:]
        for part in edges[index].parts {
            let relation = targets[Int(part.target)].folded.relations[Int(part.relation)], service = service(ofCall: part.call)
            guard picks(relation.vantage, service) else { continue }
            let place = places[part.call] ?? sides.count
            if place == sides.count {
                places[part.call] = place
                sides.append(EdgeSides())
            }
            sides[place].add(facts.completed(relation, service: service), relation, facts, part.target)
        }
        return sides
    }

    /// The edge that stands for a node's callers from outside.
    func outsideSides(of node: Node) -> EdgeSides? {
        guard let outside = node.outside else { return nil }
        let isAll = node.edgesIn.allSatisfy { edges[Int($0)].requests == 0 }
        return EdgeSides(outside: outside, versions: isAll ? node.versions : [], targets: node.targets)
    }
}
