import CallGraph
import MeshModel

/// Strings of symbols, made once and shared by the rows that show them. A symbol has one place; who comes later takes it over, so that
/// operations which somebody numbers take no more room than this.
struct SymbolTexts {
    private static let places = 1 << 15
    private var kept: [(symbol: Symbol, text: String)] = []

    mutating func text(_ symbol: Symbol, _ symbols: SymbolTable) -> String {
        guard !symbol.isEmpty else { return "" }
        if kept.isEmpty { kept = Array(repeating: (.empty, ""), count: Self.places) }
        // Symbols are dense numbers: neighbours do not share a place.
        let place = Int(symbol.raw) & (Self.places - 1)
        if kept[place].symbol == symbol { return kept[place].text }
        let text = symbols.string(symbol)
        kept[place] = (symbol, text)
        return text
    }
}

/// What rows say of a party.
struct PartyNames {
    var name: String
    var version: String
    var pod: String
}

extension EngineState {
    mutating func text(_ symbol: Symbol) -> String { traceFrames.texts.text(symbol, symbols) }

    mutating func name(ofParty number: Int32) -> String { names(ofParty: number).name }

    mutating func names(ofParty number: Int32) -> PartyNames {
        let place = Int(number)
        if place < traceFrames.parties.count, let known = traceFrames.parties[place] { return known }
        let party = traces.parties[number]
        let symbol = [party.service, party.workload, party.pod].first { !$0.isEmpty }
        let names = PartyNames(name: symbol.map { symbols.string($0) } ?? "unknown", version: symbols.string(party.version), pod: symbols.string(party.pod))
        while traceFrames.parties.count <= place { traceFrames.parties.append(nil) }
        traceFrames.parties[place] = names
        return names
    }
}
