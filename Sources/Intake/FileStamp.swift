import Glibc

/// Tells whether a file is another one than before: replaced by renaming it has another inode, written in place another time or size.
package struct FileStamp: Equatable, Sendable {
    private var inode: UInt64
    private var size: Int64
    private var modified: Int64

    /// nil: there is none, or it cannot be asked.
    package init?(of path: String) {
        var info = stat()
        guard stat(path, &info) == 0 else { return nil }
        inode = UInt64(info.st_ino)
        size = Int64(info.st_size)
        modified = Int64(info.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(info.st_mtim.tv_nsec)
    }

    /// False for a folder, and for what is not there or not to be read.
    package static func isReadableFile(_ path: String) -> Bool {
        var info = stat()
        return stat(path, &info) == 0 && info.st_mode & S_IFMT != S_IFDIR && access(path, R_OK) == 0
    }
}
