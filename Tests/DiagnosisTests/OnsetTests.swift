@testable import Diagnosis
import MeshModel
import Testing

@Suite struct OnsetTests {
    /// A trial a second, by whether it fails.
    private func seconds(_ text: String) -> Double? {
        let steps = text.enumerated().map { Onset.Step(time: Timestamp(seconds: Double($0.offset)), trials: 1, hits: $0.element == "x" ? 1 : 0) }
        return Onset.of(steps.reversed()).map { ($0 - Timestamp(seconds: 0)).seconds }
    }

    @Test func whatFailsFromSomewhereOn() {
        #expect(seconds("..........xxxxxxxxxx") == 10)
        #expect(seconds("..............................x.x..x..xx.x.x.x..x.xx") == 30)
    }

    @Test func aStrayFailureBeforeIsNoOnset() {
        #expect(seconds("...x..........................x.xx.x.xxx.xxx.xx") == 30)
    }

    @Test func whatFailedAllAlongHasNone() {
        #expect(seconds("x.x.x.x.x.x.x.x.x.x.x.x.") == nil)
        #expect(seconds("xxxxxxxxxxxx") == nil)
    }

    @Test func whatEndedHasNone() { #expect(seconds("xxxxxxxxxx..........") == nil) }

    @Test func tooFewSayNothing() {
        #expect(seconds("") == nil)
        #expect(seconds("x") == nil)
        #expect(seconds(".x") == nil)
        #expect(seconds("....x") == nil)
        #expect(seconds("............") == nil)
    }

    @Test func countsByStretches() {
        let steps = (0..<40).map { Onset.Step(time: Timestamp(seconds: Double($0) * 5), trials: 100, hits: $0 < 20 ? 1 : 7) }
        #expect(Onset.of(steps) == Timestamp(seconds: 100))
    }
}
