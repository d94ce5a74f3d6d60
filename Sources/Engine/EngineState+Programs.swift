import MeshModel

/// Programs that count their own calls beside their proxies' counts. Both see the same requests: what a proxy tells of a service counts,
/// and its program's exporters stand among the sources alone.
extension EngineState {
    /// After the identities were settled.
    static func setPrograms(aside targets: inout [TargetState], _ directory: Directory) {
        guard targets.contains(where: \.isProgram) else { return }
        var told = Set<Int32>()
        for target in targets where !target.isProgram && target.settledEntity >= 0 && target.goneSince == nil && target.tellsOfItself {
            told.insert(directory.serviceID(of: target.settledEntity))
        }
        for index in targets.indices where targets[index].isProgram {
            let entity = targets[index].settledEntity
            targets[index].setAside(entity >= 0 && told.contains(directory.serviceID(of: entity)))
        }
    }
}

extension TargetState {
    /// It has requests that came in.
    var tellsOfItself: Bool { cells.contains { $0.vantage == .server && $0.hasRequests } }

    mutating func setAside(_ isAside: Bool) {
        isSetAside = isAside
        entity = isHidden || isAside ? -1 : settledEntity
        needsFold = !isHidden
    }
}
