import CellCanvas
import MeshModel
import Panels

extension Painter {
    /// Three lines, four where there is room:
    ///
    ///     ✕ failing  v2: errors 9.1 % > 5 % (server)  since 11:05:40       service payment · payments · 4 pods
    ///     29.3 rps · success 98.1 % (server, n=8,776) · p50 48ms · p95 182ms · p99 240ms
    ///     in 14.1kB/s · out 85.5kB/s · 39 connections · 12 retries · denied 0 · mTLS 100%
    ///     seen by itself · 4 proxies up, newest sample 2s ago
    mutating func headline(_ detail: EntityDetail, _ model: Model, in area: Rect) {
        let row = detail.row
        let limit = area.right - 1
        var parts = detail.identity
        // Whose page it is also stands in the breadcrumb: the reason wins the room.
        let state = "\(row.state.glyph) \(row.stateName)"
        let onset = row.state >= .warning && !row.stale ? Onset(detail.charts).map { "  " + $0.text } ?? "" : ""
        let used = 1 + cells(state) + (row.reason.isEmpty ? 0 : 2 + cells(row.reason)) + cells(onset)
        var x = 1 + text(state, x: 1, y: area.y, .of(row.state), limit: limit)
        if !row.reason.isEmpty { x += text("  \(row.reason)", x: x, y: area.y, row.state >= .warning ? .of(row.state) : .dim, limit: limit - x) }
        if !onset.isEmpty { text(onset, x: x, y: area.y, .strong, limit: limit - x) }
        while !parts.isEmpty, used + 3 + cells(parts.joined(separator: " · ")) > limit { parts.removeLast() }
        let identity = parts.joined(separator: " · ")
        text(identity, x: limit - cells(identity), y: area.y, .dim, limit: cells(identity))
        let lines = [facts(row.signals, model), flows(row.signals, isSilent: row.stale), provenance(detail, model)]
        for (index, line) in lines.enumerated() where index + 1 < area.height {
            let isWide = Honesty.width(line) < limit
            pieces(line, separator: isWide ? Honesty.separator : "  ", x: 1, y: area.y + 1 + index, limit: limit)
        }
    }

    func facts(_ signals: GoldenSignals, _ model: Model) -> [Piece] {
        // TCP, or nobody asked anything over what is open: there is no success to speak of.
        if signals.requests == 0, max(signals.connectionsOpened ?? 0, signals.connectionsActive ?? 0) > 0 {
            return [Piece("connections, and no requests", .strong)]
        }
        let sample = "\(model.predicate.rawValue), n=\(Format.grouped(Int(clamped: signals.judged)))"
        var pieces = [
            Piece(requestText(signals), .strong), Piece("success \(Format.success(signals)) (\(sample))", .of(errorShare: signals.errorShare)),
        ]
        guard let latency = signals.latency else { return pieces + [Piece("latency not exported", .dim)] }
        for (name, value) in [("p50", latency.p50), ("p95", latency.p95), ("p99", latency.p99)] {
            pieces.append(Piece("\(name) \(Format.quantile(value, of: latency))"))
        }
        return pieces
    }

    /// Of one that fell silent a gauge is unknown, which is not a matter of what it exports.
    func flows(_ signals: GoldenSignals, isSilent: Bool) -> [Piece] {
        func bytes(_ name: String, _ count: Double?) -> Piece {
            guard let count else { return Piece("bytes \(name) not exported", .dim) }
            return Piece("\(name) " + (signals.perSecond(count).map { Format.bytes($0) + "/s" } ?? Format.bytes(count)))
        }
        func count(_ noun: String, _ count: Double?, alarming: Bool) -> Piece {
            guard let count else { return Piece("\(noun) \(isSilent ? "unknown" : "not exported")", .dim) }
            return Piece("\(noun) \(Format.count(count.rounded()))", alarming && count > 0 ? .warning : .normal)
        }
        let noBytes = signals.bytesIn == nil && signals.bytesOut == nil
        var pieces = noBytes ? [Piece("bytes not exported", .dim)] : [bytes("in", signals.bytesIn), bytes("out", signals.bytesOut)]
        if signals.connectionsActive == nil, let opened = signals.connectionsOpened {
            pieces.append(count("connections opened", opened, alarming: false))
        } else {
            pieces.append(count("connections", signals.connectionsActive, alarming: false))
        }
        // Bytes alone are neither tried again nor denied by their code.
        let isBytesAlone = signals.requests == 0 && !noBytes
        if !isBytesAlone || signals.retries != nil { pieces.append(count("retries", signals.retries, alarming: true)) }
        if !isBytesAlone || signals.denied != nil {
            pieces.append(signals.denied.map { Piece("denied \(Format.count($0))", $0 > 0 ? .denied : .normal) } ?? Piece("denials not exported", .dim))
        }
        switch (signals.mutualShare, signals.security) {
        case (0?, .tls): pieces.append(Piece("TLS", .normal))
        case (let share?, _): pieces.append(Piece("mTLS \(Format.wholePercent(share))", share < 1 ? .warning : .normal))
        case (nil, .none): pieces.append(Piece("plaintext", .warning))
        case (nil, .tls): pieces.append(Piece("TLS", .normal))
        case (nil, .mutual): pieces.append(Piece("mTLS", .normal))
        case (nil, .unknown): pieces.append(Piece("TLS unknown", .dim))
        }
        return pieces
    }

    /// Where the numbers come from and how fresh they are.
    private func provenance(_ detail: EntityDetail, _ model: Model) -> [Piece] {
        let words = Self.words(detail.row.signals.evidence)
        var pieces = words.isEmpty ? [] : [Piece(words, .dim)]
        let now = model.frame?.now
        let rows = detail.sources.map { SourceRow(source: $0, now: now ?? $0.lastSuccess ?? Timestamp(nanoseconds: 0)) }
        guard !rows.isEmpty else { return pieces + [Piece("none of its proxies is scraped: its callers tell of it", .warning)] }
        let failing = rows.filter { $0.state == .failing }
        let stale = rows.filter(\.isStale)
        pieces.append(Piece(Self.plural(rows.count, "prox", one: "y", many: "ies") + " read", .dim))
        if let age = rows.compactMap(\.age).min(), rows.contains(where: { $0.source.intervalSeconds != nil }) {
            pieces.append(Piece("newest sample \(Format.age(age)) old", .dim))
        }
        if !stale.isEmpty { pieces.append(Piece("\(stale.count) stale", .warning)) }
        if let first = failing.first, case .failing(let reason) = first.source.health {
            pieces.append(Piece("✕ \(failing.count) failing: \(reason)", .failing))
        }
        return pieces
    }

    static func plural(_ count: Int, _ stem: String, one: String, many: String) -> String { "\(Format.grouped(count)) \(stem)\(count == 1 ? one : many)" }
}

extension EntityDetail {
    /// `service payment · payments · 4 pods`, `pod payment-v2-… · payment v2 · on node-a`
    var identity: [String] {
        let key = row.key, entity = row.entity
        var parts = ["\(key.level.rawValue) \(key.level == .version ? "\(key.name)@\(key.version)" : key.name)"]
        if key.level == .pod, let service = entity.service { parts.append([service, entity.version].compactMap(\.self).joined(separator: " ")) }
        if !key.namespace.isEmpty { parts.append(key.namespace) }
        if key.level == .pod, let node = entity.node { parts.append("on \(node)") }
        if key.level != .pod, row.pods > 0 { parts.append(Painter.plural(row.pods, "pod")) }
        if !key.cluster.isEmpty { parts.append(key.cluster) }
        return parts
    }
}
