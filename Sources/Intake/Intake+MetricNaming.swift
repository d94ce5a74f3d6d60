package import MeshModel
import Profiles

extension Intake: MetricNaming {
    var keepsAll: Bool { keep == .all }

    func knows(_ name: String) -> Bool {
        var isKnown = false
        withMatcher { matcher, _ in isKnown = matcher.knows(name) }
        return isKnown
    }

    func read(_ entries: inout [SeriesEntry], labels: [Label]) {
        withMatcher { matcher, symbols in
            for index in entries.indices {
                entries[index].meaning = matcher.meaning(name: entries[index].name, labels: labels[entries[index].labels],
                                                         kind: entries[index].kind, symbols: &symbols)
            }
        }
    }

    func profileName(_ index: UInt8) -> String {
        var name = ""
        withMatcher { matcher, _ in name = matcher.profileName(index) }
        return name
    }
}

extension MetricDecoder {
    /// - Parameters:
    ///   - place: the receiver's name or the file's, for people.
    ///   - since: since when a receiver listens; nil for a file.
    package init(_ intake: Intake, place: String, job: String, since: Timestamp?, sink: any SampleSink, limits: Limits = Limits()) {
        self.init(naming: intake, place: place, job: job, since: since, sink: sink, limits: limits)
    }
}
