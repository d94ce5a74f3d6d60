import CellCanvas
import Dashboard
import MeshModel
import Panels
import TestSupport
import Testing

/// Whatever is pressed, clicked, resized and delivered, in any order: no trap, and what is shown stays in bounds.
@Suite struct MonkeyTests {
    @Test(arguments: [1, 2, 3, 4])
    func anything(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let frames = [Shop.frame(), ShopTraces.frame, ShopTraces.answer(ShopTraces.frame, [.trace(ShopTraces.failing), .span(ShopTraces.failing, SpanID(raw: 0x00f0_67aa_0ba9_0201), .server)]), Shop.emptyFrame, ShopComparison.frame(), Shop.hugeFrame(60), Shop.failingSourceFrame, GraphScreenTests.frame, GraphScopeTests.large, FrameData(now: Shop.now, window: Shop.range, version: 9)]
        let sizes = [(80, 24), (120, 40), (200, 50), (81, 25), (300, 24), (80, 100), (40, 12), (1, 1), (0, 0)]
        let keys = Action.allCases.flatMap(\.defaultChords).filter { $0 != "<c-c>" }.compactMap { Key(notation: $0) }
            + "abcxyz0169=!~<>[]().*|$^ svc".map(Key.character)
        var model = Model(width: 80, height: 24)
        var data = frames[0]
        for step in 0..<700 {
            let event: Event
            switch Int.random(in: 0..<20, using: &random) {
            case 0:
                let size = sizes.randomElement(using: &random) ?? (80, 24)
                event = .resized(width: size.0, height: size.1)
            case 1:
                data = frames.randomElement(using: &random) ?? data
                data.version = UInt64(step)
                event = .frame(data)
            case 2: event = .tick(now: Shop.now + Timestamp.Span(seconds: Double(step)), version: UInt64(step))
            case 3:
                let kinds: [Mouse.Kind] = [.click, .doubleClick, .wheelUp, .wheelDown]
                event = .mouse(Mouse(kinds.randomElement(using: &random) ?? .click, x: Int.random(in: -2...200, using: &random), y: Int.random(in: -2...60, using: &random)))
            case 4: event = .pasted(":x\u{1b}[31m日本")
            case 5: event = .failed("no\u{7}")
            default: event = .key(keys.randomElement(using: &random) ?? Key(.enter))
            }
            for case .layOut(let job) in update(&model, event) where step % 3 > 0 { _ = update(&model, .laidOut(job.run())) }
            #expect(!model.stack.isEmpty)
            #expect(model.screen.panes.indices.contains(model.screen.focus))
            for pane in model.screen.panes where pane.listing.isLoaded { #expect(pane.scroll >= 0 && pane.scroll <= max(0, pane.listing.order.count - 1)) }
            if step % 5 == 0 {
                var canvas = Canvas(width: model.width, height: model.height)
                view(model, frames.randomElement(using: &random) ?? data, into: &canvas)
                let text = canvas.plainText()
                for word in ["nan", "inf ", "Optional", "-0.0"] { #expect(!text.contains(word), "\(word) at step \(step)") }
            }
        }
    }

    /// A script that is cut anywhere leaves a model that draws.
    @Test func everyActionDoesSomethingOrSaysWhy() throws {
        for action in Action.allCases where action.context == .screen {
            var driver = try Driver(Shop.frame(), width: 100, height: 40, place: .services).playing("jj<enter><esc>")
            let before = driver.picture
            let chord = try #require(action.defaultChords.first)
            try driver.play(chord)
            // Where there is nothing to do: first pane, leftmost column, live already, on that screen already.
            let idle: Set<Action> = [.columnsLeft, .nextPane, .previousPane, .live, .services]
            let changed = driver.picture != before || !driver.effects.isEmpty
            #expect(changed || idle.contains(action), "\(action)")
        }
    }
}
