import CellCanvas

/// Tells services of a trace apart: a colour that is always the same for a name, and a shape, which is all there is without
/// colours. No two services of a trace have the same shape, as far as there are shapes.
struct ServiceMark: Sendable, Hashable {
    var color: UInt8
    var shape: UInt8

    static let shapes = ["■", "◆", "●", "▲", "□", "◇", "○", "▼"]
    private static let colors = 6

    var glyph: String { Self.shapes[Int(shape)] }
    var style: Style { Style(Role(rawValue: Role.series1.rawValue + color) ?? .series1) }

    /// `names` sorted: the same services have the same marks in every trace.
    static func marks(_ names: [String]) -> [String: ServiceMark] {
        var marks: [String: ServiceMark] = [:]
        var taken: Set<ServiceMark> = []
        for name in names {
            // FNV-1a: Swift's own hash differs from run to run.
            let hash = name.utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
            var mark = ServiceMark(color: UInt8((hash >> 8) % UInt64(colors)), shape: UInt8((hash >> 24) % UInt64(shapes.count)))
            // A shape of its own while there are any, else the colour tells two of the same shape apart.
            let free = Set(taken.map(\.shape)).count < shapes.count
            for _ in shapes where free ? taken.contains(where: { $0.shape == mark.shape }) : taken.contains(mark) { mark.shape = (mark.shape + 1) % UInt8(shapes.count) }
            taken.insert(mark)
            marks[name] = mark
        }
        return marks
    }
}
