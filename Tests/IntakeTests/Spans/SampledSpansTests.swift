import MeshModel
import Testing
@testable import Intake

/// How many spans one stands for, where its sender says so.
@Suite struct SampledSpansTests {
    @Test(arguments: [("ot=th:c", 4), ("ot=th:0", 1), ("congo=x", 0), ("ot=p:62", 65_535)]) func traceState(_ text: String, _ standsFor: Int) throws {
        var parts = SpanParts(1)
        parts.more = [0x1A, UInt8(text.utf8.count)] + Array(text.utf8)
        #expect(try #require(Decoded([], parts).batch.spans.first).standsFor == standsFor)
    }

    @Test func inJSONToo() throws {
        let json = #"{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"07070707070707070707070707070707","spanId":"0000000000000001","traceState":"ot=th:8","startTimeUnixNano":"1","endTimeUnixNano":"2"}]}]}]}"#
        #expect(SpanFormatTests.Read(json, .otlpJSON).batch.spans.first?.standsFor == 2)
    }

    @Test(arguments: [("probabilistic", "0.01", 100), ("const", "true", 0), ("ratelimiting", "2.0", 0), ("probabilistic", "0", 0), ("probabilistic", "7.5", 0)])
    func jaegerSamplers(_ type: String, _ param: String, _ standsFor: Int) throws {
        let json = """
            {"data":[{"traceID":"07","spans":[{"traceID":"07","spanID":"01","operationName":"a","startTime":1000,"duration":5,"processID":"p1","tags":[
            {"key":"sampler.type","type":"string","value":"\(type)"},{"key":"sampler.param","type":"\(param == "true" ? "bool" : "float64")","value":\(param)}]}],
            "processes":{"p1":{"serviceName":"shop"}}}]}
            """
        #expect(SpanFormatTests.Read(json, .jaegerJSON).batch.spans.first.map { Int($0.standsFor) } == standsFor)
    }

    /// Halves of what cannot be halved: over many traces the sum is right, and all spans of one trace agree.
    @Test func ratiosBetweenWholeNumbers() {
        var sum = 0
        for number in 0..<10_000 {
            var span = Span()
            span.trace = TraceID(high: 0x1234_5678, low: UInt64(number) &* 0x9E37_79B9_7F4A_7C15)
            var other = span
            span.stand(for: 2.5)
            other.stand(for: 2.5)
            #expect(span.standsFor == other.standsFor && (2...3).contains(span.standsFor))
            sum += Int(span.standsFor)
        }
        #expect((24_500...25_500).contains(sum))
    }
}
