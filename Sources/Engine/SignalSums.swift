import MeshModel
import Panels
import SeriesStore

/// Counts of one side or one entity over one stretch of time, before a predicate and quantiles make golden signals of
/// them. Sums of sums are exact: every fold adds these.
struct SignalSums {
    struct Outcome {
        var code: UInt16
        /// 255 = not gRPC.
        var grpcStatus: UInt8
        var flags: Symbol
        var count: Double

        /// What a policy answers: 403, or gRPC 7 PERMISSION_DENIED.
        var isRefused: Bool { code == 403 || grpcStatus == 7 }

        func isError(_ predicate: ErrorPredicate) -> Bool {
            predicate.isError(code: code, grpcStatus: grpcStatus == 255 ? nil : grpcStatus, hasFlags: !flags.isEmpty)
        }
    }

    var outcomes: [Outcome] = []
    var denied: Double?
    var attempts: Double?
    var latency = BucketVector()
    var latencyTotal: Double?
    var bytesSent: Double?
    var bytesReceived: Double?
    var connectionsActive: Double?
    var connectionsOpened: Double?
    var retries: Double?
    var turnedAway: Double?
    var hasOpenBreaker = false
    var mutual: Double = 0
    var plain: Double = 0
    var tlsOnly: Double = 0
    /// Bytes, where it is they that say how they were protected.
    var mutualBytes: Double = 0
    var plainBytes: Double = 0
    /// Those that called and were called, each pair once.
    var principals: [PrincipalPair] = []
    var evidence: Evidence = []
    var from: Timestamp?
    var to: Timestamp?

    var hasBytes: Bool { (bytesSent ?? 0) + (bytesReceived ?? 0) > 0 }
    var requests: Double { outcomes.reduce(0) { $0 + $1.count } }

    /// - Returns: its place among the outcomes.
    @discardableResult
    mutating func add(_ outcome: Outcome) -> Int {
        guard outcome.count > 0 else { return 0 }
        for index in outcomes.indices
        where outcomes[index].code == outcome.code && outcomes[index].grpcStatus == outcome.grpcStatus && outcomes[index].flags == outcome.flags {
            outcomes[index].count += outcome.count
            return index
        }
        outcomes.append(outcome)
        return outcomes.count - 1
    }

    mutating func merge(_ other: SignalSums) {
        for outcome in other.outcomes { add(outcome) }
        denied = Self.sum(denied, other.denied)
        attempts = Self.sum(attempts, other.attempts)
        latency.merge(other.latency)
        latencyTotal = Self.sum(latencyTotal, other.latencyTotal)
        bytesSent = Self.sum(bytesSent, other.bytesSent)
        bytesReceived = Self.sum(bytesReceived, other.bytesReceived)
        connectionsActive = Self.sum(connectionsActive, other.connectionsActive)
        connectionsOpened = Self.sum(connectionsOpened, other.connectionsOpened)
        retries = Self.sum(retries, other.retries)
        turnedAway = Self.sum(turnedAway, other.turnedAway)
        hasOpenBreaker = hasOpenBreaker || other.hasOpenBreaker
        mutual += other.mutual
        plain += other.plain
        tlsOnly += other.tlsOnly
        mutualBytes += other.mutualBytes
        plainBytes += other.plainBytes
        for pair in other.principals where !principals.contains(pair) { principals.append(pair) }
        evidence.formUnion(other.evidence)
        if let other = other.from { from = from.map { min($0, other) } ?? other }
        if let other = other.to { to = to.map { max($0, other) } ?? other }
    }

    /// A sum of what is known; nil only when nothing is.
    static func sum(_ a: Double?, _ b: Double?) -> Double? {
        guard let a else { return b }
        return a + (b ?? 0)
    }

