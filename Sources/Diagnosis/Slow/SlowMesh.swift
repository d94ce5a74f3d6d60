/// What got slower behind an entry: services by place, and whom they call; the entry is the first.
package struct SlowMesh: Sendable {
    package struct Call: Sendable {
        package var callee: Int
        /// As the caller saw it; where it tells nothing, as the callee answered.
        package var change: TimesChange
        /// Of the requests that were timed, those of this caller: where the callee's answers stand for them, it may have others.
        package var share: Double
        package init(callee: Int, change: TimesChange, share: Double = 1) { (self.callee, self.change, self.share) = (callee, change, share) }
    }

    package struct Service: Sendable {
        /// What its answers took; nil: it does not tell.
        package var change: TimesChange?
        package var calls: [Call] = []
        package init(change: TimesChange?) { self.change = change }
    }

    package var services: [Service] = []

    package init() {}

    /// Where requests to the entry take longer.
    package struct Cause: Sendable, Equatable {
        package var service: Int
        /// Of a call that takes longer on its way alone: whose.
        package var caller: Int?
        /// A request to the entry takes so much longer for it.
        package var milliseconds: Double
        /// From the entry to the service, or to the caller.
        package var path: [Int]
        package var change: TimesChange
    }

    /// Of what a service takes longer, its calls take their part, as often as it makes them now; what they do not account for is its own, and so is what it calls
    /// more often than before. Of what a call takes longer, its callee's answers do their part, and the rest is on the way. Calls made at the same time are longer
    /// together than their caller is: then nothing is left that is its own. Calls that close a circle are passed over.
    /// - Returns: those slower for certain, the weightiest first.
    package var causes: [Cause] {
        guard !services.isEmpty else { return [] }
        var visits = [Double](repeating: 0, count: services.count), from = [Int?](repeating: nil, count: services.count), most = visits
        visits[0] = 1
        var found: [Cause] = []
        let order = callersFirst
        for place in order.places {
            guard visits[place] > 0 else { continue }
            let service = services[place], requests = service.change?.after.requests ?? 0
            var ofCalls = 0.0
            for (index, call) in service.calls.enumerated() where !order.closes.contains(.init(place, index)) {
                guard requests > 0 else { continue }
                let often = call.share * call.change.after.requests / requests
                ofCalls += often * max(0, call.change.longer)
                visits[call.callee] += visits[place] * often
                let weight = visits[place] * often * max(0, call.change.longer)
                if from[call.callee] == nil || weight > most[call.callee] { (from[call.callee], most[call.callee]) = (place, weight) }
                let wire = onTheWay(call)
                if call.change.isSlower, wire > call.change.longer / 2 {
                    found.append(Cause(service: call.callee, caller: place, milliseconds: visits[place] * often * wire, path: path(to: place, from), change: call.change))
                }
            }
            guard let change = service.change, change.isSlower else { continue }
            let own = change.longer - ofCalls
            if own > 0 { found.append(Cause(service: place, milliseconds: visits[place] * own, path: path(to: place, from), change: change)) }
        }
        return found.sorted { ($1.milliseconds, $0.service) < ($0.milliseconds, $1.service) }
    }

    /// What its callee does not take longer. Others may ask the callee what got no slower: all that it takes longer may be this caller's.
    private func onTheWay(_ call: Call) -> Double {
        guard let answered = services[call.callee].change, answered.before.mean != nil, answered.after.mean != nil else { return 0 }
        let dilution = max(1, answered.after.requests / max(1, call.change.after.requests))
        return max(0, call.change.longer - max(0, answered.longer) * dilution)
    }

    private func path(to place: Int, _ from: [Int?]) -> [Int] {
        var path = [place]
        while let before = from[path[0]], path.count <= services.count { path.insert(before, at: 0) }
        return path
    }

    private struct CallPlace: Hashable {
        var service, call: Int
        init(_ service: Int, _ call: Int) { (self.service, self.call) = (service, call) }
    }

    /// In an order that has callers before callees, but for calls that close a circle.
    private var callersFirst: (places: [Int], closes: Set<CallPlace>) {
        var state = [UInt8](repeating: 0, count: services.count), done: [Int] = [], closes = Set<CallPlace>()
        var open: [(place: Int, next: Int)] = [(0, 0)]
        state[0] = 1
        while let top = open.last {
            guard top.next < services[top.place].calls.count else {
                state[top.place] = 2
                done.append(top.place)
                open.removeLast()
                continue
            }
            open[open.count - 1].next += 1
            let callee = services[top.place].calls[top.next].callee
            if state[callee] == 1 { closes.insert(.init(top.place, top.next)) }
            guard state[callee] == 0 else { continue }
            state[callee] = 1
            open.append((callee, 0))
        }
        return (done.reversed(), closes)
    }
}
