import Yams

/// A list of targets as Prometheus' file_sd and http_sd write it, JSON or YAML (JSON is YAML): a list of
/// `{targets: [host:port], labels: {…}}`. Labels that begin with `__` say how to scrape and are not kept, but for meta labels,
/// which may say who it is.
package enum TargetList {
    /// More than this many targets are not for one console.
    static let maxTargets = 20_000

    package static func parse(_ text: String, file: String) throws(IngestError) -> [ScrapeTarget] {
        let root: Node?
        do {
            root = try Yams.compose(yaml: text, .basic)
        } catch {
            throw broken(file, error)
        }
        // Empty while it is written, most likely: dropping every target would be the worst reading of it.
        guard let root else { throw IngestError("\(file): is empty; a list without targets is []") }
        guard case .sequence(let groups) = root else { throw at(root, file, "a target list is a list of {targets: […], labels: {…}}") }
        var targets: [ScrapeTarget] = []
        for group in groups {
            guard case .mapping(let mapping) = group else { throw at(group, file, "an item of a target list is {targets: […], labels: {…}}") }
            for (key, _) in mapping where !["targets", "labels", "source"].contains(key.string ?? "") {
                throw at(key, file, "unknown key `\(key.string ?? "?")`; known are targets and labels")
            }
            let labels = try labels(mapping["labels"], file)
            guard let list = mapping["targets"], case .sequence(let addresses) = list else { throw at(group, file, "targets is missing or is no list") }
            for address in addresses {
                guard case .scalar(let scalar) = address, !isNull(scalar) else { throw at(address, file, "a target is host:port, not null or a list") }
                targets.append(try target(scalar.string, labels, address, file))
                guard targets.count <= maxTargets else { throw IngestError("\(file): more than \(maxTargets) targets") }
            }
        }
        return targets
    }

    private static func broken(_ file: String, _ error: any Error) -> IngestError {
        switch error {
        case YamlError.scanner(_, let problem, let mark, _), YamlError.parser(_, let problem, let mark, _), YamlError.composer(_, let problem, let mark, _):
            return IngestError("\(file):\(mark.line): neither JSON nor YAML: \(problem)")
        case YamlError.duplicatedKeysInMapping(let duplicates, let context):
            return IngestError("\(file):\(context.mark.line): \(duplicates.map { "`\($0)`" }.joined(separator: ", ")) stands there twice")
        case YamlError.reader(let problem, _, _, _): return IngestError("\(file): neither JSON nor YAML: \(problem)")
        default: return IngestError("\(file): neither JSON nor YAML: \(ScrapeProblem.printable("\(error)"))")
        }
    }

    private static func labels(_ node: Node?, _ file: String) throws(IngestError) -> [(String, String)] {
        guard let node else { return [] }
        if case .scalar(let scalar) = node, isNull(scalar) { return [] }
        guard case .mapping(let mapping) = node else { throw at(node, file, "labels is a mapping of names to texts") }
        var labels: [(String, String)] = []
        for (name, value) in mapping {
            guard case .scalar(let nameScalar) = name, case .scalar(let text) = value, !isNull(text) else { throw at(value, file, "a label's value is a text") }
            labels.append((nameScalar.string, text.string))
        }
        return labels
    }

    private static func target(_ address: String, _ labels: [(String, String)], _ node: Node, _ file: String) throws(IngestError) -> ScrapeTarget {
        func label(_ name: String) -> String? { labels.first { $0.0 == name }?.1 }
        guard !address.contains("/") else { throw at(node, file, "`\(address)`: a target is host:port; the path goes into the label __metrics_path__") }
        let scheme = label("__scheme__") ?? "http"
        guard scheme == "http" || scheme == "https" else { throw at(node, file, "__scheme__ is http or https, not `\(scheme)`") }
        var path = label("__metrics_path__") ?? ""
        if !path.isEmpty, !path.hasPrefix("/") { path = "/" + path }
        let parameters = labels.filter { $0.0.hasPrefix("__param_") }.map { "\($0.0.dropFirst(8))=\(percentEncoded($0.1))" }
        if !parameters.isEmpty { path += (path.isEmpty ? "/metrics" : "") + (path.contains("?") ? "&" : "?") + parameters.joined(separator: "&") }
        let kept = labels.filter { !$0.0.hasPrefix("__") || $0.0.hasPrefix("__meta_") }.map { ScrapeTarget.Label(name: $0.0, value: $0.1) }
        do {
            return try ScrapeTarget(url: "\(scheme)://\(address)\(path)", labels: kept)
        } catch {
            throw at(node, file, error.description)
        }
    }

    private static func percentEncoded(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case 48...57, 65...90, 97...122, 45, 46, 95, 126: result.unicodeScalars.append(Unicode.Scalar(byte))
            default: result += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return result
    }

    private static func isNull(_ scalar: Node.Scalar) -> Bool {
        scalar.style == .plain && ["", "null", "Null", "NULL", "~"].contains(scalar.string)
    }

    private static func at(_ node: Node, _ file: String, _ message: String) -> IngestError {
        IngestError("\(file)\(node.mark.map { ":\($0.line)" } ?? ""): \(message)")
    }
}
