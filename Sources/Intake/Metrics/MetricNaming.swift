import MeshModel

/// What decoding metrics asks of the profiles: the same that a page's series are asked. Names and labels only, once per series.
protocol MetricNaming: Sendable {
    var symbols: SymbolTable { get }
    var keepsAll: Bool { get }
    var metricRoom: MetricRoom { get }
    /// Whether any profile has a rule for a series of this name.
    func knows(_ name: String) -> Bool
    /// Fills in what the entries mean; their labels lie in `labels`.
    func read(_ entries: inout [SeriesEntry], labels: [Label])
    func profileName(_ index: UInt8) -> String
    /// A line among the sources, for one exporter.
    func openExporter(_ name: String, job: String, claim: EntityClaim, intervalSeconds: Double?, sink: any SampleSink) -> SourceState
}
