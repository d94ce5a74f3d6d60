/// Compressed bodies of export requests.
package enum GzipBody {
    /// - Parameter limit: the most bytes it may unpack to.
    package static func unpacked(_ bytes: [UInt8], limit: Int) throws(CompressionError) -> [UInt8] { try Gzip.unpacked(bytes, limit: limit) }
}
