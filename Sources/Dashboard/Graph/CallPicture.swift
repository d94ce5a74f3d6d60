import CellCanvas
package import GraphLayout
import MeshModel
import Panels

/// The picture on a graph screen: laid out again only when who calls whom, or how well, changed, never because numbers did.
package struct CallPicture: Sendable {
    /// What is to be drawn, as of the last data, and around whom.
    package private(set) var calls = CallNodes(edges: [])
    private(set) var center: GraphScope.Center?
    /// All that it is chosen from.
    var whole: WholeCalls?
    /// What is on the screen. While a large picture is laid out it is the one before.
    package private(set) var drawn = LayoutJob(number: 0, drawing: Drawing.nothing, terms: .init(), left: .init(), standing: nil).run()
    /// The picture that is wanted.
    private(set) var wanted = LayoutJob(number: 0, drawing: Drawing.nothing, terms: .init(), left: .init(), standing: nil)
    private var ids: [Entity: Int] = [:]
    private var boxes: [Entity: Int] = [:]
    /// Edges that have a wire.
    private(set) var wired: Set<Int> = []
    private(set) var busiest = 0.0
    private var picked: Entity?
    /// The instant of the data it was made of.
    private var instant: Timestamp?

    package var scope = GraphScope()
    package var overlay = Overlay.errors
    /// Whom the selection and the focus were on when the level changed: they go on to who that is there.
    var follows: Entity?
    /// All that leads to the selection and follows from it is bright, the rest faint.
    var showsChain = false
    /// The selected wire was come to from its caller: its siblings are that one's other calls.
    var isFromCaller = true
    /// Where the table of the calls was entered: the selection is another once it is somewhere else.
    var tableStart: RowKey?
    /// Jobs before this one are of data that have no hold on what is shown now.
    private var firstSinceSeek = 0
    /// Moved by hand: the selection is not kept in view.
    var isPanned = false
    /// First column and row of the picture in view.
    package var left = 0
    package var top = 0
    /// Chosen by hand; else as much as there is room for.
    package var chosen: BoxDetail?

    package var picture: GraphPicture { drawn.picture }
    package var detail: BoxDetail { drawn.arrangement.detail }
    package var flow: Flow { drawn.arrangement.flow }
    /// What is shown is not what is wanted yet.
    package var isBehind: Bool { drawn.number != wanted.number }

    /// - Parameter number: of the last job, counted over all pictures.
    /// - Parameter anchor: stays where it is on the screen.
    mutating func take(_ whole: WholeCalls, at now: Timestamp, window: TimeRange, ascii: Bool, width: Int, height: Int, number: inout Int, anchor: Entity?) {
        (calls, center) = whole.drawn(scope, picked: &picked)
        // What was before has no hold on what is shown after a step back in time, or to where no data are shared.
        let isSeek = instant.map { now < $0 || $0 < window.from } ?? false
        instant = now
        let drawing = Drawing(calls, ids: &ids, overlay: overlay)
        busiest = calls.busiest
        let terms = LayoutJob.Terms(scope: scope, center: center, detail: chosen, isASCII: ascii, width: width, height: height)
        guard drawing != wanted.drawing || terms != wanted.terms || isSeek else { return }
        number += 1
        if isSeek { firstSinceSeek = number }
        let stays = drawn.terms.arranges(like: terms) && !isSeek
        wanted = LayoutJob(number: number, drawing: drawing, terms: terms, left: calls.left,
                           standing: stays ? .init(arrangement: drawn.arrangement, hints: picture.hints, shown: drawn.shown) : nil)
        if drawing.isSmall { show(wanted.run(), anchor: anchor) }
    }

    /// A picture that was laid out elsewhere. One of other terms is not wanted any more; one whose data went on is better than an older one.
    mutating func take(_ fresh: LaidOut, anchor: Entity?) {
        guard fresh.number > drawn.number, fresh.number >= firstSinceSeek, fresh.terms == wanted.terms else { return }
        show(fresh, anchor: anchor)
        guard isBehind else { return }
        // The next one leaves things where they are now.
        wanted = LayoutJob(number: wanted.number, drawing: wanted.drawing, terms: wanted.terms, left: wanted.left,
                           standing: .init(arrangement: drawn.arrangement, hints: picture.hints, shown: drawn.shown))
    }

    private mutating func show(_ fresh: LaidOut, anchor: Entity?) {
        let before = anchor.flatMap(box(of:))?.rect
        drawn = fresh
        boxes = Dictionary(picture.boxes.indices.map { (drawn.drawing.nodes[picture.boxes[$0].node].entity, $0) }) { first, _ in first }
        wired = picture.edgeSets.reduce(into: []) { $0.formUnion($1) }
        if let before, let after = anchor.flatMap(box(of:))?.rect {
            left += after.x - before.x
            top += after.y - before.y
        }
        keepInView()
    }

    mutating func pan(columns: Int, rows: Int) {
        isPanned = true
        left += columns
        top += rows
        keepInView()
    }

    /// The selection in the middle of the view.
    mutating func bringToMiddle(_ entity: Entity) {
        guard let rect = box(of: entity)?.rect else { return }
        (left, top) = (rect.middle.x - wanted.terms.width / 2, rect.middle.y - wanted.terms.height / 2)
        keepInView()
    }

    private mutating func keepInView() {
        left = min(max(0, left), max(0, picture.width - wanted.terms.width))
        top = min(max(0, top), max(0, picture.height - wanted.terms.height))
    }

    /// The box of a node, if it is drawn.
    func box(of entity: Entity) -> GraphBox? { boxes[entity].map { picture.boxes[$0] } }

    /// Its number in the drawing, whose edges name their ends by it.
    func id(of entity: Entity) -> Int? { ids[entity] }

    func entity(of box: GraphBox) -> Entity { drawn.drawing.nodes[box.node].entity }

    /// The node as it is now; nil once it is gone.
    func node(of box: GraphBox) -> CallNodes.Node? { calls.node(of: entity(of: box)) }

    /// Scrolls as little as shows it whole.
    mutating func reveal(_ entity: Entity, width: Int, height: Int) {
        guard let rect = box(of: entity)?.rect else { return }
        left = min(max(left, rect.right + 2 - width, 0), max(0, rect.x - 1))
        top = min(max(top, rect.bottom + 1 - height, 0), max(0, rect.y))
        keepInView()
    }
}
