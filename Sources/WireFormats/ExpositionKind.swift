public import MeshModel

/// What a sample is, from its name, its family's name and its family's type.
public enum ExpositionKind: Sendable {
    /// - Parameter family: the name of the last `# TYPE` line, nil if there was none; used only if the sample belongs to it.
    public static func kind(of name: UnsafeRawBufferPointer, inFamily family: UnsafeRawBufferPointer?, type: SeriesKind) -> SeriesKind {
        guard let family, name.starts(with: family) else { return bySuffix(name) }
        let suffix = UnsafeRawBufferPointer(rebasing: name[family.count...])
        switch type {
        case .histogramBucket:
            // A gaugehistogram's parts go up and down.
            return ["_bucket", "_gsum", "_gcount"].contains { MetadataLine.equal(suffix, $0) } ? .gauge : suffix.isEmpty ? .gauge : bySuffix(name)
        case .histogramCount:
            if MetadataLine.equal(suffix, "_bucket") { return .histogramBucket }
            if MetadataLine.equal(suffix, "_sum") { return .histogramSum }
            if MetadataLine.equal(suffix, "_count") { return .histogramCount }
            return suffix.isEmpty ? .histogramCount : bySuffix(name)
        case .summaryQuantile:
            if MetadataLine.equal(suffix, "_sum") { return .histogramSum }
            return MetadataLine.equal(suffix, "_count") ? .histogramCount : suffix.isEmpty ? .summaryQuantile : bySuffix(name)
        case .counter:
            // OpenMetrics names the family without _total; a `_created` sample is a time, not a count.
            return suffix.isEmpty || MetadataLine.equal(suffix, "_total") ? .counter : MetadataLine.equal(suffix, "_created") ? .gauge : bySuffix(name)
        case .info:
            return suffix.isEmpty || MetadataLine.equal(suffix, "_info") ? .info : bySuffix(name)
        case .gauge, .unknown, .stateSet, .histogramSum:
            return suffix.isEmpty ? type : bySuffix(name)
        }
    }

    /// Without a type line the name's ending is all there is.
    private static func bySuffix(_ name: UnsafeRawBufferPointer) -> SeriesKind {
        func ends(_ text: StaticString) -> Bool {
            name.count > text.utf8CodeUnitCount && MetadataLine.equal(UnsafeRawBufferPointer(rebasing: name.suffix(text.utf8CodeUnitCount)), text)
        }
        return ends("_bucket") ? .histogramBucket : ends("_total") ? .counter : .unknown
    }
}
