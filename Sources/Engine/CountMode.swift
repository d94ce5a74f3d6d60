import MeshModel

/// Over what a count is taken.
enum CountMode: Equatable {
    /// The standing window.
    case window
    /// Everything since the first scrape; what a single page says since the proxy's start, where there is only one.
    case wholeRun
}

extension TargetState {
    func count(_ item: MappedSeries, _ mode: CountMode) -> Double {
        guard item.isCumulative else { return item.last }
        switch mode {
        case .window: return item.window
        case .wholeRun: return scrapes == 1 ? (item.last.isFinite ? item.last : 0) : item.total
        }
    }

    /// The stretch the counts of this target span; `from` is nil for a single page.
    func span(_ mode: CountMode, now: Timestamp) -> (from: Timestamp?, to: Timestamp?) {
        guard let firstTime, let lastTime else { return (nil, nil) }
        switch mode {
        case .wholeRun: return (scrapes == 1 ? nil : firstTime, lastTime)
        // Up to its newest sample, unless it went silent: then its rate fades as the window moves on.
        case .window: return scrapes == 1 && readFrom == nil ? (nil, lastTime) : (max(readFrom ?? firstTime, windowStart), isStale(at: now) ? now : lastTime)
        }
    }
}
