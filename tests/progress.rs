//! The progress line on a terminal of its own: when it appears, that it is gone before the output, and who never sees it.
#![cfg(target_os = "linux")]
#![allow(unsafe_code, reason = "a pseudo-terminal can only be had from the system")]
#![allow(clippy::disallowed_methods, reason = "runs the program and feeds it slowly")]

use std::fs::File;
use std::io::{Read, Write as _};
use std::os::fd::{FromRawFd as _, OwnedFd};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

const CAPTURE: &[u8] = include_bytes!("../captures/tcp.pcapng");
/// The part of the capture that is enough to open it.
const BEGINNING: usize = 600;

/// A terminal and what has appeared on it.
struct Terminal {
    program: OwnedFd,
    shown: Receiver<Vec<u8>>,
    all: String,
}

impl Terminal {
    fn open() -> Terminal {
        let (mut ours, mut theirs) = (-1, -1);
        let size = libc::winsize { ws_row: 24, ws_col: 100, ws_xpixel: 0, ws_ypixel: 0 };
        // SAFETY: both descriptors are written by the call, and the name and the settings are left out by null.
        let result = unsafe {
            libc::openpty(&raw mut ours, &raw mut theirs, std::ptr::null_mut(), std::ptr::null(), &raw const size)
        };
        assert_eq!(result, 0, "a pseudo-terminal: {}", std::io::Error::last_os_error());
        // SAFETY: the descriptors were just opened and nothing else owns them.
        let (mut ours, program) = unsafe { (File::from_raw_fd(ours), OwnedFd::from_raw_fd(theirs)) };
        let (send, shown) = mpsc::channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            // The other end closing is an error here, not an end of file.
            while let Ok(n) = ours.read(&mut buffer) {
                if n == 0 || send.send(buffer[..n].to_vec()).is_err() {
                    break;
                }
            }
        });
        Terminal { program, shown, all: String::new() }
    }

    /// `netscope ARGS` with standard error on this terminal, and standard output where `stdout` says.
    fn run(&self, args: &[&str], stdin: Stdio, stdout: Option<Stdio>) -> Child {
        let own = || Stdio::from(self.program.try_clone().expect("the terminal once more"));
        Command::new(env!("CARGO_BIN_EXE_netscope"))
            .args(args)
            .env("LC_ALL", "C")
            .env("TERM", "xterm")
            .stdin(stdin)
            .stdout(stdout.unwrap_or_else(own))
            .stderr(own())
            .spawn()
            .expect("netscope")
    }

    /// Waits until the text stands somewhere in what was sent to the terminal.
    fn wait_for(&mut self, text: &str) {
        let end = Instant::now() + Duration::from_secs(30);
        while !self.all.contains(text) {
            let left = end.saturating_duration_since(Instant::now());
            match self.shown.recv_timeout(left) {
                Ok(bytes) => self.all.push_str(&String::from_utf8_lossy(&bytes)),
                Err(error) => panic!("{text:?} did not appear ({error}); what did: {:?}", self.all),
            }
        }
    }

    /// Waits until nothing new comes.
    fn wait_for_silence(&mut self) {
        while let Ok(bytes) = self.shown.recv_timeout(Duration::from_secs(1)) {
            self.all.push_str(&String::from_utf8_lossy(&bytes));
        }
    }

    /// Everything sent to the terminal until the program and everyone else had closed it.
    fn close(mut self) -> String {
        drop(self.program);
        while let Ok(bytes) = self.shown.recv() {
            self.all.push_str(&String::from_utf8_lossy(&bytes));
        }
        self.all
    }
}

/// Ctrl-C.
fn interrupt(child: &Child) {
    // SAFETY: the child has not been waited for, so the number is its own.
    assert_eq!(unsafe { libc::kill(child.id().cast_signed(), libc::SIGINT) }, 0);
}

/// What stays on the screen: a carriage return goes back, `ESC [ 2 K` clears the line, other sequences change nothing here.
fn screen(sent: &str) -> String {
    let mut lines = vec![String::new()];
    let mut column = 0;
    let mut chars = sent.chars().peekable();
    while let Some(c) = chars.next() {
        let line = lines.last_mut().unwrap();
        match c {
            '\r' => column = 0,
            '\n' => {
                lines.push(String::new());
                column = 0;
            }
            '\x1b' => {
                let sequence: String = std::iter::from_fn(|| chars.next_if(|c| !c.is_ascii_alphabetic())).collect();
                if chars.next() == Some('K') {
                    assert_eq!(sequence, "[2", "only whole lines are cleared");
                    line.clear();
                }
            }
            c => {
                let mut cells: Vec<char> = line.chars().collect();
                cells.resize(cells.len().max(column + 1), ' ');
                cells[column] = c;
                *line = cells.into_iter().collect();
                column += 1;
            }
        }
    }
    lines.join("\n")
}

