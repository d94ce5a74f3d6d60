import Engine
import Glibc
import Intake
import MeshModel
import Panels
import Profiles

// Decodes and stores recorded pages round after round, without a network: for counting instructions.
//     valgrind --tool=callgrind telltale-ingest-bench ROUNDS mapped|all PAGE…
// The difference between two numbers of rounds is the cost of a repeat scrape.

let arguments = Swift.CommandLine.arguments
guard arguments.count > 3, let rounds = Int(arguments[1]), let keep = Intake.Keep(rawValue: arguments[2]) else {
    print("telltale-ingest-bench ROUNDS mapped|all PAGE…")
    exit(2)
}
let intake = Intake(profiles: try ProfileSet.builtin(), keep: keep)
let engine = Engine(symbols: intake.symbols)
let pages = try arguments.dropFirst(3).map { try PageFiles.contents($0) }
let sessions = pages.indices.map { intake.openSource(name: "http://10.0.0.\($0):15020/stats", intervalSeconds: 1, sink: engine) }

/// The page as it stands a round later: every third number that is not 0 has another last digit.
func moved(_ page: [UInt8], round: Int) -> [UInt8] {
    var page = page
    var line = 0
    for index in page.indices.dropFirst().dropLast() where page[index + 1] == 10 {
        line += 1
        guard (line + round) % 3 == 0, (49...57).contains(page[index]), page[index - 1] != 46 else { continue }
        page[index] = UInt8(49 + (Int(page[index]) - 49 + round) % 9)
    }
    return page
}

let variants = pages.map { page in (0..<4).map { moved(page, round: $0) } }
var samples = 0
for round in 0..<rounds {
    for (index, session) in sessions.enumerated() {
        session.begin(time: Timestamp(seconds: Double(1_790_000_000 + round)))
        variants[index][round % 4].withUnsafeBytes { session.feed($0) }
        samples += session.finish(into: engine).samples
    }
}
print("\(samples) samples, \(engine.statistics.storeBytes) bytes in the store")
