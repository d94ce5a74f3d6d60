import CellCanvas
import MeshModel
import Panels

extension Verdict {
    /// `91 %` of the failures; of few failures `3/4`.
    var shareText: String? { share.map { Self.share($0 * failures, of: failures) } }

    /// `89–93 %`; of few failures nothing: their counts say how sure it is.
    var intervalText: String? {
        guard failures >= GoldenSignals.smallSample, let interval else { return nil }
        return "\(Self.number(interval.low * 100))–\(Self.percent(interval.high))"
    }

    /// Too few requests for a judgement.
    var isUnsure: Bool { kind == .notEnoughEvidence || requests < GoldenSignals.smallSample && !isDenial && !isAbsorbed && !isChange }

    /// Whose fault it is, as a place in the graph of services.
    var originPlace: Entity? { origin.map { origin in origin.caller == nil ? path.last?.entity ?? origin.entity.asService : origin.entity.asService } }

    /// `gateway → +2 → payment@v2`, `+3 → payment@v2`: where it begins always, who is asked where there is room, and of those between as many as have it.
    func chain(fitting width: Int) -> String {
        let names = chainNames, arrow = " → "
        guard let first = names.first, let last = names.last, names.count > 1 else { return names.joined() }
        var whole = TextWidth.columns(of: first)
        for name in names.dropFirst() where whole <= width { whole += arrow.count + TextWidth.columns(of: name) }
        if whole <= width { return names.joined(separator: arrow) }
        // From the end, as many as fit beside the first and how many are left out.
        let head = TextWidth.columns(of: first) + arrow.count + 1
        var used = 0, kept = 0
        while kept < names.count - 2 {
            let next = arrow.count + TextWidth.columns(of: names[names.count - 1 - kept])
            guard head + String(names.count - 2 - kept).count + used + next <= width else { break }
            (used, kept) = (used + next, kept + 1)
        }
        return kept > 0 ? ([first, "+\(names.count - 1 - kept)"] + names.suffix(kept)).joined(separator: arrow) : "+\(names.count - 1)\(arrow)\(last)"
    }

    /// `explains 91 % of 1,508 failures (89–93 %)`, of few failures `explains 3 of 4 failures`.
    var explains: String? {
        guard let share else { return nil }
        let all = "\(Painter.plural(Int(clamped: failures), "failure"))"
        guard failures >= GoldenSignals.smallSample else { return "explains \(Self.number(share * failures)) of \(all)" }
        return "explains \(Self.percent(share)) of \(all)\(intervalText.map { " (\($0))" } ?? "")"
    }
}

extension GoldenSignals.Answer {
    /// `503 service unavailable, UF (upstream connection failed): 1,200`
    var sentence: String {
        var words: [String] = []
        if let code { words.append(code == 0 ? ResponseCode.words(0) : "\(code < 10 ? "\(code)xx" : "\(code)") \(ResponseCode.words(code))") }
        if let grpcStatus, grpcStatus > 0 { words.append("gRPC \(grpcStatus)") }
        if !flags.isEmpty { words.append(ResponseFlag.sentence(flags)) }
        return "\(words.joined(separator: ", ")): \(Format.grouped(Int(clamped: count)))"
    }
}