    /// - Parameter answers: whether it is asked for how requests ended one by one.
    func golden(_ predicate: ErrorPredicate, names: FlagNames, answers: Bool = false) -> GoldenSignals {
        var signals = GoldenSignals()
        signals.requests = requests
        signals.denied = denied.map { min($0, signals.requests) }
        var flags: [Symbol: Double] = [:]
        var errors = 0.0
        // Denials are a class of their own: they are taken off the 403s before the predicate looks.
        var deniedLeft = denied ?? 0
        for outcome in outcomes {
            if let place = signals.codes.firstIndex(where: { $0.code == outcome.code }) {
                signals.codes[place].count += outcome.count
            } else if outcome.code != Meaning.untoldCode {
                signals.codes.append(.init(code: outcome.code, count: outcome.count))
            }
            if !outcome.flags.isEmpty { flags[outcome.flags, default: 0] += outcome.count }
            var count = outcome.count
            if outcome.isRefused {
                let share = min(count, deniedLeft)
                count -= share
                deniedLeft -= share
            }
            let isError = outcome.isError(predicate)
            if isError { errors += count }
            if answers { signals.answers.append(names.answer(outcome, errors: isError ? count : 0)) }
        }
        signals.sortAnswers()
        signals.errors = errors
        signals.codes.sort { $0.code < $1.code }
        signals.flags = names.split(flags)
        signals.attempts = attempts
        signals.latency = latency.summary(total: latencyTotal)
        signals.bytesIn = bytesSent
        signals.bytesOut = bytesReceived
        signals.connectionsActive = connectionsActive
        signals.connectionsOpened = connectionsOpened
        signals.retries = retries
        (signals.turnedAway, signals.hasOpenBreaker) = (turnedAway, hasOpenBreaker)
        (signals.security, signals.mutualShare) = protection
        signals.evidence = evidence
        signals.from = from
        signals.to = to
        return signals
    }
}

extension SignalSums {
    /// The weakest there was, and the share that was mutual: of requests, else of bytes, never of both. What does not say how it was
    /// protected counts for nothing here.
    private var protection: (TransportSecurity, Double?) {
        let (mutual, plain, tls) = self.mutual + self.plain + tlsOnly > 0 ? (self.mutual, self.plain, tlsOnly) : (mutualBytes, plainBytes, 0)
        let judged = mutual + plain + tls
        guard judged > 0 else { return (.unknown, nil) }
        // Sums of shares of requests are no whole numbers.
        let least = judged * 1e-9
        return (plain > least ? .none : tls > least ? .tls : .mutual, mutual / judged)
    }

    /// Takes off what known callers account for; latency and bytes cannot be told apart and are dropped.
    mutating func subtract(_ known: SignalSums) {
        for index in outcomes.indices {
            let same = known.outcomes.reduce(0) { $1.code == outcomes[index].code && $1.grpcStatus == outcomes[index].grpcStatus ? $0 + $1.count : $0 }
            outcomes[index].count = max(0, outcomes[index].count - same)
        }
        outcomes.removeAll { $0.count <= 0 }
        latency = BucketVector()
        latencyTotal = nil
        bytesSent = nil
        bytesReceived = nil
        denied = nil
    }
}

/// As whom a caller came and whom it found, by their certificates.
struct PrincipalPair: Hashable, BitwiseCopyable {
    var source = Symbol.empty
    var destination = Symbol.empty
}

/// Turns flag symbols into words: `UF,URX` counts for both.
struct FlagNames {
    let symbols: SymbolTable

    func answer(_ outcome: SignalSums.Outcome, errors: Double) -> GoldenSignals.Answer {
        .init(code: outcome.code == Meaning.untoldCode ? nil : outcome.code, grpcStatus: outcome.grpcStatus == 255 ? nil : outcome.grpcStatus,
              flags: outcome.flags.isEmpty ? "" : symbols.string(outcome.flags), count: outcome.count, errors: errors)
    }

    func split(_ flags: [Symbol: Double]) -> [GoldenSignals.FlagCount] {
        guard !flags.isEmpty else { return [] }
        var counts: [String: Double] = [:]
        for (symbol, count) in flags {
            for flag in symbols.string(symbol).split(separator: ",") { counts[String(flag), default: 0] += count }
        }
        return counts.map { .init(flag: $0.key, count: $0.value) }.sorted { ($1.count, $0.flag) < ($0.count, $1.flag) }
    }
}
