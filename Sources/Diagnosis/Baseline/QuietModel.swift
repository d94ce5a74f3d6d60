import Glibc
import MeshModel

/// What a mesh does when nothing is wrong, by operation and call path: learned once from rows of a quiet time.
package struct QuietModel: Sendable {
    private(set) var keys: [RowGroup: QuietKey] = [:]
    package private(set) var requests = 0
    /// Of the median request; what of a time is not told apart.
    private(set) var requestSeconds = 1e-3
    private(set) var floorSeconds = 1e-6
    /// By key: rows with calls, by the only service called (−1: several).
    private(set) var peers: [Int32: [Int32: Int]] = [:]
    /// Of the median key: what keys with little data have at least.
    private(set) var wander = 0.0
    private(set) var variance = 0.25
    let crowded: Set<Int32>
    /// What tests say of quiet stretches at worst (the second largest), standard errors and excess for each request.
    private(set) var quietZ: [ChangeTest.ID: Double] = [:]
    private(set) var quietExcess: [ChangeTest.ID: Double] = [:]

    package init(_ rows: CallRows, _ names: RowNames) {
        crowded = rows.crowded
        let entries = rows.all.filter(\.isEntry)
        requests = entries.count
        let median = Statistics.median(entries.map(\.seconds))
        requestSeconds = median > 0 ? median : 1e-3
        floorSeconds = BaselineParameters.floorShare * requestSeconds
        let stretches = Self.stretches(rows, entries.map(\.start))
        let grouped = stretches.map { RowGroups(rows, $0, crowded: crowded) }
        learnKeys(rows, grouped)
        for row in rows.all where row.set != 0 { peers[row.key, default: [:]][row.peer, default: 0] += 1 }
        let scan = ChangeScan(model: self, rows: rows, names: names)
        var zs: [ChangeTest.ID: [Double]] = [:], excesses: [ChangeTest.ID: [Double]] = [:]
        for (stretch, groups) in zip(stretches, grouped) {
            let requests = max(1, stretch.count { rows.all[$0].isEntry })
            for test in scan.tests(groups) {
                zs[test.id, default: []].append(test.z)
                excesses[test.id, default: []].append(test.excess / Double(requests))
            }
        }
        quietZ = zs.mapValues(Statistics.secondLargest)
        quietExcess = excesses.mapValues(Statistics.secondLargest)
    }

    /// Places of rows by stretch of the quiet time, each with as many requests. A row is of its request's.
    private static func stretches(_ rows: CallRows, _ starts: [Int64]) -> [[Int]] {
        let size = max(1, Double(starts.count) / Double(BaselineParameters.pieces))
        var stretches = [[Int]](repeating: [], count: BaselineParameters.pieces)
        for place in rows.all.indices {
            let start = rows.all[Int(rows.all[place].root)].start
            // How many requests began before.
            let low = (0..<starts.count).firstPlace { starts[$0] < start }
            stretches[min(BaselineParameters.pieces - 1, Int(Double(low) / size))].append(place)
        }
        return stretches.filter { !$0.isEmpty }
    }

    private mutating func learnKeys(_ rows: CallRows, _ stretches: [RowGroups]) {
        let groups = Set(stretches.flatMap(\.groups))
        for group in groups {
            keys[group] = QuietKey(stretches.map { $0[group] }.filter { !$0.isEmpty }.map { places in
                places.map { place in
                    let row = rows.all[Int(place)], seconds = rows.seconds(row, group)
                    return QuietKey.Sample(set: row.set, seconds: seconds, log: log(seconds + floorSeconds), isError: row.isError)
                }
            })
        }
        let known = keys.values.filter { $0.count >= BaselineParameters.few }
        wander = Statistics.median(known.map(\.wander))
        let typical = Statistics.median(known.map(\.variance))
        if typical > 0 { variance = typical }
    }

    /// A part of a key that was hardly seen is taken to be like the whole.
    func quiet(_ group: RowGroup) -> QuietKey? {
        let own = keys[group]
        if group.slice != .whole, own?.count ?? 0 < BaselineParameters.few { return keys[group.whole] }
        return own
    }
}
