package import Panels

/// How an edge is drawn, the worse the higher.
package enum EdgeLook: UInt8, Sendable {
    case good, idle, warning, denied, failing

    package init(_ row: EdgeRow) {
        if let denied = row.signals.denied, denied > 0, denied >= row.signals.requests {
            self = .denied
            return
        }
        self = switch row.state {
        case .failing: .failing
        case .warning: .warning
        case .idle: .idle
        case .good, .unknown: .good
        }
    }
}
