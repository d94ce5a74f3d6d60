import Glibc

/// Seeded 64-bit hash of bytes, 16 at a step with a folded 128-bit multiply (the construction of wyhash and
/// Abseil). Seeded per process or session, so that a hostile page cannot aim at collisions.
public enum ByteHash {
    @inlinable public static func hash(_ bytes: UnsafeRawBufferPointer, seed: UInt64) -> UInt64 {
        guard let base = bytes.baseAddress else { return fold(seed ^ k0, k1) }
        return hash(base, bytes.count, seed: seed)
    }

    @inlinable @inline(__always)
    public static func hash(_ base: UnsafeRawPointer, _ count: Int, seed: UInt64) -> UInt64 {
        var state = seed ^ k0
        var at = base
        var left = count
        while left > 16 {
            state = fold(load(at) ^ k1, load(at + 8) ^ state)
            at += 16
            left &-= 16
        }
        let a: UInt64, b: UInt64
        if left >= 8 {
            a = load(at)
            b = load(at + left - 8)
        } else if left >= 4 {
            a = UInt64(at.loadUnaligned(as: UInt32.self))
            b = UInt64((at + left - 4).loadUnaligned(as: UInt32.self))
        } else if left > 0 {
            a = UInt64(at.load(as: UInt8.self)) << 16 | UInt64((at + left / 2).load(as: UInt8.self)) << 8
                | UInt64((at + left - 1).load(as: UInt8.self))
            b = 0
        } else {
            a = 0
            b = 0
        }
        return fold(k1 ^ UInt64(truncatingIfNeeded: count), fold(a ^ k1, b ^ state))
    }

    public static func equal(_ a: UnsafeRawPointer?, _ b: UnsafeRawBufferPointer) -> Bool {
        guard let a, let base = b.baseAddress else { return b.isEmpty }
        return memcmp(a, base, b.count) == 0
    }

    @usableFromInline static let k0: UInt64 = 0xA076_1D64_78BD_642F
    @usableFromInline static let k1: UInt64 = 0xE703_7ED1_A0B4_28DB

    @inlinable @inline(__always) static func load(_ at: UnsafeRawPointer) -> UInt64 { at.loadUnaligned(as: UInt64.self) }
    @inlinable @inline(__always) static func fold(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let product = a.multipliedFullWidth(by: b)
        return product.high ^ product.low
    }
}
