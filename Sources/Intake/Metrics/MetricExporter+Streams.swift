import MeshModel
import WireFormats

/// How points add up. Whatever the temporality, a series of ours only grows while its exporter is heard: deltas are added; of cumulative
/// values the differences are, per process, told apart by when it started. A restart is so no loss, and no reset to guess.
extension MetricExporter {
    /// How many processes under one resource are told apart, beside the newest.
    private static let mostOthers = 8

    /// Takes a point's values into a stream that is known.
    /// - Returns: false for a point that is not newer than the one before.
    func add(_ values: [Double], start: Int64, time: Int64, to index: Int, isDelta: Bool, isMonotonic: Bool) -> Bool {
        if !isDelta, streams[index].absolutes < streams[index].count { chooseWriter(index, start, time, values) }
        guard time > streams[index].time else { return false }
        open(for: time, streams[index])
        let first = Int(streams[index].first), count = Int(streams[index].count), absolutes = Int(streams[index].absolutes)
        for place in 0..<absolutes { total[first + place] = values[place] }
        if absolutes < count {
            // The last is the count of observations, or the sum itself.
            let isReset = !isDelta && isMonotonic && values[count - 1] < last[first + count - 1]
            for place in absolutes..<count {
                total[first + place] += isDelta || isReset ? values[place] : values[place] - last[first + place]
                last[first + place] = values[place]
            }
        }
        streams[index].time = time
        streams[index].round = round
        streams[index].hasEnded = false
        return true
    }

    /// Finds the process that a cumulative point is of, by its start.
    private func chooseWriter(_ index: Int, _ start: Int64, _ time: Int64, _ values: [Double]) {
        let known = streams[index].start
        // 0: unknown, and so is a start that is the point's own time.
        guard start != 0, start != time, start != known else { return }
        guard known != 0 else {
            streams[index].start = start
            return
        }
        if let place = others[Int32(index)]?.firstIndex(where: { $0.start == start }) {
            guard let writer = others[Int32(index)]?.remove(at: place) else { return }
            giveBackRoom(Self.bytes(ofWriter: writer.last.count))
            park(index)
            take(writer, index)
        } else if start == streams[index].time {
            // A sender that moves the start on with every point: the same process.
            streams[index].start = start
        } else {
            park(index)
            // One that began later counted all it has since then. Of one that is older nothing is known.
            let isNew = start > known && start >= firstRound ?? .max
            take(MetricWriter(start: start, time: .min, last: isNew ? [Double](repeating: 0, count: values.count) : values), index)
        }
    }

    private func park(_ index: Int) {
        let stream = streams[index]
        let place = Int(stream.first)
        // Without room the process is forgotten; should it be heard of again, it goes on from there.
        guard takeRoom(Self.bytes(ofWriter: Int(stream.count))) else { return }
        others[Int32(index), default: []].append(MetricWriter(start: stream.start, time: stream.time, last: Array(last[place..<place + Int(stream.count)])))
        if others[Int32(index), default: []].count > Self.mostOthers {
            others[Int32(index)]?.removeFirst()
            giveBackRoom(Self.bytes(ofWriter: Int(stream.count)))
        }
    }

    private static func bytes(ofWriter values: Int) -> Int { 128 + 8 * values }

    private func take(_ writer: MetricWriter, _ index: Int) {
        let place = Int(streams[index].first)
        for (offset, value) in writer.last.enumerated() { last[place + offset] = value }
        (streams[index].start, streams[index].time) = (writer.start, writer.time)
    }

    /// The sender says that it records nothing more for a stream.
    func end(_ index: Int, at time: Int64) {
        guard time > streams[index].time, !streams[index].hasEnded else { return }
        open(for: time, streams[index])
        (streams[index].hasEnded, streams[index].time, streams[index].round) = (true, time, round)
    }

    /// Begins a stream with its first point.
    /// - Parameter named: its series, in the order of the values.
    func begin(_ key: MetricStreamKey, _ named: [SeriesEntry], labels: [Label], values: [Double], start: Int64, time: Int64, isDelta: Bool, absolutes: Int) {
        open(for: time, nil)
        var stream = MetricStream(family: key.family, first: Int32(last.count), count: Int32(values.count), absolutes: Int32(absolutes),
                                  start: isDelta ? Self.isDelta : start)
        stream.time = time
        stream.round = round
        let firstOrdinal = UInt32(seriesKept)
        let kept = announce(named, labels: labels)
        guard kept > 0 else {
            // Nothing of it is kept: remembered, so that its names are not asked for again.
            ordinals.removeLast(values.count)
            stream.count = 0
            places[key] = Int32(streams.count)
            streams.append(stream)
            return
        }
        let isFirst = !hasEmitted
        // What the exporter never said before of a metric that it told of in earlier rounds has happened since. Of a metric that is new
        // itself that is so only where the stream began under our eyes.
        let hasBegun = isDelta || since.map { start != 0 && start != time && start >= $0 } ?? false
            || !isFirst && (familiesSince[key.family].map { $0 < time &- Self.slack } ?? false || start != 0 && start >= firstRound ?? .max)
        last.append(contentsOf: values)
        total.append(contentsOf: values)
        if !hasBegun, !isFirst {
            // It counted before it was first heard of: it goes on from nothing.
            for place in Int(stream.first) + absolutes..<Int(stream.first) + values.count { total[place] = 0 }
        } else if hasBegun, isFirst {
            for place in Int(stream.first) + absolutes..<Int(stream.first) + values.count where ordinals[place] != LineCache.dropped {
                beganAtZero.insert(ordinals[place])
            }
            if firstOrdinal < UInt32(seriesKept) { began = min(began, start > 0 && start < time ? start : time &- Self.slack) }
        }
        if familiesSince[key.family] == nil { familiesSince[key.family] = time }
        places[key] = Int32(streams.count)
        streams.append(stream)
    }
}
