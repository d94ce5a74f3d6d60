import CellCanvas
import GraphLayout
import Panels

extension CallPicture {
    /// Rows below the picture. Colours that are not about errors are explained in a line of their own.
    var captionRows: Int { overlay == .errors ? 1 : 2 }

    /// What the picture is of, and what is not in it.
    ///
    ///     by pod   around checkout · 2 hops   (+12 nodes, +37 edges hidden)   the picture is 184×39, and goes on
    func caption(_ width: Int, _ height: Int, _ found: Found?) -> [Piece] {
        var pieces: [Piece] = []
        if isBehind { pieces.append(Piece("laying out…", .warning)) }
        if scope.level != .service { pieces.append(Piece("by \(scope.level.rawValue)", .strong)) }
        // While the next picture is laid out these words are about the one that is shown.
        if let center = drawn.terms.center { pieces.append(Piece("around \(center.entity.title(drawn.terms.scope.level)) · \(center.hops == 1 ? "1 hop" : "\(center.hops) hops")", .strong)) }
        if !scope.folded.isEmpty, scope.level != .namespace { pieces.append(Piece("\(Painter.plural(scope.folded.count, "namespace")) folded: \(calls.inside.nodes) boxes and \(Painter.plural(calls.inside.pairs, "edge")) inside", .strong)) }
        if scope.hidesIdle { pieces.append(Piece("without idle", .strong)) }
        if let found { pieces.append(Piece("\(Painter.plural(found.boxes.count, "node")), \(Painter.plural(found.edges.count, "edge")) found", found == Found() ? .warning : .accent)) }
        let left = isBehind ? drawn.left : calls.left
        let hidden = [(left.nodes + picture.hidden.nodes, "node"), (left.pairs + picture.hidden.edges, "edge")].filter { $0.0 > 0 }.map { "+" + Painter.plural($0, $1) }
        let lost = hidden.isEmpty ? [] : [Piece("(\(hidden.joined(separator: ", ")) hidden)", .warning)]
        guard picture.width > width || picture.height > height else { return pieces + lost }
        let whole = pieces + lost + [Piece("the picture is \(picture.width)×\(picture.height), and goes on", .dim)]
        // What is not in view is said first where not all can be said.
        return whole.reduce(2 * (whole.count - 1)) { $0 + TextWidth.columns(of: $1.text) } <= width ? whole : [Piece("\(picture.width)×\(picture.height), goes on", .dim)] + lost + pieces
    }
}

extension Overlay {
    /// What lines and colours mean.
    func legend(isASCII: Bool) -> [Piece] {
        let heavy = isASCII ? "#" : "━", light = isASCII ? "-" : "─", dashed = isASCII ? "~" : "╌"
        return switch self {
        case .errors: [Piece("\(heavy) failing", .failing), Piece("\(light) warning", .warning), Piece("\(dashed) denied", .denied)]
        case .latency:
            [Piece("latency", .strong), Piece("\(heavy) p95 ≥ \(Format.milliseconds(Self.slow.high))", .failing), Piece("\(light) ≥ \(Format.milliseconds(Self.slow.raised))", .warning),
             Piece("\(dashed) not known", .dim), Piece("boxes: p95", .dim)]
        case .rate: [Piece("rate", .strong), Piece("\(heavy) a third of the busiest or more", .warning), Piece("\(dashed) no request", .dim), Piece("boxes: requests a second", .dim)]
        case .mtls:
            [Piece("mTLS", .strong), Piece("\(heavy) plaintext", .failing), Piece("\(heavy) in part", .warning), Piece("\(light) TLS", .warning), Piece("\(light) all mutual", .good), Piece("\(dashed) not known", .dim), Piece("boxes: share", .dim)]
        case .versions: [Piece("versions", .strong), Piece("\(heavy) one fails", .failing), Piece("\(heavy) several answer", .warning), Piece("\(dashed) not known", .dim), Piece("boxes: versions", .dim)]
        }
    }
}
