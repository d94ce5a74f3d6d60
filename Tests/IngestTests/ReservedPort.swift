import Glibc

/// A port of 127.0.0.1 on which nothing listens, and which nobody else is given while this is held. A server of the test
/// itself may listen on it.
final class ReservedPort: Sendable {
    let number: Int
    private let descriptors: [Int32]

    /// - Parameter hangs: something does listen, but its queue is full: to connect is to wait.
    init(hangs: Bool = false) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var opened = [descriptor]
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                let length = socklen_t(MemoryLayout<sockaddr_in>.size)
                var size = length
                precondition(bind(descriptor, address, length) == 0 && getsockname(descriptor, address, &size) == 0, "BUG: no free port")
                guard hangs else { return }
                precondition(listen(descriptor, 0) == 0, "BUG: cannot listen")
                for _ in 0..<4 {
                    let filler = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
                    _ = connect(filler, address, length)
                    opened.append(filler)
                }
            }
        }
        number = Int(UInt16(bigEndian: address.sin_port))
        descriptors = opened
    }

    deinit { for descriptor in descriptors { close(descriptor) } }
}
