import MeshModel

/// The names a fleet uses, from which raw names are read.
struct KnownNames {
    private var namespaces: [String: Set<String>] = [:]  // by service
    private var allNamespaces: Set<String> = []
    private var versions: [String: Set<String>] = [:]
    private var clusters: [String: NameParts.Parts] = [:]
    /// A prefix several file names carry before a known name (`plain-payment-v1`): a label of the recording.
    private var filePrefix = ""

    mutating func learn(_ claim: EntityClaim, symbols: borrowing SymbolTable.Storage) {
        guard claim.kind == .workload, !claim.service.isEmpty else { return }
        learn(service: symbols.string(claim.service), version: claim.version.isEmpty ? nil : symbols.string(claim.version),
              namespace: claim.namespace.isEmpty ? nil : symbols.string(claim.namespace))
    }

    mutating func learn(service: String, version: String?, namespace: String?) {
        if let namespace {
            namespaces[service, default: []].insert(namespace)
            allNamespaces.insert(namespace)
        } else {
            namespaces[service, default: []].formUnion([])
        }
        if let version { versions[service, default: []].insert(version) }
    }

    mutating func learnCluster(_ name: Symbol, symbols: borrowing SymbolTable.Storage) {
        let text = symbols.string(name)
        guard clusters[text] == nil else { return }
        clusters[text] = read(text)
    }

    private func read(_ name: String) -> NameParts.Parts {
        if namespaces[name] != nil { return .init(service: name, version: nil) }
        for beginning in Self.beginnings(of: name).dropFirst() {
            let version = String(name[beginning.endIndex...].dropFirst())
            if versions[String(beginning)]?.contains(version) ?? false { return .init(service: String(beginning), version: version) }
        }
        // a.b is service.namespace only where b is a known namespace.
        if let dot = name.firstIndex(of: "."), allNamespaces.contains(String(name[name.index(after: dot)...])) {
            return NameParts.versioned(String(name[..<dot]))
        }
        return NameParts.versioned(name)
    }

    func cluster(_ name: String) -> NameParts.Parts { clusters[name] ?? read(name) }

    /// The longest known cluster or service name that begins `name`, else `name` without its pod suffix.
    func pod(_ name: String) -> NameParts.Parts {
        let name = !filePrefix.isEmpty && name.hasPrefix(filePrefix) ? String(name.dropFirst(filePrefix.count)) : name
        return longestKnown(beginning: name) ?? NameParts.pod(name)
    }

    /// Whole dash-separated beginnings of a name, itself first: they are looked up, however many names a fleet uses.
    private static func beginnings(of name: String) -> [Substring] {
        [name[...]] + name.indices.reversed().filter { name[$0] == "-" && $0 != name.startIndex }.map { name[..<$0] }
    }

    private func longestKnown(beginning name: String) -> NameParts.Parts? {
        for beginning in Self.beginnings(of: name) {
            let known = String(beginning), rest = name[beginning.endIndex...]
            if let parts = clusters[known] { return .init(service: parts.service, version: parts.version ?? NameParts.firstVersion(in: rest)) }
            guard namespaces[known] != nil else { continue }
            let version = versions[known]?.filter { NameParts.rest(of: String(rest.dropFirst()), after: $0) != nil }.max { $0.count < $1.count }
            return .init(service: known, version: version ?? NameParts.firstVersion(in: rest))
        }
        return nil
    }

    mutating func learnPrefix(of files: [String]) {
        var votes: [String: Int] = [:]
        for file in files where longestKnown(beginning: file) == nil {
            var start = file.startIndex
            while let dash = file[start...].firstIndex(of: "-") {
                start = file.index(after: dash)
                if longestKnown(beginning: String(file[start...])) != nil {
                    votes[String(file[..<start]), default: 0] += 1
                    break
                }
            }
        }
        if let best = votes.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }), best.value >= 2 { filePrefix = best.key }
    }

    func onlyNamespace(of service: String) -> String? {
        guard let all = namespaces[service], all.count == 1 else { return nil }
        return all.first
    }
}
