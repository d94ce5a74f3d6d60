import Diagnosis
import MeshModel
import Panels

/// Verdicts in the making: beside the frames that ask for them, a few milliseconds in the engine's lock at a time.
struct VerdictJob {
    /// Who is asked about; nil: the mesh.
    let subject: EntityKey?
    let time: FrameTime
    let terms: VerdictMemory.Terms
    private(set) var stage = Stage.begun
    /// How often who there is changed meanwhile.
    private(set) var restarts = 0

    enum Stage {
        case begun
        case traces(ResolvedEntity?, TraceWalk)
        case counts(ResolvedEntity?, TraceWalk)
        case words(Findings, [Verdict])
        case slow(Findings, [Verdict], SlowSearch)
        case follow(Findings, [Verdict], SlowFollowing)

        var findings: Findings? {
            switch self {
            case .begun, .traces, .counts: nil
            case .words(let findings, _), .slow(let findings, _, _), .follow(let findings, _, _): findings
            }
        }
    }

    init(_ subject: EntityKey?, _ frame: EngineState.Frame, _ terms: VerdictMemory.Terms) {
        (self.subject, self.terms) = (subject, terms)
        time = FrameTime(now: terms.isNewest ? nil : frame.now, windowSeconds: frame.windowSeconds, predicate: frame.predicate)
    }

    mutating func goOn(_ stage: Stage) { self.stage = stage }
    mutating func countAgain(_ service: ResolvedEntity?, _ walk: TraceWalk) {
        stage = .counts(service, walk)
        restarts += 1
    }

    /// Traces looked at in one go, and verdicts put into words.
    static let tracesAtOnce = 1000
    static let verdictsAtOnce = 8
    static let mostRestarts = 3
}

extension EngineState {
    /// A part of the verdicts that frames wait for.
    mutating func judgeSlice() -> WorkProgress {
        guard !verdictMemory.wanted.isEmpty else { return .nothing }
        var job = verdictMemory.wanted.removeFirst()
        if case .traces(let service, var walk) = job.stage, walk.isBegun {
            // Traces alone: no level has to be brought up to date for them.
            let more = walkTraces(&walk, job.terms.window, job.terms.mode, job.terms.predicate, most: VerdictJob.tracesAtOnce)
            job.goOn(more ? .traces(service, walk) : .counts(service, walk))
            verdictMemory.wanted.insert(job, at: 0)
            return .going
        }
        let progress = atFrame(job.time) { state, frame in state.step(&job, frame, isWhole: false) }
        // Gone with the picture it was for.
        guard let progress = progress ?? nil else { return .worthShowing }
        if progress == .going { verdictMemory.wanted.insert(job, at: 0) } else { tellMore() }
        return progress
    }

    /// - Parameter isWhole: nobody is let in between: each stage is gone through to its end.
    /// - Returns: nil where it is of nothing there is any more.
    mutating func step(_ job: inout VerdictJob, _ frame: Frame, isWhole: Bool) -> WorkProgress? {
        // Numbers of services and calls hold within one layout of the mesh.
        if let findings = job.stage.findings, findings.reading.layout != fold(.service, frame).layout {
            job.countAgain(nil, findings.walk)
            return .going
        }
        switch job.stage {
        case .begun:
            var service: ResolvedEntity?
            if let subject = job.subject {
                service = self.service(of: subject, frame)
                guard service != nil else { return finish(job, []) }
            }
            job.goOn(hasSpans ? .traces(service, TraceWalk(service)) : .counts(service, TraceWalk(service)))
        case .traces(let service, var walk):
            let more = walkTraces(&walk, frame.window, frame.mode, frame.predicate, most: isWhole ? .max : VerdictJob.tracesAtOnce)
            job.goOn(more ? .traces(service, walk) : .counts(service, walk))
        case .counts(let service, let walk):
            var findings = findingsInCounts(of: service, frame)
            if hasSpans { addTraces(walk, to: &findings) }
            findings.rank()
            if let service { return finish(job, [verdict(on: service, findings, frame)]) }
            findings.walk = walk
            job.goOn(.words(findings, []))
            if isWhole || job.restarts >= VerdictJob.mostRestarts { return wholeWords(&job, frame) }
        case .words(var findings, var verdicts):
            let next = findings.all.prefix(Self.mostVerdicts).dropFirst(verdicts.count).prefix(VerdictJob.verdictsAtOnce)
            var facts = findings.facts
            for finding in next {
                var verdict = verdict(finding, findings, &facts, of: nil, frame)
                if verdicts.count < Self.mostCourses { verdict.course = course(finding, findings, frame) }
                verdicts.append(verdict)
            }
            findings.facts = facts
            job.goOn(next.isEmpty ? .slow(findings, verdicts, SlowSearch()) : .words(findings, verdicts))
        case .slow(let findings, let verdicts, var search):
            job.goOn(search.goOn(&self, frame) ? .slow(findings, verdicts, search) : .follow(findings, verdicts, SlowFollowing(search)))
        case .follow(var findings, var verdicts, var following):
            var facts = findings.facts
            if following.goOn(&self, findings, &facts, frame) {
                findings.facts = facts
                job.goOn(.follow(findings, verdicts, following))
                return .going
            }
            let slow = following.found
            addChanges(to: &verdicts, slow.verdicts, frame)
            return finish(job, VerdictOrder.worstFirst(verdicts.map(\.rememberingThatItIsOld)), slow.states)
        }
        return .going
    }

    private mutating func wholeWords(_ job: inout VerdictJob, _ frame: Frame) -> WorkProgress? {
        var progress: WorkProgress? = .going
        while progress == .going { progress = step(&job, frame, isWhole: true) }
        return progress
    }

    private mutating func finish(_ job: VerdictJob, _ verdicts: [Verdict], _ slow: SlowStates = SlowStates()) -> WorkProgress {
        var made = VerdictMemory.Made(terms: job.terms, verdicts: verdicts, slow: slow)
        made.told = Set(verdicts.flatMap { verdict in (verdict.path.map(\.entity) + [verdict.origin?.entity].compactMap(\.self)).map { Self.key(ofService: $0) } })
        verdictMemory.keep(made, about: job.subject)
        return .worthShowing
    }
}
