import MeshModel
import Testing
import WireFormats

@Suite struct ExpositionKindTests {
    @Test(arguments: [
        ("a", "a", SeriesKind.counter, SeriesKind.counter), ("a_total", "a", .counter, .counter), ("a_total", "a_total", .counter, .counter),
        ("a_created", "a", .counter, .gauge), ("a", "a", .gauge, .gauge),
        ("a_bucket", "a", .histogramCount, .histogramBucket), ("a_sum", "a", .histogramCount, .histogramSum), ("a_count", "a", .histogramCount, .histogramCount),
        ("a", "a", .summaryQuantile, .summaryQuantile), ("a_sum", "a", .summaryQuantile, .histogramSum), ("a_count", "a", .summaryQuantile, .histogramCount),
        ("a_info", "a", .info, .info), ("a", "a", .info, .info), ("a", "a", .stateSet, .stateSet),
        // A sample of another family under this type line.
        ("ab", "a", .info, .unknown), ("ab", "a", .gauge, .unknown), ("ab_total", "a", .gauge, .counter), ("ab", "a", .counter, .unknown), ("b", "a", .counter, .unknown),
        ("ab_bucket", "a", .counter, .histogramBucket),
    ])
    func kindOfASample(_ sample: String, _ family: String, _ type: SeriesKind, _ expected: SeriesKind) {
        #expect(kind(sample, family, type) == expected)
    }

    @Test(arguments: ["a_bucket", "a_gsum", "a_gcount"])
    func partsOfAGaugeHistogramMayFall(_ sample: String) {
        // Its `# TYPE` reads as .histogramBucket, no other does.
        #expect(!kind(sample, "a", .histogramBucket).isCumulative)
    }

    @Test(arguments: [("a_total", SeriesKind.counter), ("a_bucket", .histogramBucket), ("a", .unknown), ("_total", .unknown)])
    func withoutATypeLineTheEndingTells(_ sample: String, _ expected: SeriesKind) { #expect(kind(sample, nil, .unknown) == expected) }

    private func kind(_ sample: String, _ family: String?, _ type: SeriesKind) -> SeriesKind {
        Array(sample.utf8).withUnsafeBytes { name in
            guard let family else { return ExpositionKind.kind(of: name, inFamily: nil, type: type) }
            return Array(family.utf8).withUnsafeBytes { ExpositionKind.kind(of: name, inFamily: $0, type: type) }
        }
    }
}
