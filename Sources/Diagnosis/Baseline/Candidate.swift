import MeshModel

/// What speaks against one suspect that others do not explain already.
struct Candidate {
    var suspect: Suspect
    /// Amounts: its own work, wires that end at it with their coherence, calls it did not make.
    var own = 0.0
    var wires = 0.0
    var coherence = 0.0
    var lost = 0.0
    /// What ranks it, and the part that those before it leave.
    var score = 0.0
    var rest = 0.0
    /// Largest of the tests that hold a tenth of the score or more.
    var z = 0.0
    var parts: [(part: Departure.Part, amount: Evidence.Amount)] = []

    /// Tests that hold enough of the score to be spoken of.
    var telling: [(part: Departure.Part, amount: Evidence.Amount)] { parts.filter { $0.amount.amount >= BaselineParameters.tellingPart * score } }

    /// - Parameter gone: services that are named already: wires that end at them, and time beside calls of them, are explained.
    init(_ suspect: Suspect, _ evidence: Evidence, gone: Set<Int32>) {
        self.suspect = suspect
        for item in evidence.own[suspect] ?? [] {
            let explained = gone.isEmpty ? 0 : (evidence.gaps[evidence.tests[item.test].id.group.key] ?? [:]).reduce(0) { gone.contains($1.key) ? $0 + $1.value : $0 }
            let left = max(0, item.amount - explained)
            own += left
            parts.append((.own, .init(amount: left, test: item.test)))
        }
        addWires((evidence.links[suspect] ?? []).filter { !gone.contains($0.caller) && !gone.contains($0.callee) })
        addLost(evidence.lost[suspect] ?? [:], requests: evidence.requests)
        score = own + wires * coherence + lost
        rest = score
        if score > 0 { z = telling.reduce(0) { max($0, evidence.tests[$1.amount.test].z) } }
    }

    /// A bad wire has two ends: it is the one whose other wires suffer alike. Either all of them, or all that lead to it.
    private mutating func addWires(_ links: [Evidence.Link]) {
        var all = 0.0, into = 0.0, each: [Double] = [], eachInto: [Double] = []
        for link in links {
            let sum = link.amounts.reduce(0) { $0 + $1.amount }
            parts += link.amounts.map { (.wire, $0) }
            all += sum
            each.append(sum / Double(max(1, link.calls)))
            guard link.callee == suspect.service else { continue }
            into += sum
            eachInto.append(each[each.count - 1])
        }
        let (both, called) = (Statistics.participation(each), Statistics.participation(eachInto))
        (wires, coherence) = into * called > all * both ? (into, called) : (all, both)
    }

    private mutating func addLost(_ lost: [Int32: Evidence.Amount], requests: Int) {
        var sums: [Int: Double] = [:]
        for item in lost.sorted(by: { $0.key < $1.key }) {
            self.lost += item.value.amount / Double(requests)
            sums[item.value.test, default: 0] += item.value.amount / Double(requests)
        }
        parts += sums.sorted { $0.key < $1.key }.map { (.lost, .init(amount: $0.value, test: $0.key)) }
    }

    var isAnything: Bool { score > 0 }
}
