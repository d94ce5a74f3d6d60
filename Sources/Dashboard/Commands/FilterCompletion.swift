import MeshModel
import Panels

extension Model {
    /// What an expression may be completed to, best first: operands, what compares them, values among the data, AND and OR.
    func filterCompletions(of text: String, _ dialect: Filter.Dialect, in kind: PaneKind) -> [String] {
        let (wanted, start) = Filter.wanted(text, dialect)
        let head = String(text.prefix(start)), typed = String(text.dropFirst(start))
        return words(wanted, dialect, kind, isFirst: head.allSatisfy(\.isWhitespace), isBlank: typed.isEmpty)
            .filter { $0 != typed && $0.lowercased().hasPrefix(typed.lowercased()) }.map { head + $0 }
    }

    private func words(_ wanted: FilterParser.Wanted, _ dialect: Filter.Dialect, _ kind: PaneKind, isFirst: Bool, isBlank: Bool) -> [String] {
        switch wanted {
        case .operand, .link:
            let links = isFirst ? ["NOT "] : ["AND ", "OR ", "NOT "]
            let properties = dialect == .find || !isFirst ? Property.allCases.map(\.rawValue) : []
            let operands = isBlank ? Self.usualOperands(kind) : Self.operands(kind)
            return dialect == .find ? (wanted == .link ? links : []) + properties + operands + links : operands + (isBlank && isFirst ? [] : links + (isBlank ? [] : properties))
        case .comparison(let field):
            let isText = field.isText || field == .state
            return isText ? ["= ", "!= ", "~ ", "contains ", "startswith ", "endswith "] : ["> ", ">= ", "< ", "<= ", "= ", "!= "]
        case .value(let field): return values(field, kind).map(Filter.quoted)
        }
    }

    /// What people ask for most, before anything is typed.
    private static func usualOperands(_ kind: PaneKind) -> [String] {
        kind == .traces ? traceOperands : kind.isOfMesh ? ["svc=", "ns=", "node=", "version=", "state=", "rate>", "success<", "p99>", "mtls<"] : operands(kind)
    }

    private static let traceOperands = ["service=", "operation=", "status=", "duration>", "spans>", "errors>", "code=", "age<", "oddities>", "attr."]

    private static func operands(_ kind: PaneKind) -> [String] {
        if kind == .traces { return traceOperands }
        guard kind.isOfMesh else { return Columns.fields(kind).map { $0.rawValue + ($0.isText || $0 == .state ? "=" : ">") } }
        let fields = Field.allCases.filter(\.isOfMesh).filter { !$0.isOfCalls || kind.isOfCalls }
        return ["svc=", "ns=", "rt>"] + fields.map { $0.rawValue + $0.exampleComparison.prefix { "<>=".contains($0) } }
    }

    /// Values of a field among what is shown, sorted.
    private func values(_ asked: Field, _ kind: PaneKind) -> [String] {
        let field = asked == .versions ? .version : asked
        switch field {
        case .state: return kind.isOfTraces ? ["failed", "errors", "ok"] : kind == .paths ? ["failing", "denied", "absorbed", "changed", "unsure"] : ["failing", "warning", "good", "idle", "unknown", "stale"]
        case .mtls: return ["mutual", "tls", "none", "unknown"]
        default: break
        }
        var values: Set<String> = []
        func collect(_ value: String) -> Bool {
            if !value.isEmpty { values.insert(value) }
            return false
        }
        func collect(code: Double) -> Bool {
            values.insert(code == 0 ? "none" : String(Int(code)))
            return false
        }
        func look<Row: ListRow>(_ rows: [Row]) {
            for row in rows.prefix(5000) {
                if field == .code { _ = row.anyNumber(field, collect(code:)) } else { _ = row.anyValue(field, collect) }
            }
        }
        guard field.isText || field == .code || asked == .versions, let frame else { return [] }
        frame.entities.values.forEach { look($0) }
        frame.edges.values.forEach { look($0) }
        look(FailingRow.rows(frame) ?? [])
        for detail in frame.details.values {
            look(detail.members)
            look(detail.inbound + detail.outbound)
        }
        look((frame.traces ?? []).map { TraceEntry(row: $0, now: frame.now) })
        look((frame.sources ?? []).map { SourceRow(source: $0, now: frame.now) })
        return values.sorted().prefix(200).map { $0 }
    }
}

extension PaneKind {
    /// Services and the like, or calls between them.
    var isOfMesh: Bool { isSifted || self == .graph }

    fileprivate var isOfCalls: Bool {
        switch self {
        case .failing, .inbound, .outbound, .calls: true
        default: false
        }
    }
}

extension Filter {
    /// A value as one word of an expression.
    static func quoted(_ value: String) -> String {
        if !value.isEmpty, value.utf8.allSatisfy({ (97...122).contains($0.lowercasedASCII) || (48...57).contains($0) || "-_./:@".utf8.contains($0) }) { return value }
        return "\"" + value.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.joined() + "\""
    }
}
