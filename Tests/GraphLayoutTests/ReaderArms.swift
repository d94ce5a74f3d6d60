/// Where the strokes of a character lead.
protocol ArmTable {
    func arms(at place: PictureReader.Place, _ picture: PictureReader) -> PictureReader.Arms
    func isCrossing(_ scalar: Unicode.Scalar) -> Bool
    func isDouble(at place: PictureReader.Place, _ direction: PictureReader.Direction, _ picture: PictureReader) -> Bool
    func arrow(at place: PictureReader.Place, _ picture: PictureReader) -> PictureReader.Direction?
}

/// Box-drawing characters say it themselves.
struct LineArms: ArmTable {
    typealias Direction = PictureReader.Direction

    private static let shapes: [(String, PictureReader.Arms)] = [
        ("─━╌╼╾═", [.left, .right]), ("│┃╎╽╿║", [.up, .down]),
        ("┌┍┎┏╒╓╔", [.down, .right]), ("┐┑┒┓╕╖╗", [.down, .left]), ("└┕┖┗╘╙╚", [.up, .right]), ("┘┙┚┛╛╜╝", [.up, .left]),
        ("├┝┞┟┠┡┢┣╞╟╠", [.up, .down, .right]), ("┤┥┦┧┨┩┪┫╡╢╣", [.up, .down, .left]),
        ("┬┭┮┯┰┱┲┳╤╥╦", [.left, .right, .down]), ("┴┵┶┷┸┹┺┻╧╨╩", [.left, .right, .up]),
        ("●", [.left, .right, .up, .down]),
    ]
    private static let table: [Unicode.Scalar: PictureReader.Arms] = {
        var table: [Unicode.Scalar: PictureReader.Arms] = [:]
        for (characters, arms) in shapes { for scalar in characters.unicodeScalars { table[scalar] = arms } }
        return table
    }()
    private static let across = Set("═╒╕╘╛╞╡╤╧╪╔╗╚╝╠╣╦╩╬".unicodeScalars), upright = Set("║╓╖╙╜╟╢╥╨╫╔╗╚╝╠╣╦╩╬".unicodeScalars)
    private static let crossings = Set("┼┿╂╋╪╫╬┽┾╀╁╃╄╅╆╇╈╉╊".unicodeScalars)

    func arms(at place: PictureReader.Place, _ picture: PictureReader) -> PictureReader.Arms { Self.table[picture.at(place)] ?? [] }

    func isCrossing(_ scalar: Unicode.Scalar) -> Bool { Self.crossings.contains(scalar) }

    func isDouble(at place: PictureReader.Place, _ direction: Direction, _ picture: PictureReader) -> Bool {
        (picture.forward == .right ? Self.across : Self.upright).contains(picture.at(place))
    }

    func arrow(at place: PictureReader.Place, _ picture: PictureReader) -> Direction? {
        switch picture.at(place) {
        case "▶": .right
        case "◀": .left
        case "▲": .up
        case "▼": .down
        default: nil
        }
    }
}

/// In ASCII, corners and splits lead to those neighbours whose strokes lead to them.
struct ASCIIArms: ArmTable {
    typealias Direction = PictureReader.Direction

    let isTopDown: Bool

    func arms(at place: PictureReader.Place, _ picture: PictureReader) -> PictureReader.Arms {
        switch picture.at(place) {
        case "-", "~", "=": [.left, .right]
        case "|", ":", "\"": [.up, .down]
        case "#": leads(place, .left, picture) && leads(place, .right, picture) || isBetween(place, picture) ? [.left, .right] : [.up, .down]
        case ".": leading(place, [.left, .right, .down], picture)
        case "'": leading(place, [.left, .right, .up], picture)
        case "*": leading(place, [.left, .right, .up, .down], picture)
        default: []
        }
    }

    private func leading(_ place: PictureReader.Place, _ directions: [Direction], _ picture: PictureReader) -> PictureReader.Arms {
        directions.reduce(into: []) { if leads(place, $1, picture) { $0.insert(PictureReader.Arms($1)) } }
    }

    /// A heavy stretch lies across if both sides are a wire's, a corner's or a box's.
    private func isBetween(_ place: PictureReader.Place, _ picture: PictureReader) -> Bool {
        [Direction.left, .right].allSatisfy { direction in
            let next = place.moved(direction)
            return picture.box(at: next) != nil || "-~=#+*.'<>^v".unicodeScalars.contains(picture.at(next))
        }
    }

    private func leads(_ place: PictureReader.Place, _ direction: Direction, _ picture: PictureReader) -> Bool {
        let next = place.moved(direction)
        guard picture.box(at: next) == nil else { return false }
        let wires = direction == .left || direction == .right ? "-~=#+" : "|:\"#+"
        let heads = [Direction.left: "<", .right: isTopDown ? ">" : ">^v", .up: "^", .down: isTopDown ? "v<>" : "v"][direction] ?? ""
        // Stubs stand right beside corners and splits of their own trunk; along the flow there is a stretch between any two.
        let isAcross = (direction == .up || direction == .down) != isTopDown
        let turns = !isAcross ? "" : direction == .up ? "*." : direction == .down ? "*'" : "*.'"
        return (wires + heads + turns).unicodeScalars.contains(picture.at(next))
    }

    func isCrossing(_ scalar: Unicode.Scalar) -> Bool { scalar == "+" }

    func isDouble(at place: PictureReader.Place, _ direction: Direction, _ picture: PictureReader) -> Bool {
        // A corner is as its neighbour on the way, and a crossing as either side of it.
        let double: Unicode.Scalar = isTopDown ? "\"" : "="
        var place = place
        while ".'*+".unicodeScalars.contains(picture.at(place)) { place = place.moved(picture.forward.reversed) }
        return picture.at(place) == double
    }

    func arrow(at place: PictureReader.Place, _ picture: PictureReader) -> Direction? {
        switch picture.at(place) {
        case ">": .right
        case "<": .left
        case "^": .up
        case "v": .down
        default: nil
        }
    }
}
