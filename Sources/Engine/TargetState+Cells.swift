import MeshModel
import Panels
import SeriesStore

// Whom its series speak of.
extension TargetState {
    mutating func cell(for meaning: Meaning) -> UInt16 {
        let key = CellKey(vantage: meaning.vantage, source: meaning.source, destination: meaning.destination)
        if let known = cellIndex[key] { return known }
        let index = UInt16(cells.count)
        cells.append(Cell(vantage: meaning.vantage, source: meaning.source, destination: meaning.destination, protocolIsGRPC: meaning.isGRPC))
        cellIndex[key] = index
        return index
    }

    /// The place of whom it names; where somebody invents them without end, the rest are nobody.
    mutating func principals(of meaning: Meaning) -> UInt16 {
        guard !meaning.sourcePrincipal.isEmpty || !meaning.destinationPrincipal.isEmpty else { return 0 }
        let pair = PrincipalPair(source: meaning.sourcePrincipal, destination: meaning.destinationPrincipal)
        if let known = principals.firstIndex(of: pair) { return UInt16(known) }
        guard principals.count < Self.mostPrincipals else { return 0 }
        principals.append(pair)
        return UInt16(principals.count - 1)
    }

    private static let mostPrincipals = 1024

    mutating func setEntity(_ settled: Int32, version: Symbol) {
        settledEntity = settled
        entity = isHidden || isSetAside ? -1 : settled
        self.version = version
    }

    mutating func hide(_ hides: Bool) {
        isHidden = hides
        entity = hides || isSetAside ? -1 : settledEntity
        (folded, trend, foldVersion, needsFold) = (TargetFold(), SlotSums(), 0, !hides)
    }

    mutating func setEntities(cell: Int, source: Int32, destination: Int32) {
        cells[cell].sourceEntity = source
        cells[cell].destinationEntity = destination
        needsFold = !isHidden
    }
}
