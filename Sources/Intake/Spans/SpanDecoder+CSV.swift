import MeshModel
import WireFormats

/// Spans as lines of a table (RFC 4180), as data sets have them: a header names the columns, in any order. Ids, the name and both times
/// must be there; who wrote a span its service's name says, else its pod's.
extension SpanDecoder {
    /// Whole lines; the first ones read begin with the header.
    mutating func readCSV(_ bytes: UnsafeRawBufferPointer, _ batch: inout SpanBatch, _ flush: Flush?) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
            let line = UnsafeRawBufferPointer(rebasing: rest[..<end])
            rest = rest[min(end + 1, rest.endIndex)...]
            guard let columns = csv?.columns else {
                csv = CSVSpans(header: line)
                continue
            }
            readCSVSpan(line, columns, &batch, flush)
        }
    }

    private mutating func readCSVSpan(_ line: UnsafeRawBufferPointer, _ columns: [CSVSpans.Column?], _ batch: inout SpanBatch, _ flush: Flush?) {
        let start = rewriter.writer.count
        var pod = UnsafeRawBufferPointer(start: nil, count: 0), service = pod, times: (start: UInt64?, end: UInt64?) = (nil, nil), count = 0
        CSVLine.forEachField(line) { field in
            defer { count += 1 }
            guard count < columns.count, let column = columns[count] else { return }
            switch column {
            case .trace: rewriter.writer.id(1, field, size: 16, isPadded: true)
            case .span: rewriter.writer.id(2, field, size: 8, isPadded: true)
            case .parent: if !CSVSpans.isNone(field) { rewriter.writer.id(4, field, size: 8, isPadded: true) }
            case .operation: rewriter.writer.bytes(5, field)
            case .start: times.start = JSONNumber.uint(field)
            case .end: times.end = JSONNumber.uint(field)
            case .pod: pod = field
            case .service: service = field
            }
        }
        guard count > 1 else { return rewriter.forget(from: start) }
        guard count == columns.count, let from = times.start, let to = times.end else {
            rewriter.forget(from: start)
            let text = String(decoding: line.prefix(80), as: UTF8.self)
            return report.reject(.format, example: "a line of \(count) fields where the header has \(columns.count), or without times: \(text)")
        }
        rewriter.writer.fixed64(7, from)
        rewriter.writer.fixed64(8, to)
        csv?.resource(service: service, pod: pod, &rewriter)
        endRewritten(from: start, &batch, flush)
    }
}

/// A table of spans: what its columns hold, and who wrote spans so far.
struct CSVSpans {
    enum Column: CaseIterable {
        case trace, span, parent, pod, service, operation, start, end

        /// Without what is no letter, in small letters.
        var names: [String] {
            switch self {
            case .trace: ["traceid"]
            case .span: ["spanid"]
            case .parent: ["parentid", "parentspanid"]
            case .pod: ["podname", "pod"]
            case .service: ["servicename", "service"]
            case .operation: ["operationname", "operation", "spanname"]
            case .start: ["starttimeunixnano"]
            case .end: ["endtimeunixnano"]
            }
        }
    }

    let columns: [Column?]
    /// By pod: its service, as its name says.
    private var services: [[UInt8]: [UInt8]] = [:]

    /// - Returns: nil where these are not the columns of spans.
    init?(header: UnsafeRawBufferPointer) {
        var columns: [Column?] = []
        CSVLine.forEachField(header) { field in
            let name = String(decoding: field.prefix(64), as: UTF8.self).lowercased().filter { $0.isLetter && $0.isASCII }
            columns.append(Column.allCases.first { $0.names.contains(name) })
        }
        self.columns = columns
        let wanted: [Column] = [.trace, .span, .parent, .operation, .start, .end]
        guard wanted.allSatisfy({ columns.contains($0) }), columns.contains(.pod) || columns.contains(.service) else { return nil }
    }

    /// What stands for no parent.
    static func isNone(_ text: UnsafeRawBufferPointer) -> Bool {
        text.allSatisfy { $0 == UInt8(ascii: "0") } || text.reads("root") || text.reads("null") || text.reads("None") || text.reads("-")
    }

    mutating func resource(service: UnsafeRawBufferPointer, pod: UnsafeRawBufferPointer, _ rewriter: inout SpanRewriter) {
        rewriter.beginResource()
        if !pod.isEmpty { rewriter.side.attribute(1, "k8s.pod.name", text: pod) }
        if !service.isEmpty { return rewriter.side.attribute(1, "service.name", text: service) }
        let name = Array(pod)
        if services.count > 4096 { services.removeAll(keepingCapacity: true) }
        let known = services[name] ?? Array(NameParts.pod(String(decoding: name, as: UTF8.self)).service.utf8)
        services[name] = known
        known.withUnsafeBytes { rewriter.side.attribute(1, "service.name", text: $0) }
    }
}

/// One line of a table.
enum CSVLine {
    /// Fields as they read: without their quotes, and a doubled quote within as one. A line's end is no part of it.
    static func forEachField(_ line: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void) {
        let quote = UInt8(ascii: "\""), comma = UInt8(ascii: ",")
        var line = line[...]
        if line.last == UInt8(ascii: "\r") { line = line.dropLast() }
        guard !line.isEmpty else { return }
        while true {
            guard line.first == quote else {
                let end = line.firstIndex(of: comma) ?? line.endIndex
                body(UnsafeRawBufferPointer(rebasing: line[..<end]))
                guard end < line.endIndex else { return }
                line = line[(end + 1)...]
                continue
            }
            var field: [UInt8] = [], at = line.startIndex + 1
            while at < line.endIndex {
                if line[at] == quote {
                    guard at + 1 < line.endIndex, line[at + 1] == quote else { break }
                    at += 1
                }
                field.append(line[at])
                at += 1
            }
            field.withUnsafeBytes { body($0) }
            guard let end = line[min(at, line.endIndex)...].firstIndex(of: comma) else { return }
            line = line[(end + 1)...]
        }
    }
}
