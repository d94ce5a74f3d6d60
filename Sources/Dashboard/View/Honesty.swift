import CellCanvas
import MeshModel
import Panels

/// The one line that says what is known and what is not: sources, bad lines, what was forgotten.
enum Honesty {
    /// `isShort`: the same in fewer words, for narrow terminals.
    static func pieces(_ data: FrameData, windowSeconds: Double, isShort: Bool) -> [Piece] {
        var pieces: [Piece] = []
        func add(_ long: String, _ short: String, _ tone: Tone) { pieces.append(Piece(isShort ? short : long, tone)) }
        if let mesh = data.mesh {
            let total = mesh.sourcesUp + mesh.sourcesStale + mesh.sourcesFailing
            let up = Format.grouped(mesh.sourcesUp)
            total == 0 && (data.traceStats?.traces ?? 0) > 0 ? add("from spans alone", "spans", .dim)
                : total == 0
                ? add("no source yet", "no source", .warning)
                : add("\(up) of \(Painter.plural(total, "source")) up", "\(up)/\(Format.grouped(total)) up", .dim)
            if mesh.sourcesStale > 0 { add("\(Format.grouped(mesh.sourcesStale)) stale", "\(Format.grouped(mesh.sourcesStale)) stale", .warning) }
            if mesh.sourcesFailing > 0 { add("\(Format.grouped(mesh.sourcesFailing)) failing", "\(Format.grouped(mesh.sourcesFailing)) failing", .failing) }
        }
        if let stats = data.stats {
            if stats.badLines > 0 { add(Painter.plural(stats.badLines, "bad line"), "\(Format.count(stats.badLines)) bad", .warning) }
            let dropped = stats.dropped.values.reduce(0) { $0 &+ max(0, $1) }
            if let standsFor = data.traceStats?.standsFor, standsFor > 1 { add("spans sampled: counts ×\(Format.count(standsFor))", "spans ×\(Format.count(standsFor))", .dim) }
            if dropped > 0 { add("\(Format.count(dropped)) dropped", "\(Format.count(dropped)) dropped", .warning) }
            if let oldest = stats.retainedFrom, oldest > data.window.from, stats.evictedSamples > 0 {
                let kept = Format.duration((data.window.to - oldest).seconds)
                add("only \(kept) of \(Format.duration(windowSeconds)) kept", "\(kept) kept", .warning)
            }
        }
        return pieces
    }

    static let separator = " · "

    static func width(_ pieces: [Piece]) -> Int {
        pieces.reduce(0) { $0 + TextWidth.columns(of: $1.text) } + max(0, pieces.count - 1) * separator.count
    }
}
