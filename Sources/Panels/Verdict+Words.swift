import Diagnosis
import MeshModel

extension Verdict.Origin {
    /// `payment v2`, `payment → ledger`.
    package var name: String {
        let called = entity.version.map { "\(entity.displayName) \($0)" } ?? entity.displayName
        return caller.map { "\($0.displayName) → \(called)" } ?? called
    }

    /// `503 own error`, `UF connection failure (upstream connection failed)`, `403 denied by policy`.
    package var what: String {
        if let change = changes.first { return change.words }
        if let slowerMilliseconds { return "slower by \(Verdict.number(slowerMilliseconds)) ms" }
        guard let first = answers.first else { return fault.words }
        let words = first.flags.split(separator: ",").first.flatMap { ResponseFlag.words(String($0)) }
        return "\(first.codeText) \(fault.words)" + (words.map { $0 == fault.words ? "" : " (\($0))" } ?? "")
    }
}

extension Verdict.Change {
    /// `returns early in getAds: calls to cache missing in 12 of 31`, `calls to it from frontend (GetCart) take 245 ms on the way instead of 5, n=120`.
    package var words: String {
        let counts = "\(hits) of \(calls)"
        switch part {
        case .own where isWithCalls: return "\(operation.isEmpty ? "" : operation + " ")takes \(Verdict.number(seen)) ms with its calls instead of \(Verdict.number(usual)), n=\(calls)"
        case .own: return "\(operation.isEmpty ? "" : operation + " ")itself takes \(Verdict.number(seen)) ms instead of \(Verdict.number(usual)), n=\(calls)"
        case .wire:
            return "\(caller?.displayName ?? "?") → \(callee?.displayName ?? "?") \(operation.isEmpty ? "" : "(\(operation)) ")takes \(Verdict.number(seen)) ms on the way instead of \(Verdict.number(usual)), n=\(calls)"
        case .lost:
            let share = " (\(Verdict.percent(usual)) in the baseline)"
            if isError { return "\(operation) fails in \(counts)\(share)" }
            if missing.isEmpty { return "\(operation) makes other calls in \(counts)\(share)" }
            let rest = missing.count > 2 ? " and \(missing.count - 2) more" : ""
            return "returns early in \(operation): calls to \(missing.prefix(2).joined(separator: ", "))\(rest) missing in \(counts)\(share)"
        }
    }
}

extension GoldenSignals.Answer {
    /// `503`, `503 UF`, `gRPC 14`, `no answer`.
    package var codeText: String {
        var parts: [String] = []
        if let code, grpcStatus == nil || code != 200 { parts.append(code == 0 ? "no answer" : code < 10 ? "\(code)xx" : "\(code)") }
        if let grpcStatus { parts.append("gRPC \(grpcStatus)") }
        if !flags.isEmpty { parts.append(flags) }
        return parts.joined(separator: " ")
    }
}

extension Verdict {
    /// Something fails, and somebody has to do something: denials are what policy is for, and nothing that is well or unknown fails.
    package var isFailure: Bool {
        switch kind {
        case .errors, .latency, .edge: origin?.fault != .policy
        case .healthy, .notEnoughEvidence: false
        }
    }

    /// A whole number, or one decimal below ten.
    package static func number(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return "-" }
        if abs(value) >= 10 || value == value.rounded() { return "\(Int(value.rounded()))" }
        let tenths = Int((value * 10).rounded())
        return "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
    }

    package static func percent(_ share: Double) -> String { "\(number(share * 100)) %" }

    /// Below twenty a share is no share: counts.
    package static func share(_ part: Double, of all: Double) -> String {
        guard all >= GoldenSignals.smallSample else { return "\(number(part))/\(number(all))" }
        return percent(all > 0 ? part / all : 0)
    }

    /// `gateway → frontend → checkout → payment@v2`; of an edge that fails on the way, up to the one called.
    package var chain: String { chainNames.joined(separator: " → ") }

    package var chainNames: [String] {
        var names = path.map(\.entity.displayName)
        guard let origin else { return names }
        if origin.caller != nil { names.append(origin.entity.versionedName) } else if !names.isEmpty { names[names.count - 1] = origin.entity.versionedName }
        return names
    }

    /// One sentence, fit for the first line of a message.
    package var headline: String {
        let who = service.displayName
        switch kind {
        case .healthy: return "\(who) is well: \(Self.number(failures)) of \(Self.number(requests)) requests failed (\(predicate.rawValue))"
        case .notEnoughEvidence: return "not enough evidence on \(who): \(remarks.first ?? "nothing was seen")"
        case .errors, .edge, .latency: break
        }
        if kind == .latency, let origin {
            return "\(who) \(origin.slowerMilliseconds == nil ? "answers otherwise" : "is slower") than usual because of \(origin.name): \(origin.what)"
        }
        guard let origin else { return "\(who) fails" }
        if origin.fault == .policy { return "\(origin.name): denied by policy" }
        if origin.isAbsorbed { return "\(origin.name) fails \(Self.share(origin.errors, of: origin.requests)), and \(who) gets by: \(origin.what)" }
        let part = share.map { " \(Self.share($0 * failures, of: failures))" } ?? ""
        return "\(who) fails \(Self.share(failures, of: requests)) (\(predicate.rawValue)):\(part) because of \(origin.name), \(origin.what)"
    }
}
