import CallGraph
import MeshModel

/// What rows are of, by number: one numbering for the quiet time and for what is held against it, as each store numbers its parties its own way.
package struct RowNames: Sendable {
    /// An operation of a service, as it is called from one of another.
    struct Key: Hashable, Sendable {
        /// Numbers in `labels`; a parent of −1: a request from outside, −2: the one above is missing.
        var label: Int32
        var parent: Int32
    }
    static let entry: Int32 = -1
    static let cut: Int32 = -2

    private(set) var services: [Party] = []
    /// Services are those here.
    private(set) var labels = SpanLabels()
    private(set) var keys: [Key] = []
    /// Labels of the calls that were made, each once, ascending. The first is none at all.
    private(set) var sets: [[Int32]] = [[]]
    private var serviceNumbers: [Party: Int32] = [:]
    private var keyNumbers: [Key: Int32] = [:]
    private var setNumbers: [[Int32]: Int32] = [[]: 0]

    package init() {}

    mutating func number(service party: Party) -> Int32 {
        if let known = serviceNumbers[party] { return known }
        let number = Int32(services.count)
        services.append(party)
        serviceNumbers[party] = number
        return number
    }

    mutating func label(service: Int32, operation: Symbol) -> Int32 { labels.number(service: service, operation: operation) }

    mutating func number(_ key: Key) -> Int32 {
        if let known = keyNumbers[key] { return known }
        let number = Int32(keys.count)
        keys.append(key)
        keyNumbers[key] = number
        return number
    }

    /// - Parameter labels: in any order, repeated or not.
    mutating func number(set labels: [Int32]) -> Int32 {
        if labels.isEmpty { return 0 }
        var sorted: [Int32] = []
        for label in labels.sorted() where sorted.last != label { sorted.append(label) }
        if let known = setNumbers[sorted] { return known }
        let number = Int32(sets.count)
        sets.append(sorted)
        setNumbers[sorted] = number
        return number
    }

    func service(ofKey key: Int32) -> Int32 { labels[keys[Int(key)].label].service }
    func caller(ofKey key: Int32) -> Int32? {
        let parent = keys[Int(key)].parent
        return parent < 0 ? nil : labels[parent].service
    }

    /// Whether all calls of one set are in the other.
    func isSet(_ part: Int32, within whole: Int32) -> Bool {
        if part == whole || part == 0 { return true }
        let (small, large) = (sets[Int(part)], sets[Int(whole)])
        guard small.count < large.count else { return false }
        var at = 0
        for label in large where at < small.count && small[at] == label { at += 1 }
        return at == small.count
    }
}
