package import CallGraph
package import MeshModel

/// Rows out of traces put together.
///
/// A span is a row. What up to four spans of proxies tell of one hop is two: the caller's side, with the times of its outermost span, and
/// the callee's below it, with the times of its listener and with all that came of it. So a caller's own time is the wire, client less
/// server, whoever wrote it: an application's client span or a proxy.
extension CallRows {
    /// - Parameter window: of when traces begin, both ends included.
    package init(_ store: inout TraceStore, window: ClosedRange<Timestamp>, names: inout RowNames) {
        for place in store.traces.indices {
            guard let trace = store.traces[place], !trace.isArriving, let summary = trace.summary, window.contains(summary.start) else { continue }
            traces.append(trace.id)
            add(store.assembled(trace), store.parties, &names)
        }
        sort()
        // Whoever sends requests may write no spans of them: then what it called is what there is of requests. Single ones were cut.
        let roots = all.count { $0.parent < 0 }
        if 2 * requests < roots {
            for place in all.indices where all[place].parent < 0 { all[place].isEntry = true }
        }
    }

    /// Of one trace.
    mutating func add(_ assembly: Assembly, _ parties: Parties, _ names: inout RowNames) {
        var rowOf = [Int32](repeating: -1, count: assembly.spans.count)
        let first = all.count
        var spanOf: [Int] = []
        for line in assembly.rows() {
            let isHop = line.server >= 0 && parties.service(of: assembly.party[line.server]) != parties.service(of: assembly.party[line.span])
            let above = assembly.parent[line.span]
            let caller = take(line.span, under: above < 0 ? -1 : rowOf[Int(above)], assembly, parties, &names)
            spanOf.append(line.span)
            rowOf[line.span] = caller
            var side = caller
            for part in line.parts.dropFirst() {
                if isHop, part == line.server {
                    side = take(part, under: caller, assembly, parties, &names)
                    spanOf.append(part)
                }
                rowOf[part] = side
            }
        }
        finish(first..<all.count, spanOf.map { assembly.spans[$0].kind == .consumer }, &names)
    }

    private mutating func take(_ place: Int, under parent: Int32, _ assembly: Assembly, _ parties: Parties, _ names: inout RowNames) -> Int32 {
        let span = assembly.spans[place], party = assembly.party[place]
        let service = names.number(service: parties[parties.service(of: party)]), pod = parties[party].pod
        if self.parties[service] == nil { self.parties[service] = parties.service(of: party) }
        if !pod.isEmpty, podParties[Pod(service: service, pod: pod)] == nil { podParties[Pod(service: service, pod: pod)] = party }
        let label = names.label(service: service, operation: span.name)
        let isCut = assembly.isOrphan(place) || assembly.isCycleBroken(place), number = Int32(all.count)
        let above = parent >= 0 ? names.keys[Int(all[Int(parent)].key)].label : isCut ? RowNames.cut : RowNames.entry
        let start = min(max(assembly.at(place).nanoseconds, -Self.farthest), Self.farthest), length = min(max(0, span.duration.nanoseconds), Self.longest)
        var row = CallRow(key: names.number(.init(label: label, parent: above)), service: service, pod: pod, start: start, seconds: Double(length) / 1e9, parent: parent,
                          trace: Int32(traces.count) - 1, isEntry: parent < 0 && !isCut, isError: span.isError(.server) && !assembly.isDenied(place))
        row.root = parent >= 0 ? all[Int(parent)].root : number
        all.append(row)
        return number
    }

    /// What of a row needs to know the rows below it.
    private mutating func finish(_ range: Range<Int>, _ isConsumer: [Bool], _ names: inout RowNames) {
        let below = range.filter { all[$0].parent >= 0 }.sorted { a, b in
            if all[a].parent != all[b].parent { return all[a].parent < all[b].parent }
            return all[a].start != all[b].start ? all[a].start < all[b].start : a < b
        }
        var at = 0
        for place in range {
            let from = at
            while at < below.count, Int(all[below[at]].parent) == place { at += 1 }
            let children = below[from..<at]
            all[place].set = names.number(set: children.map { names.keys[Int(all[$0].key)].label })
            if children.count == 1, let only = children.first, all[only].service != all[place].service {
                (all[place].peer, all[place].peerPod) = (all[only].service, all[only].pod)
            }
            // Nobody waits for what takes a message from a queue.
            setOwnTime(place, children.filter { !isConsumer[$0 - range.lowerBound] })
        }
    }

    /// - Parameter children: places, by start.
    private mutating func setOwnTime(_ place: Int, _ children: [Int]) {
        let row = all[place], end = row.start + Self.nanoseconds(row.seconds)
        var covered = row.start, own: Int64 = 0, before: Int32 = -1, near: [Gap] = []
        func add(_ nanoseconds: Int64, _ service: Int32) {
            guard service >= 0, service != row.service else { return }
            if let known = near.firstIndex(where: { $0.service == service }) {
                near[known].seconds += Double(nanoseconds) / 1e9
            } else {
                near.append(Gap(service: service, seconds: Double(nanoseconds) / 1e9))
            }
        }
        for child in children {
            let called = all[child], from = max(called.start, row.start), to = min(called.start + Self.nanoseconds(called.seconds), end)
            if from > covered, covered < end {
                let idle = min(from, end) - covered
                own += idle
                add(idle, called.service)
                if before != called.service { add(idle, before) }
            }
            if to > covered { (covered, before) = (to, called.service) }
            add(0, called.service)
        }
        if end > covered {
            own += end - covered
            add(end - covered, before)
        }
        all[place].own = Double(own) / 1e9
        guard row.peer < 0, !near.isEmpty else { return }
        all[place].gaps = Int32(gaps.count)..<Int32(gaps.count + near.count)
        gaps += near
    }

    /// Times beyond are wrong ones; within, sums and differences of them are numbers.
    private static let farthest: Int64 = 1 << 61
    private static let longest: Int64 = 1 << 60

    private static func nanoseconds(_ seconds: Double) -> Int64 { Int64((seconds * 1e9).rounded()) }
}
