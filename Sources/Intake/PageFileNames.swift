import Glibc
import MeshModel

/// What the names of page files say.
enum PageFileNames {
    /// The page of a file, or those of a folder: what ends as pages do.
    static func pages(_ path: String) throws(FileError) -> [PageFiles.Page] {
        var info = stat()
        guard stat(path, &info) == 0 else {
            if errno == ENOENT, path.contains("*") { throw FileError(description: "\(path): no file is called so") }
            throw FileError(description: "\(path): \(String(cString: strerror(errno))); name a file with a proxy's metrics page, or a folder of them")
        }
        guard info.st_mode & S_IFMT == S_IFDIR else { return [try page(path, info)] }
        guard let all = names(inFolder: path) else { throw FileError(description: "\(path): \(String(cString: strerror(errno)))") }
        let names = all.filter(isPage)
        guard !names.isEmpty else { throw FileError(description: "\(path): no pages in this folder; they end in .txt, .prom or .metrics, with or without .gz") }
        var pages: [PageFiles.Page] = []
        for name in names {
            let inside = path.hasSuffix("/") ? path + name : path + "/" + name
            guard stat(inside, &info) == 0, info.st_mode & S_IFMT == S_IFREG else { continue }
            pages.append(try page(inside, info))
        }
        return pages
    }

    /// In the order of the alphabet; nil: it is no folder, or not to be read.
    static func names(inFolder path: String) -> [String]? {
        guard let folder = opendir(path) else { return nil }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) } }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    private static func page(_ path: String, _ info: stat) throws(FileError) -> PageFiles.Page {
        guard info.st_size <= PageFiles.maxBytes else { throw FileError(description: "\(path): larger than 1 GiB") }
        let modified = Timestamp(nanoseconds: Int64(info.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(info.st_mtim.tv_nsec))
        let (proxy, time) = named(path)
        return PageFiles.Page(path: path, proxy: proxy, time: time ?? modified)
    }

    private static let endings = [".txt", ".prom", ".metrics"]

    static func isPage(_ name: String) -> Bool {
        let plain = name.hasSuffix(".gz") ? name.dropLast(3) : name[...]
        return !name.hasPrefix(".") && endings.contains { plain.hasSuffix($0) && plain.count > $0.count }
    }

    /// `dumps/payment-v1@1700000000.5.txt.gz` → (`payment-v1`, that time).
    static func named(_ path: String) -> (proxy: String, time: Timestamp?) {
        var name = Substring(path)
        if let slash = name.lastIndex(of: "/") { name = name[name.index(after: slash)...] }
        if name.hasSuffix(".gz"), name.count > 3 { name = name.dropLast(3) }
        for ending in endings where name.hasSuffix(ending) && name.count > ending.count {
            name = name.dropLast(ending.count)
            break
        }
        if let mark = name.lastIndex(of: "@"), mark != name.startIndex, let seconds = Double(name[name.index(after: mark)...]), seconds.isFinite, abs(seconds) < 1e10 {
            return (String(name[..<mark]), Timestamp(seconds: seconds))
        }
        return (String(name), nil)
    }
}
