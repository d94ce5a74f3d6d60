/// What the rounds of one request come to. A round is all that is known of its exporter, so a request of many points of one stream beside many
/// streams would be as much as both multiplied: the more a request brought already, the further apart its rounds are. What is lost
/// by it is the moment, and of a stream that ends within a round its last increase.
final class RoundWork {
    /// Values that went to the sink.
    var values = 0

    private static let perStep = 4_000_000
    /// Each step is eight times the one before, up to some decades.
    private static let mostDoublings = 30

    private var doublings: Int { min(3 * (values / Self.perStep), Self.mostDoublings) }
    /// Points that lie further apart are of two rounds, nanoseconds.
    var slack: Int64 { MetricExporter.slack << doublings }
    var isTooMuch: Bool { values >= Self.perStep }
}
