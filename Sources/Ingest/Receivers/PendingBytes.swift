import HTTPTypes
import Synchronization

/// The memory that requests take between their first byte and their answer: one budget for all connections of all receivers.
final class PendingBytes: Sendable {
    let limit: Int
    private let used = Atomic<Int>(0)

    init(limit: Int) { self.limit = limit }

    /// Whether that many more would fit now.
    func hasRoom(for count: Int) -> Bool { count <= limit - used.load(ordering: .relaxed) }

    /// - Returns: false where there is no room; nothing is then taken.
    func take(_ count: Int) -> Bool {
        guard used.add(count, ordering: .relaxed).newValue <= limit else {
            give(count)
            return false
        }
        return true
    }

    func give(_ count: Int) {
        guard count > 0 else { return }
        let left = used.subtract(count, ordering: .relaxed).newValue
        precondition(left >= 0, "BUG: more was given back than taken")
    }

    // MARK: - Requests handed on

    private struct HandedOn {
        var next = 0
        var waiting: [Int: Int] = [:]
    }
    private let handedOn = Mutex(HandedOn())

    /// A whole request goes to whoever answers it, who may still read it when its client is long gone: what it holds goes with it.
    /// - Returns: by what number it is claimed.
    func handOn(_ count: Int) -> Int {
        handedOn.withLock { requests in
            requests.next += 1
            requests.waiting[requests.next] = count
            return requests.next
        }
    }

    /// - Returns: what there is to be given back once it is answered; nil where its client was gone before.
    func claim(_ number: Int) -> Int? { handedOn.withLock { $0.waiting.removeValue(forKey: number) } }

    /// Nobody will answer it any more, if nobody has begun to.
    func abandon(_ number: Int) {
        if let count = claim(number) { give(count) }
    }

    /// The number, told to the one who answers in a header of its own.
    static let header: HTTPField.Name = {
        guard let name = HTTPField.Name("telltale-request") else { preconditionFailure("BUG: no name of a header") }
        return name
    }()
}

/// Why a request is answered before it was read, told to the one who answers in a header of its own: that keeps answers in
/// the order of the requests. A header of this name that a client sends is taken off.
enum Refusal: String {
    /// More than one request may have, now or ever.
    case tooLarge
    /// More than there is room for now.
    case full
    /// Not whole in the time that is given.
    case late
    /// It cannot be unpacked.
    case damaged

    static let header: HTTPField.Name = {
        guard let name = HTTPField.Name("telltale-refusal") else { preconditionFailure("BUG: no name of a header") }
        return name
    }()

    func reason(_ limits: ReceiverLimits) -> String {
        switch self {
        case .tooLarge: "a request is at most \(limits.bodyBytes) bytes, as sent and unpacked"
        case .full: "the memory for requests not yet taken in is spent; send it again"
        case .damaged: "the request cannot be unpacked"
        case .late: "the request was not whole after \(limits.requestSeconds) s"
        }
    }
}

/// What may come out of a packed request, before it is unpacked.
enum Packing {
    case none, gzip, other

    init(_ name: String?) {
        switch name?.lowercased() {
        case nil, "", "identity": self = .none
        case "gzip": self = .gzip
        default: self = .other
        }
    }

    /// What room must be made for where others unpack it: no deflate packs tighter than 1032 to 1. gzip is unpacked here, and room made
    /// for what really comes out of it.
    func unpackedBytes(_ count: Int, limit: Int) -> Int {
        switch self {
        case .none, .gzip: 0
        case .other: min(limit, count * 1032)
        }
    }
}
