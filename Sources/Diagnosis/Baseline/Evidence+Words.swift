import Glibc
import MeshModel

/// What is told of a candidate, by the store's numbers.
extension Evidence {
    func departure(_ candidate: Candidate, _ standing: Departure.Standing) -> Departure {
        let onset = onset(candidate), service = candidate.suspect.service
        // The far end of a wire has nothing left of its own: what it is suspected of is told.
        let told = candidate.telling.contains { $0.amount.amount > 0 } ? candidate : Candidate(candidate.suspect, self, gone: [])
        let telling = told.telling.sorted { $0.amount.amount > $1.amount.amount }
        let signs = telling.filter { $0.amount.amount > 0 }.prefix(4).map { sign($0.part, $0.amount) }
        let wires = told.wires * told.coherence
        let part: Departure.Part = told.lost >= max(told.own, wires) ? .lost : told.own >= wires ? .own : .wire
        let slower = signs.first { $0.part != .lost }.map { $0.seen - $0.usual } ?? 0
        let pod = pod(candidate)
        return Departure(party: rows.podParties[.init(service: service, pod: pod)] ?? party(service), pod: pod, standing: standing, score: candidate.score, z: candidate.z, part: part,
                         slowerSeconds: part == .lost ? 0 : slower, onset: Timestamp(nanoseconds: onset.time), requestsBefore: onset.before,
                         requestsHit: onset.hits.count, sample: onset.hits.last.map { rows.traces[Int(rows.all[Int($0)].trace)] },
                         path: telling.first.map { path($0.amount.test, to: service) } ?? [], signs: signs)
    }

    private func party(_ service: Int32) -> Int32 { rows.parties[service] ?? -1 }

    private func sign(_ part: Departure.Part, _ amount: Amount) -> Departure.Sign {
        let test = tests[amount.test], group = test.id.group, label = scan.names.labels[scan.names.keys[Int(group.key)].label]
        var sign = Departure.Sign(part: part, party: party(label.service), operation: label.operation, amount: amount.amount, z: test.z, count: test.count,
                                  hits: test.hits, usual: test.usual, seen: test.seen)
        if part == .wire { sign.callee = group.slice == .gap ? party(group.service) : callee[group.key].map(party) ?? -1 }
        sign.isError = test.id.what == .errors
        if case .calls(let set) = test.id.what { sign.missing = missing(set, group) }
        return sign
    }

    /// What the most frequent set of calls that this one may have been has, and it has not.
    private func missing(_ set: Int32, _ group: RowGroup) -> [Departure.Call] {
        let names = scan.names
        let whole = model.quiet(group)?.sets.filter { $0.key != set && names.isSet(set, within: $0.key) }
            .max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
        guard let whole else { return [] }
        let kept = Set(names.sets[Int(set)])
        return names.sets[Int(whole)].filter { !kept.contains($0) }.map { .init(party: party(names.labels[$0].service), operation: names.labels[$0].operation) }
    }

    /// Parties from the entry on, by the way that most rows of a test came.
    private func path(_ test: Int, to service: Int32) -> [Int32] {
        let test = tests[test]
        var counts: [[Int32]: Int] = [:]
        for place in groups[test.id.group] where rows.all[Int(place)].start >= test.first {
            var chain: [Int32] = [], at = place
            while at >= 0 {
                let row = rows.all[Int(at)]
                if chain.last != row.service { chain.append(row.service) }
                at = row.parent
            }
            counts[chain, default: 0] += 1
        }
        var path = Array((counts.max { ($0.value, $1.key.count) < ($1.value, $0.key.count) || ($0.value, $0.key.count) == ($1.value, $1.key.count) && $1.key.lexicographicallyPrecedes($0.key) }?.key ?? []).reversed())
        if path.last != service { path.append(service) }
        return path.map(party).filter { $0 >= 0 }
    }
}
