import Glibc

/// Bytes in blocks, one behind another. Who holds it gives it back.
struct BlockChain: Sendable, BitwiseCopyable {
    fileprivate(set) var first: Int32 = -1
    fileprivate(set) var last: Int32 = -1
    fileprivate(set) var blocks: Int32 = 0
    fileprivate(set) var count = 0

    /// What it takes of the memory.
    var bytes: Int { Int(blocks) * SpanBlocks.blockBytes }
}

/// Memory for spans in blocks of one size. Traces of any size come and go for hours: with an allocation for each, holes of sizes that nobody
/// asks for again grew to a third of the budget. Blocks fit wherever one was.
///
/// Not for several owners: the store that made it is the only one, and who has that store has it alone. So its parts do without a check
/// at run time, for each block of each span, that nobody else is at them.
final class SpanBlocks {
    static let blockBytes = 1024
    private static let slabBlocks = 1024
    private static let slabBytes = slabBlocks * blockBytes
    /// What the system takes back at once.
    private static let pageBlocks = 4

    @exclusivity(unchecked) private var slabs: [UnsafeMutableRawPointer] = []
    /// By block: the one behind it in its chain.
    @exclusivity(unchecked) private var next: [Int32] = []
    /// By page: its blocks that are in chains.
    @exclusivity(unchecked) private var usedInPage: [UInt8] = []
    @exclusivity(unchecked) private var free: [Int32] = []
    /// Pages that were given back to the system and hold nothing.
    private var returned: [Int32] = []
    @exclusivity(unchecked) private(set) var usedBlocks = 0

    deinit { for slab in slabs { munmap(slab, Self.slabBytes) } }

    /// In memory: chains, blocks that wait for the next one, and the tables beside them.
    var heldBytes: Int {
        (next.count - returned.count * Self.pageBlocks) * Self.blockBytes + tableBytes
    }
    private var tableBytes: Int { (next.capacity + free.capacity + returned.capacity) * 4 + usedInPage.capacity }
    var usedBytes: Int { usedBlocks * Self.blockBytes }

    // MARK: - Writing

    /// - Returns: false, and nothing is written, where the system has no more memory.
    func append(_ head: UnsafeRawBufferPointer, _ body: UnsafeRawBufferPointer, to chain: inout BlockChain) -> Bool {
        guard reserve(head.count + body.count, for: &chain) else { return false }
        write(head, to: &chain)
        write(body, to: &chain)
        return true
    }

    private func write(_ bytes: UnsafeRawBufferPointer, to chain: inout BlockChain) {
        var at = 0
        while at < bytes.count, let base = bytes.baseAddress {
            let offset = chain.count % Self.blockBytes
            if offset == 0 { chain.last = chain.count == 0 ? chain.first : next[Int(chain.last)] }
            let count = min(bytes.count - at, Self.blockBytes - offset)
            (address(chain.last) + offset).copyMemory(from: base + at, byteCount: count)
            chain.count += count
            at += count
        }
    }

    /// Room behind what is written.
    private func reserve(_ bytes: Int, for chain: inout BlockChain) -> Bool {
        let missing = (chain.count + bytes + Self.blockBytes - 1) / Self.blockBytes - Int(chain.blocks)
        guard missing > 0 else { return true }
        while free.count < missing { guard grow() else { return false } }
        var end = chain.last
        for _ in 0..<missing {
            guard let block = free.popLast() else { return false }
            next[Int(block)] = -1
            if end < 0 { chain.first = block } else { next[Int(end)] = block }
            end = block
            usedInPage[Int(block) / Self.pageBlocks] += 1
        }
        chain.blocks += Int32(missing)
        usedBlocks += missing
        return true
    }

    private func grow() -> Bool {
        if let page = returned.popLast() {
            for block in 0..<Self.pageBlocks { free.append(page * Int32(Self.pageBlocks) + Int32(block)) }
            return true
        }
        guard next.count + Self.slabBlocks < Int(Int32.max),
              let slab = mmap(nil, Self.slabBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), slab != MAP_FAILED else { return false }
        slabs.append(slab)
        let first = next.count
        next.append(contentsOf: repeatElement(-1, count: Self.slabBlocks))
        usedInPage.append(contentsOf: repeatElement(0, count: Self.slabBlocks / Self.pageBlocks))
        // The first on top.
        for block in (first..<first + Self.slabBlocks).reversed() { free.append(Int32(block)) }
        return true
    }

    // MARK: - Giving back

    func removeAll(_ chain: inout BlockChain) {
        while chain.first >= 0 { removeFirst(&chain) }
        chain = BlockChain()
    }

    /// Blocks that a reader has passed. What is left is for that reader alone.
    func removeAll(before reader: Reader, of chain: inout BlockChain) {
        while chain.first >= 0, chain.first != reader.block { removeFirst(&chain) }
    }

    private func removeFirst(_ chain: inout BlockChain) {
        let block = chain.first
        chain.first = next[Int(block)]
        free.append(block)
        usedInPage[Int(block) / Self.pageBlocks] -= 1
        usedBlocks -= 1
    }

    /// Gives whole pages that nobody uses back to the system, where more than a sixteenth of the blocks is free: the budget became smaller.
    func returnUnused() {
        guard free.count > next.count / 16 + Self.slabBlocks else { return }
        var isReturned = [Bool](repeating: false, count: usedInPage.count)
        for page in returned { isReturned[Int(page)] = true }
        let size = Self.pageBlocks * Self.blockBytes
        for page in usedInPage.indices where usedInPage[page] == 0 && !isReturned[page] {
            guard madvise(address(Int32(page * Self.pageBlocks)), size, MADV_DONTNEED) == 0 else { continue }
            isReturned[page] = true
            returned.append(Int32(page))
        }
        free.removeAll { isReturned[Int($0) / Self.pageBlocks] }
    }

    // MARK: - Reading

    /// Goes through a chain's bytes.
    struct Reader {
        fileprivate var block: Int32
        fileprivate var offset = 0
        fileprivate(set) var left: Int
    }

    func reader(_ chain: BlockChain) -> Reader { Reader(block: chain.first, left: chain.count) }

    /// Fills the target; the chain holds as much.
    func read(_ reader: inout Reader, into target: UnsafeMutableRawBufferPointer) {
        precondition(target.count <= reader.left, "BUG: read past the end of a chain")
        var at = 0
        while at < target.count, let base = target.baseAddress {
            let count = min(target.count - at, Self.blockBytes - reader.offset)
            (base + at).copyMemory(from: address(reader.block) + reader.offset, byteCount: count)
            at += count
            skip(&reader, count)
        }
    }

    func skip(_ reader: inout Reader, _ count: Int) {
        precondition(count <= reader.left, "BUG: skipped past the end of a chain")
        reader.left -= count
        reader.offset += count
        while reader.offset >= Self.blockBytes {
            reader.offset -= Self.blockBytes
            reader.block = next[Int(reader.block)]
        }
    }

    private func address(_ block: Int32) -> UnsafeMutableRawPointer {
        slabs[Int(block) / Self.slabBlocks] + Int(block) % Self.slabBlocks * Self.blockBytes
    }
}
