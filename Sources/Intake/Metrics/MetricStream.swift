import MeshModel

/// Names a stream within its exporter.
struct MetricStreamKey: Hashable {
    var family: Int32
    var attributes: UInt64
    /// Bounds or quantiles, and whether there is a sum: with others it is another stream.
    var layout: UInt64
}

/// One stream of points: a metric with one set of attributes. Its values lie in the exporter's columns.
struct MetricStream: BitwiseCopyable {
    var family: Int32
    /// Where its values begin, and how many there are.
    var first: Int32
    var count: Int32
    /// How many of them stand for themselves; the rest only grow.
    var absolutes: Int32
    /// Of the process that sent the newest point.
    var start: Int64
    var time: Int64 = .min
    /// The round in which it had a point last.
    var round: UInt32 = 0
    /// It said that nothing more is recorded.
    var hasEnded = false
}

/// Another process that sends under the same resource and the same attributes: replicas without a name of their own.
struct MetricWriter {
    var start: Int64
    var time: Int64
    var last: [Double]
}
