/// Bytes come from a network in pieces of any size; what a decoder makes of them must not depend on it. One verifier for
/// every decoder of pages: the page whole, byte by byte, cut once at every place (small pages), and in random pieces.
package enum SplitVerifier {
    /// - Parameter decode: a fresh decoder fed the pieces; what it returns is compared.
    /// - Returns: nil when all agree, else where the first difference is.
    package static func difference<Outcome: Equatable>(
        _ page: [UInt8], seed: UInt64 = 1, everyCutBelow: Int = 600, randomRounds: Int = 12, decode: ([ArraySlice<UInt8>]) -> Outcome
    ) -> String? {
        let whole = decode([page[...]])
        func check(_ pieces: [ArraySlice<UInt8>], _ how: String) -> String? {
            let outcome = decode(pieces)
            return outcome == whole ? nil : "\(how): \(outcome) instead of \(whole)"
        }
        if let problem = check(page.indices.map { page[$0...$0] }, "byte by byte") { return problem }
        if page.count < everyCutBelow {
            for cut in 0...page.count {
                if let problem = check([page[..<cut], page[cut...]], "cut at \(cut)") { return problem }
            }
        }
        var random = SeededGenerator(seed: seed)
        for round in 0..<randomRounds {
            var pieces: [ArraySlice<UInt8>] = []
            var at = 0
            let largest = [3, 17, 100, 1500, 70_000].randomElement(using: &random) ?? 17
            while at < page.count {
                let size = min(page.count - at, Int.random(in: 0...largest, using: &random))
                pieces.append(page[at..<at + size])
                at += size
            }
            if let problem = check(pieces, "random pieces, round \(round)") { return problem }
        }
        return nil
    }
}
