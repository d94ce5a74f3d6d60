"""As much of a terminal as ncurses uses of it: turns what was written into the lines on the screen."""
import re

TOKEN = re.compile(rb"\x1b\[([?>!]?)([\d;]*)([@-~])|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\\\)|\x1b[()][0-9A-Z]|\x1b[=>78MDEc]|[\x00-\x1f]|[^\x00-\x1f\x1b]+")


class Screen:
    def __init__(self, width, height):
        self.width, self.height = width, height
        self.x = self.y = 0
        self.top, self.bottom = 0, height - 1
        self.last = " "
        self.cells = [self._blank() for _ in range(height)]

    def _blank(self):
        return [" "] * self.width

    def feed(self, output):
        for token in TOKEN.finditer(output):
            text = token[0]
            if text[:2] == b"\x1b[":
                self._control(token[1].decode(), [int(n or 0) for n in token[2].decode().split(";")], token[3].decode())
            elif text == b"\x1bM":
                if self.y == self.top:
                    self._scroll(self.top, self.bottom, -1)
                else:
                    self.y -= 1
            elif text[:1] == b"\x1b":
                continue
            elif text == b"\r":
                self.x = 0
            elif text == b"\n":
                if self.y == self.bottom:
                    self._scroll(self.top, self.bottom, 1)
                else:
                    self.y = min(self.height - 1, self.y + 1)
            elif text == b"\b":
                self.x = max(0, self.x - 1)
            elif text == b"\t":
                self.x = min(self.width - 1, (self.x // 8 + 1) * 8)
            elif text[0] >= 32:
                for character in text.decode(errors="replace"):
                    self._put(character)

    def _put(self, character):
        if self.x >= self.width:
            self.x, self.y = 0, min(self.height - 1, self.y + 1)
        self.cells[self.y][self.x] = character
        self.x += 1
        self.last = character

    def _scroll(self, top, bottom, count):
        for _ in range(abs(count)):
            if count > 0:
                del self.cells[top]
                self.cells.insert(bottom, self._blank())
            else:
                del self.cells[bottom]
                self.cells.insert(top, self._blank())

    def _control(self, private, numbers, letter):
        if private:
            if letter == "h" and 1049 in numbers:
                self.cells = [self._blank() for _ in range(self.height)]
            return
        count = max(1, numbers[0])
        row = self.cells[self.y]
        x = min(self.x, self.width - 1)
        if letter in "Hf":
            self.y = min(self.height, count) - 1
            self.x = min(self.width, max(1, numbers[1] if len(numbers) > 1 else 1)) - 1
        elif letter == "G":
            self.x = min(self.width, count) - 1
        elif letter == "d":
            self.y = min(self.height, count) - 1
        elif letter == "A":
            self.y = max(0, self.y - count)
        elif letter == "B":
            self.y = min(self.height - 1, self.y + count)
        elif letter == "C":
            self.x = min(self.width - 1, self.x + count)
        elif letter == "D":
            self.x = max(0, self.x - count)
        elif letter == "J":
            if numbers[0] == 2:
                self.cells = [self._blank() for _ in range(self.height)]
            else:
                row[x:] = [" "] * (self.width - x)
                self.cells[self.y + 1:] = [self._blank() for _ in range(self.height - self.y - 1)]
        elif letter == "K":
            start, end = ((x, self.width), (0, x + 1), (0, self.width))[numbers[0]]
            row[start:end] = [" "] * (end - start)
        elif letter == "X":
            row[x:x + count] = [" "] * len(row[x:x + count])
        elif letter == "P":
            row[x:] = (row[x + count:] + [" "] * count)[:self.width - x]
        elif letter == "@":
            row[x:] = ([" "] * count + row[x:])[:self.width - x]
        elif letter == "b":
            for _ in range(count):
                self._put(self.last)
        elif letter == "L":
            self._scroll(self.y, self.bottom, -count)
        elif letter == "M":
            self._scroll(self.y, self.bottom, count)
        elif letter == "S":
            self._scroll(self.top, self.bottom, count)
        elif letter == "T":
            self._scroll(self.top, self.bottom, -count)
        elif letter == "r":
            self.top, self.bottom = count - 1, (numbers[1] if len(numbers) > 1 and numbers[1] else self.height) - 1
            self.x = self.y = 0

    @property
    def text(self):
        return "\n".join("".join(row).rstrip() for row in self.cells)
