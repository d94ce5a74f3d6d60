import MeshModel

/// One data point of any kind as it lies on the wire, read into room that is used again: no allocation for a point like those before it.
public struct MetricPoint {
    /// Nanoseconds; 0 where nothing is said.
    public private(set) var start: UInt64 = 0
    public private(set) var time: UInt64 = 0
    public private(set) var value: Double?
    /// Of a histogram or summary.
    public private(set) var count: Double = 0
    public private(set) var sum: Double?
    /// Of a histogram: how many fell into each bucket, and up to where each reaches but the last.
    public private(set) var counts: [UInt64] = []
    public private(set) var bounds: [Double] = []
    // Of an exponential histogram
    public private(set) var scale: Int32 = 0
    public private(set) var zeroCount: UInt64 = 0
    public private(set) var positiveOffset: Int32 = 0
    public private(set) var positive: [UInt64] = []
    /// Observations below zero, all together.
    public private(set) var negative: Double = 0
    /// Of a summary.
    public private(set) var quantiles: [(quantile: Double, value: Double)] = []
    /// The stream ended: the point has no value on purpose.
    public private(set) var hasNoRecordedValue = false
    /// The same for the same attributes in whatever order.
    public private(set) var attributesHash: UInt64 = 0
    private var below: [UInt64] = []
    private var isWhole = true
    /// It has more buckets, bounds or quantiles than are taken: they are read no further.
    private var isTooLarge = false
    private let most: Int

    /// Buckets that are taken of one point: SDKs have 160 at most, of the other kind some tens. A byte on the wire is eight in memory.
    public static let mostBuckets = 1_000

    public init(mostBuckets: Int = Self.mostBuckets) { most = mostBuckets }

    /// - Returns: why it is not to be taken; nil where it may be.
    public mutating func read(_ message: UnsafeRawBufferPointer, of metric: MetricHeader, seed: UInt64) -> MetricRejection? {
        (start, time, value, count, sum, attributesHash, isWhole, hasNoRecordedValue) = (0, 0, nil, 0, nil, 0, true, false)
        counts.removeAll(keepingCapacity: true)
        bounds.removeAll(keepingCapacity: true)
        positive.removeAll(keepingCapacity: true)
        quantiles.removeAll(keepingCapacity: true)
        (scale, zeroCount, positiveOffset, negative, isTooLarge) = (0, 0, 0, 0, false)
        switch metric.kind {
        case .gauge, .sum: readNumber(message, seed)
        case .histogram: readHistogram(message, seed)
        case .exponentialHistogram: readExponential(message, seed)
        case .summary: readSummary(message, seed)
        }
        // Envoy's stat sink (1.40) writes the start of what it counts in microseconds.
        if start > 0, start < Self.microsecondsBelow, start &* 1000 <= time { start *= 1000 }
        if isTooLarge { return .limit }
        return isWhole ? problem(metric) : .damaged
    }

    /// As nanoseconds, April 1970; as microseconds, far ahead.
    private static let microsecondsBelow: UInt64 = 10_000_000_000_000_000

    // Times that clocks have: beyond them is a mistake, and one such point would stretch all that is shown. 2000 and 2200.
    private static let earliest: UInt64 = 946_684_800_000_000_000
    private static let latest: UInt64 = 7_258_118_400_000_000_000

    /// Where the attributes stand in a point of this kind: tag of the repeated field.
    public static func attributesTag(_ kind: MetricKind) -> UInt32 {
        switch kind {
        case .gauge, .sum, .summary: 0x3A
        case .histogram: 0x4A
        case .exponentialHistogram: 0x0A
        }
    }

    private func problem(_ metric: MetricHeader) -> MetricRejection? {
        if metric.name.isEmpty { return .name }
        guard Self.earliest <= time, time <= Self.latest, start <= UInt64(Int64.max) else { return .time }
        if hasNoRecordedValue { return nil }
        switch metric.kind {
        case .gauge: return value == nil ? .value : nil
        case .sum:
            guard let value else { return .value }
            guard value.isFinite else { return .number }
            if metric.temporality == .unspecified { return .temporality }
            return metric.isMonotonic && value < 0 ? .negative : nil
        case .histogram:
            if metric.temporality == .unspecified { return .temporality }
            if let sum, !sum.isFinite { return .number }
            if counts.count != bounds.count + 1, !(counts.isEmpty && bounds.isEmpty) { return .buckets }
            for index in bounds.indices where bounds[index].isNaN || (index > 0 && bounds[index] <= bounds[index - 1]) { return .bounds }
            return nil
        case .exponentialHistogram:
            if metric.temporality == .unspecified { return .temporality }
            if let sum, !sum.isFinite { return .number }
            return (-64...64).contains(scale) ? nil : .buckets
        case .summary: return sum?.isFinite ?? true ? nil : .number
        }
    }

    // MARK: - The kinds

    private mutating func readNumber(_ message: UnsafeRawBufferPointer, _ seed: UInt64) {
        var reader = ProtobufReader(message)
        while reader.next() {
            switch reader.tag {
            case 0x11: start = reader.fixed64()
            case 0x19: time = reader.fixed64()
            case 0x21: value = Double(bitPattern: reader.fixed64())
            case 0x31: value = Double(Int64(bitPattern: reader.fixed64()))
            case 0x3A: takeAttribute(reader.bytes(), seed)
            case 0x40: takeFlags(reader.varint())
            default: reader.skip()
            }
        }
        isWhole = !reader.isBroken
    }

