import Glibc
package import MeshModel

/// A file that cannot be used: what, and what to do.
package struct FileError: Error, Sendable, CustomStringConvertible {
    package var description: String
}

/// Scraped pages kept as files. A page in `X.txt` belongs to proxy X; `X@1700000000.txt` says when it was taken, and several
/// pages of one X give rates. Files of one name in several folders are told apart in time by their modification times.
package enum PageFiles {
    struct Page {
        var path: String
        var proxy: String
        var time: Timestamp
    }

    /// The most one file may hold.
    static let maxBytes = 1 << 30

    /// Reads every file into the sink, each proxy's pages in the order of their times.
    package static func load(_ paths: [String], intake: Intake, sink: any SampleSink) throws(FileError) {
        var pages: [Page] = []
        for path in paths { pages.append(try page(path)) }
        pages.sort { ($0.proxy, $0.time) < ($1.proxy, $1.time) }
        var index = 0
        while index < pages.count {
            let proxy = pages[index].proxy
            let session = intake.openSource(name: pages[index].path, job: "file", rawName: proxy, sink: sink)
            var last: Timestamp?
            while index < pages.count, pages[index].proxy == proxy {
                var time = pages[index].time
                // Two pages of one moment are still two pages: the later one counts as a moment later.
                if let last, time <= last { time = last + Timestamp.Span(nanoseconds: 1_000_000) }
                try read(pages[index].path, at: time, into: session, sink: sink)
                last = time
                index += 1
            }
        }
    }

    private static func read(_ path: String, at time: Timestamp, into session: DecodeSession, sink: any SampleSink) throws(FileError) {
        let bytes = try contents(path)
        session.begin(time: time)
        bytes.withUnsafeBytes { session.feed($0) }
        let report = session.finish(into: sink)
        session.state.lastSuccess = time
        session.state.lastAttempt = time
        session.state.health = report.samples > 0 ? .up : .failing(reason: "no metrics in it")
        sink.update(session.state)
        guard report.samples > 0 || report.lines == 0 || report.badLines == 0 else {
            throw FileError(description: "\(path): not a page of metrics (\(report.firstBadLine ?? "no line could be read"))")
        }
    }

    static func page(_ path: String) throws(FileError) -> Page {
        var info = stat()
        guard stat(path, &info) == 0 else {
            throw FileError(description: "\(path): \(String(cString: strerror(errno))); name a file with a proxy's /stats/prometheus page")
        }
        guard info.st_mode & S_IFMT != S_IFDIR else { throw FileError(description: "\(path): is a folder; name the files in it (\(path)/*.txt)") }
        guard info.st_size <= maxBytes else { throw FileError(description: "\(path): larger than 1 GiB") }
        let modified = Timestamp(nanoseconds: Int64(info.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(info.st_mtim.tv_nsec))
        let (proxy, time) = named(path)
        return Page(path: path, proxy: proxy, time: time ?? modified)
    }

    /// `dumps/payment-v1@1700000000.5.txt` → (`payment-v1`, that time).
    static func named(_ path: String) -> (proxy: String, time: Timestamp?) {
        var name = Substring(path)
        if let slash = name.lastIndex(of: "/") { name = name[name.index(after: slash)...] }
        for ending in [".txt", ".prom", ".metrics"] where name.hasSuffix(ending) && name.count > ending.count { name = name.dropLast(ending.count) }
        if let mark = name.lastIndex(of: "@"), let seconds = Double(name[name.index(after: mark)...]), mark != name.startIndex {
            return (String(name[..<mark]), Timestamp(seconds: seconds))
        }
        return (String(name), nil)
    }

    package static func contents(_ path: String) throws(FileError) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw FileError(description: "\(path): \(String(cString: strerror(errno)))") }
        defer { close(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = Glibc.read(file, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FileError(description: "\(path): \(String(cString: strerror(errno)))") }
            if count == 0 { return bytes }
            guard bytes.count + count <= maxBytes else { throw FileError(description: "\(path): larger than 1 GiB") }
            bytes.append(contentsOf: chunk[..<count])
        }
    }
}
