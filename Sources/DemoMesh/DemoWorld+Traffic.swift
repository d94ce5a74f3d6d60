import MeshModel

/// Requests on their way through the mesh: each is counted, and of some spans are written, as it happens.
extension DemoWorld {
    /// How a request ended: place in `codes`, milliseconds.
    typealias Answer = (code: Int, milliseconds: Double)

    /// How long a caller waits.
    private static let patience = 1000.0

    /// One request from outside.
    mutating func enter(at time: Timestamp, _ random: inout DemoRandom) {
        let pool = members[0][0], pod = pool[Int(random.next() % UInt64(pool.count))]
        guard !isDead(pod: pod) else { return }
        spans.beginTrace()
        let answer = serve(pod, from: topology.callers.count, at: time, under: .none, &random)
        sent.count(from: nil, to: pods[pod].service, answer.code)
    }

    /// The callee's side of a call; `source` is the caller's place among `callers`, one past the last for outside.
    /// - Parameter isAwaited: the caller is still there when it ends.
    private mutating func serve(_ pod: Int, from source: Int, at time: Timestamp, under parent: SpanID, isAwaited: Bool = true, _ random: inout DemoRandom) -> Answer {
        let service = topology.services[pods[pod].serviceIndex]
        let span = spans.nextID()
        let work = random.latency(service.latency) * conditions.slowness[pod] + (isAwaited ? 0 : 1.2 * Self.patience)
        // Half of its own work before it asks others.
        var milliseconds = work / 2
        if let database = pods[pod].outbound.last, database.isDatabase {
            values[database.side.sent] += 210
            values[database.side.received] += 640
        }
        var code = 0  // place in `codes`: 200
        for call in service.calls {
            guard call.times >= 1 || random.unit() < call.times else { continue }
            let answer = self.call(call, from: pod, at: Self.after(time, milliseconds), under: span, &random)
            milliseconds += answer.milliseconds
            if answer.code >= 3, !call.isSoft { code = 3 }
        }
        milliseconds += work / 2
        if code == 0 {
            if conditions.failing[pod] > 0, random.unit() < conditions.failing[pod] { code = 4 }
            if service.usualErrors > 0, random.unit() < service.usualErrors { code = 4 }
            if service.usualMisses > 0, random.unit() < service.usualMisses { code = 2 }
        }
        let inbound = pods[pod].inbound
        guard isAwaited else {
            // Its caller has gone: the proxy counts a request, and no answer.
            values[inbound.total] += 1
            spans.server(pod, span, under: parent, from: time, to: Self.after(time, Self.patience), code: 0, .downstreamGone)
            return (code, milliseconds)
        }
        count(inbound, code, milliseconds, &random)
        spans.server(pod, span, under: parent, from: time, to: Self.after(time, milliseconds), code: Self.codes[code], .none)
        sent.served[pod][code] += 1
        if inbound.bySource >= 0 { values[inbound.bySource + source * Self.codes.count + code] += 1 }
        return (code, milliseconds)
    }

