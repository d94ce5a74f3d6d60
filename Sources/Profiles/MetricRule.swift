import MeshModel
import Yams

extension Profile.MetricRule {
    init(_ node: Node, _ reader: YAMLReader) throws(ProfileError) {
        let mapping = try reader.mapping(node, "an item of metrics")
        try reader.keys(of: mapping, allowed: ["family", "on", "needs", "signal", "unit", "part", "rank"], in: "an item of metrics")
        guard let familyNode = mapping["family"], let on = mapping["on"], let signalNode = mapping["signal"] else {
            throw reader.error(node, "an item of metrics needs family, on and signal")
        }
        let familyText = try reader.text(familyNode, "family")
        if let problem = Pattern.problem(with: familyText) { throw reader.error(familyNode, "family `\(familyText)`: \(problem)") }
        family = Pattern(familyText)
        subject = try reader.choice(on, "on")
        needs = nil
        if let role = mapping["needs"] { needs = try reader.choice(role, "needs") as Profile.LabelRole }

        let word = try reader.text(signalNode, "signal")
        if word == "latency" {
            signal = nil
        } else if let known = Signal.named[word] {
            signal = known
        } else {
            throw reader.error(signalNode, "unknown signal `\(word)`; known are: latency, \(Signal.named.keys.sorted().joined(separator: ", "))")
        }
        if let unit = mapping["unit"] {
            let word = try reader.text(unit, "unit")
            guard let factor = Self.units[word] else {
                throw reader.error(unit, "unknown unit `\(word)`; known are: \(Self.units.keys.sorted().joined(separator: ", "))")
            }
            scale = factor
        }
        if let part = mapping["part"] { self.part = try reader.choice(part, "part") }
        if let rank = mapping["rank"] {
            guard let number = UInt8(try reader.text(rank, "rank")) else { throw reader.error(rank, "rank is a number from 0 to 255") }
            self.rank = number
        }
    }

    /// Factors into the signals' units: milliseconds and bytes.
    private static let units: [String: Double] = ["ns": 1e-6, "us": 1e-3, "ms": 1, "s": 1000, "bytes": 1, "kB": 1000, "MB": 1e6]
}

extension Signal {
    /// Signals as profiles spell them; the three of a histogram go by `latency`.
    static let named: [String: Signal] = Dictionary(
        uniqueKeysWithValues: Signal.allCases.filter { ![.latencyBucket, .latencySum, .latencyCount].contains($0) }.map { ("\($0)", $0) })
}
