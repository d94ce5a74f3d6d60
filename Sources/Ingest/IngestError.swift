/// A source that cannot be set up: what, where, what to do. One sentence, fit for stderr.
package struct IngestError: Error, Sendable, CustomStringConvertible {
    package var description: String
    package init(_ description: String) { self.description = description }
}
