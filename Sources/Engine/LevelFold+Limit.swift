extension LevelFold {
    /// What is brought up to date with every single page. Work for one page must not grow with the fleet: a thousand callers of one service
    /// would sum up a thousand calls a thousand times a round. What is beyond waits for the next frame, which sums it up once.
    struct Limit {
        /// Proxies whose sums are merged into a node's.
        var proxies = Int.max
        /// Reports of one edge, which are added up as plain numbers; edges into one node.
        var parts = Int.max
        /// Reports of all calls to a node, which are merged as whole sums where its callers speak for it.
        var merged = Int.max
    }

    /// An edge left over leaves its callee over: a marked edge's callee is marked.
    func isWithin(_ limit: Limit, _ node: Node) -> Bool {
        guard node.targets.count <= limit.proxies, node.edgesIn.count <= limit.parts else { return false }
        // What came from outside is told apart by merging the callers, too; that it is needed anew shows at most once a frame.
        let areCallersMerged = !node.hasOwn || node.isToldByCallers || node.outside != nil || holdsServices
        var parts = 0
        for edge in node.edgesIn {
            if edges[Int(edge)].isDirty { return false }
            parts += edges[Int(edge)].parts.count
        }
        return !areCallersMerged || parts <= limit.merged
    }
}
