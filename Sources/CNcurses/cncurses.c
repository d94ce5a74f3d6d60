#define NCURSES_WIDECHAR 1
#define _XOPEN_SOURCE_EXTENDED 1
#define _GNU_SOURCE 1
#include "cncurses.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <ncurses.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

static struct termios saved;
static volatile sig_atomic_t is_open = 0;
static SCREEN *screen = NULL;
static int signal_pipe[2] = {-1, -1};
// What a dying process writes: composed beforehand, since nothing may be allocated in a handler.
static char restore_bytes[512];
static size_t restore_length = 0;
static char fatal_stack[65536];

static void add_restore(const char *text) {
    if (!text || text == (char *)-1) return;
    size_t length = strlen(text);
    if (restore_length + length > sizeof restore_bytes) return;
    memcpy(restore_bytes + restore_length, text, length);
    restore_length += length;
}

// Pasted text comes between marks, so that a line end in it is no Enter.
static const char paste_on[] = "\033[?2004h", paste_off[] = "\033[?2004l";

static void tell(const char *sequence) { cn_send(sequence, strlen(sequence)); }

static void restore_now(void) {
    if (!is_open) return;
    is_open = 0;
    ssize_t ignored = write(STDOUT_FILENO, restore_bytes, restore_length);
    (void)ignored;
    tcsetattr(STDIN_FILENO, TCSANOW, &saved);
}

static void on_fatal(int number) {
    restore_now();
    signal(number, SIG_DFL);
    raise(number);
}

static void on_signal(int number) {
    int kept = errno;
    unsigned char byte = (unsigned char)number;
    ssize_t ignored = write(signal_pipe[1], &byte, 1);
    (void)ignored;
    errno = kept;
}

int cn_signals(void) {
    if (signal_pipe[0] >= 0) return signal_pipe[0];
    if (pipe2(signal_pipe, O_CLOEXEC | O_NONBLOCK) != 0) return -1;
    return signal_pipe[0];
}

