import CellCanvas
import Dashboard
import Panels
import Testing

/// A dashboard at the end of a key script: what tests and goldens look at.
struct Driver {
    var model: Model
    var data: FrameData
    var effects: [Effect] = []

    init(_ data: FrameData = Shop.frame(), width: Int = 120, height: Int = 40, place: Place = .overview, settings: Model.Settings = .init()) {
        model = Model(width: width, height: height, settings: settings, place: place)
        self.data = data
        send(.frame(data))
    }

    mutating func send(_ event: Event) { effects += updateAtOnce(&model, event) }

    /// Plays keys; after each the data is answered again, as the loop does.
    mutating func play(_ script: String) throws {
        for key in try KeyScript(parsing: script).keys {
            send(.key(key))
            // The first answer may make room for more.
            for _ in 0..<2 {
                data = ShopTraces.answer(data, queries(for: model).queries)
                send(.frame(data))
            }
        }
    }

    func playing(_ script: String) throws -> Driver {
        var copy = self
        try copy.play(script)
        return copy
    }

    /// The screen as plain text.
    var picture: String {
        var canvas = Canvas(width: model.width, height: model.height)
        view(model, data, into: &canvas)
        return canvas.plainText()
    }

    /// Name of the selected row of the focused pane.
    var selected: String? { model.screen.pane.selection?.displayName }
    /// Names of the rows shown in the focused pane.
    var shown: Int { model.screen.pane.listing.order.count }
    var titles: [String] { model.stack.map(\.place.title) }
}
