import CellCanvas
import Panels

extension ScreenLayout {
    /// The trace in words, the waterfall, and the selected span beside or below it; where there is no room for both, the
    /// span takes the waterfall's place while it has the focus.
    mutating func trace(_ model: Model) {
        let (top, rest) = body.splitTop(2)
        tile = top
        let (main, below) = rest.splitBottom(1)
        notes = below
        if model.width >= 150 {
            let (left, right) = main.splitLeft(model.width - min(80, model.width * 3 / 8))
            areas[0] = left.splitLeft(left.width - 1).0
            areas[1] = right
        } else if main.height >= 28 {
            let (upper, lower) = main.splitTop(main.height - main.height / 3)
            areas[0] = upper
            areas[1] = lower
        } else {
            isTabbed = true
            areas[model.screen.focus] = main
        }
    }
}
