import CellCanvas
import GraphLayout
import Panels

/// How much a box tells.
package enum BoxDetail: Int, Sendable, CaseIterable {
    case names, boxes, figures, numbers, all

    /// `" 3.9/s  3.1%  114ms"`
    static let numberColumns = 20
}

/// One picture to be laid out, with all that takes. Large ones are laid out beside the loop, one at a time.
package struct LayoutJob: Sendable, Equatable {
    /// What a person chose, and the room there is: a picture for other terms is not wanted any more.
    struct Terms: Sendable, Equatable {
        var scope = GraphScope()
        /// Whom it is drawn around; nil: the whole.
        var center: GraphScope.Center?
        var detail: BoxDetail?
        var isASCII = false
        var width = 0
        var height = 0

        /// A row more or less for what colours mean is no other room.
        func arranges(like other: Terms) -> Bool {
            var same = other
            if abs(height - other.height) <= 1 { same.height = height }
            return same == self
        }
    }

    /// How boxes and wires of a picture are arranged.
    struct Arrangement: Sendable, Equatable {
        var detail = BoxDetail.numbers
        var flow = Flow.leftToRight
    }

    /// Grows with every job.
    package let number: Int
    let drawing: Drawing
    let terms: Terms
    let left: CallNodes.Left
    /// What stands now, to leave it where it is; nil: begin anew.
    let standing: Standing?

    struct Standing: Sendable, Equatable {
        var arrangement: Arrangement
        var hints: LayoutHints
        /// Part of the picture that was in view.
        var shown: Double
    }

    package func run() -> LaidOut {
        if let standing {
            let kept = drawn(standing.arrangement, hints: standing.hints)
            // What grows beyond the view goes on there; only where much would be lost is another arrangement worth that all moves.
            if kept.shown >= min(standing.shown, 1) * 0.75 { return kept }
        }
        var best: LaidOut?
        for arrangement in arrangements {
            let drawn = drawn(arrangement)
            if drawn.worth > best?.worth ?? -1 { best = drawn }
            if drawn.shown == 1 { break }
        }
        return best ?? drawn(Arrangement())
    }

    private func drawn(_ arrangement: Arrangement, hints: LayoutHints = LayoutHints()) -> LaidOut {
        let options = LayoutOptions(flow: arrangement.flow, ascii: terms.isASCII, compact: arrangement.detail == .names)
        let picture = LayeredLayout.picture(of: drawing.input(arrangement.detail), options: options, hints: hints)
        return LaidOut(number: number, drawing: drawing, terms: terms, left: left, arrangement: arrangement, picture: picture)
    }

    /// What is tried, the best first: the first that fits is taken, else what shows most of itself.
    private var arrangements: [Arrangement] {
        // A large picture fits nowhere, and takes long.
        if !drawing.isSmall { return [Arrangement(detail: terms.detail ?? .boxes, flow: .leftToRight)] }
        let details: [BoxDetail] = terms.detail.map { [$0] } ?? [.numbers, .figures, .boxes, .names]
        return details.flatMap { detail in
            // Boxes of one row are for the rows they save: top-down they save none.
            (terms.detail == nil && detail == .names ? [Flow.leftToRight] : [.leftToRight, .topDown]).map { Arrangement(detail: detail, flow: $0) }
        }
    }
}

/// A picture, and what its boxes and wires stand for.
package struct LaidOut: Sendable, Equatable {
    package let number: Int
    let drawing: Drawing
    let terms: LayoutJob.Terms
    /// What was left out of the drawing when it was made.
    let left: CallNodes.Left
    let arrangement: LayoutJob.Arrangement
    let picture: GraphPicture

    /// That all is in view is worth a little of what boxes tell, and what they tell a little of the view.
    var worth: Double {
        let told = switch arrangement.detail {
        case .names: 0.8
        case .boxes: 0.9
        case .figures: 0.95
        case .numbers, .all: 1.0
        }
        return told * shown * (shown == 1 ? 1 : 0.9)
    }

    /// The part of it that fits the room, 0…1.
    var shown: Double {
        min(1, Double(terms.width) / Double(max(1, picture.width))) * min(1, Double(terms.height) / Double(max(1, picture.height)))
    }
}
