import Engine
import MeshModel
import Panels
import Testing

/// Recorded spans of a real fleet as one line of time, and as they stood at any instant of it.
@Suite struct TimelineTests {
    private let engine = TraceAnswerTests.engine

    @Test func reachesFromTheFirstTraceToTheLastSpan() throws {
        let timeline = try #require(engine.answer([.timeline], at: FrameTime()).timeline)
        let rows = try #require(engine.answer([.traces], at: FrameTime(windowSeconds: .infinity)).traces)
        #expect(timeline.range.from == rows.map(\.start).min())
        #expect(timeline.range.to >= rows.map(\.start).max() ?? timeline.range.to)
        #expect(timeline.traces.reduce(0, +) == 174)
        #expect(timeline.failing.reduce(0, +) == 8)
        #expect(timeline.stretches == [timeline.range])
    }

    /// Parts that fail are those in which traces began that fail.
    @Test func failsWhereTracesFail() throws {
        let timeline = try #require(engine.answer([.timeline], at: FrameTime()).timeline)
        let rows = try #require(engine.answer([.traces], at: FrameTime(windowSeconds: .infinity)).traces)
        for row in rows where row.isFailed {
            let part = try #require(timeline.part(of: row.start))
            #expect(timeline.failing[part] > 0)
            #expect(timeline.start(ofPart: part) <= row.start && row.start < timeline.start(ofPart: part + 1))
        }
    }

    /// The same instant is the same answer, whichever way one came there.
    @Test func anInstantIsTheSameWheneverItIsAsked() throws {
        let range = try #require(engine.answer([.timeline], at: FrameTime()).timeline).range
        let queries: [PanelQuery] = [.mesh, .entities(.service), .entities(.pod), .edges(.service), .traces, .timeline]
        func frame(_ seconds: Double) -> FrameData { engine.answer(queries, at: FrameTime(now: range.from + .init(seconds: seconds), windowSeconds: 60)) }
        let forward = (1...20).map { frame(Double($0)) }
        for second in (1...20).reversed() {
            let again = frame(Double(second)), before = forward[second - 1]
            // As text: NaN is a gap, and no gap equals another.
            let parts: [(String, KeyPath<FrameData, String>)] = [("mesh", \.meshText), ("services", \.servicesText), ("pods", \.podsText), ("edges", \.edgesText)]
            for (name, part) in parts {
                let isSame = again[keyPath: part] == before[keyPath: part]
                #expect(isSame, "\(name) after \(second) s")
            }
            #expect(again.traces == before.traces && again.timeline == before.timeline && again.window == before.window)
        }
        let counts = forward.map { $0.traces?.count ?? 0 }
        #expect(counts == counts.sorted() && counts[0] > 0 && counts[19] < 174, "nothing of what is to come")
    }
}

extension FrameData {
    fileprivate var meshText: String { "\(String(describing: mesh))" }
    fileprivate var servicesText: String { "\(entities[.service] ?? [])" }
    fileprivate var podsText: String { "\(entities[.pod] ?? [])" }
    fileprivate var edgesText: String { "\(edges[.service] ?? [])" }
}
