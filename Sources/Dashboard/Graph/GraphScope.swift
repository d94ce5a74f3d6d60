import MeshModel
package import Panels

/// What of the calls a person wants to see drawn.
package struct GraphScope: Sendable, Hashable {
    enum Focus: Sendable, Hashable {
        /// The whole if that can be read, else around whoever is worth a look.
        case fitting
        case whole
        case on(Entity)
    }

    /// Whom a picture is drawn around, and how many calls away from there it ends.
    struct Center: Sendable, Hashable {
        var entity: Entity
        var hops: Int
    }

    package var level = EntityLevel.service
    var focus = Focus.fitting
    /// Namespaces that are one box each.
    var folded: Set<String> = []
    /// Without calls nobody made, and who made and got none.
    var hidesIdle = false
    /// Calls up and down from the focus; nil: two, or one where two lead to too many.
    var hops: Int?

    /// Boxes a picture can have and still be read.
    static let readable = 40
    static let hopLimits = 1...9
}
