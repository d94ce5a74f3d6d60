import MeshModel
import Panels

/// How a row stands, by stated rules. Thresholds of the share of errors follow Kiali's and Linkerd's defaults: above 0.1 %
/// worth a look, above 5 % failing; a share of fewer than 20 requests is not judged by percentage.
enum Health {
    static let warningShare = 0.001
    static let failingShare = 0.05

    static func judge(_ signals: GoldenSignals, stale: Bool, staleFor seconds: Double, predicate: ErrorPredicate) -> (state: HealthState, reason: String) {
        if stale { return (.warning, "no sample for \(Int(seconds)) s") }
        let judged = signals.requests - (signals.denied ?? 0)
        if signals.requests == 0 { return (.idle, "no traffic") }
        if let denied = signals.denied, denied > 0, judged == 0 { return (.warning, "every call denied by policy (\(Int(denied)))") }
        guard judged > 0 else { return (.idle, "no traffic") }
        let share = signals.errors / judged
        if judged < GoldenSignals.smallSample {
            return signals.errors > 0
                ? (.warning, "\(Int(signals.errors)) of \(Int(judged)) failed (\(predicate.rawValue))") : (.good, "")
        }
        let percent = percentage(share)
        if share > failingShare { return (.failing, "errors \(percent) % > 5 % (\(predicate.rawValue))") }
        if share > warningShare { return (.warning, "errors \(percent) % > 0.1 % (\(predicate.rawValue))") }
        if let denied = signals.denied, denied > 0 { return (.warning, "\(Int(denied)) denied by policy") }
        return (.good, "")
    }

    static func percentage(_ share: Double) -> String {
        let tenths = Int((share * 1000).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}
