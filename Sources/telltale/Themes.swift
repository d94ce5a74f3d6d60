import CellCanvas
import Intake
import Yams

/// Built-in themes, and a user's own by file name.
enum Themes {
    private static let builtin: [(String, [UInt8])] = [
        ("dark", PackageResources.dark_yaml), ("light", PackageResources.light_yaml), ("sixteen", PackageResources.sixteen_yaml),
        ("mono", PackageResources.mono_yaml), ("clear", PackageResources.clear_yaml),
    ]

    static var names: [String] { builtin.map(\.0) }

    /// - Parameter name: a built-in theme, or a path to a YAML file with the same keys.
    static func load(_ name: String) throws(Failure) -> Theme {
        if let bytes = builtin.first(where: { $0.0 == name })?.1 { return try parse(bytes, name) }
        guard name.contains("/") || name.hasSuffix(".yaml") else {
            throw Failure(message: "no theme \(name); there are \(names.joined(separator: ", ")), or name a YAML file", code: .usage)
        }
        do {
            return try parse(try PageFiles.contents(name), name)
        } catch let error as FileError {
            throw Failure(message: "--theme \(error.description)", code: .usage)
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(message: "--theme \(name): \(error)", code: .usage)
        }
    }

    private static func parse(_ bytes: [UInt8], _ name: String) throws(Failure) -> Theme {
        let node: Node?
        do {
            node = try Yams.compose(yaml: String(decoding: bytes, as: UTF8.self), .basic)
        } catch {
            throw Failure(message: "theme \(name): not YAML: \(error)", code: .usage)
        }
        guard case .mapping(let mapping)? = node else { throw Failure(message: "theme \(name): a theme is a mapping of roles to colours", code: .usage) }
        var entries: [(String, String)] = []
        for (key, value) in mapping {
            guard let key = key.string, case .scalar(let scalar) = value else {
                throw Failure(message: "theme \(name): line \(value.mark?.line ?? 0): a role's look is one text", code: .usage)
            }
            entries.append((key, scalar.string))
        }
        do {
            return try Theme(name: name, entries: entries)
        } catch {
            throw Failure(message: error.description, code: .usage)
        }
    }
}
