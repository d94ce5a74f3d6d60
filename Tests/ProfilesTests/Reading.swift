import MeshModel
import Profiles

/// Asks a set of profiles what a series means and says it in a line the tables below can hold.
struct Reading {
    private let symbols = SymbolTable()
    private var matcher: ProfileMatcher

    init(_ set: ProfileSet) { matcher = symbols.withLock { ProfileMatcher(set, symbols: &$0) } }

    static func builtin() -> Reading {
        do { return Reading(try ProfileSet.builtin()) } catch { fatalError("\(error)") }
    }

    /// `name{label=value,…}` → `requests client 200 >payment`, nil where no profile maps it.
    mutating func callAsFunction(_ series: String, _ kind: SeriesKind = .counter) -> String? {
        meaning(series, kind).map { words($0) }
    }

    private mutating func meaning(_ series: String, _ kind: SeriesKind) -> Meaning? {
        let open = series.firstIndex(of: "{") ?? series.endIndex
        let name = String(series[..<open])
        let inside = open == series.endIndex ? "" : series[series.index(after: open)...].dropLast()
        let pairs = inside.split(separator: ",").map { $0.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init) }
        return symbols.withLock { storage in
            var labels = pairs.map { Label(name: storage.intern($0[0]), value: storage.intern($0[1])) }
            labels.sort { $0.name.raw < $1.name.raw }
            return matcher.meaning(name: storage.intern(name), labels: labels[...], kind: kind, symbols: &storage)
        }
    }

    private func words(_ meaning: Meaning) -> String {
        var words = ["\(meaning.signal)", "\(meaning.vantage)"]
        if meaning.signal == .requests || meaning.signal == .requestsByClass { words.append(String(meaning.code)) }
        if let status = meaning.grpcStatus { words.append("grpc\(status)") }
        if meaning.isGRPC { words.append("isGRPC") }
        if !meaning.flags.isEmpty { words.append("flags:" + symbols.string(meaning.flags)) }
        if meaning.security != .unknown { words.append("\(meaning.security)") }
        if meaning.signal == .latencyBucket { words.append("le\(meaning.upperBound)") }
        if meaning.scale != 1 { words.append("x\(meaning.scale)") }
        if let source = meaning.source { words.append("<" + name(source)) }
        if let destination = meaning.destination { words.append(">" + name(destination)) }
        return words.joined(separator: " ")
    }

    /// `service.namespace@version`, `?` for a raw name, `external:`… for other kinds, `/workload` where it says one of its own.
    private func name(_ claim: EntityClaim) -> String {
        let text = symbols.string
        var name = claim.kind == .workload ? "" : "\(claim.kind):"
        name += text(claim.service)
        if !claim.namespace.isEmpty { name += "." + text(claim.namespace) }
        if !claim.version.isEmpty { name += "@" + text(claim.version) }
        if !claim.workload.isEmpty, claim.workload != claim.service { name += "/" + text(claim.workload) }
        if !claim.cluster.isEmpty { name += "#" + text(claim.cluster) }
        return name + (claim.isRawName ? "?" : "")
    }

    /// The rank that orders series saying the same thing.
    mutating func rank(_ series: String) -> UInt8? {
        meaning(series, .counter)?.rank
    }
}
