import MeshModel
import Testing

@Suite struct ValueTests {
    @Test(arguments: [
        (Int64(0), "1970-01-01T00:00:00.000Z"), (1_000_000_000_123, "2001-09-09T01:46:40.123Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
        (1_709_251_199_999, "2024-02-29T23:59:59.999Z"), (4_102_444_800_000, "2100-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
        (-62_135_596_800_000, "0001-01-01T00:00:00.000Z"),
    ])
    func timesAreRFC3339(_ milliseconds: Int64, _ text: String) {
        // Before 1678 nanoseconds since 1970 do not fit: the earliest that do stand for them.
        guard abs(milliseconds) < 9_223_372_036_854 else { return }
        #expect(Timestamp(milliseconds: milliseconds).rfc3339 == text)
        #expect(Timestamp(milliseconds: milliseconds).timeOfDay == text.dropFirst(11).prefix(8))
    }

    @Test func timesOutOfReachAreTheLastInReach() {
        #expect(Timestamp(milliseconds: .max) == Timestamp(nanoseconds: .max))
        #expect(Timestamp(milliseconds: .min) == Timestamp(nanoseconds: .min))
        #expect(Timestamp(seconds: 1e300) == Timestamp(nanoseconds: .max))
        #expect(Timestamp(seconds: -.infinity) == Timestamp(nanoseconds: .min))
        #expect(Timestamp(seconds: .nan) == Timestamp(nanoseconds: 0))
        #expect(Timestamp(seconds: 1.5).milliseconds == 1500)
    }

    @Test func aRangeNeverEndsBeforeItBegins() {
        let range = TimeRange(from: Timestamp(nanoseconds: 10), to: Timestamp(nanoseconds: 3))
        #expect(range.length.nanoseconds == 0)
        #expect(range.to == range.from)
    }

    /// code, gRPC status, flags → error under server, client, strict.
    @Test(arguments: [
        (UInt16(200), UInt8?.none, false, false, false, false), (200, 0, false, false, false, false), (302, nil, false, false, false, false),
        (404, nil, false, false, true, true), (403, nil, false, false, true, true), (429, nil, false, false, true, true),
        (500, nil, false, true, true, true), (503, nil, true, true, true, true), (599, nil, false, true, true, true),
        // No response at all.
        (0, nil, false, true, true, true),
        // gRPC answers 200 and says it in its status: UNKNOWN, DEADLINE_EXCEEDED, UNIMPLEMENTED, INTERNAL, UNAVAILABLE, DATA_LOSS are the server's.
        (200, 2, false, true, true, true), (200, 4, false, true, true, true), (200, 12, false, true, true, true), (200, 13, false, true, true, true),
        (200, 14, false, true, true, true), (200, 15, false, true, true, true), (200, 5, false, false, true, true), (200, 7, false, false, true, true), (200, 1, false, false, true, true),
        (200, nil, true, false, false, true),
        // Classes.
        (2, nil, false, false, false, false), (4, nil, false, false, true, true), (5, nil, false, true, true, true),
    ])
    func whatIsAnError(_ code: UInt16, _ grpc: UInt8?, _ flags: Bool, _ server: Bool, _ client: Bool, _ strict: Bool) {
        #expect(ErrorPredicate.server.isError(code: code, grpcStatus: grpc, hasFlags: flags) == server)
        #expect(ErrorPredicate.client.isError(code: code, grpcStatus: grpc, hasFlags: flags) == client)
        #expect(ErrorPredicate.strict.isError(code: code, grpcStatus: grpc, hasFlags: flags) == strict)
    }

    @Test func whatOnlyGrows() {
        let cumulative: [SeriesKind] = [.counter, .histogramBucket, .histogramSum, .histogramCount]
        for kind in [SeriesKind.unknown, .gauge, .summaryQuantile, .info, .stateSet] { #expect(!kind.isCumulative) }
        for kind in cumulative { #expect(kind.isCumulative) }
    }

    @Test func aClaimThatNamesNobodyIsEmpty() {
        var claim = EntityClaim()
        #expect(claim.isEmpty)
        claim.namespace = Symbol(raw: 3)
        #expect(claim.isEmpty, "a namespace alone is nobody")
        claim.pod = Symbol(raw: 4)
        #expect(!claim.isEmpty)
        claim = EntityClaim()
        claim.kind = .external
        #expect(!claim.isEmpty)
    }
}
