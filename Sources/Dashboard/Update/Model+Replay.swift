package import MeshModel
import Panels

extension Model {
    /// - Parameter seconds: of the wall.
    mutating func play(_ seconds: Double) {
        guard case .replay(var playback) = time, playback.isPlaying else { return }
        let skipped = playback.advance(seconds, stretches: frame?.timeline?.stretches ?? [])
        time = .replay(playback)
        if let skipped { tell("nothing was recorded for \(Format.duration(skipped)): left out") }
        if playback.isAtEnd { tell("the end of the recording; \(keyHint(.freeze)) plays it from the start") }
    }

    mutating func togglePlay() {
        guard case .replay(var playback) = time else { return }
        if playback.isAtEnd, !playback.isPlaying { playback.seek(playback.range.from + Timestamp.Span(seconds: Playback.leadSeconds)) }
        playback.isPlaying.toggle()
        time = .replay(playback)
        if !playback.isPlaying { tell("paused; \(keyHint(.freeze)) goes on, \(keyHint(.stepBack)) and \(keyHint(.stepForward)) step") }
    }

    /// Where one goes to look, one stays.
    mutating func seek(to instant: Timestamp) {
        guard case .replay(var playback) = time else { return }
        playback.isPlaying = false
        if instant <= playback.range.from, playback.at > playback.range.from { tell("the beginning of the recording") }
        if instant >= playback.range.to { tell("the end of the recording") }
        playback.seek(instant)
        time = .replay(playback)
    }

    mutating func jump(to text: String, in playback: Playback) {
        guard let instant = TimeText.instant(text, in: playback.range, shown: playback.at) else {
            tell("\(text) is no time: use start, end, -10m, +30s, 15:30 or 15:30:05 (UTC)", isError: true)
            return
        }
        seek(to: instant)
    }

    mutating func seek(toColumn column: Int, of width: Int) {
        guard let range = time.playback?.range, width > 0 else { return }
        seek(to: range.from + Timestamp.Span(seconds: range.length.seconds * (Double(column) + 0.5) / Double(width)))
    }

    mutating func setSpeed(_ speed: Double) {
        guard case .replay(var playback) = time else {
            tell("that is for recordings: telltale replay plays one")
            return
        }
        playback.speed = speed
        time = .replay(playback)
        tell("\(Format.speed(speed)) seconds of the recording a second")
    }

    mutating func changeSpeed(by direction: Int) {
        guard let speed = time.playback?.speed else { return setSpeed(1) }
        let next = direction > 0 ? Playback.speeds.first { $0 > speed } : Playback.speeds.last { $0 < speed }
        setSpeed(next ?? speed)
    }

    /// To the part of the line of time where traces fail next, so that it is just over and its traces are in the picture.
    mutating func goToFailure(_ direction: Int) {
        guard case .replay(let playback) = time else {
            tell("that is for recordings: telltale replay plays one")
            return
        }
        guard let timeline = frame?.timeline, timeline.failing.contains(where: { $0 > 0 }) else {
            tell("no trace of this recording fails (\(predicate.rawValue))")
            return
        }
        // Arriving at the end of a part is being in the next one.
        let ends = timeline.failing.indices.filter { timeline.failing[$0] > 0 }.map { timeline.start(ofPart: $0 + 1) }
        let target = direction > 0 ? ends.first { $0 > playback.at } : ends.last { $0 < playback.at }
        guard let target else {
            tell("no trace fails \(direction > 0 ? "after" : "before") this (\(predicate.rawValue))")
            return
        }
        seek(to: target)
    }
}

extension TimeText {
    /// As of live data, and `start` and `end`; a time of day is one within the recording where there is one.
    package static func instant(_ text: some StringProtocol, in range: TimeRange, shown: Timestamp) -> Timestamp? {
        switch text.lowercased() {
        case "start", "begin", "0": return range.from
        case "end", "now", "live": return range.to
        default: return instant(text, shown: shown, newest: range.to)
        }
    }
}
