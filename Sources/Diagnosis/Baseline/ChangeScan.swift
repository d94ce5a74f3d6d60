import Glibc

/// All tests of rows against the quiet time.
struct ChangeScan {
    let model: QuietModel
    let rows: CallRows
    let names: RowNames
    /// Log seconds that everything got slower by: load, and no fault of one service.
    var tide = 0.0

    func tests(_ groups: RowGroups) -> [ChangeTest] {
        var tests: [ChangeTest] = []
        for group in groups.groups {
            guard let quiet = model.quiet(group) else { continue }
            let places = groups[group]
            if let test = time(group, places, quiet) { tests.append(test) }
            guard group.slice != .gap else { continue }
            for what in whats(places) {
                if let test = structure(group, what, places, quiet) { tests.append(test) }
            }
        }
        return tests
    }

    /// Log seconds over the usual.
    func residual(_ row: CallRow, _ group: RowGroup, _ quiet: QuietKey) -> Double {
        log(rows.seconds(row, group) + model.floorSeconds) - quiet.centre(row.set).log - tide
    }

    func deviation(_ quiet: QuietKey) -> Double {
        (quiet.count >= BaselineParameters.few ? max(quiet.variance, 1e-6) : max(quiet.variance, model.variance)).squareRoot()
    }

    func `is`(_ row: CallRow, _ what: ChangeTest.What) -> Bool {
        switch what {
        case .time: false
        case .errors: row.isError
        case .calls(let set): row.set == set
        }
    }

    /// Whether it can become so: a row that made all these calls and may have made others.
    func isOfFamily(_ row: CallRow, _ what: ChangeTest.What) -> Bool {
        if case .calls(let set) = what { return names.isSet(set, within: row.set) }
        return true
    }

    // MARK: - Time

    /// z = mean / √(variance·(1/n + 1/N) + wander) of the best tail of n rows against N quiet ones: rows vary, and the whole drifts.
    private func time(_ group: RowGroup, _ places: [Int32], _ quiet: QuietKey) -> ChangeTest? {
        let deviation = deviation(quiet)
        let residuals = places.map { residual(rows.all[Int($0)], group, quiet) }
        let at = Statistics.split(residuals.lazy.map { $0 / deviation })
        guard at < places.count else { return nil }
        let count = places.count - at, shift = residuals[at...].reduce(0, +) / Double(count)
        let wander = max(quiet.wander, model.wander, group.slice == .whole ? 0 : model.keys[group.whole]?.wander ?? 0)
        let z = shift / (deviation * deviation * (1 / Double(count) + 1 / Double(quiet.count)) + wander).squareRoot()
        var seen = 0.0, usual = 0.0
        for place in places[at...] {
            let row = rows.all[Int(place)]
            seen += rows.seconds(row, group)
            usual += quiet.centre(row.set).seconds * exp(tide)
        }
        return ChangeTest(id: .init(group: group, what: .time), first: rows.all[Int(places[at])].start, z: min(z, Statistics.mostSurprise(count, among: quiet.count)),
                          excess: max(0, seen - usual), count: count, hits: count, usual: usual / Double(count), seen: seen / Double(count))
    }

    // MARK: - Calls and errors

    /// The sets of calls that were made, the most frequent first, and errors, if there are any.
    private func whats(_ places: [Int32]) -> [ChangeTest.What] {
        var counts: [Int32: Int] = [:], hasErrors = false
        for place in places {
            counts[rows.all[Int(place)].set, default: 0] += 1
            hasErrors = hasErrors || rows.all[Int(place)].isError
        }
        let sets = counts.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }.prefix(BaselineParameters.mostSets)
        return sets.map { .calls($0.key) } + (hasErrors ? [.errors] : [])
    }

    /// z = difference of log odds / √(dispersion · (variance + quiet variance)), of the best tail.
    private func structure(_ group: RowGroup, _ what: ChangeTest.What, _ places: [Int32], _ quiet: QuietKey) -> ChangeTest? {
        guard let usual = quiet.share(what, names) else { return nil }
        let family = places.filter { isOfFamily(rows.all[Int($0)], what) }
        let at = Statistics.split(family.lazy.map { (`is`(rows.all[Int($0)], what) ? 1 : 0) - usual.chance })
        guard at < family.count else { return nil }
        let count = Double(family.count - at), hits = Double(family[at...].count { `is`(rows.all[Int($0)], what) })
        let now = Statistics.logOdds(hits, of: count), then = Statistics.logOdds(usual.hits, of: usual.of)
        let z = (now.value - then.value) / (usual.dispersion * (now.variance + then.variance)).squareRoot()
        let excess = hits - count * usual.hits / usual.of
        guard excess > 0, z > 0 else { return nil }
        return ChangeTest(id: .init(group: group, what: what), first: rows.all[Int(family[at])].start, z: z, excess: excess, count: Int(count), hits: Int(hits),
                          usual: usual.hits / usual.of, seen: hits / count)
    }
}