    private mutating func readHistogram(_ message: UnsafeRawBufferPointer, _ seed: UInt64) {
        var reader = ProtobufReader(message)
        while reader.next() {
            switch reader.tag {
            case 0x11: start = reader.fixed64()
            case 0x19: time = reader.fixed64()
            case 0x21: count = Double(reader.fixed64())
            case 0x29: sum = Double(bitPattern: reader.fixed64())
            case 0x31:
                let value = reader.fixed64()
                if hasRoom(counts.count) { counts.append(value) }
            case 0x32:
                var packed = ProtobufReader(reader.bytes())
                while packed.left > 0, isWhole, hasRoom(counts.count) {
                    let value = packed.fixed64()
                    if packed.isBroken { isWhole = false } else { counts.append(value) }
                }
            case 0x39:
                let value = reader.fixed64()
                if hasRoom(bounds.count) { bounds.append(Double(bitPattern: value)) }
            case 0x3A:
                var packed = ProtobufReader(reader.bytes())
                while packed.left > 0, isWhole, hasRoom(bounds.count) {
                    let value = packed.fixed64()
                    if packed.isBroken { isWhole = false } else { bounds.append(Double(bitPattern: value)) }
                }
            case 0x4A: takeAttribute(reader.bytes(), seed)
            case 0x50: takeFlags(reader.varint())
            default: reader.skip()
            }
        }
        isWhole = isWhole && !reader.isBroken
    }

    private mutating func readExponential(_ message: UnsafeRawBufferPointer, _ seed: UInt64) {
        var reader = ProtobufReader(message)
        while reader.next() {
            switch reader.tag {
            case 0x0A: takeAttribute(reader.bytes(), seed)
            case 0x11: start = reader.fixed64()
            case 0x19: time = reader.fixed64()
            case 0x21: count = Double(reader.fixed64())
            case 0x29: sum = Double(bitPattern: reader.fixed64())
            case 0x30: scale = Self.signed(reader.varint())
            case 0x39: zeroCount = reader.fixed64()
            case 0x42:
                if let offset = Self.readBuckets(reader.message(), into: &positive, most, &isWhole, &isTooLarge) { positiveOffset = offset }
            case 0x4A:
                below.removeAll(keepingCapacity: true)
                _ = Self.readBuckets(reader.message(), into: &below, most, &isWhole, &isTooLarge)
                for count in below { negative += Double(count) }
            case 0x50: takeFlags(reader.varint())
            default: reader.skip()
            }
        }
        isWhole = isWhole && !reader.isBroken
    }

    /// - Returns: the offset, where one is said.
    private static func readBuckets(_ reader: ProtobufReader, into counts: inout [UInt64], _ most: Int, _ isWhole: inout Bool,
                                    _ isTooLarge: inout Bool) -> Int32? {
        var reader = reader
        var offset: Int32?
        while !isTooLarge, reader.next() {
            switch reader.tag {
            case 0x08: offset = signed(reader.varint())
            case 0x10:
                let value = reader.varint()
                if counts.count < most { counts.append(value) } else { isTooLarge = true }
            case 0x12:
                var packed = ProtobufReader(reader.bytes())
                while packed.left > 0, isWhole, !isTooLarge {
                    let value = packed.varint()
                    if packed.isBroken { isWhole = false } else if counts.count < most { counts.append(value) } else { isTooLarge = true }
                }
            default: reader.skip()
            }
        }
        isWhole = isWhole && !reader.isBroken
        return offset
    }

    private mutating func readSummary(_ message: UnsafeRawBufferPointer, _ seed: UInt64) {
        var reader = ProtobufReader(message)
        while reader.next() {
            switch reader.tag {
            case 0x11: start = reader.fixed64()
            case 0x19: time = reader.fixed64()
            case 0x21: count = Double(reader.fixed64())
            case 0x29: sum = Double(bitPattern: reader.fixed64())
            case 0x32:
                var quantile = reader.message()
                var pair = (quantile: 0.0, value: 0.0)
                while quantile.next() {
                    switch quantile.tag {
                    case 0x09: pair.quantile = Double(bitPattern: quantile.fixed64())
                    case 0x11: pair.value = Double(bitPattern: quantile.fixed64())
                    default: quantile.skip()
                    }
                }
                if quantile.isBroken { isWhole = false } else if hasRoom(quantiles.count) { quantiles.append(pair) }
            case 0x3A: takeAttribute(reader.bytes(), seed)
            case 0x40: takeFlags(reader.varint())
            default: reader.skip()
            }
        }
        isWhole = isWhole && !reader.isBroken
    }

    // MARK: - Parts

    private mutating func hasRoom(_ count: Int) -> Bool {
        if count >= most { isTooLarge = true }
        return count < most
    }

    private mutating func takeAttribute(_ message: UnsafeRawBufferPointer, _ seed: UInt64) {
        attributesHash &+= ByteHash.hash(message, seed: seed)
    }

    private mutating func takeFlags(_ flags: UInt64) { hasNoRecordedValue = flags & 1 != 0 }

    private static func signed(_ zigzag: UInt64) -> Int32 {
        let value = UInt32(truncatingIfNeeded: zigzag)
        return Int32(bitPattern: value >> 1) ^ -Int32(bitPattern: value & 1)
    }
}
