import Glibc

/// What is named as recorded: files of either kind, and folders of them.
package enum RecordedFiles {
    /// Tells files with spans from pages of metrics. Of a folder, what ends as pages do is a page, and of the rest what holds spans is
    /// taken; a folder stays among the pages where there is nothing else in it, for the sentence that says so.
    package static func sorted(_ paths: [String]) throws(FileError) -> (pages: [String], spans: [String]) {
        var pages: [String] = [], spans: [String] = []
        for path in paths {
            if FileStamp.isReadableFile(path) {
                if try SpanFiles.holdsSpans(path) { spans.append(path) } else { pages.append(path) }
                continue
            }
            var found: [String] = []
            var hasPages = false
            for name in PageFileNames.names(inFolder: path) ?? [] {
                let inside = path.hasSuffix("/") ? path + name : path + "/" + name
                if PageFileNames.isPage(name) {
                    hasPages = true
                } else if FileStamp.isReadableFile(inside), let layout = try SpanFiles.layout(of: inside) {
                    // What stands beside recordings, a note or a list of targets, is nobody's.
                    if case .other = layout { continue }
                    found.append(inside)
                }
            }
            spans += found
            if hasPages || found.isEmpty { pages.append(path) }
        }
        return (pages, spans)
    }
}
