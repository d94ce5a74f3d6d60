/// What one page may cost; checked before anything is allocated for it.
package struct PageLimits: Sendable {
    /// Longest line, bytes. Istio's longest with all labels stay under 4 kB.
    package var lineBytes = 65_536
    /// Series of one source.
    package var series = 1_000_000
    package init() {}
}
