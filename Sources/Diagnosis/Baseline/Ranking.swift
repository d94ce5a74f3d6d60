import MeshModel

/// Suspects, the likeliest origin first; each next one by what those before it leave over.
extension Evidence {
    func ranked() -> [(candidate: Candidate, standing: Departure.Standing)] {
        var suspects = Set(own.keys).union(lost.keys)
        for (suspect, links) in links where links.contains(where: { !$0.amounts.isEmpty }) { suspects.insert(suspect) }
        var left = Set(suspects.map(\.service)), gone = Set<Int32>()
        var found: [(candidate: Candidate, standing: Departure.Standing)] = []
        while found.count < BaselineParameters.mostOrigins {
            var best: (candidate: Candidate, standing: Departure.Standing)?
            for service in left.sorted() {
                let candidate = strongest(service, gone), standing = standing(candidate)
                guard let known = best else {
                    best = (candidate, standing)
                    continue
                }
                // Once one is named, what is certain comes before what is only large.
                let (a, b) = (!gone.isEmpty && standing == .found, !gone.isEmpty && known.standing == .found)
                if a != b ? a : (candidate.score, candidate.own) > (known.candidate.score, known.candidate.own) { best = (candidate, standing) }
            }
            guard let best, best.candidate.score > 0 else { break }
            found.append(best)
            gone.insert(best.candidate.suspect.service)
            left.remove(best.candidate.suspect.service)
        }
        return found
    }

    /// The service or one of its pods, whichever has more against it.
    private func strongest(_ service: Int32, _ gone: Set<Int32>) -> Candidate {
        var best = Candidate(Suspect(service: service), self, gone: gone)
        for pod in (pods[service] ?? []).sorted(by: { $0.raw < $1.raw }) {
            let candidate = Candidate(Suspect(service: service, pod: pod), self, gone: gone)
            if candidate.score > best.score { best = candidate }
        }
        // Either end of a wire may be at fault: half of what is explained already still counts.
        if !gone.isEmpty { best.score = (best.score + Candidate(best.suspect, self, gone: []).score) / 2 }
        return best
    }

    /// One of many tests has to be beyond what the largest of them reaches by chance, and what is left has to matter.
    private func standing(_ candidate: Candidate) -> Departure.Standing {
        let level = Normal.quantile(1 - BaselineParameters.alpha / Double(max(1, tests.count)))
        if candidate.z >= level, candidate.rest >= BaselineParameters.matter { return .found }
        return 2 * candidate.rest >= candidate.score ? .weak : .otherEnd
    }
}
