import Intake
import MeshModel

/// The files named on the command line as sources.
enum FileSources {
    /// What is wrong with single files is said on stderr if `warns`, and shown among the sources. Where no file holds a page and
    /// nothing else is asked, the program ends with that.
    static func load(_ options: SourceOptions, intake: Intake, sink: any SampleSink, warns: Bool) throws(Failure) {
        let outcome: PageFiles.Outcome
        do {
            outcome = try PageFiles.load(options.files, intake: intake, sink: sink)
        } catch {
            throw Failure(message: error.description, code: .noSource)
        }
        if outcome.pages == 0, !options.hasLiveSources, let first = outcome.problems.first {
            let others = outcome.problems.count - 1
            throw Failure(message: first + (others > 0 ? "; and \(others) other file\(others == 1 ? "" : "s") without a page" : ""), code: .noSource)
        }
        if warns { for problem in outcome.problems { Console.warn(problem) } }
    }
}
