import CellCanvas
import Glibc

/// A picture of the screen as a file; the ending says how: `.svg`, `.ansi`, else text.
enum ScreenFile {
    static func write(_ canvas: borrowing Canvas, theme: Theme, to path: String) throws(Failure) {
        let text = path.hasSuffix(".svg") ? CanvasRendering.svg(canvas, theme: theme)
            : path.hasSuffix(".ansi") ? CanvasRendering.ansi(canvas, theme: theme, depth: .trueColor) : canvas.plainText() + "\n"
        guard let file = fopen(path, "w") else { throw Failure(message: "\(path): \(String(cString: strerror(errno)))", code: .usage) }
        defer { fclose(file) }
        var copy = text
        let written = copy.withUTF8 { fwrite($0.baseAddress, 1, $0.count, file) }
        guard written == text.utf8.count else { throw Failure(message: "\(path): \(String(cString: strerror(errno)))", code: .usage) }
    }
}
