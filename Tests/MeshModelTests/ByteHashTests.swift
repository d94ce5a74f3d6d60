import MeshModel
import TestSupport
import Testing

@Suite struct ByteHashTests {
    private func hash(_ bytes: [UInt8], seed: UInt64 = 1) -> UInt64 { bytes.withUnsafeBytes { ByteHash.hash($0, seed: seed) } }

    /// Every length up to a few steps, each byte of it: a changed byte, length or seed is another hash; the same bytes elsewhere are not.
    @Test(arguments: 0...70)
    func everyByteCounts(_ length: Int) {
        var random = SeededGenerator(seed: UInt64(length))
        let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
        var seen: Set<UInt64> = [hash(bytes), hash(bytes, seed: 2), hash(bytes + [0])]
        #expect(seen.count == 3)
        for index in 0..<length {
            var other = bytes
            other[index] ^= 1
            #expect(seen.insert(hash(other)).inserted, "byte \(index)")
        }
        for shift in 1...9 {
            let moved = [UInt8](repeating: 9, count: shift) + bytes + [7]
            #expect(moved.withUnsafeBytes { ByteHash.hash(UnsafeRawBufferPointer(rebasing: $0[shift..<shift + length]), seed: 1) } == hash(bytes))
        }
    }

    @Test func equality() {
        let a: [UInt8] = [1, 2, 3], b: [UInt8] = [1, 2, 4]
        a.withUnsafeBytes { left in
            #expect(a.withUnsafeBytes { ByteHash.equal(left.baseAddress, $0) })
            #expect(!b.withUnsafeBytes { ByteHash.equal(left.baseAddress, $0) })
        }
        #expect(ByteHash.equal(nil, UnsafeRawBufferPointer(start: nil, count: 0)))
    }
}
