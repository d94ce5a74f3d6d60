import MeshModel
import WireFormats

/// What proxies write of the requests that are sampled: at the caller's a span of the way out, at the callee's one of the arrival, as Istio's
/// sidecars do.
struct DemoSpans {
    enum Flags: UInt8 {
        case none, connectionFailure, timeout, downstreamGone, retriesExhausted

        var text: StaticString {
            switch self {
            case .none: "-"
            case .connectionFailure: "UF"
            case .timeout: "UT"
            case .downstreamGone: "DC"
            case .retriesExhausted: "URX"
            }
        }
    }

    struct Written {
        var trace: TraceID
        var id: SpanID
        var parent: SpanID
        var pod: Int32
        /// Place among the pod's `outbound`; −1: the request came in.
        var cluster: Int32
        var start: Timestamp
        var end: Timestamp
        var code: Int
        var flags: Flags
    }

    /// Share of the requests, 0 to 1.
    var sampling: Double
    /// Its own, so that traffic is the same with spans and without.
    private var random: DemoRandom
    private var trace: TraceID?
    private(set) var written: [Written] = []

    init(sampling: Double, seed: UInt64) {
        self.sampling = sampling
        random = DemoRandom(seed: seed)
    }

    mutating func beginTrace() {
        trace = sampling > 0 && random.unit() < sampling ? TraceID(high: random.next() | 1, low: random.next()) : nil
    }

    mutating func nextID() -> SpanID { trace == nil ? .none : SpanID(raw: random.next() | 1) }

    mutating func server(_ pod: Int, _ id: SpanID, under parent: SpanID, from start: Timestamp, to end: Timestamp, code: Int, _ flags: Flags) {
        add(pod, -1, id, parent, start, end, code, flags)
    }

    mutating func client(_ pod: Int, _ cluster: Int, _ id: SpanID, under parent: SpanID, from start: Timestamp, to end: Timestamp, code: Int, _ flags: Flags) {
        add(pod, cluster, id, parent, start, end, code, flags)
    }

    private mutating func add(_ pod: Int, _ cluster: Int, _ id: SpanID, _ parent: SpanID, _ start: Timestamp, _ end: Timestamp, _ code: Int, _ flags: Flags) {
        guard let trace else { return }
        written.append(Written(trace: trace, id: id, parent: parent, pod: Int32(pod), cluster: Int32(cluster), start: start, end: end, code: code, flags: flags))
    }

    /// All that was written since the last call, by pod.
    mutating func take() -> [Written] {
        defer { written.removeAll(keepingCapacity: true) }
        return written.sorted { $0.pod < $1.pod }
    }
}

extension DemoWorld {
    /// Appends an OTLP `ExportTraceServiceRequest` of all spans since the last call.
    mutating func takeSpans(into bytes: inout [UInt8]) {
        let written = spans.take()
        var writer = ProtobufWriter()
        var next = written.startIndex
        while next < written.endIndex {
            let pod = pods[Int(written[next].pod)]
            let group = writer.begin(1)
            let resource = writer.begin(1)
            writer.attribute(1, "service.name", text: "\(pod.service).\(pod.namespace)")
            writer.attribute(1, "telemetry.sdk.name", text: "envoy")
            writer.end(resource)
            let scope = writer.begin(2)
            let first = written[next].pod
            while next < written.endIndex, written[next].pod == first {
                write(written[next], of: pod, to: &writer)
                next += 1
            }
            writer.end(scope)
            writer.end(group)
        }
        bytes.append(contentsOf: writer.bytes)
    }

    private func write(_ span: DemoSpans.Written, of pod: Pod, to writer: inout ProtobufWriter) {
        let isServer = span.cluster < 0
        let cluster = isServer ? "inbound|8080||" : pod.outbound[Int(span.cluster)].host
        let host = isServer ? "\(pod.service).\(pod.namespace).svc.cluster.local" : String(cluster.split(separator: "|").last ?? "")
        let message = writer.begin(2)
        withUnsafeBytes(of: (span.trace.high.bigEndian, span.trace.low.bigEndian)) { writer.bytes(1, $0) }
        withUnsafeBytes(of: span.id.raw.bigEndian) { writer.bytes(2, $0) }
        if !span.parent.isNone { withUnsafeBytes(of: span.parent.raw.bigEndian) { writer.bytes(4, $0) } }
        var name = "\(host):8080/*"
        name.withUTF8 { writer.bytes(5, UnsafeRawBufferPointer($0)) }
        writer.varint(6, isServer ? 2 : 3)
        writer.fixed64(7, UInt64(clamping: span.start.nanoseconds))
        writer.fixed64(8, UInt64(clamping: span.end.nanoseconds))
        writer.attribute(9, "node_id", text: "sidecar~10.4.0.1~\(pod.name).\(pod.namespace)~\(pod.namespace).svc.cluster.local")
        writer.attribute(9, "component", text: "proxy")
        writer.attribute(9, "http.method", text: "GET")
        writer.attribute(9, "http.url", text: "http://\(host):8080/")
        writer.attribute(9, "http.status_code", text: "\(span.code)")
        writer.attribute(9, "response_flags", text: span.flags.text.description)
        writer.attribute(9, "upstream_cluster", text: cluster)
        writer.attribute(9, "upstream_cluster.name", text: cluster)
        writer.attribute(9, "istio.canonical_service", text: pod.service)
        writer.attribute(9, "istio.canonical_revision", text: pod.version)
        writer.attribute(9, "istio.namespace", text: pod.namespace)
        if span.code >= 500 {
            writer.attribute(9, "error", text: "true")
            let status = writer.begin(15)
            writer.varint(3, 2)
            writer.end(status)
        }
        writer.end(message)
    }
}
