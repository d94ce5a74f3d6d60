import ArgumentParser
import Engine
import Glibc
import Intake
import MeshModel
import Panels
import Profiles
import Reports

/// A command that gathers, answers once and ends.
struct OneShot {
    let intake: Intake
    let engine: Engine
    let options: SourceOptions

    init(_ options: SourceOptions) throws {
        self.options = options
        intake = try Wiring.intake(options)
        engine = Engine(symbols: intake.symbols, windowSeconds: .infinity, keepsHistory: false)
        guard !options.files.isEmpty || options.hasLiveSources else {
            throw ValidationError("no source: name files with metrics pages, --scrape URL or --targets FILE")
        }
        do {
            try PageFiles.load(options.files, intake: intake, sink: engine)
        } catch {
            throw Failure(message: error.description, code: .noSource)
        }
    }

    func list(_ level: EntityLevel, _ output: ListOptions) throws {
        let data = engine.answer([.entities(level)], at: FrameTime(windowSeconds: .infinity, predicate: output.predicate))
        Console.write(Report.entities(data.entities[level] ?? [], level: level, predicate: output.predicate, format: output.output))
    }

    func edges(_ output: ListOptions) throws {
        let level = output.by ?? .service
        let data = engine.answer([.edges(level)], at: FrameTime(windowSeconds: .infinity, predicate: output.predicate))
        Console.write(Report.edges(data.edges[level] ?? [], predicate: output.predicate, format: output.output))
    }
}

enum Wiring {
    static func intake(_ options: SourceOptions) throws -> Intake {
        do {
            var profiles = try ProfileSet.builtin()
            for path in options.profile {
                let bytes: [UInt8]
                do {
                    bytes = try PageFiles.contents(path)
                } catch {
                    throw Failure(message: "--profile \(error.description)", code: .usage)
                }
                try profiles.add(yaml: String(decoding: bytes, as: UTF8.self), file: path)
            }
            return Intake(profiles: profiles, keep: options.keep)
        } catch let error as ProfileError {
            throw Failure(message: error.description, code: .usage)
        }
    }
}

/// Ends the program with one sentence on stderr.
struct Failure: Error, CustomStringConvertible {
    enum Code: Int32 {
        /// A check found something.
        case found = 1
        case usage = 2
        /// No source delivered.
        case noSource = 3
    }
    var message: String
    var code: Code
    var description: String { message }
}

enum Console {
    static func write(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            var at = 0
            while at < bytes.count {
                let count = Glibc.write(1, bytes.baseAddress.map { $0 + at }, bytes.count - at)
                if count < 0, errno == EINTR { continue }
                if count <= 0 { return }  // the reader went away
                at += count
            }
        }
    }

    static func warn(_ text: String) {
        var line = "telltale: " + text + "\n"
        line.withUTF8 { _ = Glibc.write(2, $0.baseAddress, $0.count) }
    }
}