static void install_signals(void) {
    stack_t stack = {.ss_sp = fatal_stack, .ss_size = sizeof fatal_stack};
    sigaltstack(&stack, NULL);
    struct sigaction action;
    memset(&action, 0, sizeof action);
    sigemptyset(&action.sa_mask);
    action.sa_handler = on_fatal;
    action.sa_flags = SA_ONSTACK | SA_NODEFER;
    int fatal[] = {SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS, SIGFPE};
    for (size_t i = 0; i < sizeof fatal / sizeof *fatal; i++) sigaction(fatal[i], &action, NULL);
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART;
    int told[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH, SIGTSTP, SIGCONT};
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) sigaction(told[i], &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

// What terminals send whatever their terminfo entry says: an unknown sequence would be read as Escape and letters.
enum { PASTE_BEGINS = KEY_MAX + 1, PASTE_ENDS };

static void know_further_keys(void) {
    define_key("\033[200~", PASTE_BEGINS);
    define_key("\033[201~", PASTE_ENDS);
    static const struct { const char *sequence; int key; } keys[] = {
        {"\033[1~", KEY_HOME}, {"\033[7~", KEY_HOME}, {"\033[H", KEY_HOME}, {"\033OH", KEY_HOME}, {"\033[4~", KEY_END}, {"\033[8~", KEY_END},
        {"\033[F", KEY_END}, {"\033OF", KEY_END}, {"\033[A", KEY_UP}, {"\033[B", KEY_DOWN}, {"\033[C", KEY_RIGHT}, {"\033[D", KEY_LEFT},
        {"\033OA", KEY_UP}, {"\033OB", KEY_DOWN}, {"\033OC", KEY_RIGHT}, {"\033OD", KEY_LEFT}, {"\033OM", KEY_ENTER}, {"\033[Z", KEY_BTAB},
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (key_defined(keys[i].sequence) == 0) define_key(keys[i].sequence, keys[i].key);
}

int cn_open(int use_mouse) {
    setlocale(LC_CTYPE, "");
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || tcgetattr(STDIN_FILENO, &saved) != 0) return 1;
    if (cn_signals() < 0) return 1;
    set_escdelay(25);
    screen = newterm(NULL, stdout, stdin);
    if (!screen || !cursor_address) {
        // A terminal that cannot place the cursor; newterm has changed its modes already.
        tcsetattr(STDIN_FILENO, TCSANOW, &saved);
        return 2;
    }
    set_term(screen);
    restore_length = 0;
    add_restore(paste_off);
    if (use_mouse) add_restore("\033[?1006l\033[?1002l\033[?1000l");
    add_restore(tigetstr("op"));
    add_restore(tigetstr("sgr0"));
    add_restore(tigetstr("rmkx"));
    add_restore(tigetstr("cnorm"));
    add_restore(tigetstr("rmcup"));
    is_open = 1;
    install_signals();
    raw();
    noecho();
    nonl();
    intrflush(stdscr, FALSE);
    keypad(stdscr, TRUE);
    know_further_keys();
    meta(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    scrollok(stdscr, FALSE);
    leaveok(stdscr, TRUE);
    curs_set(0);
    if (has_colors()) {
        start_color();
        use_default_colors();
    }
    if (use_mouse) {
        mouseinterval(0);
        // A press and its release that arrive together (a slow link) come as one click.
        mousemask(BUTTON1_PRESSED | BUTTON1_RELEASED | BUTTON1_CLICKED | BUTTON1_DOUBLE_CLICKED | BUTTON1_TRIPLE_CLICKED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
    }
    // The first read would refresh, and so clear, the screen: do it now, on purpose.
    refresh();
    tell(paste_on);
    return 0;
}

void cn_close(void) {
    if (!is_open) return;
    is_open = 0;
    mousemask(0, NULL);
    curs_set(1);
    tell(paste_off);
    endwin();
    tcsetattr(STDIN_FILENO, TCSANOW, &saved);
}

int cn_colors(void) { return has_colors() ? COLORS : 0; }
int cn_pairs(void) { return has_colors() ? COLOR_PAIRS : 0; }
void cn_pair(int pair, int foreground, int background) { init_extended_pair(pair, foreground, background); }
void cn_size(int *width, int *height) { getmaxyx(stdscr, *height, *width); }

void cn_resize(void) {
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0) resizeterm(size.ws_row, size.ws_col);
    cn_erase();
}

void cn_erase(void) {
    werase(stdscr);
    clearok(curscr, TRUE);
}

static int named_key(wint_t key) {
    switch (key) {
        case KEY_UP: return CN_UP;
        case KEY_DOWN: return CN_DOWN;
        case KEY_LEFT: return CN_LEFT;
        case KEY_RIGHT: return CN_RIGHT;
        case KEY_HOME: return CN_HOME;
        case KEY_END: return CN_END;
        case KEY_PPAGE: return CN_PAGE_UP;
        case KEY_NPAGE: return CN_PAGE_DOWN;
        case KEY_BACKSPACE: return CN_BACKSPACE;
        case KEY_DC: return CN_DELETE;
        case KEY_IC: return CN_INSERT;
        case KEY_ENTER: return CN_ENTER;
        case KEY_BTAB: return CN_BACKTAB;
        default: break;
    }
    for (int f = 1; f <= 12; f++)
        if (key == (wint_t)KEY_F(f)) return CN_F1 + f - 1;
    return 0;
}

struct cn_input cn_read(void) {
    struct cn_input input = {CN_NONE, 0, 0, 0};
    for (;;) {
        wint_t key = 0;
        errno = 0;
        int kind = wget_wch(stdscr, &key);
        if (kind == ERR) {
            if (errno == EIO || errno == ENXIO || errno == EBADF) input.kind = CN_HANGUP;
            return input;
        }
        if (kind == OK) {
            input.kind = CN_CHARACTER;
            input.value = (int)key;
            return input;
        }
        if (key == KEY_RESIZE) continue;
        if (key == PASTE_BEGINS || key == PASTE_ENDS) {
            input.kind = CN_PASTE;
            input.value = key == PASTE_BEGINS;
            return input;
        }
        if (key == KEY_MOUSE) {
            MEVENT event;
            if (getmouse(&event) != OK) continue;
            input.kind = CN_MOUSE;
            input.x = event.x;
            input.y = event.y;
            if (event.bstate & (BUTTON1_DOUBLE_CLICKED | BUTTON1_TRIPLE_CLICKED)) input.value = CN_DOUBLE_PRESS;
            else if (event.bstate & (BUTTON1_PRESSED | BUTTON1_CLICKED)) input.value = CN_PRESS;
            else if (event.bstate & BUTTON1_RELEASED) input.value = CN_RELEASE;
            else if (event.bstate & BUTTON4_PRESSED) input.value = CN_WHEEL_UP;
            else if (event.bstate & BUTTON5_PRESSED) input.value = CN_WHEEL_DOWN;
            else continue;
            return input;
        }
        int named = named_key(key);
        if (!named) continue;
        input.kind = CN_KEY;
        input.value = named;
        return input;
    }
}

void cn_draw(int x, int y, const wchar_t *text, int length, int attributes, int pair) {
    attr_t attr = A_NORMAL;
    if (attributes & CN_BOLD) attr |= A_BOLD;
    if (attributes & CN_DIM) attr |= A_DIM;
    if (attributes & CN_UNDERLINE) attr |= A_UNDERLINE;
    if (attributes & CN_REVERSE) attr |= A_REVERSE;
    int extended = pair;
    wattr_set(stdscr, attr, (short)(pair > 32767 ? 0 : pair), &extended);
    mvwaddnwstr(stdscr, y, x, text, length);
}

void cn_flush(void) {
    wnoutrefresh(stdscr);
    doupdate();
}

void cn_redraw(void) { clearok(curscr, TRUE); }

void cn_suspend(void) {
    if (!is_open) return;
    def_prog_mode();
    tell(paste_off);
    endwin();
    tcsetattr(STDIN_FILENO, TCSANOW, &saved);
    struct sigaction ours, ours_on, stop, quiet;
    memset(&stop, 0, sizeof stop);
    sigemptyset(&stop.sa_mask);
    stop.sa_handler = SIG_DFL;
    quiet = stop;
    // It goes on here, so that nobody else need be told.
    quiet.sa_handler = SIG_IGN;
    sigaction(SIGTSTP, &stop, &ours);
    sigaction(SIGCONT, &quiet, &ours_on);
    raise(SIGTSTP);
    sigaction(SIGCONT, &ours_on, NULL);
    sigaction(SIGTSTP, &ours, NULL);
    tcgetattr(STDIN_FILENO, &saved);
    reset_prog_mode();
    cn_resize();
    refresh();
    tell(paste_on);
}

void cn_resume(void) {
    if (!is_open) return;
    // What the terminal is in now is the shell's doing: leave it as if nothing had been ours, and enter anew.
    endwin();
    cn_resize();
    refresh();
    tell(paste_on);
}

void cn_send(const char *text, size_t length) {
    while (length > 0) {
        ssize_t count = write(STDOUT_FILENO, text, length);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return;
        text += count;
        length -= (size_t)count;
    }
}

int cn_wakeup(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }
