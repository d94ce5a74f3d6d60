import MeshModel
import Panels

/// The one line that says what is known and what is not: sources, bad lines, what was forgotten.
enum Honesty {
    static func pieces(_ data: FrameData, predicateWindow: Double) -> [Piece] {
        var pieces: [Piece] = []
        if let mesh = data.mesh {
            let total = mesh.sourcesUp + mesh.sourcesStale + mesh.sourcesFailing
            if total == 0 {
                pieces.append(Piece("no source yet", .warning))
            } else {
                pieces.append(Piece("\(Format.grouped(mesh.sourcesUp)) of \(Painter.plural(total, "source")) up", .dim))
            }
            if mesh.sourcesStale > 0 { pieces.append(Piece("\(Format.grouped(mesh.sourcesStale)) stale", .warning)) }
            if mesh.sourcesFailing > 0 { pieces.append(Piece("\(Format.grouped(mesh.sourcesFailing)) failing", .failing)) }
        }
        if let stats = data.stats {
            if stats.badLines > 0 { pieces.append(Piece(Painter.plural(stats.badLines, "bad line"), .warning)) }
            let dropped = stats.dropped.values.reduce(0) { $0 &+ max(0, $1) }
            if dropped > 0 { pieces.append(Piece("\(Format.count(dropped)) dropped", .warning)) }
            if let oldest = stats.retainedFrom, oldest > data.window.from, stats.evictedSamples > 0 {
                let kept = Format.duration((data.window.to - oldest).seconds)
                pieces.append(Piece("only \(kept) of \(Format.duration(predicateWindow)) kept", .warning))
            }
        }
        return pieces
    }

    static let separator = " · "

    static func width(_ pieces: [Piece]) -> Int {
        pieces.reduce(0) { $0 + $1.text.count } + max(0, pieces.count - 1) * separator.count
    }
}