    private mutating func call(_ call: DemoService.Call, from caller: Int, at time: Timestamp, under parent: SpanID, _ random: inout DemoRandom) -> Answer {
        let span = spans.nextID()
        guard let callee = serviceIndex[call.callee] else {
            guard let place = pods[caller].outbound.firstIndex(where: { $0.service < 0 && !$0.isDatabase }) else { return (0, 0) }
            let milliseconds = random.latency(60)
            count(pods[caller].outbound[place].side, 0, milliseconds, &random)
            spans.client(caller, place, span, under: parent, from: time, to: Self.after(time, milliseconds), code: 200, .none)
            return (0, milliseconds)
        }
        let service = topology.services[callee], between = DemoConditions.Call(caller: pods[caller].serviceIndex, callee: callee)
        var tries = call.retries
        var spent = 0.0
        while true {
            let version = pick(service.versions, &random)
            guard let place = pods[caller].outbound.firstIndex(where: { $0.service == callee && $0.version == version }) else { return (0, 0) }
            let side = pods[caller].outbound[place].side
            let pool = members[callee][version]
            let target = pool[Int(random.next() % UInt64(pool.count))]
            let isLost = conditions.lost[between].map { random.unit() < $0 } ?? false
            if isDead(pod: target) || isLost {
                values[side.failedConnections] += 1
                if !isLost, tries > 0 || pool.count > 1 {
                    // Envoy's default retry_on connect-failure: another host of the cluster.
                    values[side.retries] += 1
                    values[side.total] += 1
                    tries -= 1
                    if tries > -4 { continue }
                }
                count(side, 4, 3, &random)
                values[side.retryLimits] += 1
                sent.count(from: pods[caller].service, to: service.name, 4)
                spans.client(caller, place, span, under: parent, from: time, to: Self.after(time, spent + 3), code: 503, .connectionFailure)
                return (4, spent + 3)
            }
            if topology.denied.contains(where: { $0.caller == pods[caller].service && $0.callee == service.name }) {
                values[pods[target].denied] += 1
                sent.denied[target] += 1
                sent.count(from: pods[caller].service, to: service.name, 1)
                count(side, 1, 0.6, &random)
                spans.client(caller, place, span, under: parent, from: time, to: Self.after(time, spent + 0.6), code: 403, .none)
                spans.server(target, spans.nextID(), under: span, from: Self.after(time, spent + 0.2), to: Self.after(time, spent + 0.4), code: 403, .none)
                return (1, spent + 0.6)
            }
            let wire = 0.3 + 0.2 * random.unit(), arrival = Self.after(time, spent + wire / 2)
            if let late = conditions.late[between], random.unit() < late {
                _ = serve(target, from: pods[caller].callerIndex, at: arrival, under: span, isAwaited: false, &random)
                values[side.timeouts] += 1
                values[side.total] += 1
                values[side.codes + 5] += 1
                sent.count(from: pods[caller].service, to: service.name, 5)
                spans.client(caller, place, span, under: parent, from: time, to: Self.after(time, spent + Self.patience), code: 504, .timeout)
                return (5, spent + Self.patience)
            }
            let answer = serve(target, from: pods[caller].callerIndex, at: arrival, under: span, &random)
            let milliseconds = answer.milliseconds + wire
            if answer.code >= 3, tries > 0 {
                tries -= 1
                spent += milliseconds
                values[side.retries] += 1
                values[side.total] += 1
                continue
            }
            count(side, answer.code, milliseconds, &random)
            sent.count(from: pods[caller].service, to: service.name, answer.code)
            if tries < call.retries { values[answer.code >= 3 ? side.retryLimits : side.retrySuccesses] += 1 }
            let isExhausted = answer.code >= 3 && call.retries > 0
            spans.client(caller, place, span, under: parent, from: time, to: Self.after(time, spent + milliseconds), code: Self.codes[answer.code], isExhausted ? .retriesExhausted : .none)
            return (answer.code, spent + milliseconds)
        }
    }

    private func pick(_ versions: [DemoService.Version], _ random: inout DemoRandom) -> Int {
        var roll = Int(random.next() % 100), version = 0
        while version < versions.count - 1, roll >= versions[version].weight {
            roll -= versions[version].weight
            version += 1
        }
        return version
    }

    private static func after(_ time: Timestamp, _ milliseconds: Double) -> Timestamp { time + Timestamp.Span(nanoseconds: Int64(milliseconds * 1e6)) }

    private mutating func count(_ side: Side, _ code: Int, _ milliseconds: Double, _ random: inout DemoRandom) {
        values[side.codes + code] += 1
        values[side.total] += 1
        values[side.sum] += milliseconds
        values[side.sent] += 420 + Double(random.next() & 127)
        values[side.received] += 1900 + Double(random.next() & 2047)
        for index in Self.bounds.indices.reversed() {
            guard milliseconds <= Self.bounds[index] else { break }
            values[side.histogram + index] += 1
        }
        values[side.histogram + Self.bounds.count] += 1
        if values[side.connections] < 4 || random.next() % 900 == 0 {
            values[side.connections] += 1
            values[side.handshakes] += 1
        }
    }
}
