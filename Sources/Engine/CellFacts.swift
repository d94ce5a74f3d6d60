import MeshModel

/// What one target says of one of its cells in one stretch of time, before the ranks are settled.
struct CellFacts {
    var exact: [SignalSums.Outcome] = []
    /// What counts the same requests under two names (OpenTelemetry's conventions, old and new) is counted by the lowest rank.
    var exactRank = UInt8.max
    /// By class 1…5: the cluster's own, and what the connection manager answered (local replies included).
    var clusterClasses = ByClass(repeating: 0)
    var managerClasses = ByClass(repeating: 0)
    var unanswered = 0.0
    var attempts: Double?
    var bytesSent = Ranked()
    var bytesReceived = Ranked()
    var connectionsActive = Ranked()
    var connectionsOpened = Ranked()
    var retries: Double?
    /// Requests its proxy did not send because the queue was full, and whether some breaker is open now.
    var turnedAway: Double?
    var hasOpenBreaker = false
    var denied: Double?
    /// Since the proxy's start: a handshake lasts as long as its connection.
    var handshakes: Double?
    var withoutCertificate: Double?
    /// Requests by how they were protected.
    var mutual = 0.0
    var plain = 0.0
    /// Bytes likewise: of what has no requests.
    var mutualBytes = 0.0
    var plainBytes = 0.0
    /// Indices into the target's principals, of series that counted something.
    var principals: [UInt16] = []
    var isIstio = false

    /// One number for each class of codes, 1…5; 0 is no response.
    typealias ByClass = InlineArray<6, Double>

    /// The value of the lowest rank that was reported.
    struct Ranked {
        var rank = UInt8.max
        var value: Double?
        mutating func add(_ more: Double, rank newRank: UInt8) {
            if newRank < rank {
                rank = newRank
                value = more
            } else if newRank == rank {
                value = (value ?? 0) + more
            }
        }
    }

    mutating func take(_ item: MappedSeries, _ count: Double) {
        switch item.signal {
        case .requests:
            isIstio = isIstio || item.rank == 0
            guard count > 0, item.rank <= exactRank else { return }
            if item.rank < exactRank { (exact, exactRank, mutual, plain) = ([], item.rank, 0, 0) }
            exact.append(.init(code: item.code, grpcStatus: item.grpcStatus, flags: item.flags, count: count))
            if item.security == .mutual { mutual += count } else if item.security == .none { plain += count }
            note(item.principals)
        case .requestsByClass:
            guard item.code != Meaning.untoldCode else {
                if count > 0 { exact.append(.init(code: item.code, grpcStatus: item.grpcStatus, flags: item.flags, count: count)) }
                return
            }
            let index = min(Int(item.code), 5)
            if item.rank >= 3 { managerClasses[index] += count } else { clusterClasses[index] += count }
        case .unanswered: unanswered += count
        case .attempts: attempts = (attempts ?? 0) + count
        case .bytesSent, .bytesReceived:
            let bytes = count * Double(item.scale)
            if item.signal == .bytesSent { bytesSent.add(bytes, rank: item.rank) } else { bytesReceived.add(bytes, rank: item.rank) }
            guard bytes > 0 else { return }
            if item.security == .mutual { mutualBytes += bytes } else if item.security == .none { plainBytes += bytes }
            note(item.principals)
        case .connectionsActive: if count.isFinite { connectionsActive.add(count, rank: item.rank) }
        case .connectionsOpened: connectionsOpened.add(count, rank: item.rank)
        case .retries: retries = (retries ?? 0) + count
        case .pendingOverflow: turnedAway = (turnedAway ?? 0) + count
        case .breakerOpen: hasOpenBreaker = hasOpenBreaker || count.isFinite && count > 0
        case .rbacDenied: denied = (denied ?? 0) + count
        case .tlsHandshakes: handshakes = (handshakes ?? 0) + (item.last.isFinite ? item.last : 0)
        case .tlsNoCertificate: withoutCertificate = (withoutCertificate ?? 0) + (item.last.isFinite ? item.last : 0)
        default: break
        }
    }

    private mutating func note(_ pair: UInt16) {
        if pair != 0, !principals.contains(pair) { principals.append(pair) }
    }

    /// Requests by outcome. The cluster's exact codes count; what the connection manager answered beyond them are its own
    /// local replies, of which denials are known to be 403.
    func outcomes() -> [SignalSums.Outcome] {
        var result = exact
        var byClass = ByClass(repeating: 0)
        if exact.isEmpty {
            for code in 1...5 where clusterClasses[code] > 0 {
                result.append(.init(code: UInt16(code), grpcStatus: 255, flags: .empty, count: clusterClasses[code]))
                byClass[code] = clusterClasses[code]
            }
        } else {
            for outcome in exact where outcome.code != Meaning.untoldCode { byClass[min(5, Int(outcome.code) / 100)] += outcome.count }
        }
        guard !isIstio else { return result }
        if let denied, denied > 0 {
            result.append(.init(code: 403, grpcStatus: 255, flags: .empty, count: denied))
            byClass[4] += denied
        }
        for code in 1...5 {
            let local = managerClasses[code] - byClass[code]
            // Manager and cluster count a moment apart: a difference that a few requests in flight explain is none.
            let known = byClass[code]
            if local > 0, known == 0 ? byClass.isZero || local > 2 : local > max(2, known * 0.01) {
                result.append(.init(code: UInt16(code), grpcStatus: 255, flags: .empty, count: local))
            }
        }
        if unanswered > 0 { result.append(.init(code: 0, grpcStatus: 255, flags: .empty, count: unanswered)) }
        return result
    }

    /// - Parameter told: what another cell of a better rank tells of the same side.
    func sums(leavingOut told: Told) -> SignalSums {
        var sums = SignalSums()
        if !told.requests {
            for outcome in outcomes() { sums.add(outcome) }
        }
        if !told.bytes {
            sums.bytesSent = bytesSent.value
            sums.bytesReceived = bytesReceived.value
            sums.mutualBytes = mutualBytes
            sums.plainBytes = plainBytes
        }
        sums.attempts = attempts
        sums.connectionsActive = connectionsActive.value
        sums.connectionsOpened = connectionsOpened.value
        sums.retries = retries
        (sums.turnedAway, sums.hasOpenBreaker) = (turnedAway, hasOpenBreaker)
        return sums
    }
}

extension CellFacts.ByClass {
    var isZero: Bool {
        for index in indices where self[index] != 0 { return false }
        return true
    }
}

/// Which numbers of a side are told.
struct Told {
    var requests = false
    var latency = false
    var bytes = false

    mutating func formUnion(_ other: Told) {
        requests = requests || other.requests
        latency = latency || other.latency
        bytes = bytes || other.bytes
    }
}
