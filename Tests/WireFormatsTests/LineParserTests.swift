import Testing
import WireFormats

@Suite struct LineParserTests {
    @Test(arguments: [
        // Blanks and tabs between tokens, none, trailing commas, empty braces.
        ("a 1", "a 1.0"),
        ("\ta\t 1 ", "a 1.0"),
        ("a {b=\"c\"} 1", "a{b=c} 1.0"),
        ("a{ b = \"c\" , d=\"e\" , } 1", "a{b=c,d=e} 1.0"),
        ("a{}-Inf", "a -inf"),
        ("a{b=\"c\"}1", "a{b=c} 1.0"),
        ("name{} 7", "name 7.0"),
        ("a:b:c 1", "a:b:c 1.0"),
        // Escapes: \\ \" \n; any other backslash stays.
        (#"a{b="x\\y\"z"} 1"#, #"a{b=x\y"z} 1.0"#),
        (#"a{b="x\ny"} 1"#, "a{b=x\ny} 1.0"),
        (#"a{b="\t\q"} 1"#, #"a{b=\t\q} 1.0"#),
        (#"a{b="\\n"} 1"#, #"a{b=\n} 1.0"#),
        (#"a{b="} # {"} 1"#, "a{b=} # {} 1.0"),
        ("a{b=\"\"} 1", "a{b=} 1.0"),
        ("a{b=\"ü€😀\"} 1", "a{b=ü€😀} 1.0"),
        // Names in quotes.
        (#"{"my.metric","a.b"="c"} 1"#, "my.metric{a.b=c} 1.0"),
        (#"{"my.metric"} 1"#, "my.metric 1.0"),
        (#"{a="b","my metric"} 1"#, "my metric{a=b} 1.0"),
        (#"m{"a.b"="c",d="e"} 1"#, "m{a.b=c,d=e} 1.0"),
        // Carriage return before the newline.
        ("a 1\r", "a 1.0"),
        ("a{b=\"c\"} 1 1000\r", "a{b=c} 1.0 @1000"),
        ("\r", "blank"),
    ])
    func readsASample(_ line: String, _ expected: String) { #expect(read(line) == expected) }

    @Test(arguments: [
        ("0", 0), ("00012", 12), ("1e+06", 1e6), ("1E-3", 1e-3), ("+5", 5), ("-5.25", -5.25), (".5", 0.5), ("5.", 5), ("0x1p-3", 0.125), ("0X1.8p1", 3),
        ("9007199254740993", 9_007_199_254_740_992), ("123456789012345", 123_456_789_012_345), ("1234567890123456", 1_234_567_890_123_456),
        ("18446744073709551616", 18_446_744_073_709_551_616), ("0.1", 0.1), ("0.30000000000000004", 0.30000000000000004),
        ("1.7976931348623157e308", 1.7976931348623157e308), ("4.9e-324", .leastNonzeroMagnitude), ("1e999", .infinity), ("2.478268416e+09", 2_478_268_416),
        ("+Inf", .infinity), ("Inf", .infinity), ("inf", .infinity), ("-Inf", -.infinity), ("infinity", .infinity), ("-0", -0.0),
    ])
    func readsANumber(_ text: String, _ expected: Double) {
        let value = Array(text.utf8).withUnsafeBytes { NumberScanner.number($0) }
        #expect(value?.bitPattern == expected.bitPattern, "\(text) became \(String(describing: value))")
        // The scanner of repeat scrapes and the parser agree, whatever ends the number.
        for end in ["", "\n", " 123\n", "\r\n", "\t"] {
            Array(("  " + text + end).utf8).withUnsafeBytes { bytes in
                guard let base = bytes.baseAddress else { return }
                let scanned = NumberScanner.scan(base, base + bytes.count)
                #expect(scanned?.value.bitPattern == expected.bitPattern)
                #expect(scanned?.length == text.utf8.count + 2)
            }
        }
    }

    @Test(arguments: ["NaN", "nan", "NAN", "+NaN"])
    func readsNotANumber(_ text: String) { #expect(read("a " + text) == "a nan") }

    @Test(arguments: ["", "-", "+", ".", "e5", "1e", "1_2", "0b1", "0o1", "1,5", "--1", "1.2.3", "infinite", "nan(1)", "0x", "blubb", "1.0f", "¼"])
    func refusesWhatIsNoNumber(_ text: String) {
        #expect(Array(text.utf8).withUnsafeBytes { NumberScanner.number($0) } == nil)
    }

    @Test(arguments: [
        ("a 1 1395066363000", ExpositionFormat.prometheusText, "a 1.0 @1395066363000"),
        ("a 1 -3982045", .prometheusText, "a 1.0 @-3982045"),
        // A fraction is written by OpenMetrics only, whatever the content type said.
        ("a 1 1395066363.25", .prometheusText, "a 1.0 @1395066363250"),
        ("a 1 1395066363", .openMetrics, "a 1.0 @1395066363000"),
        ("a 1 1.5e3", .openMetrics, "a 1.0 @1500000"),
        ("a 1 12345678901234567890.1", .openMetrics, "a 1.0 @\(Int64.max)"),
        ("a 1 NaN", .openMetrics, "bad badTimestamp@4"),
        ("a 1 Inf", .prometheusText, "bad badTimestamp@4"),
        ("a 1 x", .prometheusText, "bad badTimestamp@4"),
        ("a 1 2 3", .prometheusText, "bad textAfterValue@6"),
    ])
    func readsATimestamp(_ line: String, _ format: ExpositionFormat, _ expected: String) { #expect(read(line, format) == expected) }

    @Test(arguments: [
        (#"a_total 1 # {trace_id="x"} 0.5"#, "a_total 1.0 #0.5"),
        (#"a_total 1 123 # {} 4 123"#, "a_total 1.0 @123000 #4.0"),
        ("a{b=\"c\"} 1 # {d=\"# }\",e=\"f\"} 2", "a{b=c} 1.0 #2.0"),
        ("a 1 #", "bad badExemplar@4"),
        ("a 1 # {b=\"c\"}", "bad badExemplar@4"),
        ("a 1 # {b=\"c\"} x", "bad badExemplar@4"),
        ("a 1 # {b=\"c\"} 1 x", "bad badExemplar@4"),
        ("a 1 # {b=c} 1", "bad badExemplar@4"),
        ("a 1 # {b=\"c\"} 1 2 3", "bad textAfterValue@18"),
        ("a 1 # {b=\"" + String(repeating: "x", count: 600) + "\"} 1", "bad exemplarTooLong@4"),
    ])
    func readsAnExemplar(_ line: String, _ expected: String) { #expect(read(line, .openMetrics) == expected) }

    @Test(arguments: [
        ("", "blank"), (" \t", "blank"), ("# x y", "comment"), ("#", "comment"), ("#x", "comment"), ("# The end", "comment"), ("# TYPEX a", "comment"),
        ("# EOF", "eof"), ("#EOF", "eof"), ("# HELP a b\\n c", "help"), ("# HELP a", "help"), ("# UNIT a s", "unit"),
        ("# TYPE a counter", "type a counter"), ("#  TYPE\ta  gauge ", "type a gauge"), ("  # TYPE a histogram", "type a histogramCount"),
        ("# TYPE \"a.b\" gauge", "type a.b gauge"), ("# TYPE a untyped", "type a unknown"), ("# TYPE a summary\r", "type a summaryQuantile"),
        ("# TYPE a stateset", "type a stateSet"), ("# TYPE a info", "type a info"), ("# TYPE a meh", "bad unknownType@9"), ("# TYPE a", "bad unknownType@8"),
        ("# TYPE", "bad badMetadata@6"), ("# HELP", "bad badMetadata@6"), ("# TYPE \"a gauge", "bad badMetadata@7"),
    ])
    func readsMetadata(_ line: String, _ expected: String) { #expect(read(line) == expected) }

    @Test(arguments: [
        ("a", "bad noValue@1"), ("a ", "bad noValue@2"), ("a x", "bad badNumber@2"), ("a-b 1", "bad badName@1"), ("a.b 1", "bad badName@1"), ("{} 1", "bad noName@0"),
        ("@a 1", "bad badName@0"), ("{a=\"b\"} 1", "bad noName@0"), ("a{b} 1", "bad labelNoEquals@3"), ("a{b\"c\"} 1", "bad labelNoEquals@3"),
        ("a{b=c} 1", "bad labelNotQuoted@4"), ("a{b='c'} 1", "bad labelNotQuoted@4"), ("a{=\"c\"} 1", "bad labelNoName@2"), ("a{@=\"c\"} 1", "bad labelNoName@2"),
        ("a{b=\"c} 1", "bad labelNotClosed@4"), ("a{b=\"c\"", "bad labelNotClosed@7"), ("a{", "bad labelNotClosed@2"), (#"a{b="c\"} 1"#, "bad labelNotClosed@4"),
        // Old Envoys did not escape: a quote inside a value.
        (#"a{b="c"d"} 1"#, "bad labelNoComma@7"), ("a{b=\"1\"c=\"2\"} 1", "bad labelNoComma@7"), ("a{b=\"1\",,c=\"2\"} 1", "bad labelNoName@8"),
        ("a{b=\"c\"} 1 2 3", "bad textAfterValue@13"), ("a{b=\"c\"}", "bad noValue@8"), ("<html>", "bad badName@0"), ("a 1 {", "bad badTimestamp@4"),
    ])
    func saysWhatIsWrongAndWhere(_ line: String, _ expected: String) { #expect(read(line) == expected) }

    @Test func textThatIsNotUTF8IsBad() {
        #expect(read(Array("a{b=\"".utf8) + [0xFF, 0xFE] + Array("\"} 1".utf8)) == "bad notUTF8@0")
        #expect(read(Array("a{b=\"".utf8) + [0xED, 0xA0, 0x80] + Array("\"} 1".utf8)) == "bad notUTF8@0", "a lone surrogate")
        #expect(read([0, 1, 2]) == "bad badName@0")
    }

    @Test func labelsAreLimited() {
        let labels = { (count: Int) in (0..<count).map { "l\($0)=\"v\"" }.joined(separator: ",") }
        #expect(read("a{\(labels(256))} 1").hasSuffix(" 1.0"))
        #expect(read("a{\(labels(257))} 1").hasPrefix("bad tooManyLabels"))
    }

    @Test func everyReasonHasItsSentence() {
        let sentences = Set(BadLine.Reason.allCases.map(\.sentence))
        #expect(sentences.count == BadLine.Reason.allCases.count)
    }
}
