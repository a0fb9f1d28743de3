//! A program on a terminal of its own, seized before its first instruction and held until it may begin.
#![allow(unsafe_code, reason = "fork, pseudo-terminals and exec are system calls")]

use std::ffi::{CStr, CString};
use std::io::{self, PipeReader, PipeWriter, Write as _};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::ptr;

use super::abi;
use super::filter::Filter;
use crate::track::Side;

/// The exit status of a shell that finds no program.
const NOT_FOUND: i32 = 127;

/// A program that waits for its start.
pub(in crate::live) struct Held {
    pub(in crate::live) pid: i32,
    pub(in crate::live) side: Option<Side>,
    /// Our end of its terminal.
    pub(in crate::live) terminal: OwnedFd,
    gate: PipeWriter,
}

impl Held {
    /// What lets it begin: a byte. Dropped without one, the program never begins.
    pub(in crate::live) fn gate(&self) -> io::Result<Gate> {
        Ok(Gate(self.gate.try_clone()?))
    }
}

/// Opens for one program.
pub(in crate::live) struct Gate(PipeWriter);

impl Gate {
    pub(in crate::live) fn open(&mut self) {
        // A program that is gone needs no gate.
        let _ = self.0.write_all(b"g");
    }
}

/// Starts a program up to its gate. To be called while this process has one thread.
pub(in crate::live) fn start(command: &[String], side: Option<Side>) -> io::Result<Held> {
    let arguments: Vec<CString> = command.iter().map(|word| CString::new(word.as_str())).collect::<Result<_, _>>()?;
    let mut pointers: Vec<*const libc::c_char> = arguments.iter().map(|word| word.as_ptr()).collect();
    pointers.push(ptr::null());
    let (terminal, name) = open_terminal()?;
    let (waiting, gate) = io::pipe()?;
    let filter = Filter::new();
    // SAFETY: there is one thread, and the child calls nothing but system calls.
    let pid = unsafe { libc::fork() };
    match pid {
        -1 => return Err(io::Error::last_os_error()),
        // SAFETY: this is the child; the vectors are copies of its own and end with a null pointer.
        0 => unsafe { become_program(&pointers, &name, &waiting, gate.as_raw_fd(), &filter) },
        _ => {}
    }
    let held = Held { pid, side, terminal, gate };
    if let Err(error) = abi::seize(pid) {
        abi::signal(pid, libc::SIGKILL);
        return Err(error);
    }
    Ok(held)
}

/// A new pseudo-terminal that does not echo and turns no line feed into two characters.
fn open_terminal() -> io::Result<(OwnedFd, CString)> {
    // SAFETY: posix_openpt takes flags.
    let fd = unsafe { libc::posix_openpt(libc::O_RDWR | libc::O_NOCTTY | libc::O_CLOEXEC) };
    if fd < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the kernel has just given us this descriptor.
    let terminal = unsafe { OwnedFd::from_raw_fd(fd) };
    let mut name = [0 as libc::c_char; 64];
    // SAFETY: the descriptor is a terminal's; the name has its length beside it.
    let made = unsafe {
        libc::grantpt(fd) == 0 && libc::unlockpt(fd) == 0 && libc::ptsname_r(fd, name.as_mut_ptr(), name.len()) == 0
    };
    if !made {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: termios and winsize are plain data; each outlives its call.
    unsafe {
        let mut settings: libc::termios = std::mem::zeroed();
        if libc::tcgetattr(fd, &raw mut settings) == 0 {
            settings.c_lflag &= !libc::ECHO;
            settings.c_oflag &= !libc::ONLCR;
            libc::tcsetattr(fd, libc::TCSANOW, &raw const settings);
        }
        let size = libc::winsize { ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0 };
        libc::ioctl(fd, libc::TIOCSWINSZ, &raw const size);
        // SAFETY: ptsname_r has ended the name with a zero.
        Ok((terminal, CStr::from_ptr(name.as_ptr()).to_owned()))
    }
}

/// The child's way to the program. It never returns and takes no memory.
unsafe fn become_program(
    pointers: &[*const libc::c_char],
    terminal: &CStr,
    waiting: &PipeReader,
    gate: i32,
    filter: &Filter,
) -> ! {
    // SAFETY: system calls on numbers and on memory that outlives them; what fails ends the child.
    unsafe {
        // Only the parent may keep the gate, so that its end is the child's as well.
        libc::close(gate);
        libc::setsid();
        let slave = libc::open(terminal.as_ptr(), libc::O_RDWR);
        if slave < 0 {
            libc::_exit(NOT_FOUND);
        }
        for fd in 0..3 {
            libc::dup2(slave, fd);
        }
        libc::signal(libc::SIGPIPE, libc::SIG_DFL);
        libc::signal(libc::SIGINT, libc::SIG_DFL);
        let mut none: libc::sigset_t = std::mem::zeroed();
        libc::sigemptyset(&raw mut none);
        libc::sigprocmask(libc::SIG_SETMASK, &raw const none, ptr::null_mut());
        let mut byte = 0u8;
        if libc::read(waiting.as_raw_fd(), (&raw mut byte).cast(), 1) != 1 || filter.install().is_err() {
            libc::_exit(NOT_FOUND);
        }
        // Before exec: whatever this process had open stays here.
        libc::syscall(libc::SYS_close_range, 3, libc::c_uint::MAX, 0);
        if let Some(program) = pointers.first() {
            libc::execvp(*program, pointers.as_ptr());
        }
        let words = b"netscope: this program cannot be run\n";
        libc::write(2, words.as_ptr().cast(), words.len());
        libc::_exit(NOT_FOUND)
    }
}
