import MeshModel

/// A profile with its label names as symbols and its families indexed.
struct CompiledProfile: Sendable {
    let profile: Profile
    /// It maps TLS handshakes, so that a proxy which counts connections but none of these speaks plain text.
    let countsHandshakes: Bool
    private let roles: [Profile.LabelRole: [Symbol]]
    private let exact: [String: [Int]]
    private let wild: [Int]
    private let reporter: Symbol?
    private let source: PeerSymbols
    private let destination: PeerSymbols

    /// What was decided about cluster names and stat prefixes so far, by symbol.
    struct Verdicts: Sendable {
        var clusters: [Symbol: Cluster] = [:]
        var managers: [Symbol: Vantage?] = [:]

        struct Cluster: Sendable {
            var vantage: Vantage?
            var peer: EntityClaim?
        }
    }

    private struct PeerSymbols: Sendable {
        var cluster, namespace, service, workload, version, pod, app, host: [Symbol]
        init(_ peer: Profile.PeerLabels, symbols: inout SymbolTable.Storage) {
            func all(_ names: [String], _ symbols: inout SymbolTable.Storage) -> [Symbol] {
                var result: [Symbol] = []
                for name in names { result.append(symbols.intern(name)) }
                return result
            }
            cluster = all(peer.cluster, &symbols)
            namespace = all(peer.namespace, &symbols)
            service = all(peer.service, &symbols)
            workload = all(peer.workload, &symbols)
            version = all(peer.version, &symbols)
            pod = all(peer.pod, &symbols)
            app = all(peer.app, &symbols)
            host = all(peer.host, &symbols)
        }
    }

    init(_ profile: Profile, symbols: inout SymbolTable.Storage) {
        self.profile = profile
        countsHandshakes = profile.metrics.contains { $0.signal == .tlsHandshakes }
        var roles: [Profile.LabelRole: [Symbol]] = [:]
        for (role, names) in profile.labels {
            for name in names { roles[role, default: []].append(symbols.intern(name)) }
        }
        self.roles = roles
        var exact: [String: [Int]] = [:]
        var wild: [Int] = []
        for (index, rule) in profile.metrics.enumerated() {
            if let name = rule.family.exactName { exact[name, default: []].append(index) } else { wild.append(index) }
        }
        self.exact = exact
        self.wild = wild
        reporter = profile.reporter.map { symbols.intern($0.label) }
        source = PeerSymbols(profile.source, symbols: &symbols)
        destination = PeerSymbols(profile.destination, symbols: &symbols)
    }

    /// Rules whose family is this name, with the suffix that was read off; in the profile's order.
    func rules(for name: String) -> [(index: Int, suffix: FamilyName.Suffix)] {
        // A pattern holds among the profile's own names only, a name in full wherever it occurs.
        let isRecognised = profile.recognises.isEmpty || profile.recognises.contains { name.hasPrefix($0) }
        var found: [(index: Int, suffix: FamilyName.Suffix)] = []
        for (family, suffix) in FamilyName.readings(of: name) {
            for index in exact[family] ?? [] { found.append((index, suffix)) }
            guard isRecognised else { continue }
            for index in wild where profile.metrics[index].family.matchesFamily(family) { found.append((index, suffix)) }
        }
        return found.sorted { $0.index < $1.index }
    }

    func value(of role: Profile.LabelRole, in labels: ArraySlice<Label>) -> Symbol? {
        guard let names = roles[role] else { return nil }
        return Self.first(names, in: labels)
    }

    private static func first(_ names: [Symbol], in labels: ArraySlice<Label>) -> Symbol? {
        for name in names {
            if let label = labels.first(where: { $0.name == name }), !label.value.isEmpty { return label.value }
        }
        return nil
    }

    // MARK: - Whose fact it is

    func subject(of rule: Profile.MetricRule, signal: Signal, labels: ArraySlice<Label>, symbols: inout SymbolTable.Storage,
                 verdicts: inout Verdicts) -> Meaning? {
        switch rule.subject {
        case .proxy:
            return Meaning(signal: signal, vantage: .server)
        case .listener:
            return value(of: .listener, in: labels) == nil ? nil : Meaning(signal: signal, vantage: .server)
        case .manager:
            guard let prefix = value(of: .manager, in: labels) else { return nil }
            guard let vantage = managerVantage(prefix, symbols: symbols, verdicts: &verdicts), vantage == .server else { return nil }
            return Meaning(signal: signal, vantage: .server)
        case .cluster:
            guard let name = value(of: .cluster, in: labels) else { return nil }
            let verdict = clusterVerdict(name, symbols: &symbols, verdicts: &verdicts)
            guard let vantage = verdict.vantage else { return nil }
            var meaning = Meaning(signal: signal, vantage: vantage)
            if vantage == .client { meaning.destination = verdict.peer }
            return meaning
        case .peers:
            guard let reporter, let rules = profile.reporter, let word = Self.first([reporter], in: labels),
                let vantage = rules.values[symbols.string(word)]
            else { return nil }
            var meaning = Meaning(signal: signal, vantage: vantage)
            meaning.source = peer(source, profile.source, labels, outside: .external, symbols: &symbols)
            meaning.destination = peer(destination, profile.destination, labels, outside: .unknown, symbols: &symbols)
            return meaning
        }
    }

    private func managerVantage(_ prefix: Symbol, symbols: borrowing SymbolTable.Storage, verdicts: inout Verdicts) -> Vantage? {
        if let known = verdicts.managers[prefix] { return known }
        let text = symbols.string(prefix)
        let vantage: Vantage?
        if profile.managers.skip.contains(where: { $0.matches(text) }) {
            vantage = nil
        } else if profile.managers.server.contains(where: { $0.matches(text) }) {
            vantage = .server
        } else if profile.managers.client.contains(where: { $0.matches(text) }) {
            vantage = .client
        } else {
            vantage = nil
        }
        verdicts.managers[prefix] = .some(vantage)
        return vantage
    }

