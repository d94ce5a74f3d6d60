/// Why one thing of many was not taken; raw values count from 0.
package protocol RejectionReason: RawRepresentable<UInt8>, CaseIterable, Sendable, Equatable {
    /// For people, with the number behind it: "damaged (3)".
    var sentence: String { get }
}

/// How many were rejected for which reason, and the first of them.
package struct Rejections<Reason: RejectionReason>: Sendable, Equatable {
    package private(set) var counts = [Int](repeating: 0, count: Reason.allCases.count)
    /// The first that was rejected, in words.
    package private(set) var firstExample: String?

    package init() {}

    package var total: Int { counts.reduce(0, +) }
    package subscript(reason: Reason) -> Int { counts[Int(reason.rawValue)] }

    /// By reason, only what occurred.
    package var byReason: [String: Int] {
        var result: [String: Int] = [:]
        for reason in Reason.allCases where self[reason] > 0 { result[reason.sentence] = self[reason] }
        return result
    }

    /// nil where nothing was rejected: "3 spans rejected: trace id missing or not of 16 bytes (2), damaged (1); first: …".
    package func sentence(of noun: String) -> String? {
        let total = total
        guard total > 0 else { return nil }
        let reasons = Reason.allCases.filter { self[$0] > 0 }.map { "\($0.sentence) (\(self[$0]))" }
        return "\(total) \(noun)\(total == 1 ? "" : "s") rejected: \(reasons.joined(separator: ", "))\(firstExample.map { "; first: \($0)" } ?? "")"
    }

    mutating func reject(_ reason: Reason, count: Int = 1, example: @autoclosure () -> String) {
        counts[Int(reason.rawValue)] += count
        if firstExample == nil { firstExample = example() }
    }

    mutating func add(_ other: Rejections) {
        for index in counts.indices { counts[index] += other.counts[index] }
        if firstExample == nil { firstExample = other.firstExample }
    }
}
