import Glibc

/// Bounds of the standard normal distribution.
enum Normal {
    /// Φ⁻¹: below it a standard normal value lies with this chance. Exact to 16 digits (Wichura 1988, algorithm AS 241, PPND16).
    /// - Parameter chance: between 0 and 1, both excluded; what is beyond is taken for the nearest that is not.
    static func quantile(_ chance: Double) -> Double {
        let chance = min(max(chance, .leastNormalMagnitude), 1 - .ulpOfOne / 2), middle = chance - 0.5
        if abs(middle) <= 0.425 {
            let r = 0.180625 - middle * middle
            return middle * polynomial(Self.middle.above, r) / polynomial(Self.middle.below, r)
        }
        let r = (-log(middle < 0 ? chance : 1 - chance)).squareRoot()
        let tail = r <= 5 ? polynomial(near.above, r - 1.6) / polynomial(near.below, r - 1.6) : polynomial(far.above, r - 5) / polynomial(far.below, r - 5)
        return middle < 0 ? -tail : tail
    }

    private static func polynomial(_ factors: [Double], _ x: Double) -> Double { factors.reduce(0) { $0 * x + $1 } }

    // Highest power first.
    private static let middle = (
        above: [2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946, 1971.5909503065513, 133.14166789178438, 3.3871328727963665],
        below: [5226.495278852854, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751, 687.1870074920579, 42.31333070160091, 1.0]
    )
    private static let near = (
        above: [0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045, 5.769497221460691, 4.630337846156546, 1.4234371107496835],
        below: [1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008, 0.6897673349851, 1.6763848301838038, 2.053191626637759, 1.0]
    )
    private static let far = (
        above: [2.0103343992922881e-7, 2.7115555687434876e-5, 0.0012426609473880784, 0.026532189526576124, 0.29656057182850487, 1.7848265399172913, 5.463784911164114, 6.657904643501103],
        below: [2.0442631033899397e-15, 1.421511758316446e-7, 1.8463183175100548e-5, 0.0007868691311456133, 0.014875361290850615, 0.1369298809227358, 0.599832206555888, 1.0]
    )
}
