import MeshModel
import Testing

@testable import Intake

struct GzipTests {
    /// `printf 'up 1\n' | gzip -n`: one block of the fixed code.
    static let fixed: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0x2B, 0x2D, 0x50, 0x30, 0xE4, 2, 0, 0x72, 0x90, 0xEA, 0x82, 5, 0, 0, 0]
    static let stored: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1, 5, 0, 0xFA, 0xFF] + Array("up 1\n".utf8) + fixed.suffix(8)

    @Test func storedAndFixedBlocks() throws {
        #expect(try Gzip.unpacked(Self.stored, limit: 100) == Array("up 1\n".utf8))
        #expect(try Gzip.unpacked(Self.fixed, limit: 100) == Array("up 1\n".utf8))
    }

    @Test func membersFollowEachOther() throws {
        #expect(try Gzip.unpacked(Self.stored + Self.fixed + [0, 0], limit: 100) == Array("up 1\nup 1\n".utf8))
    }

    @Test func checksumOfTheStandardsExample() { #expect(Gzip.checksum(Array("123456789".utf8)[...]) == 0xCBF4_3926) }

    /// Whatever is cut off or changed is an error or the same bytes; it never traps and never passes for something else.
    @Test func damageIsFound() {
        for page in [Self.fixed, Self.stored] {
            for end in 0..<page.count { #expect(throws: CompressionError.self) { try Gzip.unpacked(Array(page[..<end]), limit: 100) } }
            for place in 0..<page.count {
                for bit in 0..<8 {
                    var damaged = page
                    damaged[place] ^= 1 << UInt8(bit)
                    let result = try? Gzip.unpacked(damaged, limit: 100)
                    #expect(result == nil || result == Array("up 1\n".utf8))
                }
            }
        }
    }

    @Test func aLimitHolds() throws {
        #expect(throws: CompressionError(pastLimit: 4)) { try Gzip.unpacked(Self.fixed, limit: 4) }
        // Room is asked for before it is taken.
        var asked = 0
        _ = try Gzip.unpacked(Self.fixed, limit: 100) { asked += $0; return true }
        #expect(asked == 5)
        #expect(throws: CompressionError.noRoom) { try Gzip.unpacked(Self.fixed, limit: 100) { $0 < 5 } }
    }

    @Test(arguments: [
        ("dumps/payment-v1@1700000000.5.txt.gz", "payment-v1", 1_700_000_000.5), ("cart@1700000000", "cart", 1_700_000_000),
        ("a@b.prom", "a@b", nil), ("@17.txt", "@17", nil), ("x@inf.txt", "x@inf", nil), (".txt", ".txt", nil), ("x.gz", "x", nil),
    ] as [(String, String, Double?)])
    func namesSayProxyAndTime(path: String, proxy: String, seconds: Double?) {
        let named = PageFileNames.named(path)
        #expect(named.proxy == proxy)
        #expect(named.time?.seconds == seconds)
    }
}
