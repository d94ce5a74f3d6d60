import Glibc

/// Files under Tests/Fixtures, found from where this source lies.
package enum Fixture {
    package static let folder: String = {
        let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
        return root + "/Tests/Fixtures"
    }()

    /// A missing file is a broken checkout: the test ends with its name.
    package static func bytes(_ path: String) -> [UInt8] {
        let bytes = contents(folder + "/" + path)
        precondition(bytes != nil, "BUG: no fixture \(path)")
        return bytes ?? []
    }

    package static func text(_ path: String) -> String { String(decoding: bytes(path), as: UTF8.self) }

    /// The rows of a tab-separated table without its header.
    package static func table(_ path: String) -> [[String]] {
        text(path).split(separator: "\n").dropFirst().map { $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init) }
    }

    /// Paths of a folder's files with one ending, sorted.
    package static func files(in path: String, ending: String) -> [String] {
        let listing = opendir(folder + "/" + path)
        precondition(listing != nil, "BUG: no fixture folder \(path)")
        guard let listing else { return [] }
        defer { closedir(listing) }
        var names: [String] = []
        while let entry = readdir(listing) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            if name.hasSuffix(ending) { names.append(path + "/" + name) }
        }
        return names.sorted()
    }

    package static func contents(_ absolutePath: String) -> [UInt8]? {
        guard let file = fopen(absolutePath, "r") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            if count == 0 { return bytes }
            bytes.append(contentsOf: chunk[..<count])
        }
    }
}
