@testable import Dashboard
import MeshModel
import Panels
import Testing

@Suite struct FilterTests {
    private func names(_ text: String) -> Set<String> {
        let filter = Filter(text)
        return Set(Shop.services.filter { filter.accepts($0) }.map(\.key.name))
    }

    @Test(arguments: [
        ("pay", ["payment"]), ("PAY", ["payment"]), ("c ca", ["catalog", "cart"]), ("^c", ["catalog", "cart", "checkout"]), ("t$", ["cart", "checkout", "payment"]),
        ("^(cart|ledger)$", ["cart", "ledger"]), ("version=v2", ["payment"]), ("name=cart", ["cart"]), ("name=car", []),
        ("name~^s", ["shipping"]), ("svc=payment", ["payment"]), ("rate>160", ["catalog", "cart", "inventory"]), ("rate>=164.2", ["catalog", "inventory"]),
        ("state=failing", ["gateway", "frontend", "checkout", "payment"]), ("p99>1s", ["shipping"]), ("mtls<100", ["gateway", "cart"]),
        ("success<94 !payment !name=gateway", ["frontend", "shipping"]), ("pods=2", ["frontend", "payment"]), ("retry>0", ["checkout"]), ("nothing-like-it", []),
        ("denied>0", ["inventory"]), ("rate>0.15k", ["catalog", "cart", "inventory"]),
    ])
    func accepts(_ text: String, _ expected: [String]) { #expect(names(text) == Set(expected)) }

    @Test(arguments: ["", "   ", "[", "(", "*", "!", "a|(", "\\", "rate>", "name=", "foo>3", "rate>abc", "name>3", "[z-a]"])
    func whatIsNoExpressionAcceptsAll(_ text: String) { #expect(names(text).count == 10) }

    @Test func unknownNumbersSatisfyNothing() {
        #expect(names("conn>=0").contains("recommendation") == false)
        #expect(names("conn!=5").contains("recommendation") == false)
        #expect(names("!conn>5").contains("recommendation") == false)
    }

    @Test func notEqual() { #expect(names("version!=v2").count == 9) }

    @Test(arguments: [
        ("a.c", "xabcx", true), ("a.c", "ac", false), ("a*b", "aaab", true), ("^a*b$", "b", true), ("a+b", "b", false), ("^ab?c$", "ac", true),
        ("[a-c]+x", "bbx", true), ("[^a-c]x", "ax", false), ("[^a-c]x", "zx", true), ("a|b|cd", "xxcd", true), ("(ab)+$", "abab", true), ("\\d+", "v12", true),
        ("^\\w+$", "pay_1", true), ("^\\w+$", "pay-1", false), ("\\.", "a.b", true), ("\\.", "ab", false), ("^$", "", true), ("^$", "a", false), ("[]]", "]", true),
        ("[a-]", "-", true), ("x*", "", true), ("(a*)*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac", false), ("(^a|b)c", "xbc", true), ("(^a|b)c", "xac", false),
        ("a$|b", "ba", true),
    ])
    func patterns(_ pattern: String, _ text: String, _ expected: Bool) { #expect(Pattern(pattern)?.matches(text) == expected) }

    @Test func patternsAreBounded() {
        #expect(Pattern("." + String(repeating: "a", count: 62)) != nil)
        #expect(Pattern("." + String(repeating: "a", count: 63)) == nil)
        #expect(Pattern(String(repeating: "(", count: 5000)) == nil)
        #expect(Pattern(String(repeating: "a", count: 5000)) != nil, "plain text has no such bound")
    }
}
