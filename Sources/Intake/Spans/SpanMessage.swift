import MeshModel
import WireFormats

/// What one OTLP `Span` message needs to be read: shared by all spans of a decoder.
struct SpanMessage: ~Copyable {
    let keys: SpanKeyTable
    var texts: SpanTexts
    private var scratch: [UInt8] = []
    /// Spans that end later than this, in nanoseconds, are not taken.
    var latest = UInt64(Int64.max)

    init(symbols: SymbolTable, seed: UInt64) {
        keys = SpanKeyTable(seed: seed)
        texts = SpanTexts(symbols: symbols, seed: seed)
    }

    /// Reads the message in one pass. What a proxy says of itself goes to `evidence`.
    /// - Returns: why it is not a span, if it is none.
    mutating func read(_ message: UnsafeRawBufferPointer, into span: inout Span, _ evidence: inout SpanEvidence) -> SpanRejection? {
        var reader = ProtobufReader(message)
        var tags = SpanTags()
        var name = UnsafeRawBufferPointer(start: nil, count: 0)
        var start: UInt64 = 0, end: UInt64 = 0
        var idBytes = 0
        while reader.next() {
            switch reader.tag {
            case 0x4A:
                let message = reader.bytes()
                // The value of an attribute that nobody asks for is not looked at.
                if let name = ShortAttribute.key(message) {
                    let key = keys.find(name)
                    if key == .none { continue }
                    if let text = ShortAttribute.text(message, behindKeyOf: name.count) {
                        tags.take(key, text, &span)
                        continue
                    }
                }
                guard !reader.isBroken, let attribute = AttributeReader(message) else { return .damaged }
                let key = keys.find(attribute.key)
                if key != .none { tags.take(key, attribute, &span) }
            case 0x0A:
                let id = reader.bytes()
                guard id.count == 16 else { return reader.isBroken ? .damaged : .traceID }
                span.trace = TraceID(high: UInt64(bigEndian: id.loadUnaligned(as: UInt64.self)),
                                     low: UInt64(bigEndian: id.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
            case 0x12:
                let id = reader.bytes()
                idBytes = id.count
                guard idBytes == 8 else { return reader.isBroken ? .damaged : .spanID }
                span.id = SpanID(raw: UInt64(bigEndian: id.loadUnaligned(as: UInt64.self)))
            case 0x1A:
                let state = reader.bytes()
                if !state.isEmpty { tags.ratio = SamplingRatio.standsFor(traceState: state) ?? tags.ratio }
            case 0x22:
                let id = reader.bytes()
                guard id.count == 8 || id.isEmpty else { return .parentID }
                span.parent = id.isEmpty ? .none : SpanID(raw: UInt64(bigEndian: id.loadUnaligned(as: UInt64.self)))
            case 0x2A: name = reader.bytes()
            case 0x30:
                let kind = reader.varint()
                span.kind = kind <= 5 ? SpanKind(rawValue: UInt8(kind)) ?? .unspecified : .unspecified
            case 0x39: start = reader.fixed64()
            case 0x41: end = reader.fixed64()
            case 0x6A:
                span.hasLinks = true
                reader.skip()
            case 0x7A:
                var status = reader.message()
                while status.next() {
                    if status.tag == 0x18 { span.status = SpanStatus(rawValue: UInt8(truncatingIfNeeded: min(status.varint(), 255))) ?? .unset } else { status.skip() }
                }
                if status.isBroken { return .damaged }
            default: reader.skip()
            }
        }
        if reader.isBroken { return .damaged }
        if span.trace.isZero { return .traceID }
        if span.id.isNone { return .spanID }
        guard start <= UInt64(Int64.max), end <= UInt64(Int64.max) else { return .time }
        guard start <= latest, end <= latest else { return .future }
        // One of the two missing, or the wrong way round: a span without a duration; its bytes keep what came.
        span.start = Timestamp(nanoseconds: Int64(start == 0 ? end : start))
        span.end = max(span.start, Timestamp(nanoseconds: Int64(end)))
        span.name = texts.symbol(name)
        tags.write(to: &span, &evidence, &texts, &scratch)
        return nil
    }
}

/// A span's attributes that count, held back until all of them are known: kind and component may come last.
private struct SpanTags {
    /// As sampled: what one span stands for; 0: nobody says.
    var ratio = 0.0
    /// Jaeger's samplers: their type comes apart from their probability.
    private var probability = 0.0
    private var isProbabilistic = false
    private var peer = SpanPeer()
    private var hasPeer = false
    private var flags = UnsafeRawBufferPointer(start: nil, count: 0)
    private var cluster = UnsafeRawBufferPointer(start: nil, count: 0)
    private var clusterName = UnsafeRawBufferPointer(start: nil, count: 0)
    private var nodeID = UnsafeRawBufferPointer(start: nil, count: 0)
    private var service = UnsafeRawBufferPointer(start: nil, count: 0)
    private var version = UnsafeRawBufferPointer(start: nil, count: 0)
    private var namespace = UnsafeRawBufferPointer(start: nil, count: 0)
    private var pod = UnsafeRawBufferPointer(start: nil, count: 0)
    private var node = UnsafeRawBufferPointer(start: nil, count: 0)
    private var canonicalService = UnsafeRawBufferPointer(start: nil, count: 0)
    private var canonicalRevision = UnsafeRawBufferPointer(start: nil, count: 0)
    private var istioNamespace = UnsafeRawBufferPointer(start: nil, count: 0)
    private var istioCluster = UnsafeRawBufferPointer(start: nil, count: 0)

    mutating func take(_ key: SpanKey, _ attribute: AttributeReader, _ span: inout Span) {
        switch key {
        case .httpCode: if let code = StatusTexts.httpCode(attribute) { span.code = code }
        case .grpcCode: if let code = StatusTexts.grpcCode(attribute) { span.grpcStatus = code }
        case .error: span.hasErrorTag = !StatusTexts.isFalse(attribute)
        case .shared: span.isShared = attribute.kind == .bool && attribute.bits != 0
        case .samplerParam: probability = attribute.kind == .double ? attribute.double : 0
        default: if attribute.kind == .string { take(key, attribute.bytes, &span) }
        }
    }

    @inline(__always)
    mutating func take(_ key: SpanKey, _ text: UnsafeRawBufferPointer, _ span: inout Span) {
        switch key {
        case .httpCode: if let code = StatusTexts.httpCode(text) { span.code = code }
        case .grpcCode: if let code = StatusTexts.grpcCode(text) { span.grpcStatus = code }
        case .error: span.hasErrorTag = !StatusTexts.equalsIgnoringCase(text, "false")
        case .errorStatus: if StatusTexts.equalsIgnoringCase(text, "error") { span.status = .error }
        case .component: if StatusTexts.equalsIgnoringCase(text, "proxy") { span.isProxy = true }
        case .flags: flags = text
        case .cluster: cluster = text
        case .clusterName: clusterName = text
        case .samplerType: isProbabilistic = StatusTexts.equalsIgnoringCase(text, "probabilistic")
        case .nodeID: nodeID = text
        case .canonicalService: canonicalService = text
        case .canonicalRevision: canonicalRevision = text
        case .istioNamespace: istioNamespace = text
        case .istioCluster: istioCluster = text
        case .tagService: service = text
        case .tagVersion: version = text
        case .tagNamespace: namespace = text
        case .tagPod: pod = text
        case .tagNode: node = text
        case .peerService, .database, .databaseName, .statement, .messaging, .destination, .server, .peerName, .url, .host:
            hasPeer = true
            peer.take(key, text)
        default: break
        }
    }

    @inline(__always)
    func write(to span: inout Span, _ evidence: inout SpanEvidence, _ texts: inout SpanTexts, _ scratch: inout [UInt8]) {
        if ratio > 0 {
            span.stand(for: ratio)
        } else if isProbabilistic, probability > 0, probability <= 1 {
            span.stand(for: 1 / probability)
        }
        if hasPeer { peer.write(to: &span, &texts, &scratch) }
        // Envoy says `-` where it has nothing to say.
        span.flags = Self.symbol(flags, &texts)
        span.upstreamCluster = Self.symbol(cluster, &texts)
        if span.upstreamCluster.raw == 0 { span.upstreamCluster = Self.symbol(clusterName, &texts) }
        evidence.nodeID = texts.symbol(nodeID)
        evidence.canonicalService = texts.symbol(canonicalService)
        evidence.canonicalRevision = texts.symbol(canonicalRevision)
        evidence.istioNamespace = texts.symbol(istioNamespace)
        evidence.istioCluster = texts.symbol(istioCluster)
        // An application's tag of such a name may mean anything.
        guard span.isProxy else { return }
        evidence.service = texts.symbol(service)
        evidence.version = texts.symbol(version)
        evidence.namespace = texts.symbol(namespace)
        evidence.pod = texts.symbol(pod)
        evidence.node = texts.symbol(node)
    }

    @inline(__always)
    private static func symbol(_ text: UnsafeRawBufferPointer, _ texts: inout SpanTexts) -> Symbol {
        text.count == 1 && text[0] == UInt8(ascii: "-") ? .empty : texts.symbol(text)
    }
}
