import WireFormats

/// One line as the parser sees it, in a notation the tables below can hold:
/// `name{a=b,c=d} 1.5 @1000 #0.5`, `bad badNumber@4`, `type a counter`.
func read(_ line: String, _ format: ExpositionFormat = .prometheusText) -> String { read(Array(line.utf8), format) }

func read(_ line: [UInt8], _ format: ExpositionFormat = .prometheusText) -> String {
    var parser = LineParser(format: format)
    return line.withUnsafeBytes { bytes in
        func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
        switch parser.parse(bytes) {
        case .blank: return "blank"
        case .comment: return "comment"
        case .help: return "help"
        case .unit: return "unit"
        case .eof: return "eof"
        case .type(let name, let kind): return "type \(text(name)) \(kind)"
        case .bad(let bad): return "bad \(bad.reason)@\(bad.at)"
        case .sample(let sample):
            let labels = parser.labels.map { label -> String in
                var value: [UInt8] = []
                LabelText.unescaped(UnsafeRawBufferPointer(rebasing: bytes[Int(label.valueStart)..<Int(label.valueEnd)]), into: &value)
                return text(Int(label.nameStart)..<Int(label.nameEnd)) + "=" + String(decoding: value, as: UTF8.self)
            }
            return text(sample.nameStart..<sample.nameEnd) + (labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}") + " \(sample.value)"
                + (sample.hasTimestamp ? " @\(sample.timestampMilliseconds)" : "") + (sample.exemplarStart > 0 ? " #\(sample.exemplarValue)" : "")
        }
    }
}
