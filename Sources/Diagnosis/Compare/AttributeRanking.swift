/// An attribute that the traces looked at hold more often than the others for certain.
package struct AttributeExcess: Sendable, Equatable {
    package struct Name: Sendable, Equatable {
        package var key: String
        package var value: String
        /// It stands among the attributes of a span, an event or a resource, and can be searched for.
        package var isAttribute: Bool

        package init(_ key: String, _ value: String, isAttribute: Bool = true) { (self.key, self.value, self.isAttribute) = (key, value, isAttribute) }
    }

    package var service: Int32
    /// Those behind the first are held by just as many traces, and tell the same; empty: the service itself, which none of the others passes.
    package var names: [Name]
    /// Traces that hold it, of those that pass the service.
    package var selected: Int
    package var ofSelected: Int
    package var others: Int
    package var ofOthers: Int
    /// Says how a request ended, and not under what circumstances.
    package var isOutcome = false

    package init(service: Int32, names: [Name], selected: Int, of ofSelected: Int, others: Int, of ofOthers: Int, isOutcome: Bool = false) {
        (self.service, self.names, self.isOutcome) = (service, names, isOutcome)
        (self.selected, self.ofSelected, self.others, self.ofOthers) = (selected, ofSelected, others, ofOthers)
    }

    /// What is told of a span in several ways is one name; where one of them is an attribute, it can be searched for.
    fileprivate mutating func add(_ name: Name) {
        if let place = names.firstIndex(where: { $0.key == name.key && $0.value == name.value }) {
            names[place].isAttribute = names[place].isAttribute || name.isAttribute
        } else if names.count < Self.mostNames {
            names.append(name)
        }
    }
    private static let mostNames = 32

    package var selectedShare: Double { ofSelected > 0 ? Double(selected) / Double(ofSelected) : 0 }
    package var othersShare: Double { ofOthers > 0 ? Double(others) / Double(ofOthers) : 0 }
    package var score: Double { selectedShare - othersShare }
}

extension AttributeCounts {
    static let fewestTraces = 3
    static let leastScore = 0.05
    /// Thousands of values are compared at once.
    static let z = 3.0
    static let mostOfKey = 10
    static let mostListed = 60

    /// Circumstances first, those that tell most in front, then outcomes. The score is f(selected) − f(others), as Coroot and Tempo have it; the intervals
    /// of both shares must not meet.
    package func excesses() -> [AttributeExcess] {
        var found: [AttributeExcess] = []
        for value in values where value.selected >= Self.fewestTraces {
            guard let passing = passing[value.service], passing.others > 0 else { continue }
            let excess = AttributeExcess(service: value.service, names: [value.name], selected: value.selected, of: passing.selected, others: value.others, of: passing.others,
                                         isOutcome: AttributeNames.isOutcome(value.name.key))
            if Self.isCertain(excess) { found.append(excess) }
        }
        for (service, passing) in passing where passing.others == 0 && passing.selected >= Self.fewestTraces {
            let excess = AttributeExcess(service: service, names: [], selected: passing.selected, of: selected, others: 0, of: others)
            if Self.isCertain(excess) { found.append(excess) }
        }
        found.sort { Self.order($0) < Self.order($1) }
        return Self.joined(found)
    }

    private static func order(_ excess: AttributeExcess) -> (Double, Int, Int32, String, String) {
        let name = excess.names.first
        return ((excess.isOutcome ? 2 : 0) - excess.score, AttributeNames.rank(name?.key), excess.service, name?.key ?? "", name?.value ?? "")
    }

    private static func isCertain(_ excess: AttributeExcess) -> Bool {
        guard excess.score >= leastScore else { return false }
        return Wilson(Double(excess.selected), of: Double(excess.ofSelected), z: z).low > Wilson(Double(excess.others), of: Double(excess.ofOthers), z: z).high
    }

    private struct Story: Hashable { var service: Int32, selected: Int, others: Int, isOutcome: Bool }
    private struct Owner: Hashable { var service: Int32, key: String }

    private static func joined(_ all: [AttributeExcess]) -> [AttributeExcess] {
        var listed: [AttributeExcess] = [], places: [Story: Int] = [:], ofKey: [Owner: Int] = [:]
        for excess in all {
            let story = Story(service: excess.service, selected: excess.selected, others: excess.others, isOutcome: excess.isOutcome)
            if let place = places[story] {
                for name in excess.names { listed[place].add(name) }
                continue
            }
            let owner = Owner(service: excess.service, key: excess.names.first?.key ?? "")
            guard listed.count < mostListed, ofKey[owner, default: 0] < mostOfKey else { continue }
            ofKey[owner, default: 0] += 1
            places[story] = listed.count
            listed.append(excess)
        }
        return listed
    }
}

/// What attributes are about, by their names (OpenTelemetry's conventions, Envoy's and Zipkin's tags).
enum AttributeNames {
    /// How a request ended, or how large and long it was.
    static func isOutcome(_ key: String) -> Bool {
        let name = key.lowercased()
        return ["status", "error", "exception", "response_flags", "response.flags", "response_size", "response.body", "otel.status", "grpc_status", "stacktrace"].contains { name.contains($0) }
    }

    /// Among those that tell the same the one that says most comes first, of outcomes the code.
    static func rank(_ key: String?) -> Int {
        guard let key else { return 0 }
        return ["version", "pod", "node", "operation"].firstIndex(of: key) ?? (key.lowercased().contains("status_code") ? 8 : 9)
    }
}
