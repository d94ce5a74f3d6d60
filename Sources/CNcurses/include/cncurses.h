// The part of ncursesw that Swift cannot import (macros, variadics, stdscr), and what must be C: signal handlers.
#ifndef CNCURSES_H
#define CNCURSES_H

#include <stddef.h>
#include <stdint.h>
#include <wchar.h>

enum cn_event {
    CN_NONE = 0,
    CN_CHARACTER,  // value: the code point
    CN_KEY,        // value: one of cn_key
    CN_MOUSE,      // x, y, value: cn_mouse
    CN_HANGUP,     // the terminal is gone
    CN_PASTE,      // value: 1 pasted text begins, 0 it ends
};

enum cn_key {
    CN_UP = 1, CN_DOWN, CN_LEFT, CN_RIGHT, CN_HOME, CN_END, CN_PAGE_UP, CN_PAGE_DOWN, CN_BACKSPACE, CN_DELETE, CN_INSERT, CN_ENTER,
    CN_BACKTAB, CN_F1 = 100,  // F1 is 100, F12 is 111
};

enum cn_mouse { CN_PRESS = 1, CN_RELEASE, CN_WHEEL_UP, CN_WHEEL_DOWN, CN_DOUBLE_PRESS };

enum cn_attribute { CN_BOLD = 1, CN_DIM = 2, CN_UNDERLINE = 4, CN_REVERSE = 8 };

struct cn_input { int kind; int value; int x; int y; };

/// 0, or why not: 1 input or output is no terminal, 2 TERM is unknown or lacks what is needed.
int cn_open(int use_mouse);
/// Gives the terminal back as it was. Any number of times.
void cn_close(void);
int cn_colors(void);
int cn_pairs(void);
void cn_pair(int pair, int foreground, int background);
void cn_size(int *width, int *height);
/// Takes over the terminal's present size; nothing is on the screen then.
void cn_resize(void);
/// Next thing typed or clicked without waiting; CN_NONE when there is none.
struct cn_input cn_read(void);
void cn_draw(int x, int y, const wchar_t *text, int length, int attributes, int pair);
/// Brings what was drawn to the terminal in one go.
void cn_flush(void);
/// Everything is written again at the next flush.
void cn_redraw(void);
/// Nothing is on the screen any more; takes effect with the next flush.
void cn_erase(void);
/// Stops the process as Ctrl-Z does, with the terminal given back meanwhile; returns when it goes on.
void cn_suspend(void);
/// Takes the terminal again after a stop that could not be caught (SIGSTOP): the shell has changed its modes.
void cn_resume(void);

/// Reports signals as bytes on this descriptor: their numbers. −1 before cn_signals.
int cn_signals(void);
/// A new event descriptor (eventfd), or −1: written to by any thread to end a wait.
int cn_wakeup(void);
/// Writes `text` past ncurses (OSC 52); it must not move the cursor.
void cn_send(const char *text, size_t length);

#endif
