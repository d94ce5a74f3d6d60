package import CallGraph
import MeshModel

extension SpanTree {
    /// A trace put together, at straightened times. A place here is one in `assembly.order`.
    /// - Parameters:
    ///   - parties: those that the assembly was made with.
    ///   - mergingSides: what several spans of a proxy tell of one side of a hop is the outermost of them.
    package init(_ assembly: borrowing Assembly, parties: borrowing Parties, labels: inout SpanLabels, mergingSides: Bool = false) {
        let isInner = mergingSides ? Self.innerSpans(assembly, parties) : []
        let count = assembly.order.count
        parent.reserveCapacity(count)
        start.reserveCapacity(count)
        end.reserveCapacity(count)
        label.reserveCapacity(count)
        isDetached.reserveCapacity(count)
        var placeOf = [Int32](repeating: -1, count: assembly.spans.count)
        for place in assembly.order.map(Int.init) {
            let above = Int(assembly.parent[place]), span = assembly.spans[place], from = assembly.at(place)
            if mergingSides, isInner[place] {
                placeOf[place] = placeOf[above]
                continue
            }
            placeOf[place] = Int32(self.count)
            // A queue lies between the two: the sender went on.
            let isDetached = span.kind == .consumer && above >= 0 && assembly.spans[above].kind == .producer
            add(parent: above < 0 ? -1 : placeOf[above], start: from.nanoseconds, end: (from + span.duration).nanoseconds,
                label: labels.number(service: parties.service(of: assembly.party[place]), operation: span.name), isDetached: isDetached)
        }
        if count > 0 { entry = Int(placeOf[assembly.root]) }
    }

    /// By span: it is of one hop and one service with the one above it.
    private static func innerSpans(_ assembly: borrowing Assembly, _ parties: borrowing Parties) -> [Bool] {
        var isInner = [Bool](repeating: false, count: assembly.spans.count)
        for row in assembly.rows() where !row.parts.isEmpty {
            for part in row.parts.dropFirst() where row.parts.contains(Int(assembly.parent[part])) {
                isInner[part] = parties.service(of: assembly.party[part]) == parties.service(of: assembly.party[Int(assembly.parent[part])])
            }
        }
        return isInner
    }
}
