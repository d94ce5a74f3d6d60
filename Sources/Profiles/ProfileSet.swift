/// The built-in profiles with a user's own on top: a file with a new name adds a profile, one with a known name adds
/// to it, and where both speak of a family, a label role, a cluster form or a list, the user's word comes first.
package struct ProfileSet: Sendable {
    package private(set) var profiles: [Profile]

    package init(profiles: [Profile]) { self.profiles = profiles }

    package var names: [String] { profiles.map(\.name) }

    package static func builtin() throws(ProfileError) -> ProfileSet {
        var set = ProfileSet(profiles: [])
        let files: [(String, [UInt8])] = [
            ("istio.yaml", PackageResources.istio_yaml), ("envoy.yaml", PackageResources.envoy_yaml),
            ("otel.yaml", PackageResources.otel_yaml), ("spanmetrics.yaml", PackageResources.spanmetrics_yaml),
        ]
        for (name, bytes) in files { try set.add(yaml: String(decoding: bytes, as: UTF8.self), file: "built-in \(name)") }
        return set
    }

    package mutating func add(yaml: String, file: String) throws(ProfileError) {
        let added = try Profile(yaml: yaml, file: file)
        if let index = profiles.firstIndex(where: { $0.name == added.name }) {
            var whole = profiles[index]
            whole.overlay(added)
            if let problem = whole.problem { throw ProfileError(file: file, line: nil, message: problem) }
            profiles[index] = whole
        } else {
            if let problem = added.problem { throw ProfileError(file: file, line: nil, message: problem) }
            guard profiles.count < 200 else { throw ProfileError(file: file, line: nil, message: "more than 200 profiles") }
            profiles.append(added)
        }
    }
}

extension Profile {
    /// A rule that could never match, in words.
    fileprivate var problem: String? {
        for rule in metrics {
            let family = "family `\(rule.family.text)`"
            let role: LabelRole? = switch rule.subject {
            case .cluster: .cluster
            case .manager: .manager
            case .listener: .listener
            case .proxy, .peers: nil
            }
            if rule.subject == .peers, reporter == nil { return "\(family) is on peers, which needs reporter" }
            if let role, labels[role] == nil { return "\(family) is on \(rule.subject), which needs labels.\(role)" }
            if let needs = rule.needs, labels[needs] == nil { return "\(family) needs the label of \(needs), which needs labels.\(needs)" }
        }
        return nil
    }

    mutating func overlay(_ user: Profile) {
        recognises += user.recognises
        labels.merge(user.labels) { $1 + $0 }
        managers.server = user.managers.server + managers.server
        managers.client = user.managers.client + managers.client
        managers.skip = user.managers.skip + managers.skip
        infrastructure += user.infrastructure
        clusters = user.clusters + clusters
        reporter = user.reporter ?? reporter
        source.overlay(user.source)
        destination.overlay(user.destination)
        saysNothing.formUnion(user.saysNothing)
        noVersion.formUnion(user.noVersion)
        let replaced = Set(user.metrics.map(\.family.text))
        metrics = user.metrics + metrics.filter { !replaced.contains($0.family.text) }
    }
}

extension Profile.PeerLabels {
    fileprivate mutating func overlay(_ user: Self) {
        cluster = user.cluster + cluster
        namespace = user.namespace + namespace
        service = user.service + service
        workload = user.workload + workload
        version = user.version + version
        pod = user.pod + pod
        host = user.host + host
        external.formUnion(user.external)
        unmatched.formUnion(user.unmatched)
    }
}
