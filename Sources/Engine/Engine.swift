package import MeshModel
package import Panels
import SeriesStore
import Synchronization

/// Owns everything that is known, behind one lock: takes batches, answers panel queries.
package final class Engine: SampleSink, SpanSink, FrameSource {
    let symbols: SymbolTable
    fileprivate let state: Mutex<EngineState>

    /// How many sources wait to hear that their series were given back: hardly ever one, so that asking costs no lock.
    private let handedBack = Atomic(0)

    /// - Parameter retentionSeconds: for how long samples are kept within the budget; the store's own limit where it is nil.
    package init(symbols: SymbolTable, windowSeconds: Double = 300, budgetBytes: Int = 1 << 30, retentionSeconds: Double? = nil) {
        self.symbols = symbols
        symbols.withLock { $0.mostBytesForSpans = max(1 << 20, budgetBytes / 8) }
        state = Mutex(EngineState(symbols: symbols, windowSeconds: windowSeconds, budgetBytes: budgetBytes, rolledSeconds: retentionSeconds))
    }

    // MARK: - Sink: once per source or batch

    package func register(_ source: SourceState, claim: EntityClaim) { state.withLock { $0.register(source, claim: claim) } }
    package func update(_ source: SourceState) { state.withLock { $0.update(source) } }

    package func consume(_ batch: borrowing Batch) {
        // The lock's body may not capture a borrowed parameter: the batch's arrays are shared, not copied.
        let batch = copy batch
        state.withLock {
            $0.consume(batch)
            handedBack.store($0.handedBack.count, ordering: .relaxed)
        }
    }

    /// - Returns: how many spans could not be kept because the memory budget is full.
    @discardableResult
    package func consume(_ batch: borrowing SpanBatch) -> Int {
        let batch = copy batch
        return state.withLock { $0.consume(batch) }
    }

    /// The clock where spans are received: for a while after a span came, its trace is said to be still arriving. Whoever reads what is
    /// complete never calls it.
    package func pass(to clock: Timestamp) { state.withLock { $0.pass(to: clock) } }

    package func takesHandedBack(_ source: SourceID) -> Bool {
        guard handedBack.load(ordering: .relaxed) > 0 else { return false }
        return state.withLock { state in
            let isIt = state.handedBack.remove(source) != nil
            handedBack.store(state.handedBack.count, ordering: .relaxed)
            return isIt
        }
    }

    /// Length of the window whose sums stand ready. What stood before is read back from the store.
    package func setWindow(seconds: Double) { state.withLock { $0.setWindow(seconds: seconds) } }

    // MARK: - Read back beside the lock

    /// The newest request's number.
    private let wanted = Atomic(0)

    /// What is to be read back before a frame of this time can be answered; nil where it can be at once. Whatever was asked for before is
    /// not wanted any more.
    package func prepare(_ time: FrameTime) -> Rebuild? {
        let number = wanted.add(1, ordering: .relaxed).newValue
        return state.withLock { $0.prepare(time, number: number) }
    }

    package func isWanted(_ rebuild: Rebuild) -> Bool { wanted.load(ordering: .relaxed) == rebuild.number }

    /// - Returns: false where it came too late and was dropped.
    @discardableResult
    package func take(_ rebuilt: Rebuilt) -> Bool { state.withLock { $0.take(rebuilt) } }

    /// Nobody waits for what is being read back.
    package func abandonRebuild() {
        wanted.add(1, ordering: .relaxed)
        state.withLock { $0.rebuilding = nil }
    }

    /// nil where something has to be read back first, out of more samples than that. What takes long is left to `workSlice`: the answer says so.
    package func answerIfReady(_ queries: [PanelQuery], at time: FrameTime, mostSamples: Int = -1) -> FrameData? {
        settleTraces(for: queries)
        return state.withLock { state in
            state.settle()
            guard state.isReady(time) || state.store.samplesHeld <= mostSamples else { return nil }
            state.isBeside = true
            defer { state.isBeside = false }
            return state.answer(queries, at: time)
        }
    }

    // MARK: - Baseline

    /// Traces of another engine with the same symbols are what verdicts are held against from now on.
    /// - Returns: requests among them; of none nothing is learned.
    package func learnBaseline(from other: Engine) -> Int {
        precondition(other.symbols === symbols, "BUG: two engines' symbols are not the same")
        let quiet = other.state.withLock { $0.quietTime(from: Timestamp(nanoseconds: .min), to: Timestamp(nanoseconds: .max)) }
        return state.withLock { $0.setBaseline(quiet, after: Timestamp(nanoseconds: .min)) }
    }

    /// Its own traces up to so many seconds after the first one began; those after are held against them.
    /// - Returns: requests of the first, and traces that are left to be held against them.
    package func learnBaseline(firstSeconds: Double) -> (requests: Int, tracesAfter: Int) { state.withLock { $0.learnBaseline(firstSeconds: firstSeconds) } }

    /// Its own traces that begin within a stretch of time; those that begin after it are held against them.
    package func learnBaseline(within quiet: TimeRange) -> (requests: Int, tracesAfter: Int) { state.withLock { $0.learnBaseline(within: quiet) } }

    // MARK: - Answers

    package var version: UInt64 { state.withLock { $0.version } }
    package var statistics: EngineStats { state.withLock { $0.statistics } }

    /// For whoever asks once and waits: attributes are searched to the end.
    package func answer(_ queries: [PanelQuery], at time: FrameTime) -> FrameData {
        settleTraces(for: queries)
        let data = state.withLock { $0.answer(queries, at: time) }
        guard data.isUnfinished else { return data }
        while workSlice() != .nothing {}
        return state.withLock { state in
            // What came meanwhile is little.
            let late = state.answer(queries, at: time)
            guard late.isUnfinished else { return late }
            while state.workSlice(isAlone: true) != .nothing {}
            return state.answer(queries, at: time)
        }
    }

    /// Many traces at once take long to put together: batches come in between. Where they come faster than that, the answer does the rest.
    private func settleTraces(for queries: [PanelQuery]) {
        guard queries != [.sources] else { return }
        for _ in 0..<256 {
            if state.withLock({ $0.settleSomeTraces() }) { return }
        }
    }

    /// Some more of what an answer lacked, in a few milliseconds; for whoever asked with `answerIfReady` and goes on beside it.
    package func workSlice() -> WorkProgress {
        // Two windows are read back beside the lock.
        if let job = state.withLock({ $0.comparisonJob() }), var work = job.run() {
            while state.withLock({ work.step(&$0) }) {}
            let comparison = work.comparison
            state.withLock { $0.keep(work.plan, comparison) }
            return .worthShowing
        }
        return state.withLock { $0.workSlice() }
    }
}

/// What a loop must know before it asks: cheap, once a refresh.
package struct EngineStatus: Sendable {
    package var version: UInt64
    package var newest: Timestamp
    /// All that came in so far.
    package var samples: Int
    /// Longest scrape interval of any source, seconds; 0 where there are files only.
    package var longestInterval: Double
    /// No source has more than one page: counts are since the proxies' start, and there are no rates.
    package var isSinglePages: Bool
}

extension Engine {
    package var status: EngineStatus { state.withLock { $0.status } }
}
