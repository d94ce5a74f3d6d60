@testable import Dashboard
import Panels
import Testing

/// What other tools print wrongly of errors, and is right here.
struct PeerDefectTests {
    /// Consul's UI prints a ratio with a percent sign: 5 % of errors read 0.05%.
    @Test func aShareOfErrorsIsPrintedInPercent() {
        var signals = GoldenSignals()
        (signals.requests, signals.errors) = (1000, 50)
        #expect(signals.cellText(.errors) == "5.0 %" && signals.cellText(.success) == "95.0 %")
        #expect(signals.number(.errors) == 5)
    }

    /// Istio's boards colour a success of 0…1 at 95 and 99: it is never green, and warns of nothing.
    @Test(arguments: [(0.0, Tone.normal), (0.009, .normal), (0.02, .warning), (0.06, .failing), (1, .failing)])
    func successIsPaintedByTheUnitItIsIn(_ share: Double, _ tone: Tone) {
        #expect(Tone.of(errorShare: share) == tone)
    }
}
