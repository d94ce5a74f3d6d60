import Testing
import WireFormats

/// The pages of prometheus/common's own parser tests (expfmt/fuzz/corpus, Apache-2.0, d2417e2) that its strict reader refuses. Ours keeps what
/// can be read of a page: this is what becomes of each.
@Suite struct ExpfmtTests {
    @Test(arguments: [
        ("bla 3.14", ["bla 3.14"]),  // no newline at the end: read all the same
        ("metric{label=\"\\t\"} 3.14", ["metric{label=\\t} 3.14"]),  // an unknown escape stays
        ("metric{label=\"new\nline\"} 3.14\n", ["bad labelNotClosed@13", "bad badName@4"]),
        ("metric{@=\"bla\"} 3.14", ["bad labelNoName@7"]),
        ("metric{__name__=\"bla\"} 3.14", ["metric{__name__=bla} 3.14"]),
        ("metric{label+=\"bla\"} 3.14", ["bad labelNoEquals@12"]),
        ("metric{label=bla} 3.14", ["bad labelNotQuoted@13"]),
        ("\n# TYPE metric summary\nmetric{quantile=\"bla\"} 3.14\n", ["blank", "type metric summaryQuantile", "metric{quantile=bla} 3.14"]),
        ("metric{label=\"bla\"+} 3.14", ["bad labelNoComma@18"]),
        ("metric{label=\"bla\"} 3.14 2.72\n", ["metric{label=bla} 3.14 @2720"]),  // a fraction is seconds
        ("metric{label=\"bla\"} 3.14 2 3\n", ["bad textAfterValue@27"]),
        ("metric{label=\"bla\"} blubb\n", ["bad badNumber@20"]),
        ("\n# TYPE metric bla\n", ["blank", "bad unknownType@14"]),
        ("\n# TYPE met-ric\n", ["blank", "bad unknownType@10"]),
        ("@invalidmetric{label=\"bla\"} 3.14 2", ["bad badName@0"]),
        ("{label=\"bla\"} 3.14 2", ["bad noName@0"]),
        ("\n# TYPE metric histogram\nmetric_bucket{le=\"bla\"} 3.14\n", ["blank", "type metric histogramCount", "metric_bucket{le=bla} 3.14"]),
    ])
    func whatBecomesOfARefusedPage(_ page: String, _ expected: [String]) {
        #expect(page.split(separator: "\n", omittingEmptySubsequences: false).map { read(String($0)) }.dropLast(page.hasSuffix("\n") ? 1 : 0) == expected[...])
    }

    /// from_test_parse_1 to 4: what it accepts, with its blanks, escapes and spellings.
    @Test func whatItAccepts() {
        #expect(read("minimal_metric 1.234") == "minimal_metric 1.234")
        #expect(read("another_metric -3e3 103948") == "another_metric -3000.0 @103948")
        #expect(read("no_labels{} 3") == "no_labels 3.0")
        #expect(read("name{labelname=\"val1\",basename=\"base\\\"v\\\\al\\nue\"} NaN") == "name{labelname=val1,basename=base\"v\\al\nue} nan")
        #expect(read("name {labelname=\"val2\",basename=\"base\\\"v\\\\al\\nue\"} 0.23 1234567890") == "name{labelname=val2,basename=base\"v\\al\nue} 0.23 @1234567890")
        #expect(read("my_summary{n1=\"val1\",quantile=\"0.5\"} 110") == "my_summary{n1=val1,quantile=0.5} 110.0")
        #expect(read("  some:aggregate:rate5m{a_b=\"c\"}\t1") == "some:aggregate:rate5m{a_b=c} 1.0")
        #expect(read("request_duration_microseconds_bucket{le=\"172.8\"} 1524") == "request_duration_microseconds_bucket{le=172.8} 1524.0")
        #expect(read("name{labelname=\"val1\",}-Inf") == "name{labelname=val1} -inf")
    }
}
