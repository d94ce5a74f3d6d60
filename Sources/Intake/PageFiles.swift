import Glibc
package import MeshModel

/// A file that cannot be used: what, and what to do.
package struct FileError: Error, Sendable, CustomStringConvertible {
    package var description: String
}

/// Scraped pages kept as files, gzip or not. A page in `X.txt` belongs to proxy X; `X@1700000000.txt` says when it was taken, and
/// several pages of one X give rates. Files of one name in several folders are told apart in time by their modification times.
package enum PageFiles {
    struct Page: Equatable {
        var path: String
        var proxy: String
        var time: Timestamp
    }

    /// What came of it.
    package struct Outcome: Sendable, Equatable {
        /// Pages that held samples.
        package var pages = 0
        /// Sentences about pages that were not, or not wholly, usable.
        package var problems: [String] = []
    }

    /// The most one file may hold, packed or unpacked.
    static let maxBytes = 1 << 30

    /// Reads every file, and the pages in every folder, into the sink, each proxy's pages in the order of their times. A file that
    /// is not there or not readable is an error; one that holds no page is a problem of its own and leaves the others alone.
    package static func load(_ paths: [String], intake: Intake, sink: any SampleSink) throws(FileError) -> Outcome {
        var pages: [Page] = []
        for path in paths { pages += try PageFileNames.pages(path) }
        pages.sort { ($0.proxy, $0.time, $0.path) < ($1.proxy, $1.time, $1.path) }
        var outcome = Outcome()
        var index = 0
        while index < pages.count {
            let proxy = pages[index].proxy
            let session = intake.openSource(name: pages[index].path, job: "file", rawName: proxy, sink: sink)
            var last: Timestamp?
            while index < pages.count, pages[index].proxy == proxy {
                var time = pages[index].time
                // Two pages of one moment are still two pages: the later one counts as a moment later.
                if let last, time <= last { time = last + Timestamp.Span(nanoseconds: 1_000_000) }
                try read(pages[index].path, at: time, into: session, sink: sink, &outcome)
                last = time
                index += 1
            }
        }
        return outcome
    }

    private static func read(_ path: String, at time: Timestamp, into session: DecodeSession, sink: any SampleSink,
                             _ outcome: inout Outcome) throws(FileError) {
        var bytes = try contents(path)
        session.state.lastAttempt = time
        do {
            if Gzip.isGzip(bytes) { bytes = try Gzip.unpacked(bytes, limit: maxBytes) }
        } catch {
            fail("damaged gzip data: \(error.reason)", path, session, sink, &outcome)
            return
        }
        session.begin(time: time)
        bytes.withUnsafeBytes { session.feed($0) }
        let report = session.finish(into: sink)
        if report.samples == 0 {
            fail(bytes.isEmpty ? "the file is empty" : "not a page of metrics (\(report.firstBadLine ?? "no sample in it"))", path, session, sink, &outcome)
            return
        }
        session.state.lastSuccess = time
        session.state.health = .up
        sink.update(session.state)
        outcome.pages += 1
        if report.badLines > 0 {
            outcome.problems.append("\(path): \(report.badLines) bad line\(report.badLines == 1 ? "" : "s") skipped (\(report.firstBadLine ?? "unknown"))")
        }
    }

    private static func fail(_ reason: String, _ path: String, _ session: DecodeSession, _ sink: any SampleSink, _ outcome: inout Outcome) {
        session.state.health = .failing(reason: reason)
        sink.update(session.state)
        outcome.problems.append("\(path): \(reason)")
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
