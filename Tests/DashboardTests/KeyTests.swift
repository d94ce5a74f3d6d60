import Dashboard
import Testing

@Suite struct KeyTests {
    @Test(arguments: [
        ("j", Key.character("j")), ("G", .character("G")), ("<enter>", Key(.enter)), ("<ESC>", Key(.escape)), ("<c-d>", .control("d")),
        ("<s-tab>", Key(.tab, .shift)), ("<space>", .character(" ")), ("<f1>", Key(.function(1))), ("<lt>", .character("<")),
        ("<pgup>", Key(.pageUp)), ("<c-s-left>", Key(.left, [.control, .shift])), ("<a-x>", Key(.character("x"), .alt)), ("ä", .character("ä")),
    ])
    func notation(_ text: String, _ key: Key) {
        #expect(Key(notation: text) == key)
        #expect(Key(notation: key.description) == key, "\(key) reads back")
    }

    @Test(arguments: ["", "<>", "<nope>", "jj", "<f99>", "<s-a>", "<c->", "<"])
    func noNotation(_ text: String) {
        if text == "<" { #expect(Key(notation: text) == .character("<")) } else { #expect(Key(notation: text) == nil) }
    }

    @Test func scripts() throws {
        #expect(try KeyScript(parsing: "jj<enter>").keys == [.character("j"), .character("j"), Key(.enter)])
        #expect(try KeyScript(parsing: "<<enter>").keys == [.character("<"), Key(.enter)])
        #expect(try KeyScript(parsing: "<>x").keys == [.character("<"), .character(">"), .character("x")])
        #expect(try KeyScript(parsing: "/a<b<esc>").keys == ["/", "a", "<", "b"].map(Key.character) + [Key(.escape)])
        #expect(try KeyScript(parsing: ":q\n").keys == [.character(":"), .character("q"), Key(.enter)])
        #expect { try KeyScript(parsing: "j<entre>") } throws: { ($0 as? KeyScript.UnknownKey)?.notation == "<entre>" }
    }

    @Test func everyActionIsDescribedAndHasKeysOfItsOwn() {
        for context in Action.Context.allCases {
            var owners: [Key: Action] = [:]
            for action in Action.allCases where action.context == context {
                #expect(!action.summary.isEmpty)
                #expect(!action.defaultChords.isEmpty, "\(action) has a key")
                for chord in action.defaultChords {
                    let key = Key(notation: chord)
                    #expect(key != nil, "\(chord) of \(action) is a key")
                    if let key {
                        #expect(owners[key] == nil, "\(chord) belongs to \(action) alone")
                        owners[key] = action
                        #expect(KeyTable.standard.action(for: key, in: context) == action)
                    }
                }
            }
        }
        #expect(Set(KeyTable.standard.entries.map(\.action)).count == Action.allCases.count)
    }

    @Test func overrides() throws {
        let table = try KeyTable(overrides: ["quit": ["Q"], "sort-next": ["q", "<f2>"], "help": []])
        #expect(table.action(for: .character("Q"), in: .screen) == .quit)
        #expect(table.action(for: .character("q"), in: .screen) == .sortNext, "a claimed key leaves its standard action")
        #expect(table.action(for: .control("c"), in: .screen) == nil, "an override replaces all standard keys")
        #expect(table.keys(for: .help).isEmpty)
        #expect(table.action(for: .character("?"), in: .screen) == nil)
        #expect(table.action(for: Key(.enter), in: .line) == .accept, "contexts are apart")
        let swapped = try KeyTable(overrides: ["up": ["j"], "down": ["k"]])
        #expect(swapped.action(for: .character("j"), in: .screen) == .up)
        #expect(swapped.action(for: .character("k"), in: .screen) == .down)
    }

    @Test(arguments: [
        (["quti": ["q"]], "unknown action \"quti\""), (["quit": ["<contrl-q>"]], "unknown key \"<contrl-q>\" for quit"),
        (["quit": ["x"], "help": ["x"]], "x is given to both help and quit"), (["sort": ["x"]], "did you mean sort-previous?"),
    ])
    func overrideProblems(_ overrides: [String: [String]], _ words: String) {
        #expect { try KeyTable(overrides: overrides) } throws: { "\($0)".contains(words) }
    }
}
