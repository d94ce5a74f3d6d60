package import MeshModel
import WireFormats

/// Fills batches from OTLP trace requests. One decoder serves one connection or file at a time; it remembers names and identities, so a
/// span like those before it costs no lock and no allocation.
///
/// Usage: put the request's bytes into `batch.bytes`, then `decode(&batch)`; or `append(request:to:)` for bytes held elsewhere.
package struct SpanDecoder: ~Copyable {
    private var message: SpanMessage
    private var claims = ResourceClaims()
    private var variants = SpanVariants()
    private let seed: UInt64
    /// Of formats other than OTLP protobuf.
    var rewriter: SpanRewriter
    /// The table being read, once its header was.
    var csv: CSVSpans?
    package internal(set) var report = SpanReport()

    package init(symbols: SymbolTable, seed: UInt64 = .random(in: .min ... .max)) {
        self.seed = seed
        message = SpanMessage(symbols: symbols, seed: seed)
        rewriter = SpanRewriter(seed: seed)
    }

    /// Spans that come from someone's clock now: those far ahead of it are rejected. What is recorded may be of any time.
    package mutating func expect(now: Timestamp) { message.latest = UInt64(clamping: now.nanoseconds) + Self.aheadNanoseconds }
    private static let aheadNanoseconds: UInt64 = 3_600_000_000_000

    /// What was decoded and rejected since the last call.
    package mutating func takeReport() -> SpanReport {
        defer { report = SpanReport() }
        return report
    }

    /// Copies an `ExportTraceServiceRequest` behind the batch's bytes and reads its spans.
    /// - Returns: false where the bytes are no such message from some point on; the spans before it are in the batch.
    @discardableResult
    package mutating func append(request: UnsafeRawBufferPointer, to batch: inout SpanBatch) -> Bool {
        let start = batch.bytes.count
        batch.bytes.append(contentsOf: request)
        return decode(&batch, from: start)
    }

    /// Reads the spans of the `ExportTraceServiceRequest` that is `batch.bytes` from `start` on.
    @discardableResult
    package mutating func decode(_ batch: inout SpanBatch, from start: Int = 0) -> Bool {
        precondition(batch.bytes.count < Int(UInt32.max), "BUG: a batch past 4 GiB; limits must stop this earlier")
        // Taken out meanwhile: spans are added while they are read.
        var bytes: [UInt8] = []
        swap(&bytes, &batch.bytes)
        var joined: [UInt8] = []
        let isWhole = bytes.withUnsafeBytes { read($0, from: start, &batch, &joined) }
        bytes.append(contentsOf: joined)
        swap(&bytes, &batch.bytes)
        report.namesRefused = message.texts.refused
        return isWhole
    }

    private mutating func read(_ all: UnsafeRawBufferPointer, from start: Int, _ batch: inout SpanBatch, _ joined: inout [UInt8]) -> Bool {
        guard let base = all.baseAddress, start < all.count else { return true }
        var walker = TraceRequestWalker(UnsafeRawBufferPointer(rebasing: all[start...]))
        let before = report.spans + report.rejected
        while walker.nextResource() {
            var place = ByteRange()
            if walker.resourcePieces > 1 {
                place.start = UInt32(all.count + joined.count)
                walker.appendResource(to: &joined)
                place.count = UInt32(all.count + joined.count) - place.start
                joined.withUnsafeBytes { bytes in
                    let whole = UnsafeRawBufferPointer(rebasing: bytes[(Int(place.start) - all.count)...])
                    readSpans(&walker, of: whole, at: place, base, &batch)
                }
            } else {
                place = Self.range(walker.resource, base)
                readSpans(&walker, of: walker.resource, at: place, base, &batch)
            }
        }
        if walker.damagedParts > 0 {
            report.reject(.part, count: walker.damagedParts, example: "a group of spans that ends before its length says")
        }
        if walker.isBroken, report.spans + report.rejected > before {
            report.reject(.part, example: "a request that ends in the middle")
        }
        return !walker.isBroken
    }

    private mutating func readSpans(_ walker: inout TraceRequestWalker, of resource: UnsafeRawBufferPointer, at place: ByteRange,
                                    _ base: UnsafeRawPointer, _ batch: inout SpanBatch) {
        let identity = begin(resource, at: place)
        let first = batch.spans.count
        while let bytes = walker.nextSpan() { readSpan(bytes, of: identity, base, &batch) }
        end(identity, spansFrom: first, &batch)
    }

    /// Moves what was rewritten into the batch.
    mutating func settleRewritten(into batch: inout SpanBatch) {
        let offset = batch.bytes.count
        if offset == 0 { swap(&batch.bytes, &rewriter.writer.bytes) } else { batch.bytes.append(contentsOf: rewriter.writer.bytes) }
        rewriter.group()
        var bytes: [UInt8] = []
        swap(&bytes, &batch.bytes)
        bytes.withUnsafeBytes { all in
            guard let base = all.baseAddress else { return }
            var next = 0
            while next < rewriter.pending.count {
                let resource = rewriter.pending[next].resource
                var place = rewriter.resources[resource]
                place.start += UInt32(offset)
                let identity = begin(UnsafeRawBufferPointer(start: base + Int(place.start), count: Int(place.count)), at: place)
                let first = batch.spans.count
                while next < rewriter.pending.count, rewriter.pending[next].resource == resource {
                    let range = rewriter.pending[next].bytes
                    readSpan(UnsafeRawBufferPointer(start: base + offset + Int(range.start), count: Int(range.count)), of: identity, base, &batch)
                    next += 1
                }
                end(identity, spansFrom: first, &batch)
            }
        }
        swap(&bytes, &batch.bytes)
        rewriter.removeAll()
    }

    private mutating func begin(_ resource: UnsafeRawBufferPointer, at place: ByteRange) -> ResourceIdentity {
        variants.removeAll()
        return ResourceIdentity(bytes: resource, hash: ByteHash.hash(resource, seed: seed), place: place)
    }

    @inline(__always)
    private mutating func readSpan(_ bytes: UnsafeRawBufferPointer, of identity: ResourceIdentity, _ base: UnsafeRawPointer, _ batch: inout SpanBatch) {
        var span = Span()
        var evidence = SpanEvidence()
        if let rejection = message.read(bytes, into: &span, &evidence) {
            report.reject(rejection, example: Self.example(rejection, span, bytes))
            return
        }
        span.bytes = Self.range(bytes, base)
        span.resource = Int32(variants.find(evidence) ?? variants.add(evidence, identity.resource(evidence, &claims, message.keys, &message.texts)))
        batch.spans.append(span)
    }

    private mutating func end(_ identity: ResourceIdentity, spansFrom first: Int, _ batch: inout SpanBatch) {
        report.spans += batch.spans.count - first
        variants.settle(into: &batch, spansFrom: first) { identity.resource($0, &claims, message.keys, &message.texts) }
    }

    private static func range(_ part: UnsafeRawBufferPointer, _ base: UnsafeRawPointer) -> ByteRange {
        guard let start = part.baseAddress, !part.isEmpty else { return ByteRange() }
        return ByteRange(start: UInt32(start - base), count: UInt32(part.count))
    }

    private static func example(_ rejection: SpanRejection, _ span: Span, _ bytes: UnsafeRawBufferPointer) -> String {
        let id = span.id.isNone ? "a span" : "span \(HexText.text(span.id))"
        let trace = span.trace.isZero ? "" : " of trace \(HexText.text(span.trace))"
        return "\(id)\(trace), \(bytes.count) bytes: \(rejection.sentence)"
    }
}

/// A `Resource` message and where it lies in the batch.
private struct ResourceIdentity {
    var bytes: UnsafeRawBufferPointer
    var hash: UInt64
    var place: ByteRange

    func resource(_ evidence: SpanEvidence, _ claims: inout ResourceClaims, _ keys: SpanKeyTable, _ texts: inout SpanTexts) -> SpanResource {
        let answer = claims.answer(resource: hash, bytes: bytes, evidence: evidence, keys: keys, texts: &texts)
        var resource = SpanResource()
        resource.claim = answer.claim
        resource.host = answer.host
        resource.bytes = place
        return resource
    }
}
