import MeshModel
import WireFormats

/// Reads name, labels and kind of a series from its line and the `# TYPE` line above it; first sight only.
struct SeriesReader: ~Copyable {
    private var parser = LineParser(format: .prometheusText)
    private var text: [UInt8] = []

    /// Appends the labels, sorted by name's symbol, empty values left out (an empty label equals an absent one).
    mutating func read(_ line: UnsafeRawBufferPointer, type typeLine: UnsafeRawBufferPointer, symbols: inout SymbolTable.Storage,
                       labels: inout [Label]) -> (name: Symbol, kind: SeriesKind) {
        var family: UnsafeRawBufferPointer?
        var type = SeriesKind.unknown
        if !typeLine.isEmpty, case .type(let name, let kind) = parser.parse(typeLine) {
            family = UnsafeRawBufferPointer(rebasing: typeLine[name])
            type = kind
        }
        guard case .sample(let sample) = parser.parse(line) else { return (.empty, .unknown) }
        let nameBytes = UnsafeRawBufferPointer(rebasing: line[sample.nameStart..<sample.nameEnd])
        let kind = ExpositionKind.kind(of: nameBytes, inFamily: family, type: type)
        let first = labels.count
        for span in parser.labels {
            let value = UnsafeRawBufferPointer(rebasing: line[Int(span.valueStart)..<Int(span.valueEnd)])
            let name = UnsafeRawBufferPointer(rebasing: line[Int(span.nameStart)..<Int(span.nameEnd)])
            let symbol = span.hasEscapes ? unescaped(value, &symbols) : symbols.intern(value)
            guard !symbol.isEmpty else { continue }
            labels.append(Label(name: unescaped(name, &symbols), value: symbol))
        }
        labels[first...].sort { $0.name.raw < $1.name.raw }
        return (unescaped(nameBytes, &symbols), kind)
    }

    /// Names in quotes have escapes too; all others have no backslash.
    private mutating func unescaped(_ bytes: UnsafeRawBufferPointer, _ symbols: inout SymbolTable.Storage) -> Symbol {
        guard bytes.contains(UInt8(ascii: "\\")) else { return symbols.intern(bytes) }
        text.removeAll(keepingCapacity: true)
        LabelText.unescaped(bytes, into: &text)
        return text.withUnsafeBytes { symbols.intern($0) }
    }
}
