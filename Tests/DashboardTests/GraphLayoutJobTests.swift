import CellCanvas
@testable import Dashboard
import GraphLayout
import MeshModel
import Panels
import Testing

/// Large pictures are laid out beside the loop: one at a time, the newest wins, and what stood stays until then.
@Suite struct GraphLayoutJobTests {
    private func model() -> Model {
        var model = Model(width: 120, height: 40, place: .graph)
        _ = updateAtOnce(&model, .frame(GraphScopeTests.large))
        return model
    }

    private func asked(_ effects: [Effect]) -> LayoutJob? {
        for case .layOut(let job) in effects { return job }
        return nil
    }

    private func graph(_ model: Model) -> CallPicture { model.screen.panes[0].graph }

    private func picture(_ model: Model) -> String {
        var canvas = Canvas(width: model.width, height: model.height)
        view(model, GraphScopeTests.large, into: &canvas)
        return canvas.plainText()
    }

    @Test func theOldPictureStaysUntilTheNewOneIsThere() throws {
        var model = model()
        let before = graph(model).picture
        let job = try #require(asked(update(&model, .key(.character("a")))))
        #expect(graph(model).picture == before && graph(model).isBehind)
        #expect(picture(model).contains("laying out…  around s1-2 · 2 hops  (+56 nodes, +56 edges hidden)"), "what is said is said of the picture that is shown")
        #expect(update(&model, .laidOut(job.run())).isEmpty)
        #expect(graph(model).picture.boxes.count == 61 && !graph(model).isBehind)
        #expect(!picture(model).contains("laying out…"))
    }

    @Test func oneAtATimeAndTheNewestWins() throws {
        var model = model()
        let first = try #require(asked(update(&model, .key(.character("a")))))
        #expect(asked(update(&model, .resized(width: 130, height: 40))) == nil, "the first is not done yet")
        #expect(asked(update(&model, .resized(width: 140, height: 40))) == nil)
        let stale = first.run()
        let last = try #require(asked(update(&model, .laidOut(stale))))
        #expect(graph(model).picture != stale.picture, "a picture of another size is not shown")
        #expect(last.terms.width == 138, "what was wanted in between is never laid out")
        _ = update(&model, .laidOut(last.run()))
        #expect(!graph(model).isBehind)
        _ = update(&model, .laidOut(stale))
        #expect(graph(model).drawn.number == last.number, "what comes late is dropped")
    }

    /// Data that change faster than a picture is laid out do not keep it from being shown.
    @Test func anOlderPictureIsBetterThanNone() throws {
        var model = model()
        let first = try #require(asked(update(&model, .key(.character("a")))))
        var data = GraphScopeTests.large
        data.edges[.service]?.append(Shop.edge("s9-5", "fresh", Shop.signals(rate: 4), state: .good, reason: "", seed: 1))
        #expect(asked(update(&model, .frame(data))) == nil)
        let next = try #require(asked(update(&model, .laidOut(first.run()))))
        #expect(graph(model).picture.boxes.count == 61 && graph(model).isBehind)
        #expect(next.standing?.hints == graph(model).picture.hints, "and what it shows stays where it is")
        _ = update(&model, .laidOut(next.run()))
        #expect(graph(model).picture.boxes.count == 62)
    }

    /// Left before it was done, it is asked for again there.
    @Test func anotherScreenDoesNotTakeIt() throws {
        var model = model()
        let first = try #require(asked(update(&model, .key(.character("a")))))
        #expect(asked(update(&model, .key(.character("2")))) == nil)
        #expect(update(&model, .laidOut(first.run())).isEmpty)
        #expect(asked(update(&model, .key(.character("5")))) != nil)
    }

    @Test func aSmallPictureWaitsForNobody() {
        var model = Model(width: 120, height: 40, place: .graph)
        #expect(update(&model, .frame(GraphScreenTests.frame)).isEmpty)
        #expect(!graph(model).isBehind)
    }

    /// A picture in hand when time went back is of data that are not shown any more.
    @Test func noPictureFromBeforeASeek() throws {
        var model = model()
        let job = try #require(asked(update(&model, .key(.character("a")))))
        var past = GraphScopeTests.large
        past.now = past.now - Timestamp.Span(seconds: 10)
        _ = update(&model, .frame(past))
        let before = graph(model).drawn.number
        _ = update(&model, .laidOut(job.run()))
        #expect(graph(model).drawn.number == before && graph(model).isBehind)
        #expect(graph(model).wanted.standing == nil)
    }

    /// What stood before has no hold on what is shown after a step back in time: every run shows the same.
    @Test func aStepBackBeginsAnew() {
        var data = GraphScreenTests.frame
        var model = Model(width: 200, height: 50, place: .graph)
        _ = updateAtOnce(&model, .frame(data))
        let fresh = graph(model).picture
        data.edges[.service]?.append(Shop.edge("gateway", "aaa", Shop.signals(rate: 4), state: .good, reason: "", seed: 1))
        data.now = data.now + Timestamp.Span(seconds: 10)
        _ = updateAtOnce(&model, .frame(data))
        _ = updateAtOnce(&model, .frame(GraphScreenTests.frame))
        #expect(graph(model).picture == fresh)
    }
}
