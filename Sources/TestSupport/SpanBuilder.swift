package import CallGraph
package import MeshModel

/// Builds batches of spans by hand.
package struct SpanBuilder {
    package let symbols: SymbolTable
    package var batch = SpanBatch(source: SourceID(raw: 1), time: Timestamp(seconds: 100))
    private var resources: [String: Int32] = [:]

    package init(symbols: SymbolTable = SymbolTable()) { self.symbols = symbols }

    /// The next batch.
    package mutating func restart(at seconds: Double) {
        batch.removeAll(source: SourceID(raw: 1), time: Timestamp(seconds: seconds))
        resources = [:]
    }

    /// - Parameter service: also `name@version`.
    package mutating func resource(_ service: String, pod: String = "", host: String = "") -> Int32 {
        let key = "\(service)|\(pod)|\(host)"
        if let known = resources[key] { return known }
        var resource = SpanResource()
        let versioned = service.split(separator: "@"), name = versioned.first.map(String.init) ?? service
        let parts = name.split(separator: ".")
        resource.claim.service = symbols.intern(name)
        if versioned.count == 2 { resource.claim.version = symbols.intern(String(versioned[1])) }
        if parts.count == 2 { resource.claim.namespace = symbols.intern(String(parts[1])) }
        resource.claim.pod = symbols.intern(pod)
        resource.host = symbols.intern(host)
        let place = Int32(batch.resources.count)
        batch.resources.append(resource)
        resources[key] = place
        return place
    }

    /// Times in milliseconds.
    @discardableResult
    package mutating func add(_ id: UInt64, _ parent: UInt64 = 0, _ kind: SpanKind, _ service: String, _ times: ClosedRange<Double> = 0...10, trace: UInt64 = 1, pod: String = "",
                      host: String = "", cluster: String? = nil, code: UInt16? = nil, peer: (String, EntityClaim.Kind)? = nil, shared: Bool = false,
                      status: SpanStatus = .unset, flags: String = "", message: Int = 10, name: String = "GET /") -> Span {
        var span = Span()
        span.trace = TraceID(high: 0, low: trace)
        span.id = SpanID(raw: id)
        span.parent = SpanID(raw: parent)
        span.start = Timestamp(seconds: 100 + times.lowerBound / 1000)
        span.end = Timestamp(seconds: 100 + times.upperBound / 1000)
        span.kind = kind
        span.status = status
        span.isShared = shared
        span.name = symbols.intern(name)
        span.flags = symbols.intern(flags)
        if let cluster { (span.isProxy, span.upstreamCluster) = (true, symbols.intern(cluster)) }
        if let code { span.code = code }
        if let peer { (span.peer, span.peerKind) = (symbols.intern(peer.0), peer.1) }
        span.resource = resource(service, pod: pod, host: host)
        span.bytes = ByteRange(start: UInt32(batch.bytes.count), count: UInt32(message))
        batch.bytes += [UInt8](repeating: 7, count: message)
        batch.spans.append(span)
        return span
    }

    /// A request between two sidecars: outbound listener, router, inbound listener, router.
    package mutating func hop(_ first: UInt64, under parent: UInt64, _ caller: String, _ callee: String, _ times: ClosedRange<Double> = 0...10, code: UInt16 = 200,
                      version: String = "v1", isDenied: Bool = false) {
        let name = callee.split(separator: ".").first.map(String.init) ?? callee
        let out = "outbound|80|\(version)|\(name).shop.svc.cluster.local"
        let (from, to) = (times.lowerBound, times.upperBound)
        add(first, parent, .server, caller, times, pod: "\(caller)-0", cluster: out, code: code)
        add(first + 1, first, .client, caller, from + 1...to - 1, pod: "\(caller)-0", cluster: out, code: code, status: isDenied ? .error : .unset)
        add(first + 2, first + 1, .server, callee, from + 2...to - 2, pod: "\(callee)-0", cluster: "inbound|8080||", code: code)
        if !isDenied { add(first + 3, first + 2, .client, callee, from + 3...to - 3, pod: "\(callee)-0", cluster: "inbound|8080||", code: code) }
    }

    package func store(budget: Int = 1 << 24) -> TraceStore { TraceStore(symbols: symbols, budgetBytes: budget) }
}
