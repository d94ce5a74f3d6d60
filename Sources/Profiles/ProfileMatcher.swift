package import MeshModel

/// Decides what a series means, once, when it is first seen. Names, cluster names and stat prefixes repeat, so their
/// verdicts are remembered by symbol; what remains per series is a few look-ups.
///
/// One owner at a time (Intake holds it in its lock). Symbols passed in are of one table for the matcher's whole life.
package struct ProfileMatcher: Sendable {
    private let profiles: [CompiledProfile]
    private var names: [Symbol: [Candidate]] = [:]

    private struct Candidate: Sendable {
        var profile: Int
        var rule: Int
        var signal: Signal
    }

    package init(_ set: ProfileSet, symbols: inout SymbolTable.Storage) {
        var compiled: [CompiledProfile] = []
        for profile in set.profiles { compiled.append(CompiledProfile(profile, symbols: &symbols)) }
        profiles = compiled
        leName = symbols.intern("le")
        verdicts = .init(repeating: CompiledProfile.Verdicts(), count: compiled.count)
    }

    private let leName: Symbol
    private var verdicts: [CompiledProfile.Verdicts]

    package func profileName(_ index: UInt8) -> String {
        Int(index) < profiles.count ? profiles[Int(index)].profile.name : ""
    }

    /// What the series means by the first profile that maps it, or nil. `labels` are the series' own, without target labels.
    package mutating func meaning(name: Symbol, labels: ArraySlice<Label>, kind: SeriesKind, symbols: inout SymbolTable.Storage) -> Meaning? {
        let candidates = candidates(for: name, kind: kind, symbols: symbols)
        for candidate in candidates {
            let compiled = profiles[candidate.profile]
            let rule = compiled.profile.metrics[candidate.rule]
            if let role = rule.needs, compiled.value(of: role, in: labels) == nil { continue }
            guard var meaning = compiled.subject(of: rule, signal: candidate.signal, labels: labels, symbols: &symbols,
                                                 verdicts: &verdicts[candidate.profile])
            else { continue }
            meaning.profile = UInt8(clamping: candidate.profile)
            meaning.isOfTLSProfile = compiled.countsHandshakes
            meaning.isOfProgram = compiled.profile.isOfProgram
            meaning.rank = rule.rank
            meaning.scale = rule.scale
            compiled.readLabels(labels, into: &meaning, symbols: symbols)
            if candidate.signal == .latencyBucket {
                guard let bound = labels.first(where: { $0.name == leName }).flatMap({ Self.bound(symbols.string($0.value)) }) else { continue }
                meaning.upperBound = bound * rule.scale
            }
            return meaning
        }
        return nil
    }

    /// Whether any profile has a rule for a series of this name, whatever its labels.
    package func knows(_ name: String) -> Bool {
        profiles.contains { compiled in compiled.rules(for: name).contains { Self.signal(of: compiled.profile.metrics[$0.index], suffix: $0.suffix) != nil } }
    }

    /// `le` is text in several spellings ("1", "1.0", "1e+03", "+Inf"): compared as a number, never as a string.
    private static func bound(_ text: String) -> Double? {
        text == "+Inf" || text == "Inf" ? .infinity : Double(text)
    }

    private mutating func candidates(for name: Symbol, kind: SeriesKind, symbols: borrowing SymbolTable.Storage) -> [Candidate] {
        if let known = names[name] { return known }
        let text = symbols.string(name)
        var found: [Candidate] = []
        for (index, compiled) in profiles.enumerated() {
            for rule in compiled.rules(for: text) {
                if let signal = Self.signal(of: compiled.profile.metrics[rule.index], suffix: rule.suffix) {
                    found.append(Candidate(profile: index, rule: rule.index, signal: signal))
                }
            }
        }
        names[name] = found
        return found
    }

    private static func signal(of rule: Profile.MetricRule, suffix: FamilyName.Suffix) -> Signal? {
        switch (rule.signal, suffix) {
        case (nil, .bucket): .latencyBucket
        case (nil, .sum): .latencySum
        case (nil, .count): .latencyCount
        case (nil, .none): nil
        case (let signal?, .none): rule.part == .all ? signal : nil
        case (let signal?, .sum): rule.part == .sum ? signal : nil
        case (let signal?, .count): rule.part == .count ? signal : nil
        case (_?, .bucket): nil
        }
    }
}

/// A sample's name taken apart into family and histogram suffix.
struct FamilyName {
    enum Suffix: String, CaseIterable { case none = "", bucket = "_bucket", sum = "_sum", count = "_count" }

    /// Every way to read `name`: as it stands, and without a histogram suffix.
    static func readings(of name: String) -> [(family: String, suffix: Suffix)] {
        var result = [(name, Suffix.none)]
        for suffix in [Suffix.bucket, .sum, .count] where name.hasSuffix(suffix.rawValue) {
            result.append((String(name.dropLast(suffix.rawValue.count)), suffix))
        }
        return result
    }
}
