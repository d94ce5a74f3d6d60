import MeshModel

/// How many traces hold each attribute, apart for those that are looked at (failing, or slow ones) and the others. An attribute is one of a service: of
/// its traces, those that pass the service are asked. Values come from outside, and may be ids: they are bounded, by key and in all, and only those of the
/// traces looked at are kept, since what none of these holds is not over-represented.
package struct AttributeCounts: Sendable {
    package struct Value: Sendable {
        package let service: Int32
        package let name: AttributeExcess.Name
        /// Traces looked at that hold it, and others.
        package fileprivate(set) var selected = 0
        package fileprivate(set) var others = 0
        /// The trace that was counted last.
        fileprivate var last = 0
    }

    struct Passing {
        var selected = 0, others = 0, last = 0
    }

    private struct Key: Hashable { var service: Int32, hash: UInt64 }

    package private(set) var selected = 0
    package private(set) var others = 0
    private(set) var values: [Value] = []
    private(set) var passing: [Int32: Passing] = [:]
    /// Values met of each key of each service.
    private var met: [Key: Int] = [:]
    private var places: [Key: Int32] = [:]
    private let seed: UInt64
    private var isSelected = true
    /// Keys with more values than are told apart: ids.
    package private(set) var crowded = 0

    package static let mostValues = 256
    package static let mostKeys = 4096
    package static let mostInAll = 1 << 16
    /// Longer ones are not compared.
    package static let longest = 200

    package init(seed: UInt64) { self.seed = seed }

    /// Those looked at come before the others.
    package mutating func begin(isSelected: Bool) {
        self.isSelected = isSelected
        if isSelected { selected += 1 } else { others += 1 }
    }

    private var number: Int { selected + others }

    package mutating func pass(_ service: Int32) {
        guard passing.count < Self.mostKeys || passing[service] != nil, passing[service]?.last != number else { return }
        var known = passing[service] ?? Passing()
        known.last = number
        if isSelected { known.selected += 1 } else { known.others += 1 }
        passing[service] = known
    }

    /// - Parameters:
    ///   - kind: tells values of one spelling apart.
    ///   - name: asked for where the value is new.
    package mutating func add(_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer, kind: UInt8, of service: Int32, name makeName: () -> AttributeExcess.Name) {
        guard value.count <= Self.longest, key.count <= Self.longest, !key.isEmpty else { return }
        let name = ByteHash.hash(key, seed: seed)
        let place = Key(service: service, hash: ByteHash.hash(value, seed: name &+ UInt64(kind)))
        if let known = places[place] { return count(Int(known)) }
        guard isSelected, values.count < Self.mostInAll else { return }
        let owner = Key(service: service, hash: name)
        let before = met[owner] ?? 0
        guard before < Self.mostValues, before > 0 || met.count < Self.mostKeys else {
            if before == Self.mostValues {
                crowded += 1
                met[owner] = before + 1
            }
            return
        }
        met[owner] = before + 1
        places[place] = Int32(values.count)
        values.append(Value(service: service, name: makeName()))
        count(values.count - 1)
    }

    private mutating func count(_ place: Int) {
        guard values[place].last != number else { return }
        values[place].last = number
        if isSelected { values[place].selected += 1 } else { values[place].others += 1 }
    }
}
