import Diagnosis
import MeshModel
import Panels

/// The comparison that was asked for last, as far as it is made.
struct ComparisonMemory {
    /// What a frame asked for and was not there.
    var wanted: ComparisonPlan?
    /// What is being read back beside the lock.
    var running: ComparisonPlan?
    var made: (plan: ComparisonPlan, comparison: Comparison)?
    var reading: AttributeReading?
}

extension EngineState {
    mutating func answerComparison(_ split: ComparisonSplit, _ frame: Frame, to data: inout FrameData) {
        // Of the same question an older answer is better than none.
        if let made = comparison.made, made.plan.split == split, made.plan.predicate == frame.predicate { data.comparison = made.comparison }
        // Verdicts come first: they say since when.
        guard let plan = comparisonPlan(split, frame) else { return isPending = true }
        if let made = comparison.made, made.plan.stands(for: plan) {
            comparison.wanted = nil
            if !made.comparison.sample.isRead { isPending = true }
            return
        }
        isPending = true
        if comparison.running?.stands(for: plan) != true { comparison.wanted = plan }
    }

    mutating func comparisonJob() -> ComparisonJob? {
        guard let plan = comparison.wanted else { return nil }
        (comparison.wanted, comparison.running) = (nil, plan)
        settle()
        let (before, after) = plan.frames
        func rebuild(_ time: FrameTime) -> Rebuild { self.rebuild(now: time.now ?? newest, windowSeconds: time.windowSeconds, predicate: time.predicate, isStanding: false) }
        return ComparisonJob(plan: plan, before: rebuild(before), after: rebuild(after))
    }

    /// In the lock: for whoever asks once and waits.
    /// - Returns: whether there was something to compare.
    mutating func compareAtOnce() -> Bool {
        guard var work = comparisonJob()?.run() else { return false }
        while work.step(&self) {}
        keep(work.plan, work.comparison)
        return true
    }

    /// Another comparison may be wanted meanwhile: its turn comes.
    mutating func keep(_ plan: ComparisonPlan, _ made: Comparison) {
        var made = made
        let reading = attributeReading(plan, &made.sample)
        // Those found before stand until the new ones are.
        if let old = comparison.made, old.plan.split == plan.split, old.plan.predicate == plan.predicate, old.comparison.sample.kind == made.sample.kind { made.attributes = old.comparison.attributes }
        (comparison.made, comparison.reading) = ((plan, made), reading)
        if comparison.running == plan { comparison.running = nil }
        tellMore()
    }
}
