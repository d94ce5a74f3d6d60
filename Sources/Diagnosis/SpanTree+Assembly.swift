package import CallGraph
import MeshModel

extension SpanTree {
    /// A trace put together, at straightened times. A place here is one in `assembly.order`.
    /// - Parameter parties: those that the assembly was made with.
    package init(_ assembly: borrowing Assembly, parties: borrowing Parties, labels: inout SpanLabels) {
        let count = assembly.order.count
        parent.reserveCapacity(count)
        start.reserveCapacity(count)
        end.reserveCapacity(count)
        label.reserveCapacity(count)
        isDetached.reserveCapacity(count)
        var placeOf = [Int32](repeating: -1, count: assembly.spans.count)
        for place in assembly.order.map(Int.init) {
            let above = Int(assembly.parent[place]), span = assembly.spans[place], from = assembly.at(place)
            placeOf[place] = Int32(self.count)
            // A queue lies between the two: the sender went on.
            let isDetached = span.kind == .consumer && above >= 0 && assembly.spans[above].kind == .producer
            add(parent: above < 0 ? -1 : placeOf[above], start: from.nanoseconds, end: (from + span.duration).nanoseconds,
                label: labels.number(service: parties.service(of: assembly.party[place]), operation: span.name), isDetached: isDetached)
        }
        if count > 0 { entry = Int(placeOf[assembly.root]) }
    }
}
