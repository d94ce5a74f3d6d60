import MeshModel

/// What a frame asks of every target, side by side in memory: at 5,000 targets, walking the targets themselves for it costs more in
/// cache misses than everything else a frame does. Made anew with every change of its target (`EngineState.glance`).
struct TargetGlance {
    var entity: Int32 = -1
    var relationCount: Int32 = 0
    var foldVersion: UInt64 = 0
    /// From then on it is stale; nil before its first sample.
    var staleAfter: Timestamp?
    var scrapes = 0
    var seriesKept = 0
    var seriesMapped = 0
    var badLines = 0
    var intervalSeconds = 0.0
    /// Refused by its own policy; NaN where it counts none.
    var denied = Double.nan
    var demandsCertificates: Bool?
    var hasRefusals = false
    var hasOwn = false
    var isFailing = false
    var isGone = false
    var needsFold = true
    var isStale = false
}

extension EngineState {
    mutating func glance(_ index: Int) {
        var glance = TargetGlance()
        glance.entity = targets[index].entity
        glance.relationCount = Int32(targets[index].folded.relations.count)
        glance.foldVersion = targets[index].foldVersion
        glance.scrapes = targets[index].scrapes
        glance.seriesKept = targets[index].source.seriesKept
        glance.seriesMapped = targets[index].source.seriesMapped
        glance.badLines = targets[index].source.badLines
        glance.intervalSeconds = targets[index].source.intervalSeconds ?? 0
        glance.denied = targets[index].folded.own.denied ?? .nan
        glance.demandsCertificates = targets[index].folded.demandsCertificates
        glance.hasOwn = targets[index].folded.hasOwn
        glance.hasRefusals = targets[index].folded.hasRefusals
        glance.needsFold = targets[index].needsFold
        if case .failing = targets[index].source.health { glance.isFailing = true }
        if case .gone = targets[index].source.health { glance.isGone = true }
        if let last = targets[index].lastTime {
            glance.staleAfter = TargetState.staleAfter(last: last, interval: targets[index].expectedInterval, isGone: glance.isGone)
        }
        if index < glances.count { glances[index] = glance } else { glances.append(glance) }
    }
}
