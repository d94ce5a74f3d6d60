/// What a target's series stood at after some row: the newest value of each by ordinal, 0 where it never had one.
struct RowState {
    private(set) var values: [Double] = []
    private(set) var present: [Bool] = []

    var count: Int { values.count }
    /// Series with a sample.
    var presentCount: Int { present.reduce(0) { $0 + ($1 ? 1 : 0) } }
    var bytes: Int { values.capacity * 8 + present.capacity }

    mutating func grow(to count: Int) {
        guard count > values.count else { return }
        values.append(contentsOf: repeatElement(0, count: count - values.count))
        present.append(contentsOf: repeatElement(false, count: count - present.count))
    }

    mutating func apply(_ changes: [SampleChange]) {
        for change in changes {
            let ordinal = Int(change.ordinal)
            grow(to: ordinal + 1)
            values[ordinal] = change.new
            present[ordinal] = change.isPresent
        }
    }

    /// What a row with exactly these samples changes; ascending ordinals. The state is that row's then.
    mutating func take(ordinals: [UInt32], values samples: [Double], changes: inout [SampleChange]) {
        let count = min(ordinals.count, samples.count)
        let highest = ordinals.prefix(count).max().map { Int($0) + 1 } ?? 0
        grow(to: highest)
        var seen = [Bool](repeating: false, count: values.count)
        var isAscending = true
        for index in 0..<count {
            let ordinal = Int(ordinals[index])
            guard !seen[ordinal] else { continue }
            seen[ordinal] = true
            note(ordinal, samples[index], &changes, &isAscending)
        }
        for ordinal in seen.indices where !seen[ordinal] && present[ordinal] {
            isAscending = false
            changes.append(.init(ordinal: UInt32(ordinal), wasPresent: true, isPresent: false, old: values[ordinal], new: values[ordinal]))
            present[ordinal] = false
        }
        if !isAscending { changes.sort { $0.ordinal < $1.ordinal } }
    }

    /// The same where the row has the very ordinals of the row before, so that none appears or goes: most rows.
    mutating func takeSame(ordinals: [UInt32], values samples: [Double], changes: inout [SampleChange]) {
        var isAscending = true
        ordinals.withUnsafeBufferPointer { ordinals in
            samples.withUnsafeBufferPointer { samples in
                values.withUnsafeMutableBufferPointer { values in
                    let count = min(ordinals.count, samples.count)
                    for index in 0..<count {
                        let ordinal = Int(ordinals[index])
                        let old = values[ordinal], new = samples[index]
                        if old.bitPattern == new.bitPattern { continue }
                        values[ordinal] = new
                        if let last = changes.last, last.ordinal > UInt32(ordinal) { isAscending = false }
                        changes.append(.init(ordinal: UInt32(ordinal), wasPresent: true, isPresent: true, old: old, new: new))
                    }
                }
            }
        }
        if !isAscending { changes.sort { $0.ordinal < $1.ordinal } }
    }

    private mutating func note(_ ordinal: Int, _ new: Double, _ changes: inout [SampleChange], _ isAscending: inout Bool) {
        let old = values[ordinal], was = present[ordinal]
        guard !was || old.bitPattern != new.bitPattern else { return }
        values[ordinal] = new
        present[ordinal] = true
        if let last = changes.last, last.ordinal > UInt32(ordinal) { isAscending = false }
        changes.append(.init(ordinal: UInt32(ordinal), wasPresent: was, isPresent: true, old: old, new: new))
    }

    /// Everything that is present, as if nothing was known before.
    func everything(into changes: inout [SampleChange]) {
        for ordinal in values.indices where present[ordinal] {
            changes.append(.init(ordinal: UInt32(ordinal), wasPresent: false, isPresent: true, old: 0, new: values[ordinal]))
        }
    }

    /// What the first row of a chunk writes: every value, from 0.
    func keyframe(into changes: inout [SampleChange]) {
        for ordinal in values.indices where values[ordinal].bitPattern != 0 {
            changes.append(.init(ordinal: UInt32(ordinal), wasPresent: true, isPresent: true, old: 0, new: values[ordinal]))
        }
    }

    /// Series without a sample, ascending.
    var absent: [UInt32] { present.indices.filter { !present[$0] }.map(UInt32.init) }

    /// Where a keyframe's changes lead from.
    static func blank(count: Int, absent: [UInt32]) -> RowState {
        var state = RowState()
        state.values = .init(repeating: 0, count: count)
        state.present = .init(repeating: true, count: count)
        for ordinal in absent { state.present[Int(ordinal)] = false }
        return state
    }

    /// Values without regard to presence: how a keyframe is read.
    mutating func set(_ changes: [SampleChange]) {
        for change in changes { values[Int(change.ordinal)] = change.new }
    }
}
