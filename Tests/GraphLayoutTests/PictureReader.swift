/// Reads a picture back. It knows the notation and nothing of the layout: characters in, names and edges out.
struct PictureReader {
    enum Direction: Int, CaseIterable {
        case left, right, up, down

        var dx: Int { self == .left ? -1 : self == .right ? 1 : 0 }
        var dy: Int { self == .up ? -1 : self == .down ? 1 : 0 }
        var reversed: Direction { [.right, .left, .down, .up][rawValue] }
    }

    /// Which of the four directions a character leads to.
    struct Arms: OptionSet {
        let rawValue: Int

        static let left = Arms(rawValue: 1), right = Arms(rawValue: 2), up = Arms(rawValue: 4), down = Arms(rawValue: 8)

        init(rawValue: Int) { self.rawValue = rawValue }
        init(_ direction: Direction) { rawValue = 1 << direction.rawValue }

        func has(_ direction: Direction) -> Bool { rawValue & 1 << direction.rawValue != 0 }
    }

    struct Pair: Hashable, Comparable, CustomStringConvertible {
        var source: String
        var target: String
        var description: String { "\(source)→\(target)" }
        static func < (a: Pair, b: Pair) -> Bool { (a.source, a.target) < (b.source, b.target) }
    }

    struct Place: Hashable {
        var x: Int
        var y: Int
        func moved(_ direction: Direction) -> Place { Place(x: x + direction.dx, y: y + direction.dy) }
    }

    struct Reading {
        var names: [String] = []
        var edges: Set<Pair> = []
        /// Every arrival, with its repetitions.
        var arrivals = 0
        var problems: [String] = []
    }

    let rows: [[Character]]
    /// What each cell begins with: strokes and frames are one scalar each, and comparing those is quick.
    let scalars: [[Unicode.Scalar]]
    let forward: Direction
    let arms: any ArmTable
    var boxes: [PictureBox] = []
    /// By row and column, -1 where there is none.
    private var boxOf: [[Int]] = []

    init(_ rows: [[Character]], topDown: Bool = false, ascii: Bool = false) {
        self.rows = rows
        scalars = rows.map { $0.map { $0.unicodeScalars.first ?? " " } }
        forward = topDown ? .down : .right
        arms = ascii ? ASCIIArms(isTopDown: topDown) : LineArms()
        (boxes, boxOf) = PictureBox.find(in: rows, scalars)
    }

    func at(_ place: Place) -> Unicode.Scalar {
        place.y >= 0 && place.y < scalars.count && place.x >= 0 && place.x < scalars[place.y].count ? scalars[place.y][place.x] : " "
    }

    func box(at place: Place) -> Int? {
        guard place.y >= 0, place.y < boxOf.count, place.x >= 0, place.x < boxOf[place.y].count, boxOf[place.y][place.x] >= 0 else { return nil }
        return boxOf[place.y][place.x]
    }

    func read() -> Reading {
        var reading = Reading()
        reading.names = boxes.map(\.name)
        var followed = scalars.map { $0.map { $0 == " " } }
        for box in boxes {
            if box.isLoop { reading.edges.insert(Pair(source: box.name, target: box.name)) }
            for exit in box.border(on: forward) where self.box(at: exit) == nil && arms.arms(at: exit, self).has(forward.reversed) {
                follow(from: exit, of: box, &reading, &followed)
            }
        }
        for y in rows.indices {
            for x in rows[y].indices where !followed[y][x] && boxOf[y][x] < 0 {
                reading.problems.append("nothing leads to \(rows[y][x]) at \(x),\(y)")
            }
        }
        return reading
    }

    private struct Step: Hashable {
        var place: Place
        var direction: Direction
    }

