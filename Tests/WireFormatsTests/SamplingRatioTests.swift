import Testing
@testable import WireFormats

@Suite struct SamplingRatioTests {
    @Test(arguments: [
        ("ot=th:0", 1.0), ("ot=th:8", 2), ("ot=th:c", 4), ("ot=th:fd70a3d70a3d71", 100), ("ot=th:e6666666666668", 10), ("ot=th:8;rv:fffffffffffffe", 2),
        ("ot=rv:01;th:c", 4), ("congo=t61rcWkgMzE, ot=th:8,rojo=00f067aa0ba902b7", 2), ("ot=p:3;r:5", 8), ("ot=p:0", 1), ("ot=p:62", 4.611686018427388e18),
    ]) func ratios(_ text: String, _ expected: Double) throws {
        let found = try #require(Self.read(text))
        #expect(abs(found / expected - 1) < 1e-9)
    }

    @Test(arguments: ["", "ot=", "ot=th:", "ot=th:x", "ot=th:8g", "ot=th:0123456789abcdef", "ot=TH:8", "ot=p:63", "ot=p:-1", "ot=p:", "ot=p:123", "other=th:8", "xot=th:8",
                      "ot=rv:8", ",,,,,,", "ot=;;;;", "vendor=" + String(repeating: "x", count: 600) + ",ot=th:8"])
    func nothingIsSaid(_ text: String) { #expect(Self.read(text) == nil) }

    private static func read(_ text: String) -> Double? { Array(text.utf8).withUnsafeBytes { SamplingRatio.standsFor(traceState: $0) } }
}
