@testable import Diagnosis
import Testing

/// Which attributes failing traces have more often than good ones.
@Suite struct AttributeCountsTests {
    /// Traces as texts `service key=value …` for each span.
    private func counts(_ selected: [[String]], _ others: [[String]]) -> AttributeCounts {
        var counts = AttributeCounts(seed: 1)
        for (isSelected, traces) in [(true, selected), (false, others)] {
            for trace in traces {
                counts.begin(isSelected: isSelected)
                for span in trace {
                    let words = span.split(separator: " ").map(String.init), service = Int32(words[0].utf8.first ?? 0)
                    counts.pass(service)
                    for word in words.dropFirst() {
                        let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
                        Array(parts[0].utf8).withUnsafeBytes { key in
                            Array(parts[1].utf8).withUnsafeBytes { counts.add(key, $0, kind: 1, of: service) { .init(parts[0], parts[1]) } }
                        }
                    }
                }
            }
        }
        return counts
    }

    private func texts(_ counts: AttributeCounts) -> [String] {
        counts.excesses().map { excess in
            let service = String(UnicodeScalar(UInt8(excess.service)))
            return "\(service) \(excess.names.map { "\($0.key)=\($0.value)" }.joined(separator: "+")) \(excess.selected)/\(excess.ofSelected) \(excess.others)/\(excess.ofOthers)"
        }
    }

    private func times(_ count: Int, _ trace: String...) -> [[String]] { [[String]](repeating: trace, count: count) }

    @Test func theVersionThatFails() {
        #expect(texts(counts(times(20, "gateway zone=a", "payment version=v2"), times(100, "gateway zone=a", "payment version=v1"))) == ["p version=v2 20/20 0/100"])
        // One in five good ones passes it, too.
        #expect(texts(counts(times(40, "payment version=v2"), times(80, "payment version=v1") + times(20, "payment version=v2"))) == ["p version=v2 40/40 20/100"])
    }

    /// Failing requests take another route than most good ones: of those that pass a service, not of all, a value's share is taken.
    @Test func theRouteAloneIsNoExcess() {
        let bad = times(30, "frontend op=checkout", "payment version=v1 pod=p1"), good = times(30, "frontend op=checkout", "payment version=v1 pod=p1") + times(200, "frontend op=home")
        #expect(texts(counts(bad, good)) == ["f op=checkout 30/30 30/230"])
    }

    @Test func whatNoGoodOnePasses() {
        #expect(texts(counts(times(30, "frontend a=1", "payment version=v1"), times(100, "frontend a=1"))) == ["p  30/30 0/100"])
    }

    @Test func fewAreNotEnough() {
        #expect(texts(counts(times(2, "payment version=v2"), times(100, "payment version=v1"))) == [])
        #expect(texts(counts(times(3, "payment version=v2"), times(5, "payment version=v1"))) == [], "their intervals meet")
        #expect(texts(counts(times(50, "payment version=v2"), [])) == [], "nothing to hold them against")
        #expect(texts(counts([], times(50, "payment version=v2"))) == [])
    }

    /// An id is another in every trace.
    @Test func idsDoNotWin() {
        let bad = (0..<600).map { ["payment id=\($0) version=v2"] }, good = (0..<600).map { ["payment id=\($0 + 10_000) version=v1"] }
        let counts = counts(bad, good)
        #expect(texts(counts) == ["p version=v2 600/600 0/600"])
        #expect(counts.values.count <= AttributeCounts.mostValues + 1 && counts.crowded == 1)
    }

    /// What invents keys and values without end takes no more than there is room for.
    @Test func roomIsBounded() {
        let bad = (0..<300).map { trace in ["s " + (0..<50).map { "k\(trace * 50 + $0)=v" }.joined(separator: " ")] }
        #expect(counts(bad, times(100, "s a=b")).values.count <= AttributeCounts.mostKeys)
        #expect(counts(times(50, "s k=" + String(repeating: "x", count: AttributeCounts.longest + 1)), times(50, "s k=y")).values.isEmpty, "too long to be compared")
    }

    /// What is held by just as many traces tells the same, what says how they ended comes last.
    @Test func whatTellsTheSameIsOneLine() {
        let bad = times(20, "payment zone=b version=v2 pod=p2 http.status_code=503 size=1"), good = times(60, "payment zone=a version=v1 pod=p1 http.status_code=200 size=1")
        #expect(texts(counts(bad, good)) == ["p version=v2+pod=p2+zone=b 20/20 0/60", "p http.status_code=503 20/20 0/60"])
    }

    @Test func aTraceCountsOnce() {
        #expect(texts(counts(times(20, "s a=1", "s a=1", "s a=1"), times(60, "s a=2"))) == ["s a=1 20/20 0/60"])
    }
}
