package import CellCanvas
import Glibc

/// Pictures kept beside the tests: `Goldens/NAME@WxH.txt` holds the picture, `---`, and the roles as runs; texts as they are.
package enum Golden {
    /// nil when the canvas is as recorded, else a sentence. A missing picture is written and reported; RECORD_GOLDENS=1 rewrites.
    package static func difference(_ canvas: borrowing Canvas, named name: String, testFile: String = #filePath) -> String? {
        difference(canvas.plainText() + "\n---\n" + canvas.roleRuns() + "\n", named: "\(name)@\(canvas.width)x\(canvas.height)", testFile: testFile)
    }

    /// The same for a text.
    package static func difference(_ picture: String, named name: String, testFile: String = #filePath) -> String? {
        let folder = testFile.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/") + "/Goldens"
        let path = "\(folder)/\(name).txt"
        guard let recorded = read(path), getenv("RECORD_GOLDENS") == nil else {
            mkdir(folder, 0o755)
            write(picture, to: path)
            return getenv("RECORD_GOLDENS") == nil ? "\(name): there was no picture; it is written now, look at it" : nil
        }
        guard recorded != picture else { return nil }
        let old = recorded.split(separator: "\n", omittingEmptySubsequences: false), new = picture.split(separator: "\n", omittingEmptySubsequences: false)
        let line = zip(old, new).enumerated().first { $0.element.0 != $0.element.1 }
        let place = line.map { "line \($0.offset + 1):\n  was \($0.element.0)\n  is  \($0.element.1)" } ?? "\(old.count) lines were, \(new.count) are"
        return "\(name) differs from its picture: \(place)"
    }

    private static func read(_ path: String) -> String? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(contentsOf: chunk[..<count])
        }
    }

    private static func write(_ text: String, to path: String) {
        guard let file = fopen(path, "w") else { return }
        defer { fclose(file) }
        var text = text
        _ = text.withUTF8 { fwrite($0.baseAddress, 1, $0.count, file) }
    }
}

/// SplitMix64: the same seed gives the same run everywhere.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64
    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
