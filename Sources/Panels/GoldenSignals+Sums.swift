/// Counts of calls put together and taken apart. What is no count (quantiles, bytes, mTLS) stays as it was: the caller says what becomes of it.
extension GoldenSignals {
    /// Further calls beside these.
    package mutating func addCalls(of other: GoldenSignals) {
        requests += other.requests
        errors += other.errors
        // Who exports no denials counts them as errors: what is known is taken off the requests.
        if let more = other.denied { denied = (denied ?? 0) + more }
        for code in other.codes {
            if let place = codes.firstIndex(where: { $0.code == code.code }) { codes[place].count += code.count } else { codes.append(code) }
        }
        codes.sort { $0.code < $1.code }
        for flag in other.flags {
            if let place = flags.firstIndex(where: { $0.flag == flag.flag }) { flags[place].count += flag.count } else { flags.append(flag) }
        }
        for answer in other.answers {
            if let place = answers.firstIndex(where: { $0.isLike(answer) }) {
                answers[place].count += answer.count
                answers[place].errors += answer.errors
            } else {
                answers.append(answer)
            }
        }
        sortAnswers()
    }

    /// Without calls that are told of elsewhere; of none are fewer than none left.
    /// - Parameter factor: how often one of `other` is among these, where they are of stretches of different length.
    package mutating func subtractCalls(of other: GoldenSignals, times factor: Double) {
        func less(_ count: inout Double, _ part: Double) { count = max(0, count - part * factor) }
        less(&requests, other.requests)
        less(&errors, other.errors)
        if let all = denied, let part = other.denied { denied = max(0, all - part * factor) }
        for code in other.codes { if let place = codes.firstIndex(where: { $0.code == code.code }) { less(&codes[place].count, code.count) } }
        for flag in other.flags { if let place = flags.firstIndex(where: { $0.flag == flag.flag }) { less(&flags[place].count, flag.count) } }
        for answer in other.answers {
            guard let place = answers.firstIndex(where: { $0.isLike(answer) }) else { continue }
            less(&answers[place].count, answer.count)
            less(&answers[place].errors, answer.errors)
        }
        codes.removeAll { $0.count < 0.5 }
        flags.removeAll { $0.count < 0.5 }
        answers.removeAll { $0.count < 0.5 }
        sortAnswers()
    }

    /// The most frequent first.
    package mutating func sortAnswers() {
        answers.sort { ($1.count, $0.code ?? 0, $0.grpcStatus ?? 0, $0.flags) < ($0.count, $1.code ?? 0, $1.grpcStatus ?? 0, $1.flags) }
    }
}

extension GoldenSignals.Answer {
    fileprivate func isLike(_ other: GoldenSignals.Answer) -> Bool { code == other.code && grpcStatus == other.grpcStatus && flags == other.flags }
}
