import MeshModel

/// The writers found among the spans of one `Resource`. Sidecars of one service may share a resource and differ in what their spans
/// say; and of one proxy's spans some say it all (the listener's) and some nothing (the router's).
struct SpanVariants: ~Copyable {
    private struct Variant {
        var evidence: SpanEvidence
        var resource: SpanResource
    }
    private var variants: [Variant] = []
    private var last = 0

    var isEmpty: Bool { variants.isEmpty }

    mutating func removeAll() {
        variants.removeAll(keepingCapacity: true)
        last = 0
    }

    /// Its place, if such evidence came before.
    @inline(__always)
    mutating func find(_ evidence: SpanEvidence) -> Int? {
        if last < variants.count, variants[last].evidence == evidence { return last }
        guard let index = variants.firstIndex(where: { $0.evidence == evidence }) else { return nil }
        last = index
        return index
    }

    mutating func add(_ evidence: SpanEvidence, _ resource: SpanResource) -> Int {
        variants.append(Variant(evidence: evidence, resource: resource))
        last = variants.count - 1
        return last
    }

    /// Appends what the variants come to, one entry for each writer, and gives the spans from `first` on their places. Until then they
    /// carry the variant's number.
    func settle(into batch: inout SpanBatch, spansFrom first: Int, as identity: (SpanEvidence) -> SpanResource) {
        let base = batch.resources.count
        guard variants.count > 1 else {
            if let only = variants.first { batch.resources.append(only.resource) }
            if base > 0 { for index in first..<batch.spans.count { batch.spans[index].resource = Int32(base) } }
            return
        }
        var writers: [(pod: Symbol, evidence: SpanEvidence)] = []
        var places = [Int](repeating: -1, count: variants.count)
        for (index, variant) in variants.enumerated() where !variant.resource.claim.pod.isEmpty {
            let pod = variant.resource.claim.pod
            if let same = writers.firstIndex(where: { $0.pod == pod }) {
                writers[same].evidence.complete(with: variant.evidence)
                places[index] = base + same
            } else {
                places[index] = base + writers.count
                writers.append((pod, variant.evidence))
            }
        }
        if writers.count == 1 {
            for index in places.indices where places[index] < 0 {
                writers[0].evidence.complete(with: variants[index].evidence)
                places[index] = base
            }
        }
        for writer in writers { batch.resources.append(identity(writer.evidence)) }
        place(spansFrom: first, in: &batch, &places)
    }

    private func place(spansFrom first: Int, in batch: inout SpanBatch, _ places: inout [Int]) {
        let isNamed = places.map { $0 >= 0 }
        var placeOfSpan: [UInt64: Int32] = [:]
        if isNamed.contains(false) {
            for span in batch.spans[first...] where isNamed[Int(span.resource)] { placeOfSpan[span.id.raw] = Int32(places[Int(span.resource)]) }
        }
        for index in first..<batch.spans.count {
            let variant = Int(batch.spans[index].resource)
            // A router's span, which names no pod, is a child of its own listener's.
            if !isNamed[variant], let parents = placeOfSpan[batch.spans[index].parent.raw] {
                batch.spans[index].resource = parents
                continue
            }
            if places[variant] < 0 {
                places[variant] = batch.resources.count
                batch.resources.append(variants[variant].resource)
            }
            batch.spans[index].resource = Int32(places[variant])
        }
    }
}
