import TestSupport
import Testing

/// Help is held as text: what it says is part of what scripts and README rely on.
struct HelpTextTests {
    @Test(arguments: ["", "live", "demo", "snapshot", "services", "edges", "info", "keys", "themes"])
    func help(of command: String) {
        let outcome = Program.run(command.isEmpty ? ["--help"] : ["help", command])
        #expect(outcome.exit == 0)
        #expect(outcome.errors.isEmpty)
        if let difference = Golden.difference(outcome.output, named: "help" + (command.isEmpty ? "" : "-" + command)) { Issue.record("\(difference)") }
    }

    /// One command, several names for the level it folds to.
    @Test(arguments: ["pods", "nodes"])
    func listsShareTheirOptions(command: String) {
        let options = { (command: String) in Program.run(["help", command]).output.split(separator: "\n").drop { !$0.hasPrefix("ARGUMENTS") } }
        #expect(options(command) == options("services"))
    }

    @Test func version() { #expect(Program.run(["--version"]).output == "0.1.0\n") }

    @Test func themes() { #expect(Program.run(["themes"]).output == "dark\nlight\nsixteen\nmono\nclear\n") }

    @Test func keys() {
        let outcome = Program.run(["keys"])
        #expect(outcome.exit == 0)
        if let difference = Golden.difference(outcome.output, named: "keys") { Issue.record("\(difference)") }
    }

    @Test func infoNamesProfilesThemesAndTerminal() {
        let lines = Program.run(["info"]).output.split(separator: "\n").map { $0.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true) }
        let facts = Dictionary(lines.map { (String($0[0]), String($0[1].drop { $0 == " " })) }) { $1 }
        #expect(facts["version"] == "0.1.0")
        #expect(facts["program"]?.hasSuffix("/telltale") == true)
        #expect(facts["profiles"] == "istio envoy")
        #expect(facts["themes"] == "dark light sixteen mono clear")
        #expect(facts["terminal"] == "xterm-256color, output is not a terminal")
        #expect(facts["locale"] == "LANG=C.UTF-8")
        #expect(Program.run(["info"], adding: ["NO_COLOR=1"]).output.contains("NO_COLOR"))
    }
}
