/// Reads service and version out of names that were not written for machines: `payment-v1`, `payment-v1-06x`,
/// `checkout-7d9f8c6b5-x2x4k`, `db-0`.
package enum NameParts {
    package struct Parts: Equatable {
        package var service: String
        package var version: String?
        package init(service: String, version: String?) {
            self.service = service
            self.version = version
        }
    }

    /// A trailing `-v<digits>` is a version.
    package static func versioned(_ name: String) -> Parts {
        guard let dash = name.lastIndex(of: "-"), dash != name.startIndex else { return Parts(service: name, version: nil) }
        let last = name[name.index(after: dash)...]
        return isVersion(last) ? Parts(service: String(name[..<dash]), version: String(last)) : Parts(service: name, version: nil)
    }

    /// A pod's name without its suffix: everything after a `-v<digits>` part goes; else the hashes a Deployment
    /// (`-<hash>-<5>`), DaemonSet (`-<5>`) or StatefulSet (`-<n>`) appends.
    package static func pod(_ name: String) -> Parts {
        var parts = name.split(separator: "-", omittingEmptySubsequences: false)
        if let index = parts.indices.dropFirst().last(where: { isVersion(parts[$0]) }) {
            return Parts(service: parts[..<index].joined(separator: "-"), version: String(parts[index]))
        }
        if parts.count > 2, isHash(parts[parts.count - 1], lengths: 5...5), isHash(parts[parts.count - 2], lengths: 6...10) {
            parts.removeLast(2)
        } else if parts.count > 1, let last = parts.last, last.allSatisfy(\.isNumber) || (isHash(last, lengths: 3...5) && last.contains(where: \.isNumber)) {
            parts.removeLast()
        }
        return Parts(service: parts.joined(separator: "-"), version: nil)
    }

    /// Whether `name` begins with `prefix` as whole dash-separated parts; returns what follows.
    package static func rest(of name: String, after prefix: String) -> Substring? {
        guard name.hasPrefix(prefix) else { return nil }
        let rest = name.dropFirst(prefix.count)
        return rest.isEmpty || rest.first == "-" ? rest : nil
    }

    package static func firstVersion(in rest: Substring) -> String? {
        rest.split(separator: "-").first(where: isVersion).map(String.init)
    }

    private static func isVersion(_ part: Substring) -> Bool {
        part.count >= 2 && part.first == "v" && part.dropFirst().allSatisfy { $0.isNumber && $0.isASCII }
    }

    private static func isHash(_ part: Substring, lengths: ClosedRange<Int>) -> Bool {
        lengths.contains(part.count) && part.allSatisfy { $0.isASCII && ($0.isNumber || ($0.isLetter && $0.isLowercase)) }
    }
}
