import MeshModel
import WireFormats

/// Names and values of attributes as labels: symbols, within the limits that texts from the network have.
final class MetricTexts {
    private var texts: SpanTexts
    private let keys: SpanKeyTable
    private var claims = ResourceClaims()
    let le: Symbol
    let quantile: Symbol
    let infinity: Symbol

    init(symbols: SymbolTable, seed: UInt64) {
        texts = SpanTexts(symbols: symbols, seed: seed)
        keys = SpanKeyTable(seed: seed)
        le = symbols.intern("le")
        quantile = symbols.intern("quantile")
        infinity = symbols.intern("+Inf")
    }

    func symbol(_ text: String) -> Symbol { texts.symbol(text) }
    func string(_ symbol: Symbol) -> String { texts.string(symbol) }

    /// Who a `Resource` message speaks of. Where it names no pod, the instance tells several of one service apart.
    func claim(_ resource: UnsafeRawBufferPointer, hash: UInt64) -> EntityClaim {
        let answer = claims.answer(resource: hash, bytes: resource, evidence: SpanEvidence(), keys: keys, texts: &texts)
        var claim = answer.claim
        if claim.pod.isEmpty {
            let instance = SpanOpener.value(of: "service.instance.id", in: resource, tag: 0x0A).map { texts.symbol($0) } ?? .empty
            let host = SpanOpener.value(of: "host.name", in: resource, tag: 0x0A).map { texts.symbol($0) } ?? .empty
            // A machine runs many processes: its name alone says nothing of a service that has none.
            claim.pod = !instance.isEmpty ? instance : claim.service.isEmpty && claim.workload.isEmpty ? .empty : host
        }
        if claim.isEmpty { claim.kind = .unknown }
        return claim
    }

    /// The labels of a point, in the order of their attributes; of two that have one name the first counts.
    func labels(_ point: UnsafeRawBufferPointer, tag: UInt32, and more: [Label]) -> [Label] {
        var labels: [Label] = []
        var reader = ProtobufReader(point)
        while reader.next() {
            guard reader.tag == tag else {
                reader.skip()
                continue
            }
            guard let attribute = AttributeReader(reader.bytes()) else { continue }
            let name = symbol(MetricNames.plain(String(decoding: attribute.key.prefix(256), as: UTF8.self)))
            let value = symbol(AttributeText.text(attribute))
            guard !name.isEmpty, !value.isEmpty, !labels.contains(where: { $0.name == name }) else { continue }
            labels.append(Label(name: name, value: value))
        }
        for label in more {
            guard let place = labels.firstIndex(where: { $0.name == label.name }) else {
                labels.append(label)
                continue
            }
            // Envoy ends a cluster's name at its first dot, and leaves the rest in the metric's: here it is put together again.
            let said = string(labels[place].value), found = string(label.value)
            labels[place].value = found.hasPrefix(said) ? label.value : symbol(said + "." + found)
        }
        return labels
    }
}
