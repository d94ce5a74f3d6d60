import CallGraph
import Diagnosis
import MeshModel
import Panels

/// What an opened trace shows of its latency.
extension EngineState {
    /// Fills in when each row was on the critical path.
    /// - Returns: remarks on calls repeated one after another.
    func traceLatency(_ rows: inout [SpanRow], _ lines: [AssemblyRow], _ assembly: Assembly) -> [String] {
        var rowOf = [Int](repeating: 0, count: assembly.spans.count)
        for (row, line) in lines.enumerated() {
            rowOf[line.span] = row
            for part in line.parts { rowOf[part] = row }
        }
        var labels = SpanLabels()
        let tree = SpanTree(assembly, parties: traces.parties, labels: &labels)
        func row(_ place: Int32) -> Int { rowOf[Int(assembly.order[Int(place)])] }
        for path in CriticalPath.ofEachRoot(tree) {
            for section in path.sections { rows[row(section.place)].extendCritical(section) }
        }
        return RepeatedCalls.found(in: tree).prefix(Self.mostRepeated).map { calls in
            let caller = rows[row(calls.parent)], callee = rows[row(calls.first)]
            let share = Int((calls.share * 100).rounded())
            return "\(caller.service) \(caller.operation) calls \(callee.service) \(callee.operation) \(calls.count) times, one after another: \(share) % of its time"
        }
    }

    private static let mostRepeated = 2
}

extension SpanRow {
    /// Spans of one hop that follow each other are one stretch of its row.
    fileprivate mutating func extendCritical(_ section: CriticalPath.Section) {
        let range = TimeRange(from: Timestamp(nanoseconds: section.from), to: Timestamp(nanoseconds: section.to))
        if let last = critical.indices.last, critical[last].to == range.from {
            critical[last].to = range.to
        } else {
            critical.append(range)
        }
    }
}