    private func clusterVerdict(_ name: Symbol, symbols: inout SymbolTable.Storage, verdicts: inout Verdicts) -> Verdicts.Cluster {
        if let known = verdicts.clusters[name] { return known }
        let text = symbols.string(name)
        var verdict = Verdicts.Cluster(vantage: nil, peer: nil)
        if !profile.infrastructure.contains(where: { $0.matches(text) }) {
            for rule in profile.clusters {
                guard let captures = rule.template.match(text) else { continue }
                var claim = EntityClaim()
                claim.kind = rule.kind
                claim.isRawName = rule.isRaw
                for (part, value) in captures {
                    switch part {
                    case "service": claim.service = symbols.intern(value)
                    case "namespace": claim.namespace = symbols.intern(value)
                    case "version": claim.version = symbols.intern(value)
                    case "workload": claim.workload = symbols.intern(value)
                    case "cluster": claim.cluster = symbols.intern(value)
                    default: break
                    }
                }
                if claim.kind != .workload, claim.service.isEmpty { claim.service = name }
                verdict = Verdicts.Cluster(vantage: rule.vantage, peer: claim)
                break
            }
        }
        verdicts.clusters[name] = verdict
        return verdict
    }

    private func peer(_ labelNames: PeerSymbols, _ rules: Profile.PeerLabels, _ labels: ArraySlice<Label>, outside: EntityClaim.Kind,
                      symbols: inout SymbolTable.Storage) -> EntityClaim {
        func said(_ names: [Symbol], not: Set<String> = []) -> Symbol {
            for name in names {
                guard let label = labels.first(where: { $0.name == name }), !label.value.isEmpty else { continue }
                let text = symbols.string(label.value)
                if !profile.saysNothing.contains(text), !not.contains(text) { return label.value }
            }
            return .empty
        }
        var claim = EntityClaim()
        claim.cluster = said(labelNames.cluster)
        claim.namespace = said(labelNames.namespace)
        claim.workload = said(labelNames.workload)
        claim.version = said(labelNames.version, not: profile.noVersion)
        claim.pod = said(labelNames.pod)
        claim.app = said(labelNames.app)
        // A destination that matched nothing is told by its service name, whatever the workload labels say.
        for name in labelNames.service {
            guard let label = labels.first(where: { $0.name == name }) else { continue }
            let text = symbols.string(label.value)
            if rules.external.contains(text) || rules.unmatched.contains(text) {
                claim.kind = rules.external.contains(text) ? .external : .unknown
                let host = said(labelNames.host)
                claim.service = host.isEmpty ? label.value : host
                claim.app = .empty
                return claim
            }
        }
        claim.service = said(labelNames.service)
        if claim.service.isEmpty, claim.workload.isEmpty {
            let host = said(labelNames.host)
            claim.kind = host.isEmpty ? outside : .workload
            claim.service = host
        }
        return claim
    }

    // MARK: - What the labels add

    private func principal(_ role: Profile.LabelRole, _ labels: ArraySlice<Label>, symbols: borrowing SymbolTable.Storage) -> Symbol {
        guard let name = value(of: role, in: labels), !profile.saysNothing.contains(symbols.string(name)) else { return .empty }
        return name
    }

    /// A number, or a name (grpc.io, "Status codes").
    private static func grpcStatus(_ text: String) -> UInt8? {
        UInt8(text) ?? grpcNames.firstIndex(of: text.uppercased()).map { UInt8($0) }
    }

    private static let grpcNames = ["OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED",
                                    "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE",
                                    "DATA_LOSS", "UNAUTHENTICATED"]

    func readLabels(_ labels: ArraySlice<Label>, into meaning: inout Meaning, symbols: borrowing SymbolTable.Storage) {
        if meaning.signal == .requests {
            meaning.code = value(of: .code, in: labels).flatMap { UInt16(symbols.string($0)) }.map { min($0, 999) } ?? Meaning.untoldCode
            // A failure without a code: no answer came to a caller, and who was asked failed itself (a class, 5xx).
            if meaning.code == Meaning.untoldCode, value(of: .grpc, in: labels) == nil, let error = value(of: .error, in: labels),
                !profile.saysNothing.contains(symbols.string(error)) {
                meaning.code = meaning.vantage == .client ? 0 : 5
            }
        } else if meaning.signal == .requestsByClass {
            // "2xx" by Istio's tags, "2" by Envoy's own.
            meaning.code = value(of: .class, in: labels).flatMap { symbols.string($0).first?.wholeNumberValue }.flatMap { (1...5).contains($0) ? UInt16($0) : nil }
                ?? Meaning.untoldCode
        }
        if let word = value(of: .grpc, in: labels), let status = Self.grpcStatus(symbols.string(word)) { meaning.grpcStatus = status }
        if let flags = value(of: .flags, in: labels), symbols.string(flags) != "-" { meaning.flags = flags }
        if let policy = value(of: .security, in: labels) {
            switch symbols.string(policy) {
            case "mutual_tls": meaning.security = .mutual
            case "none": meaning.security = .none
            default: meaning.security = .unknown
            }
        }
        meaning.sourcePrincipal = principal(.sourcePrincipal, labels, symbols: symbols)
        meaning.destinationPrincipal = principal(.destinationPrincipal, labels, symbols: symbols)
        if let word = value(of: .protocol, in: labels) { meaning.isGRPC = symbols.string(word) == "grpc" }
    }
}