    private func follow(from exit: Place, of box: PictureBox, _ reading: inout Reading, _ followed: inout [[Bool]]) {
        var open = [Step(place: exit, direction: forward)]
        var seen: Set<Step> = []
        while let step = open.popLast() {
            guard seen.insert(step).inserted else { continue }
            if rows.indices.contains(step.place.y), rows[step.place.y].indices.contains(step.place.x) { followed[step.place.y][step.place.x] = true }
            let character = at(step.place)
            func problem(_ text: String) { reading.problems.append("\(box.name): \(text) `\(character)` at \(step.place.x),\(step.place.y)") }
            if self.box(at: step.place) != nil {
                problem("a wire runs into a box,")
            } else if let points = arms.arrow(at: step.place, self) {
                guard step.direction == points || step.direction == forward else { problem("an arrow is entered from its side,"); continue }
                let tip = step.place.moved(points)
                if let target = self.box(at: tip) {
                    reading.edges.insert(Pair(source: box.name, target: boxes[target].name))
                    reading.arrivals += 1
                } else if arms.arms(at: tip, self) == [Arms(forward), Arms(forward.reversed)] {
                    followed[tip.y][tip.x] = true
                    open.append(Step(place: tip.moved(forward), direction: forward))
                } else {
                    problem("a mark touches no wire,")
                }
            } else if arms.isCrossing(character) {
                open.append(Step(place: step.place.moved(step.direction), direction: step.direction))
                if step.direction == forward.reversed && !arms.isDouble(at: step.place, .left, self) { problem("a light wire runs backwards,") }
            } else {
                let all = arms.arms(at: step.place, self)
                guard all.has(step.direction.reversed) else { problem("a wire ends at"); continue }
                for direction in Direction.allCases where all.has(direction) && direction != step.direction.reversed {
                    if direction == forward.reversed && !arms.isDouble(at: step.place, direction, self) { problem("a light wire runs backwards,") }
                    open.append(Step(place: step.place.moved(direction), direction: direction))
                }
            }
        }
    }
}

/// A box as the reader sees it.
struct PictureBox {
    var name: String
    var isLoop: Bool
    var left: Int, right: Int, top: Int, bottom: Int

    /// The places right beyond one of its sides.
    func border(on side: PictureReader.Direction) -> [PictureReader.Place] {
        side == .right ? (top...bottom).map { .init(x: right + 1, y: $0) } : (left...right).map { .init(x: $0, y: bottom + 1) }
    }

    static func find(in rows: [[Character]], _ scalars: [[Unicode.Scalar]]) -> ([PictureBox], [[Int]]) {
        var boxes: [PictureBox] = []
        var at = rows.map { Array(repeating: -1, count: $0.count) }
        for y in rows.indices {
            var x = 0
            while x < rows[y].count {
                defer { x += 1 }
                guard scalars[y][x] != " ", at[y][x] < 0, let box = framed(rows, scalars, x, y) ?? bracketed(rows[y], scalars[y], x, y) else { continue }
                for row in box.top...box.bottom { for column in box.left...box.right { at[row][column] = boxes.count } }
                boxes.append(box)
            }
        }
        return (boxes, at)
    }

    private static let topLeft = Set("┌╭┏.".unicodeScalars), topRight = Set("┐╮┓.".unicodeScalars), level = Set("─━╌-".unicodeScalars)
    private static let bottomLeft = Set("└╰┗'".unicodeScalars), bottomRight = Set("┘╯┛'".unicodeScalars), upright = Set("│┃╎|".unicodeScalars)

    private static func framed(_ rows: [[Character]], _ scalars: [[Unicode.Scalar]], _ x: Int, _ y: Int) -> PictureBox? {
        guard topLeft.contains(scalars[y][x]) else { return nil }
        var right = x + 1
        while right < rows[y].count, level.contains(scalars[y][right]) { right += 1 }
        guard right > x + 1, right < rows[y].count, topRight.contains(scalars[y][right]) else { return nil }
        var bottom = y + 1
        while bottom < rows.count, upright.contains(scalars[bottom][x]), upright.contains(scalars[bottom][right]) { bottom += 1 }
        guard bottom > y + 1, bottom < rows.count, bottomLeft.contains(scalars[bottom][x]), bottomRight.contains(scalars[bottom][right]) else { return nil }
        return made(Array(rows[y + 1][x + 2..<right]), x, right, y, bottom)
    }

    private static func bracketed(_ row: [Character], _ scalars: [Unicode.Scalar], _ x: Int, _ y: Int) -> PictureBox? {
        guard scalars[x] == "[", let right = scalars[x...].firstIndex(of: "]") else { return nil }
        return made(Array(row[x + 1..<right]), x, right, y, y)
    }

    private static func made(_ line: [Character], _ left: Int, _ right: Int, _ top: Int, _ bottom: Int) -> PictureBox? {
        let words = String(line.filter { $0 != "\u{0}" }).split(separator: " ")
        guard let name = words.first else { return nil }
        return PictureBox(name: String(name), isLoop: words.dropFirst().contains { $0 == "↺" || $0 == "@" }, left: left, right: right, top: top, bottom: bottom)
    }
}
