import CellCanvas
import MeshModel
import Panels

/// Where the parts of a waterfall's line lie, and its time axis.
struct WaterfallColumns {
    static let number = 6

    let tree: Rect
    let duration: Int
    /// nil where there is no room for it.
    let selfTime: Int?
    let bars: Rect
    let from: Int64
    let length: Double

    init(_ area: Rect, _ range: TimeRange) {
        tree = Rect(x: area.x + 3, y: area.y, width: min(76, max(30, area.width * 2 / 5)), height: area.height)
        duration = tree.right + 1
        let hasSelf = area.width >= 96
        selfTime = hasSelf ? duration + Self.number + 1 : nil
        let left = duration + (Self.number + 1) * (hasSelf ? 2 : 1) + 1
        bars = Rect(x: left, y: area.y, width: max(1, area.right - 2 - left), height: area.height)
        from = range.from.nanoseconds
        length = max(1, Double(range.length.nanoseconds))
    }

    func column(_ instant: Int64) -> Int {
        Int(min(max(0, Double(instant &- from) / length * Double(bars.width)), Double(bars.width - 1)))
    }

    /// The middle of a cell.
    func instant(_ column: Int) -> Int64 { from &+ Int64((Double(column) + 0.5) / Double(bars.width) * length) }

    /// Where a cell begins.
    func edge(_ column: Int) -> Int64 { from &+ Int64(min(Double(column) / Double(bars.width) * length, 9e18)) }

    /// Marks of the axis, at whole steps at least eleven cells apart.
    var ticks: [(column: Int, label: String)] {
        let seconds = length / 1e9
        let step = LineChart.niceTop(seconds * 11 / Double(bars.width))
        guard step > 0, step.isFinite else { return [] }
        return (0...max(0, min(40, Int(seconds / step)))).map { number in
            let at = Double(number) * step
            return (column(from &+ Int64(min(at * 1e9, 9e18))), number == 0 ? "0" : Format.axis(Format.milliseconds(at * 1000)))
        }
    }
}