/// What stays on the screen of a run that is fed at once.
fn at_once(args: &[&str]) -> String {
    let terminal = Terminal::open();
    let mut child = terminal.run(args, Stdio::piped(), None);
    child.stdin.take().unwrap().write_all(CAPTURE).unwrap();
    child.wait().unwrap();
    let sent = terminal.close();
    assert!(!sent.contains("packets 1"), "work that is done at once shows no progress: {sent:?}");
    screen(&sent)
}

#[test]
fn slow_input_shows_progress_which_is_gone_before_the_output() {
    let args = ["open", "-", "--color", "never"];
    let mut terminal = Terminal::open();
    let mut child = terminal.run(&args, Stdio::piped(), None);
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(&CAPTURE[..BEGINNING]).unwrap();
    terminal.wait_for(" MB · packets ");
    terminal.wait_for(" · connections ");
    stdin.write_all(&CAPTURE[BEGINNING..]).unwrap();
    drop(stdin);
    assert!(child.wait().unwrap().success());
    let sent = terminal.close();
    assert_eq!(screen(&sent), at_once(&args), "the screen is as if there had been no progress; sent: {sent:?}");
}

#[test]
fn a_file_of_known_length_says_how_much_of_it_is_read() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("long.pcapng");
    let mut file = File::create(&path).unwrap();
    // The packets again and again, which keeps any machine busy until Ctrl-C.
    let packets = block_end(block_end(0));
    file.write_all(CAPTURE).unwrap();
    let many = CAPTURE[packets..].repeat(1 << 8);
    for _ in 0..(64 << 20) / many.len() {
        file.write_all(&many).unwrap();
    }
    drop(file);
    let mut terminal = Terminal::open();
    let output = directory.path().join("out.jsonl");
    let mut child =
        terminal.run(&["open", path.to_str().unwrap(), "-o", output.to_str().unwrap()], Stdio::null(), None);
    terminal.wait_for(" % [");
    terminal.wait_for(" MB · packets ");
    terminal.wait_for(" s left");
    interrupt(&child);
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let shown = screen(&terminal.close());
    assert_eq!(shown, "warning: interrupted: only what was read so far is shown\n");
}

/// Where the block that begins at `at` ends.
fn block_end(at: usize) -> usize {
    at + u32::from_le_bytes(CAPTURE[at + 4..at + 8].try_into().unwrap()) as usize
}

#[test]
fn nobody_sees_progress_who_asked_for_quiet_or_has_no_moving_screen() {
    // `-q`; a terminal that is dumb; standard error that is none.
    let slow = |args: &[&str], term: &str, errors: Option<Stdio>| {
        let terminal = Terminal::open();
        let mut child = Command::new(env!("CARGO_BIN_EXE_netscope"))
            .args(args)
            .env("LC_ALL", "C")
            .env("TERM", term)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(errors.unwrap_or_else(|| Stdio::from(terminal.program.try_clone().unwrap())))
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(&CAPTURE[..BEGINNING]).unwrap();
        std::thread::sleep(Duration::from_millis(900));
        stdin.write_all(&CAPTURE[BEGINNING..]).unwrap();
        drop(stdin);
        assert!(child.wait().unwrap().success());
        terminal.close()
    };
    assert_ne!(slow(&["open", "-"], "xterm", None), "", "the same run shows progress without these");
    assert_eq!(slow(&["open", "-", "-q"], "xterm", None), "");
    assert_eq!(slow(&["open", "-"], "dumb", None), "");
    assert_eq!(slow(&["open", "-"], "xterm", Some(Stdio::null())), "");
}

#[test]
fn ctrl_c_clears_the_line_and_shows_what_was_read() {
    let args = ["open", "-", "--connections", "--format", "csv"];
    let mut terminal = Terminal::open();
    let mut child = terminal.run(&args, Stdio::piped(), None);
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(&CAPTURE[..CAPTURE.len() / 2]).unwrap();
    terminal.wait_for(" · connections 1");
    interrupt(&child);
    // The line is gone at once; the reader looks at the flag between two frames, and still waits for the next one.
    terminal.wait_for_silence();
    assert_eq!(screen(&terminal.all), "");
    let _ = stdin.write_all(&CAPTURE[CAPTURE.len() / 2..]);
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let shown = screen(&terminal.close());
    assert!(shown.starts_with("kind,proto,conn"), "{shown:?}");
    assert!(shown.contains("interrupted: only what was read so far is shown"), "{shown:?}");
    assert!(!shown.contains("packets "), "{shown:?}");
}
