import MeshModel
import Yams

extension Profile {
    /// Reads one profile file. Every key is checked; the first problem is reported with its line.
    package init(yaml text: String, file: String) throws(ProfileError) {
        let reader = YAMLReader(file: file)
        let root = try reader.root(text)
        try reader.keys(of: root, allowed: ["profile", "program", "recognises", "labels", "managers", "infrastructure", "clusters", "reporter", "source",
                                            "destination", "says_nothing", "no_version", "metrics"], in: "a profile")
        guard let name = root["profile"] else { throw ProfileError(file: file, line: 1, message: "a profile begins with `profile: NAME`") }
        self.init(name: try reader.text(name, "profile"))
        if let node = root["program"] { isOfProgram = try reader.flag(node, "program") }
        if let node = root["recognises"] { recognises = try reader.texts(node, "recognises") }
        if let node = root["infrastructure"] { infrastructure = try reader.patterns(node, "infrastructure") }
        if let node = root["says_nothing"] { saysNothing = Set(try reader.texts(node, "says_nothing")).union([""]) }
        if let node = root["no_version"] { noVersion = Set(try reader.texts(node, "no_version")) }
        try readLabels(root, reader)
        try readManagers(root, reader)
        try readClusters(root, reader)
        try readReporter(root, reader)
        if let node = root["source"] { source = try Self.peer(node, reader, "source") }
        if let node = root["destination"] { destination = try Self.peer(node, reader, "destination") }
        if let node = root["metrics"] {
            guard case .sequence(let items) = node else { throw reader.error(node, "metrics is a list") }
            for item in items { metrics.append(try MetricRule(item, reader)) }
        }
    }

    private mutating func readLabels(_ root: Node.Mapping, _ reader: YAMLReader) throws(ProfileError) {
        guard let node = root["labels"] else { return }
        let mapping = try reader.mapping(node, "labels")
        try reader.keys(of: mapping, allowed: LabelRole.allCases.map(\.rawValue), in: "labels")
        for role in LabelRole.allCases {
            if let names = mapping[role.rawValue] { labels[role] = try reader.texts(names, "labels.\(role.rawValue)") }
        }
    }

    private mutating func readManagers(_ root: Node.Mapping, _ reader: YAMLReader) throws(ProfileError) {
        guard let node = root["managers"] else { return }
        let mapping = try reader.mapping(node, "managers")
        try reader.keys(of: mapping, allowed: ["server", "client", "skip"], in: "managers")
        if let list = mapping["server"] { managers.server = try reader.patterns(list, "managers.server") }
        if let list = mapping["client"] { managers.client = try reader.patterns(list, "managers.client") }
        if let list = mapping["skip"] { managers.skip = try reader.patterns(list, "managers.skip") }
    }

    private mutating func readClusters(_ root: Node.Mapping, _ reader: YAMLReader) throws(ProfileError) {
        guard let node = root["clusters"] else { return }
        guard case .sequence(let items) = node else { throw reader.error(node, "clusters is a list of {template, side}") }
        for item in items {
            let mapping = try reader.mapping(item, "an item of clusters")
            try reader.keys(of: mapping, allowed: ["template", "side", "kind", "raw"], in: "an item of clusters")
            guard let text = mapping["template"], let side = mapping["side"] else {
                throw reader.error(item, "an item of clusters needs template and side")
            }
            guard let template = Template(try reader.text(text, "template")) else {
                throw reader.error(text, "template: every { needs its }, and two captures need a text between them")
            }
            var rule = ClusterRule(template: template, vantage: try Self.side(side, reader))
            if let kind = mapping["kind"] { rule.kind = try Self.kind(kind, reader) }
            if let raw = mapping["raw"] { rule.isRaw = try reader.flag(raw, "raw") }
            clusters.append(rule)
        }
    }

    private mutating func readReporter(_ root: Node.Mapping, _ reader: YAMLReader) throws(ProfileError) {
        guard let node = root["reporter"] else { return }
        let mapping = try reader.mapping(node, "reporter")
        try reader.keys(of: mapping, allowed: ["label", "client", "server", "waypoint"], in: "reporter")
        guard let label = mapping["label"] else { throw reader.error(node, "reporter needs label") }
        var reporter = Reporter(label: try reader.text(label, "reporter.label"))
        for (key, vantage) in [("client", Vantage.client), ("server", .server), ("waypoint", .waypoint)] {
            guard let values = mapping[key] else { continue }
            for value in try reader.texts(values, "reporter.\(key)") { reporter.values[value] = vantage }
        }
        self.reporter = reporter
    }

    private static func side(_ node: Node, _ reader: YAMLReader) throws(ProfileError) -> Vantage {
        switch try reader.text(node, "side") {
        case "client": return .client
        case "server": return .server
        default: throw reader.error(node, "side is client or server")
        }
    }

    private static func kind(_ node: Node, _ reader: YAMLReader) throws(ProfileError) -> EntityClaim.Kind {
        switch try reader.text(node, "kind") {
        case "workload": return .workload
        case "external": return .external
        case "database": return .database
        case "queue": return .queue
        case "unknown": return .unknown
        default: throw reader.error(node, "kind is workload, external, database, queue or unknown")
        }
    }

    private static func peer(_ node: Node, _ reader: YAMLReader, _ place: String) throws(ProfileError) -> PeerLabels {
        let mapping = try reader.mapping(node, place)
        try reader.keys(of: mapping, allowed: ["cluster", "namespace", "service", "workload", "version", "pod", "app", "host", "external", "unmatched"], in: place)
        var peer = PeerLabels()
        func list(_ key: String) throws(ProfileError) -> [String] {
            guard let node = mapping[key] else { return [] }
            return try reader.texts(node, "\(place).\(key)")
        }
        peer.cluster = try list("cluster")
        peer.namespace = try list("namespace")
        peer.service = try list("service")
        peer.workload = try list("workload")
        peer.version = try list("version")
        peer.pod = try list("pod")
        peer.app = try list("app")
        peer.host = try list("host")
        peer.external = Set(try list("external"))
        peer.unmatched = Set(try list("unmatched"))
        return peer
    }
}
