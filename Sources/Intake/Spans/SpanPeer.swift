import Glibc
import MeshModel

/// Gathers what a span's attributes say of the other side, in any order, and names it by the best of them.
struct SpanPeer {
    private typealias Text = UnsafeRawBufferPointer
    private var service = Text(start: nil, count: 0)
    private var database = Text(start: nil, count: 0)
    private var databaseName = Text(start: nil, count: 0)
    private var messaging = Text(start: nil, count: 0)
    private var destination = Text(start: nil, count: 0)
    private var server = Text(start: nil, count: 0)
    private var peerName = Text(start: nil, count: 0)
    private var host = Text(start: nil, count: 0)
    private var url = Text(start: nil, count: 0)
    private var hasStatement = false

    @inline(__always)
    mutating func take(_ key: SpanKey, _ text: UnsafeRawBufferPointer) {
        switch key {
        case .peerService: service = text
        case .database: database = text
        case .databaseName: databaseName = text
        case .statement: hasStatement = true
        case .messaging: messaging = text
        case .destination: destination = text
        case .server: server = text
        case .peerName: peerName = text
        case .host: host = text
        case .url: url = text
        default: break
        }
    }

    @inline(__always)
    func write(to span: inout Span, _ texts: inout SpanTexts, _ scratch: inout [UInt8]) {
        let isMessage = span.kind == .producer || span.kind == .consumer
        // What a server's attributes call the server is itself.
        let asksOthers = span.kind != .server && span.kind != .consumer
        let isDatabase = asksOthers && (!database.isEmpty || hasStatement)
        let isQueue = !messaging.isEmpty || (isMessage && !destination.isEmpty)
        if !service.isEmpty {
            span.peer = texts.symbol(service)
            span.peerKind = isDatabase ? .database : isQueue || isMessage ? .queue : .workload
        } else if isDatabase, !database.isEmpty || !databaseName.isEmpty {
            span.peer = pair(database, databaseName, &texts, &scratch)
            span.peerKind = .database
        } else if isQueue {
            span.peer = pair(messaging, destination, &texts, &scratch)
            span.peerKind = .queue
        } else if asksOthers {
            let address = Self.host(!server.isEmpty ? server : !peerName.isEmpty ? peerName : !host.isEmpty ? host : Self.authority(url))
            guard !address.isEmpty else { return }
            span.peer = texts.symbol(address)
            span.peerKind = isDatabase ? .database : .workload
        }
    }

    /// `redis`, `postgresql/orders`, `kafka/payments`
    private func pair(_ system: UnsafeRawBufferPointer, _ name: UnsafeRawBufferPointer, _ texts: inout SpanTexts, _ scratch: inout [UInt8]) -> Symbol {
        if name.isEmpty || system.isEmpty { return texts.symbol(system.isEmpty ? name : system) }
        scratch.removeAll(keepingCapacity: true)
        scratch.append(contentsOf: system.prefix(SpanTexts.longest))
        scratch.append(UInt8(ascii: "/"))
        scratch.append(contentsOf: name.prefix(SpanTexts.longest))
        return scratch.withUnsafeBytes { texts.symbol($0) }
    }

    /// What stands between `//` and the path, without a user.
    static func authority(_ url: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        guard let colon = url.firstIndex(of: UInt8(ascii: ":")), colon + 2 < url.count, url[colon + 1] == UInt8(ascii: "/"),
              url[colon + 2] == UInt8(ascii: "/") else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        var rest = url[(colon + 3)...]
        if let end = rest.firstIndex(where: { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }) { rest = rest[..<end] }
        if let at = rest.lastIndex(of: UInt8(ascii: "@")) { rest = rest[(at + 1)...] }
        return UnsafeRawBufferPointer(rebasing: rest)
    }

    /// Without its port: `cart:8080`, `[::1]:80`; an IPv6 address without brackets has several colons and no port.
    static func host(_ address: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        if address.first == UInt8(ascii: "["), let close = address.firstIndex(of: UInt8(ascii: "]")) {
            return UnsafeRawBufferPointer(rebasing: address[1..<close])
        }
        guard let colon = address.firstIndex(of: UInt8(ascii: ":")), address.lastIndex(of: UInt8(ascii: ":")) == colon else { return address }
        return UnsafeRawBufferPointer(rebasing: address[..<colon])
    }
}
