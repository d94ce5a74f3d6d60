import CellCanvas
import MeshModel
import Panels

extension Painter {
    /// ` REPLAY ×10 `, ` PAUSED `; what takes long to be read back says so once nothing moves.
    static func badge(of playback: Playback, isAwaiting: Bool) -> Piece {
        if playback.isPlaying { return Piece(" REPLAY \(Format.speed(playback.speed)) ", .badgeLive) }
        return Piece(isAwaiting ? " COMPUTING @\(playback.at.timeOfDay) … " : playback.isAtEnd ? " END " : " PAUSED ", .badgeFrozen)
    }

    /// ` 14:02:11 ▁▁▂▃▇▅▂▁▁▁▁▁▁ 14:12:11  3m10s of 10m `: how much was recorded when, where it fails, and where one is. A click goes there.
    mutating func timeline(_ playback: Playback, _ data: FrameData) {
        let y = height - 2
        let place = "\(Format.duration((playback.at - playback.range.from).seconds.rounded())) of \(Format.duration(playback.range.length.seconds.rounded()))"
        let room = Format.duration(playback.range.length.seconds.rounded()).count * 2 + 4
        var x = 1 + text(playback.range.from.timeOfDay, x: 1, y: y, .dim, limit: width) + 1
        let end = playback.range.to.timeOfDay
        let bar = Rect(x: x, y: y, width: max(1, width - x - end.count - room - 5), height: 1)
        let cursor = playback.range.length.nanoseconds > 0
            ? min(bar.width - 1, Int((playback.at - playback.range.from).seconds / playback.range.length.seconds * Double(bar.width))) : 0
        let played = Rect(x: bar.x, y: y, width: cursor, height: 1)
        text(String(repeating: "━", count: cursor), x: played.x, y: y, .accent, limit: cursor)
        text(String(repeating: "─", count: bar.width - cursor), x: played.right, y: y, .border, limit: bar.width - cursor)
        if let timeline = data.timeline, !timeline.traces.isEmpty {
            let traces = Resampling.means(timeline.traces, to: bar.width).map { $0 > 0 ? $0 : .nan }
            sparkline(traces, errors: Resampling.means(timeline.failing, to: bar.width), x: bar.x, y: y, width: bar.width)
            // What is to come is faint, but where it fails shows at once.
            draw { canvas in
                canvas.restyle(Rect(x: played.right, y: y, width: bar.width - cursor, height: 1)) { $0.role == .chart1 ? Style(.stale) : $0 }
            }
        }
        draw { canvas in canvas.restyle(Rect(x: played.right, y: y, width: 1, height: 1)) { _ in Style(.cursor) } }
        hit(bar, .timeline(bar))
        x = bar.x + bar.width + 1
        x += text(end, x: x, y: y, .dim, limit: max(0, width - x)) + 2
        text(place, x: x, y: y, .normal, limit: max(0, width - x))
    }
}

extension Format {
    /// `×10`, `×0.5`.
    static func speed(_ speed: Double) -> String {
        let tenths = speed * 10
        return "×" + (speed == speed.rounded() ? grouped(Int(speed)) : decimal(speed, tenths == tenths.rounded() ? 1 : 2))
    }
}
