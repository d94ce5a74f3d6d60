import Glibc

/// A folder for one test, gone with it.
final class TemporaryFolder: Sendable {
    let path: String

    init() {
        var template = Array("/tmp/telltale-test-XXXXXX".utf8CString)
        path = mkdtemp(&template).map { String(cString: $0) } ?? "/tmp"
    }

    deinit { remove() }

    func remove() {
        guard let folder = opendir(path) else { return }
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) } }
            unlink("\(path)/\(name)")
        }
        closedir(folder)
        rmdir(path)
    }

    /// Written beside and renamed, as careful programs do.
    @discardableResult func write(_ name: String, _ text: String) -> String {
        let place = "\(path)/\(name)", beside = place + ".new"
        guard let file = fopen(beside, "w") else { return place }
        var text = text
        _ = text.withUTF8 { fwrite($0.baseAddress, 1, $0.count, file) }
        fclose(file)
        rename(beside, place)
        return place
    }
}
