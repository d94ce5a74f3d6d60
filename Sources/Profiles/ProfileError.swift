/// A profile file that cannot be used: what, where, what to do. One sentence, fit for stderr.
package struct ProfileError: Error, Sendable, CustomStringConvertible {
    package var file: String
    package var line: Int?
    package var message: String

    package var description: String { "\(file)\(line.map { ":\($0)" } ?? ""): \(message)" }
}
