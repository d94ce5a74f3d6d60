import Glibc

/// Why the dashboard ended. A shell, a supervisor or a script that asks learns it by the way the process ends: of the signal it was sent,
/// as if it had not been caught (143 for SIGTERM in a shell), and by 0 only where a person quit.
enum Ending {
    case asked
    /// SIGHUP also where the terminal went away without a word.
    case signal(Int32)

    /// To be called with the terminal given back.
    func leave() -> Never {
        if case .signal(let number) = self {
            _ = Glibc.signal(number, SIG_DFL)
            var set = sigset_t()
            sigemptyset(&set)
            sigaddset(&set, number)
            pthread_sigmask(SIG_UNBLOCK, &set, nil)
            raise(number)
        }
        // The sockets of a fleet need no farewell, and a person waits for the prompt.
        exit(0)
    }
}
