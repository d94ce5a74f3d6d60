/// The character of a cell, from its four arms.
enum Glyphs {
    /// A cell's arms on the screen, each with its weight.
    struct Arms {
        var left = Grid.Weight.none
        var right = Grid.Weight.none
        var up = Grid.Weight.none
        var down = Grid.Weight.none

        /// `flow` turns along and across into columns and rows.
        init(_ bits: UInt16, flow: Flow) {
            func weight(_ arm: Grid.Arm) -> Grid.Weight { Grid.Weight(rawValue: bits >> arm.rawValue & 7) ?? .none }
            let (back, ahead, before, after) = (weight(.back), weight(.ahead), weight(.before), weight(.after))
            (left, right, up, down) = flow == .leftToRight ? (back, ahead, before, after) : (before, after, back, ahead)
        }

        /// left 1, right 2, up 4, down 8.
        var shape: Int { bits { $0 != .none } }
        var heavy: Int { bits { $0 == .heavy } }

        private func bits(_ test: (Grid.Weight) -> Bool) -> Int {
            (test(left) ? 1 : 0) + (test(right) ? 2 : 0) + (test(up) ? 4 : 0) + (test(down) ? 8 : 0)
        }

        /// A direction is double if all of its arms are.
        var isDoubleAcross: Bool { isDouble(left, right) }
        var isDoubleDown: Bool { isDouble(up, down) }

        private func isDouble(_ a: Grid.Weight, _ b: Grid.Weight) -> Bool {
            (a == .double || b == .double) && (a == .double || a == .none) && (b == .double || b == .none)
        }
    }

    static func wire(_ arms: Arms, isSplit: Bool, ascii: Bool) -> Unicode.Scalar {
        if isSplit { return ascii ? "*" : "●" }
        if ascii { return plain(arms) }
        if arms.isDoubleAcross || arms.isDoubleDown {
            let kind = (arms.isDoubleAcross ? 1 : 0) + (arms.isDoubleDown ? 2 : 0)
            return double[arms.shape]?[kind - 1] ?? " "
        }
        if arms.left == .dashed && arms.right == .dashed && arms.shape == 3 { return "╌" }
        if arms.up == .dashed && arms.down == .dashed && arms.shape == 12 { return "╎" }
        return heavy[arms.shape]?[arms.heavy] ?? light[arms.shape]
    }

    static func special(_ special: Grid.Special, flow: Flow, ascii: Bool) -> Unicode.Scalar {
        switch (special, flow) {
        case (.arrival, .leftToRight): ascii ? ">" : "▶"
        case (.arrival, .topDown), (.after, .leftToRight): ascii ? "v" : "▼"
        case (.before, .leftToRight): ascii ? "^" : "▲"
        case (.before, .topDown): ascii ? "<" : "◀"
        case (.after, .topDown): ascii ? ">" : "▶"
        case (.none, _): " "
        }
    }

    private static func plain(_ arms: Arms) -> Unicode.Scalar {
        switch arms.shape {
        case 1, 2, 3: arms.isDoubleAcross ? "=" : arms.left == .heavy && arms.right == .heavy ? "#" : arms.left == .dashed && arms.right == .dashed ? "~" : "-"
        case 4, 8, 12: arms.isDoubleDown ? "\"" : arms.up == .heavy && arms.down == .heavy ? "#" : arms.up == .dashed && arms.down == .dashed ? ":" : "|"
        case 5, 6: "'"
        case 9, 10: "."
        case 15: "+"
        default: "*"
        }
    }

    private static let light: [Unicode.Scalar] = [" ", "─", "─", "─", "│", "┘", "└", "┴", "│", "┐", "┌", "┬", "│", "┤", "├", "┼"]

    /// By shape: double across, double down, double both.
    private static let double: [Int: [Unicode.Scalar]] = [
        1: ["═", "═", "═"], 2: ["═", "═", "═"], 3: ["═", "═", "═"], 4: ["║", "║", "║"], 8: ["║", "║", "║"], 12: ["║", "║", "║"],
        5: ["╛", "╜", "╝"], 6: ["╘", "╙", "╚"], 9: ["╕", "╖", "╗"], 10: ["╒", "╓", "╔"],
        7: ["╧", "╨", "╩"], 11: ["╤", "╥", "╦"], 13: ["╡", "╢", "╣"], 14: ["╞", "╟", "╠"], 15: ["╪", "╫", "╬"],
    ]

    /// By shape, then by the arms that are heavy.
    private static let heavy: [Int: [Int: Unicode.Scalar]] = [
        3: [1: "╾", 2: "╼", 3: "━"], 12: [4: "╿", 8: "╽", 12: "┃"],
        5: [1: "┙", 4: "┚", 5: "┛"], 6: [2: "┕", 4: "┖", 6: "┗"], 9: [1: "┑", 8: "┒", 9: "┓"], 10: [2: "┍", 8: "┎", 10: "┏"],
        7: [1: "┵", 2: "┶", 3: "┷", 4: "┸", 5: "┹", 6: "┺", 7: "┻"],
        11: [1: "┭", 2: "┮", 3: "┯", 8: "┰", 9: "┱", 10: "┲", 11: "┳"],
        13: [1: "┥", 4: "┦", 8: "┧", 12: "┨", 5: "┩", 9: "┪", 13: "┫"],
        14: [2: "┝", 4: "┞", 8: "┟", 12: "┠", 6: "┡", 10: "┢", 14: "┣"],
        15: [3: "┿", 12: "╂", 15: "╋", 1: "┽", 2: "┾", 4: "╀", 8: "╁", 5: "╃", 6: "╄", 9: "╅", 10: "╆", 7: "╇", 11: "╈", 13: "╉", 14: "╊"],
    ]
}
