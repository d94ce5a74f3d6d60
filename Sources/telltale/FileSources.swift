import Intake
import MeshModel

/// The files named on the command line as sources: pages of metrics and recorded spans, told apart by what is in them.
enum FileSources {
    /// What is wrong with single files is said on stderr if `warns`, and shown among the sources. Where no file holds a page or a span
    /// and nothing else is asked, the program ends with that.
    static func load(_ options: SourceOptions, intake: Intake, sink: any SampleSink & SpanSink, warns: Bool) throws(Failure) {
        try load(options.files, isAll: !options.hasLiveSources, intake: intake, sink: sink, warns: warns)
    }

    /// - Parameter isAll: there are no other sources.
    static func load(_ paths: [String], isAll: Bool, intake: Intake, sink: any SampleSink & SpanSink, warns: Bool) throws(Failure) {
        var pages: PageFiles.Outcome?
        var spans = SpanFiles.Outcome()
        do throws(FileError) {
            let files = try RecordedFiles.sorted(paths)
            if !files.pages.isEmpty { pages = try PageFiles.load(files.pages, intake: intake, sink: sink) }
            if !files.spans.isEmpty { spans = try SpanFiles.load(files.spans, intake: intake, spans: sink, sources: sink) }
        } catch {
            throw Failure(message: error.description, code: .noSource)
        }
        var problems = (pages?.problems ?? []) + spans.problems
        if pages?.pages ?? 0 == 0, spans.files == 0, isAll, let first = problems.first {
            let others = problems.count - 1
            throw Failure(message: first + (others > 0 ? "; and \(others) other file\(others == 1 ? "" : "s") without a page" : ""), code: .noSource)
        }
        if spans.unkept > 0 { problems.append("\(spans.unkept) spans did not fit into the memory that --max-memory leaves them") }
        if warns { for problem in problems { Console.warn(problem) } }
    }
}
