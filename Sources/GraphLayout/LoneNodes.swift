/// Nodes without any wire: on shelves below the parts, about as wide as the picture.
///
/// Postcondition: what was there keeps its shelf and, unless its neighbour grew into it, its column; what is new takes the first free place.
enum LoneNodes {
    struct Place {
        var node: Int
        var shelf: Int
        var x: Int
        var y: Int
    }

    private struct Shelf {
        /// By rising column.
        var boxes: [(node: Int, x: Int, width: Int)] = []
        var height = 0

        /// The first column with room for a box that ends before `widest`.
        func room(_ width: Int, widest: Int) -> Int? {
            var x = 0
            for box in boxes {
                if x + width + LoneNodes.gap <= box.x { return x }
                x = box.x + box.width + LoneNodes.gap
            }
            return x == 0 || x + width <= widest ? x : nil
        }
    }

    private static let gap = 2

    /// `top` is the row where the first shelf may begin.
    static func places(_ lone: [Int], in work: Work, widest: Int, top: Int, hints: LayoutHints) -> [Place] {
        var shelves: [Shelf] = []
        func put(_ node: Int, _ shelf: Int, _ x: Int) {
            while shelves.count <= shelf { shelves.append(Shelf()) }
            let box = work.nodes[node].box
            let place = shelves[shelf].boxes.firstIndex { $0.x > x } ?? shelves[shelf].boxes.count
            shelves[shelf].boxes.insert((node, x, box.width), at: place)
            shelves[shelf].height = max(shelves[shelf].height, box.height)
        }
        let sorted = lone.sorted()
        let known = sorted.compactMap { node in hints.lone[work.nodes[node].id].map { (node: node, shelf: $0.shelf, x: $0.x) } }
        for (node, shelf, x) in known.sorted(by: { ($0.shelf, $0.x) < ($1.shelf, $1.x) }) {
            let end = shelf < shelves.count ? shelves[shelf].boxes.last.map { $0.x + $0.width + gap } ?? 0 : 0
            put(node, shelf, max(x, end))
        }
        for node in sorted where hints.lone[work.nodes[node].id] == nil {
            let width = work.nodes[node].box.width
            let free = shelves.indices.lazy.compactMap { shelf in shelves[shelf].room(width, widest: widest).map { (shelf: shelf, x: $0) } }.first
            put(node, free?.shelf ?? shelves.count, free?.x ?? 0)
        }
        var y = top
        return shelves.enumerated().flatMap { number, shelf in
            // A shelf that was left holds its room for those below it.
            defer { y += max(1, shelf.height) + 1 }
            return shelf.boxes.map { Place(node: $0.node, shelf: number, x: $0.x, y: y) }
        }
    }
}
