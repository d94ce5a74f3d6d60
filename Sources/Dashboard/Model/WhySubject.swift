package import Panels

/// What is asked why of: a service, whatever it fails for, or one path of failures, whoever fails for it.
package enum WhySubject: Hashable, Sendable {
    case service(EntityKey)
    case verdict(Verdict.Key)

    var name: String {
        switch self {
        case .service(let key): key.name
        case .verdict(let key): key.name
        }
    }

    var query: PanelQuery {
        switch self {
        case .service(let key): .why(key)
        case .verdict: .verdicts
        }
    }
}

extension FrameData {
    func verdict(on subject: WhySubject) -> Verdict? {
        switch subject {
        case .service(let key): why[key]
        case .verdict(let key): verdict(key)
        }
    }
}
