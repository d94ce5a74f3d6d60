@testable import CallGraph
@testable import Diagnosis
import Glibc
import MeshModel
import TestSupport

/// A mesh made up by a seed, and traffic of it: services in layers, optional and repeated calls, lognormal work, each service drifting by
/// itself, some throttled now and then; with or without spans at the caller.
struct SyntheticMesh {
    enum Kind: CaseIterable { case slow, network, contention, returnsEarly, onePod }

    struct Fault {
        var kind: Kind
        var service: Int
        /// Of one pod alone.
        var pod: String?
        /// Milliseconds.
        var amount: Double
        /// Seconds after the recording began.
        var onset: Double
    }

    struct Step {
        var callee: Int
        var operation: Int
        var chance: Double
        var most: Int
    }
    struct Operation {
        /// Milliseconds.
        var work: Double
        var spread: Double
        var steps: [Step] = []
    }

    let hasClientSpans: Bool
    private(set) var operations: [[Operation]] = []
    private(set) var pods: [[String]] = []
    private var drift: [Double] = []
    private var isBursty: [Bool] = []
    var dice: SeededGenerator

    init(seed: UInt64) {
        dice = SeededGenerator(seed: seed)
        hasClientSpans = seed % 3 != 0
        let count = Int.random(in: 8...16, using: &dice)
        let layer = [0] + (1..<count).map { _ in Int.random(in: 1...4, using: &dice) }.sorted()
        for service in 0..<count {
            pods.append((0..<Int.random(in: 1...3, using: &dice)).map { "s\(service)-\($0)" })
            drift.append(Double.random(in: 0.03...0.2, using: &dice))
            isBursty.append(Int.random(in: 0..<10, using: &dice) == 0)
            let below = (0..<count).filter { layer[$0] > layer[service] && layer[$0] <= layer[service] + 2 }
            operations.append((0..<(service == 0 ? 4 : 2)).map { _ in
                var operation = Operation(work: exp(gauss(0.7, 1)), spread: Double.random(in: 0.1...0.7, using: &dice))
                guard !below.isEmpty else { return operation }
                for _ in 0..<Int.random(in: service == 0 ? 2...4 : 0...2, using: &dice) {
                    let isSure = Int.random(in: 0..<10, using: &dice) < 7
                    operation.steps.append(Step(callee: below.randomElement(using: &dice) ?? 0, operation: Int.random(in: 0..<2, using: &dice),
                                                chance: isSure ? 1 : Double.random(in: 0.2...0.9, using: &dice), most: Int.random(in: 0..<5, using: &dice) == 0 ? 3 : 1))
                }
                return operation
            })
        }
    }

    private mutating func gauss(_ mean: Double, _ deviation: Double) -> Double {
        let radius = (-2 * log(Double.random(in: 1e-12...1, using: &dice))).squareRoot()
        return mean + deviation * radius * cos(2 * .pi * Double.random(in: 0...1, using: &dice))
    }

    // MARK: - Traffic

    private struct Run {
        var fault: Fault?
        var levels: [[Double]]
        var bursts: [[Bool]]
        var id: UInt64 = 0
        var trace: UInt64 = 0
    }

    /// - Returns: how many requests the fault met.
    mutating func write(_ builder: inout SpanBuilder, seconds: Double, requests: Int, fault: Fault? = nil) -> Int {
        let stretches = Int(seconds / 10) + 2
        var run = Run(fault: fault, levels: [], bursts: [])
        for service in operations.indices {
            var level = gauss(0, drift[service])
            run.levels.append((0..<stretches).map { _ in
                level = 0.8 * level + 0.6 * gauss(0, drift[service])
                return exp(level)
            })
            run.bursts.append((0..<stretches).map { _ in isBursty[service] && Int.random(in: 0..<4, using: &dice) == 0 })
        }
        var met = Set<UInt64>()
        for start in (0..<requests).map({ _ in Double.random(in: 0..<seconds, using: &dice) * 1000 }).sorted() {
            run.trace += 1
            _ = serve(0, Int.random(in: 0..<4, using: &dice), pods[0].randomElement(using: &dice) ?? "", 0, start, &run, &builder, &met)
        }
        return met.count
    }

    private func meets(_ run: Run, _ service: Int, _ pod: String, _ at: Double, _ kinds: Set<Kind>) -> Fault? {
        guard let fault = run.fault, fault.service == service, kinds.contains(fault.kind), at >= fault.onset * 1000, fault.pod == nil || fault.pod == pod else { return nil }
        return fault
    }

    /// - Returns: when it ended, milliseconds.
    private mutating func serve(_ service: Int, _ number: Int, _ pod: String, _ parent: UInt64, _ start: Double, _ run: inout Run, _ builder: inout SpanBuilder,
                                _ met: inout Set<UInt64>) -> Double {
        let operation = operations[service][number % operations[service].count]
        run.id += 1
        let id = run.id, stretch = min(run.levels[service].count - 1, Int(start / 10_000))
        var work = operation.work * run.levels[service][stretch] * exp(gauss(0, operation.spread))
        if run.bursts[service][stretch], Int.random(in: 0..<3, using: &dice) == 0 { work += 40 }
        if let fault = meets(run, service, pod, start, [.slow, .onePod]) {
            work += fault.amount * Double.random(in: 0.7...1.3, using: &dice)
            met.insert(run.trace)
        }
        if let fault = meets(run, service, pod, start, [.contention]), Int.random(in: 0..<10, using: &dice) < 6 {
            work += fault.amount * Double(Int.random(in: 1...3, using: &dice))
            met.insert(run.trace)
        }
        var now = start + work / 2
        for step in operation.steps {
            if meets(run, service, pod, start, [.returnsEarly]) != nil, run.trace % 3 != 0 {
                met.insert(run.trace)
                break
            }
            guard Double.random(in: 0..<1, using: &dice) < step.chance else { continue }
            for _ in 0..<Int.random(in: 1...step.most, using: &dice) { now = call(step, from: service, pod, id, now, &run, &builder, &met) }
        }
        let end = now + work / 2
        builder.add(id, parent, .server, "s\(service)", start...end, trace: run.trace, pod: pod, name: service == 0 ? "page" : "op\(number)")
        return end
    }

    private mutating func call(_ step: Step, from caller: Int, _ pod: String, _ parent: UInt64, _ start: Double, _ run: inout Run, _ builder: inout SpanBuilder,
                               _ met: inout Set<UInt64>) -> Double {
        let target = pods[step.callee].randomElement(using: &dice) ?? ""
        var way = 1.5 * exp(gauss(0, 0.3))
        for (service, pod) in [(caller, pod), (step.callee, target)] {
            guard let fault = meets(run, service, pod, start, [.network, .contention]) else { continue }
            guard fault.kind == .network || Int.random(in: 0..<10, using: &dice) < 6 else { continue }
            way += fault.amount * Double.random(in: 0.9...1.1, using: &dice)
            met.insert(run.trace)
        }
        guard hasClientSpans else { return serve(step.callee, step.operation, target, parent, start + way / 2, &run, &builder, &met) + way / 2 }
        run.id += 1
        let id = run.id
        let end = serve(step.callee, step.operation, target, id, start + way / 2, &run, &builder, &met) + way / 2
        builder.add(id, parent, .client, "s\(caller)", start...end, trace: run.trace, pod: pod, name: "call s\(step.callee)/op\(step.operation)")
        return end
    }
}
