import CallGraph
import MeshModel

/// `caller>callee:code` for each call of every trace held; kinds other than workloads in brackets.
func calls(_ store: TraceStore, _ symbols: SymbolTable) -> [String] {
    func name(_ number: Int32) -> String {
        if number == Parties.outside { return "(outside)" }
        if number == Parties.unknown { return "(unknown)" }
        let party = store.parties[number]
        let text = symbols.string(party.service)
        return party.kind == .workload ? text : "(\(party.kind) \(text))"
    }
    var all: [String] = []
    for case let trace? in store.traces {
        for call in trace.calls {
            let code = call.seen.code == Meaning.untoldCode ? "" : ":\(call.seen.code)"
            all.append("\(name(call.source))>\(name(call.destination))\(code)" + (call.seen.isDenied ? " denied" : "") + (call.isAttempt ? " attempt" : "") + (call.attempts > 1 ? " x\(call.attempts)" : ""))
        }
    }
    return all.sorted()
}
