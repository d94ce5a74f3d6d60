import TestSupport
import Testing

/// Help is held as text: what it says is part of what scripts and README rely on.
struct HelpTextTests {
    @Test(arguments: ["", "live", "demo", "replay", "snapshot", "services", "edges", "traces", "paths", "why", "info", "keys", "themes"])
    func help(of command: String) async {
        let outcome = await Program.run(command.isEmpty ? ["--help"] : ["help", command])
        #expect(outcome.exit == 0)
        #expect(outcome.errors.isEmpty)
        if let difference = Golden.difference(outcome.output, named: "help" + (command.isEmpty ? "" : "-" + command)) { Issue.record("\(difference)") }
    }

    /// One command, several names for the level it folds to.
    @Test(arguments: ["pods", "nodes"])
    func listsShareTheirOptions(command: String) async {
        var options: [[Substring]] = []
        for command in [command, "services"] {
            let text = await Program.run(["help", command]).output
            options.append(Array(text.split(separator: "\n").drop { !$0.hasPrefix("ARGUMENTS") }))
        }
        #expect(options[0] == options[1])
        #expect(!options[0].isEmpty)
    }

    @Test(arguments: [("--version", "0.1.0\n"), ("themes", "dark\nlight\nsixteen\nmono\nclear\n")])
    func shortAnswers(argument: String, answer: String) async {
        let outcome = await Program.run([argument])
        #expect(outcome.output == answer)
        #expect(outcome.exit == 0)
    }

    @Test func keys() async {
        let outcome = await Program.run(["keys"])
        #expect(outcome.exit == 0)
        if let difference = Golden.difference(outcome.output, named: "keys") { Issue.record("\(difference)") }
    }

    @Test func infoNamesProfilesThemesAndTerminal() async {
        let lines = await Program.run(["info"]).output.split(separator: "\n").map { $0.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true) }
        let facts = Dictionary(lines.map { (String($0[0]), String($0[1].drop { $0 == " " })) }) { $1 }
        #expect(facts["version"] == "0.1.0")
        #expect(facts["program"]?.hasSuffix("/telltale") == true)
        #expect(facts["profiles"] == "istio envoy otel spanmetrics")
        #expect(facts["themes"] == "dark light sixteen mono clear")
        #expect(facts["terminal"] == "xterm-256color, output is not a terminal")
        #expect(facts["locale"] == "LANG=C.UTF-8")
        let colourless = await Program.run(["info"], adding: ["NO_COLOR=1"]).output
        #expect(colourless.contains("NO_COLOR"))
    }
}
