/// Why an answer is no page of metrics, as a sentence that follows the target's name.
struct ScrapeProblem: Error, Sendable, Equatable {
    var sentence: String
    /// The status of the answer, where there was one.
    var status: Int?

    init(_ sentence: String, status: Int? = nil) {
        self.sentence = sentence
        self.status = status
    }

    static func tooLarge(_ limit: Int) -> ScrapeProblem { ScrapeProblem("the page is larger than \(limit >= 1 << 20 ? "\(limit >> 20) MiB" : "\(limit) bytes")") }

    /// Text from the network, fit for a sentence: short, without control characters.
    static func printable(_ text: some StringProtocol) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 32 && !(127...159).contains($0.value) }.prefix(80)))
    }
}
