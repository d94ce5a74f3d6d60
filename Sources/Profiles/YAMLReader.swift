import Yams

/// Reads a YAML mapping with every key accounted for: an unknown key is an error that names it and its line.
struct YAMLReader {
    let file: String

    func root(_ text: String) throws(ProfileError) -> Node.Mapping {
        let node: Node?
        do {
            node = try Yams.compose(yaml: text, .basic)
        } catch let error as YamlError {
            throw ProfileError(file: file, line: Self.line(of: error), message: "not YAML: \(Self.words(error))")
        } catch {
            throw ProfileError(file: file, line: nil, message: "not YAML: \(error)")
        }
        guard case .mapping(let mapping)? = node else {
            throw ProfileError(file: file, line: node?.mark?.line, message: "a profile is a YAML mapping that begins with `profile: NAME`")
        }
        return mapping
    }

    func keys(of mapping: Node.Mapping, allowed: [String], in place: String) throws(ProfileError) {
        for (key, _) in mapping {
            let name = key.string ?? "?"
            guard allowed.contains(name) else {
                throw error(key, "unknown key `\(name)` in \(place); known are: \(allowed.joined(separator: ", "))")
            }
        }
    }

    func mapping(_ node: Node, _ what: String) throws(ProfileError) -> Node.Mapping {
        guard case .mapping(let mapping) = node else { throw error(node, "\(what) is a mapping") }
        return mapping
    }

    func text(_ node: Node, _ what: String) throws(ProfileError) -> String {
        guard case .scalar(let scalar) = node else { throw error(node, "\(what) is one word or text") }
        return scalar.string
    }

    func flag(_ node: Node, _ what: String) throws(ProfileError) -> Bool {
        switch try text(node, what) {
        case "true": return true
        case "false": return false
        default: throw error(node, "\(what) is true or false")
        }
    }

    /// A list of texts; a single text stands for a list of one.
    func texts(_ node: Node, _ what: String) throws(ProfileError) -> [String] {
        switch node {
        case .scalar(let scalar): return [scalar.string]
        case .sequence(let items):
            var result: [String] = []
            for item in items { result.append(try text(item, what)) }
            return result
        case .mapping, .alias: throw error(node, "\(what) is a list")
        }
    }

    func patterns(_ node: Node, _ what: String) throws(ProfileError) -> [Pattern] {
        var result: [Pattern] = []
        for text in try texts(node, what) {
            if let problem = Pattern.problem(with: text) { throw error(node, "\(what): `\(text)`: \(problem)") }
            result.append(Pattern(text))
        }
        return result
    }

    func choice<Value: RawRepresentable & CaseIterable>(_ node: Node, _ what: String) throws(ProfileError) -> Value where Value.RawValue == String {
        let word = try text(node, what)
        guard let value = Value(rawValue: word) else {
            throw error(node, "\(what) `\(word)` is not one of \(Value.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return value
    }

    func error(_ node: Node, _ message: String) -> ProfileError {
        ProfileError(file: file, line: node.mark?.line, message: message)
    }

    private static func line(of error: YamlError) -> Int? {
        switch error {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): mark.line
        case .duplicatedKeysInMapping(_, let context): context.mark.line
        default: nil
        }
    }

    private static func words(_ error: YamlError) -> String {
        switch error {
        case .scanner(_, let problem, _, _), .parser(_, let problem, _, _), .composer(_, let problem, _, _): problem
        case .duplicatedKeysInMapping(let keys, _): "the key `\(keys.first ?? "?")` occurs twice"
        default: "\(error)"
        }
    }
}
