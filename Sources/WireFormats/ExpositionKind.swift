package import MeshModel

/// What a sample is, from its name, its family's name and its family's type.
package enum ExpositionKind {
    /// - Parameter family: the name of the last `# TYPE` line, nil if there was none; used only if the sample belongs to it.
    package static func kind(of name: UnsafeRawBufferPointer, inFamily family: UnsafeRawBufferPointer?, type: SeriesKind) -> SeriesKind {
        guard let family, name.starts(with: family) else { return bySuffix(name) }
        let suffix = UnsafeRawBufferPointer(rebasing: name[family.count...])
        switch type {
        case .histogramCount, .histogramBucket:
            if MetadataLine.equal(suffix, "_bucket") { return .histogramBucket }
            if MetadataLine.equal(suffix, "_sum") || MetadataLine.equal(suffix, "_gsum") { return .histogramSum }
            if MetadataLine.equal(suffix, "_count") || MetadataLine.equal(suffix, "_gcount") { return .histogramCount }
            return suffix.isEmpty ? .histogramCount : bySuffix(name)
        case .summaryQuantile:
            if MetadataLine.equal(suffix, "_sum") { return .histogramSum }
            return MetadataLine.equal(suffix, "_count") ? .histogramCount : suffix.isEmpty ? .summaryQuantile : bySuffix(name)
        case .counter:
            // OpenMetrics names the family without _total; a `_created` sample is a time, not a count.
            return suffix.isEmpty || MetadataLine.equal(suffix, "_total") ? .counter : MetadataLine.equal(suffix, "_created") ? .gauge : bySuffix(name)
        case .gauge, .unknown, .info, .stateSet, .histogramSum:
            return suffix.isEmpty || type == .info ? type : bySuffix(name)
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
