/// The cells of one part while its wires are drawn. Every cell knows its arms and the nets they belong to.
struct Grid {
    enum Weight: UInt16 {
        case none, light, dashed, heavy, double
    }

    enum Special: UInt8 {
        case none, arrival, before, after
    }

    /// Places of the four arms in a cell's bits.
    enum Arm: UInt16 {
        case back = 0, ahead = 3, before = 6, after = 9
    }

    let length: Int
    let top: Int
    let rows: Int
    private(set) var arms: [UInt16]
    private(set) var specials: [Special]
    /// Of the wires along and across: the net, and the edges they carry. Numbers begin at 1.
    private(set) var nets: [(along: Int32, across: Int32)]
    private(set) var sets: [(along: Int32, across: Int32)]

    init(length: Int, top: Int, bottom: Int) {
        self.length = length
        self.top = top
        rows = bottom - top + 1
        arms = Array(repeating: 0, count: length * rows)
        specials = Array(repeating: .none, count: length * rows)
        nets = Array(repeating: (0, 0), count: length * rows)
        sets = nets
    }

    private func cell(_ column: Int, _ row: Int) -> Int { (row - top) * length + column }

    private mutating func grow(_ arm: Arm, _ cell: Int, _ weight: Weight) {
        let held = arms[cell] >> arm.rawValue & 7
        arms[cell] += (max(held, weight.rawValue) - held) << arm.rawValue
    }

    /// A wire along the flow. `opensBack` and `opensAhead` let its ends touch what is beside them.
    mutating func run(row: Int, from: Int, to: Int, net: Int, set: Int, weight: Weight, opensBack: Bool = false, opensAhead: Bool = false) {
        precondition(from <= to, "BUG: a wire runs backwards")
        for column in from...to {
            let place = cell(column, row)
            nets[place].along = Int32(net)
            sets[place].along = Int32(set)
            if column > from || opensBack { grow(.back, place, weight) }
            if column < to || opensAhead { grow(.ahead, place, weight) }
        }
    }

    /// A wire across the flow.
    mutating func trunk(column: Int, from: Int, to: Int, net: Int, set: Int, weight: Weight) {
        for row in min(from, to)...max(from, to) {
            let place = cell(column, row)
            nets[place].across = Int32(net)
            sets[place].across = Int32(set)
            if row > min(from, to) { grow(.before, place, weight) }
            if row < max(from, to) { grow(.after, place, weight) }
        }
    }

    mutating func mark(_ special: Special, column: Int, row: Int, set: Int) {
        let place = cell(column, row)
        precondition(specials[place] == .none, "BUG: two arrowheads in one cell")
        specials[place] = special
        sets[place].along = Int32(set)
    }
}
