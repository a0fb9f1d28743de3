//! What stands in the memory of a program at a call: read here, put into words in [`crate::calls::text`].

use std::fmt::Write as _;

use super::abi::read;
use super::spec::Kind;
use crate::calls::text::{self, SHOWN, Vector};
use crate::timeline::Deed;

/// Bytes of data that are kept of a call.
const KEPT: usize = 256;
/// Vectors and messages that are looked at.
const MOST: u64 = 1024;
/// Size of `struct msghdr` and `struct mmsghdr` with 64 bits.
const MSGHDR: u64 = 56;
const MMSGHDR: u64 = 64;
/// What strace prints of a call that has not returned.
const UNFINISHED: &str = "<unfinished ...>";

/// A call as far as it is known.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) args: String,
    pub(super) deed: Deed,
    pub(super) data: Vec<u8>,
    /// Room for an address, as the program gave it.
    pub(super) room: u32,
}

/// An argument that is a C int.
#[allow(clippy::cast_possible_truncation, reason = "the kernel reads the lower half of the register as well")]
pub(super) fn int(argument: u64) -> i32 {
    (argument as u32).cast_signed()
}

fn size(argument: u64) -> usize {
    usize::try_from(argument).unwrap_or(usize::MAX)
}

fn word(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..at + 8).and_then(|b| b.try_into().ok()).map_or(0, u64::from_ne_bytes)
}

fn half(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|b| b.try_into().ok()).map_or(0, u32::from_ne_bytes)
}

fn address(tid: i32, pointer: u64, len: u32) -> Vec<u8> {
    if pointer == 0 { Vec::new() } else { read(tid, pointer, (len as usize).min(128)) }
}

/// The arguments at the entry.
pub(super) fn before(tid: i32, kind: Kind, a: [u64; 6]) -> Seen {
    let fd = int(a[0]);
    let mut seen = Seen { args: format!("{fd}, {UNFINISHED}"), ..Seen::default() };
    match kind {
        Kind::Socket => {
            let words = [text::domain(int(a[0])), text::socket_type(int(a[1])), text::protocol(int(a[2]))];
            seen.args = words.join(", ");
            seen.deed = Deed::Create;
        }
        Kind::Bind | Kind::Connect => {
            let bytes = address(tid, a[1], int(a[2]).cast_unsigned());
            seen.args = format!("{fd}, {}, {}", text::sockaddr_bytes(&bytes), int(a[2]));
            if let Some(address) = text::socket_address(&bytes) {
                seen.deed = if kind == Kind::Bind { Deed::Bind(address) } else { Deed::Connect(address) };
            }
        }
        Kind::Listen => (seen.args, seen.deed) = (format!("{fd}, {}", int(a[1])), Deed::Listen),
        Kind::Accept => seen.room = half(&address(tid, a[2], 4), 0),
        Kind::SendTo => {
            seen.data = read(tid, a[1], size(a[2]).min(KEPT));
            let to = address(tid, a[4], int(a[5]).cast_unsigned());
            let flags = text::message_flags(int(a[3]));
            let name = text::sockaddr_bytes(&to);
            let data = text::quoted(&seen.data, size(a[2]));
            seen.args = format!("{fd}, {data}, {}, {flags}, {name}, {}", a[2], int(a[5]));
            seen.deed = Deed::Send { to: text::socket_address(&to), sizes: vec![a[2]] };
        }
        Kind::Write => {
            seen.data = read(tid, a[1], size(a[2]).min(KEPT));
            seen.args = format!("{fd}, {}, {}", text::quoted(&seen.data, size(a[2])), a[2]);
            seen.deed = Deed::Send { to: None, sizes: vec![a[2]] };
        }
        Kind::Writev => {
            let list = vectors(tid, a[1], a[2], u64::MAX);
            seen.args = format!("{fd}, {}, {}", text::vectors(&list), a[2]);
            (seen.data, seen.deed) = (joined(&list), Deed::Send { to: None, sizes: vec![total(&list)] });
        }
        Kind::SendMsg => {
            let (words, list, to) = message(tid, &read(tid, a[1], size(MSGHDR)), u64::MAX, None);
            seen.args = format!("{fd}, {words}, {}", text::message_flags(int(a[2])));
            seen.data = joined(&list);
            seen.deed = Deed::Send { to: text::socket_address(&to), sizes: vec![total(&list)] };
        }
        Kind::SendMmsg => many_before(tid, a, &mut seen),
        Kind::SendFile => {
            let offset = if a[2] == 0 { "NULL".to_owned() } else { format!("[{}]", word(&read(tid, a[2], 8), 0)) };
            seen.args = format!("{fd}, {}, {offset}, {}", int(a[1]), a[3]);
            seen.deed = Deed::Send { to: None, sizes: vec![a[3]] };
        }
        Kind::Splice => {
            seen.args = format!("{fd}, NULL, {}, NULL, {}, {:#x}", int(a[2]), a[4], a[5]);
            seen.deed = Deed::Send { to: None, sizes: vec![a[4]] };
        }
        Kind::Close => seen.args = fd.to_string(),
        Kind::Shutdown => {
            seen.args = format!("{fd}, {}", text::how(int(a[1])));
            seen.deed = Deed::Shutdown { write: matches!(int(a[1]), 1 | 2) };
        }
        Kind::SetOption => {
            let (level, option, len) = (int(a[1]), int(a[2]), int(a[4]).cast_unsigned());
            let value = text::option_value(level, option, &address(tid, a[3], len));
            seen.args = format!("{fd}, {}, {value}, {len}", text::option(level, option));
            seen.deed = Deed::SetOption;
        }
        Kind::GetOption => (seen.deed, seen.room) = (Deed::SetOption, half(&address(tid, a[4], 4), 0)),
        Kind::RecvFrom | Kind::Read | Kind::Readv | Kind::RecvMsg | Kind::RecvMmsg => {
            room_before(tid, kind, a, &mut seen);
        }
        // Their descriptors are looked at where they are needed.
        Kind::Poll | Kind::Select | Kind::Epoll | Kind::EpollFine => seen.deed = Deed::Wait,
        _ => process_before(tid, kind, a, &mut seen),
    }
    seen
}

/// Of calls about descriptors and processes.
fn process_before(tid: i32, kind: Kind, a: [u64; 6], seen: &mut Seen) {
    let fd = int(a[0]);
    match kind {
        Kind::Dup => (seen.args, seen.deed) = (fd.to_string(), Deed::Duplicate),
        Kind::Dup2 => (seen.args, seen.deed) = (format!("{fd}, {}", int(a[1])), Deed::Duplicate),
        Kind::Dup3 => {
            seen.args = format!("{fd}, {}, {}", int(a[1]), text::open_flags(int(a[2])));
            seen.deed = Deed::Duplicate;
        }
        Kind::ExitGroup => (seen.args, seen.deed) = (fd.to_string(), Deed::Exit),
        Kind::Fcntl => {
            seen.args = format!("{fd}, {}, {}", text::fcntl_command(int(a[1])), int(a[2]));
            seen.deed = Deed::Duplicate;
        }
        Kind::Clone | Kind::Clone3 | Kind::Fork => {
            (seen.args, seen.deed) = (cloned(tid, kind, a, None), Deed::Clone);
        }
        Kind::Exec => seen.args = executed(tid, a),
        Kind::CloseRange => {
            let (first, last) = (int(a[0]).cast_unsigned(), int(a[1]).cast_unsigned());
            seen.args = format!("{first}, {last}, {}", text::close_range_flags(int(a[2])));
        }
        Kind::IoUring => seen.args = format!("{}, ...", a[0]),
        _ => {}
    }
}

/// What a call that receives has room for.
fn room_before(tid: i32, kind: Kind, a: [u64; 6], seen: &mut Seen) {
    match kind {
        Kind::RecvFrom => {
            seen.room = half(&address(tid, a[5], 4), 0);
            seen.deed = receive(a[2], int(a[3]));
        }
        Kind::Read => seen.deed = receive(a[2], 0),
        Kind::Readv => seen.deed = receive(total(&vectors(tid, a[1], a[2], 0)), 0),
        Kind::RecvMsg => {
            let header = read(tid, a[1], size(MSGHDR));
            seen.room = half(&header, 8);
            seen.deed = receive(total(&vectors(tid, word(&header, 16), word(&header, 24), 0)), int(a[2]));
        }
        _ => seen.deed = receive(0, int(a[3])),
    }
}

fn receive(room: u64, flags: i32) -> Deed {
    Deed::Receive { from: None, room, peek: flags & 2 != 0 }
}

/// What the call has written into the program's memory.
pub(super) fn after(tid: i32, kind: Kind, a: [u64; 6], returned: i64, seen: &mut Seen) {
    let fd = int(a[0]);
    let got = u64::try_from(returned).ok();
    match kind {
        Kind::Accept => {
            let (name, _) = name_out(tid, a[1], a[2], seen.room, got.is_some());
            seen.args = if int(a[3]) == 0 || a[3] > 0xffff_ffff {
                format!("{fd}, {name}")
            } else {
                format!("{fd}, {name}, {}", text::accept_flags(int(a[3])))
            };
        }
        Kind::RecvFrom => {
            let (name, from) = name_out(tid, a[4], a[5], seen.room, got.is_some());
            let data = buffer(tid, a[1], got, seen);
            seen.args = format!("{fd}, {data}, {}, {}, {name}", a[2], text::message_flags(int(a[3])));
            set_from(seen, &from);
        }
        Kind::Read => {
            let data = buffer(tid, a[1], got, seen);
            seen.args = format!("{fd}, {data}, {}", a[2]);
        }
        Kind::Readv => {
            let list = vectors(tid, a[1], a[2], got.unwrap_or(0));
            seen.args = format!("{fd}, {}, {}", text::vectors(&list), a[2]);
            seen.data = joined(&list);
        }
        Kind::RecvMsg => {
            let header = read(tid, a[1], size(MSGHDR));
            let (words, list, from) = message(tid, &header, got.unwrap_or(0), Some(seen.room));
            let flags = text::message_flags(int(a[2]));
            seen.args =
                if got.is_some() { format!("{fd}, {words}, {flags}") } else { format!("{fd}, {:#x}, {flags}", a[1]) };
            seen.data = joined(&list);
            set_from(seen, &from);
        }
        Kind::RecvMmsg => {
            let messages = got.unwrap_or(0).min(MOST);
            let first = read(tid, a[1], size(MMSGHDR));
            if messages > 0 {
                let (_, list, from) = message(tid, &first, u64::from(half(&first, size(MSGHDR))), None);
                seen.data = joined(&list);
                set_from(seen, &from);
            }
            seen.args = format!("{fd}, [...], {}, {}, NULL", int(a[2]), text::message_flags(int(a[3])));
        }
        Kind::SendFile if a[2] != 0 && got.is_some() => {
            let now = word(&read(tid, a[2], 8), 0);
            seen.args = format!("{fd}, {}, [{}] => [{now}], {}", int(a[1]), now.wrapping_sub(got.unwrap_or(0)), a[3]);
        }
        Kind::GetOption => {
            let (level, option) = (int(a[1]), int(a[2]));
            let len = half(&address(tid, a[4], 4), 0);
            let value = text::option_value(level, option, &address(tid, a[3], len));
            seen.args = format!("{fd}, {}, {value}, [{len}]", text::option(level, option));
        }
        Kind::Clone | Kind::Clone3 => seen.args = cloned(tid, kind, a, got),
        _ => {}
    }
}

const CLONE_SETTLS: u64 = 0x8_0000;
const CLONE_PARENT_SETTID: u64 = 0x10_0000;
/// The child's number is written into its memory, or cleared there at its end.
const CLONE_CHILD_TID: u64 = 0x120_0000;

/// The arguments of `clone`, `clone3` and `fork`; once it has returned, with the number that it wrote.
fn cloned(tid: i32, kind: Kind, a: [u64; 6], child: Option<u64>) -> String {
    let written = |address: u64| match child {
        Some(_) => format!("[{}]", half(&self::address(tid, address, 4), 0)),
        None => text::pointer(address),
    };
    match kind {
        Kind::Clone => {
            // The last two stand the other way round on other machines than x86.
            let (child_tid, tls) = if cfg!(target_arch = "x86_64") { (a[3], a[4]) } else { (a[4], a[3]) };
            let mut words = format!("child_stack={}, flags={}", text::pointer(a[1]), text::clone_flags(a[0]));
            if a[0] & CLONE_PARENT_SETTID != 0 {
                let _ = write!(words, ", parent_tid={}", written(a[2]));
            }
            if a[0] & CLONE_SETTLS != 0 {
                let _ = write!(words, ", tls={tls:#x}");
            }
            if a[0] & CLONE_CHILD_TID != 0 {
                let _ = write!(words, ", child_tidptr={}", text::pointer(child_tid));
            }
            words
        }
        Kind::Clone3 => {
            // struct clone_args: flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls.
            let fields = read(tid, a[0], size(a[1].min(88)));
            let field = |at: usize| word(&fields, at * 8);
            let flags = field(0);
            let mut words = format!("{{flags={}", text::clone_flags(flags));
            if flags & CLONE_CHILD_TID != 0 {
                let _ = write!(words, ", child_tid={}", text::pointer(field(2)));
            }
            if flags & CLONE_PARENT_SETTID != 0 {
                let _ = write!(words, ", parent_tid={}", text::pointer(field(3)));
            }
            let _ = write!(
                words,
                ", exit_signal={}, stack={}, stack_size={:#x}",
                text::child_signal(field(4)),
                text::pointer(field(5)),
                field(6)
            );
            if flags & CLONE_SETTLS != 0 {
                let _ = write!(words, ", tls={:#x}", field(7));
            }
            words.push('}');
            if child.is_some() && flags & CLONE_PARENT_SETTID != 0 {
                let _ = write!(words, " => {{parent_tid={}}}", written(field(3)));
            }
            format!("{words}, {}", a[1])
        }
        _ => String::new(),
    }
}

/// The arguments of `execve`: the file, the words, and how many variables there are.
fn executed(tid: i32, a: [u64; 6]) -> String {
    let string = |pointer: u64| {
        let bytes = read(tid, pointer, KEPT);
        let len = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
        text::quoted(&bytes[..len], len)
    };
    let list = |pointer: u64| -> Vec<u64> {
        let table = read(tid, pointer, size(8 * MOST));
        table.chunks_exact(8).map(|entry| word(entry, 0)).take_while(|entry| *entry != 0).collect()
    };
    let words: Vec<String> = list(a[1]).into_iter().take(SHOWN).map(string).collect();
    let variables = list(a[2]).len();
    format!("{}, [{}], {} /* {variables} vars */", string(a[0]), words.join(", "), text::pointer(a[2]))
}

fn set_from(seen: &mut Seen, bytes: &[u8]) {
    if let Deed::Receive { from, .. } = &mut seen.deed {
        *from = text::socket_address(bytes);
    }
}

/// The data of a finished call, kept and in words; where nothing came the words are those of an empty buffer.
fn buffer(tid: i32, pointer: u64, got: Option<u64>, seen: &mut Seen) -> String {
    match got {
        Some(n) => {
            seen.data = read(tid, pointer, size(n).min(KEPT));
            text::quoted(&seen.data, size(n))
        }
        None if pointer == 0 => "NULL".to_owned(),
        None => format!("{pointer:#x}"),
    }
}

/// An address that the kernel wrote: `{sa_family=…}, [16]`, `NULL, NULL`.
fn name_out(tid: i32, pointer: u64, length: u64, room: u32, done: bool) -> (String, Vec<u8>) {
    if pointer == 0 {
        return ("NULL, NULL".to_owned(), Vec::new());
    }
    let len = half(&address(tid, length, 4), 0);
    if !done {
        return (format!("{pointer:#x}, [{room}]"), Vec::new());
    }
    let bytes = address(tid, pointer, len.min(room));
    let shown = if len == 0 { String::from("NULL") } else { text::sockaddr_bytes(&bytes) };
    let lengths = if len == room { format!("[{len}]") } else { format!("[{room} => {len}]") };
    (format!("{shown}, {lengths}"), bytes)
}

/// The vectors of a call; of `filled` bytes in all they hold data.
fn vectors(tid: i32, pointer: u64, count: u64, filled: u64) -> Vec<Vector> {
    let table = read(tid, pointer, size(count.min(MOST)) * 16);
    let mut left = filled;
    let mut shown = 0;
    table
        .chunks_exact(16)
        .map(|entry| {
            let (base, len) = (word(entry, 0), word(entry, 8));
            let holds = len.min(left);
            left -= holds;
            let keep = size(holds).min(KEPT.saturating_sub(shown).max(SHOWN));
            shown += keep;
            Vector { head: read(tid, base, keep), filled: size(holds), len: size(len) }
        })
        .collect()
}

fn joined(list: &[Vector]) -> Vec<u8> {
    let mut data = Vec::new();
    for vector in list {
        data.extend_from_slice(&vector.head);
        if vector.head.len() < vector.filled {
            break;
        }
    }
    data.truncate(KEPT);
    data
}

fn total(list: &[Vector]) -> u64 {
    list.iter().map(|vector| vector.len as u64).sum()
}

/// A `struct msghdr` in words, its data and its address. `room`: it was received with so much room for an address.
fn message(tid: i32, header: &[u8], filled: u64, room: Option<u32>) -> (String, Vec<Vector>, Vec<u8>) {
    let (name, name_len) = (word(header, 0), half(header, 8));
    let (iov, count) = (word(header, 16), word(header, 24));
    let list = vectors(tid, iov, count, filled);
    let from = address(tid, name, name_len);
    let shown = match (name, name_len) {
        (0, _) => "NULL".to_owned(),
        // Nothing was written there.
        (_, 0) => format!("{name:#x}"),
        _ => text::sockaddr_bytes(&from),
    };
    let lengths = match room {
        Some(room) if room != name_len && name != 0 => format!("{room} => {name_len}"),
        _ => name_len.to_string(),
    };
    let flags = text::message_flags(half(header, 48).cast_signed());
    let words = format!(
        "{{msg_name={shown}, msg_namelen={lengths}, msg_iov={}, msg_iovlen={count}, msg_controllen={}, \
         msg_flags={flags}}}",
        text::vectors(&list),
        word(header, 40)
    );
    (words, list, from)
}

fn many_before(tid: i32, a: [u64; 6], seen: &mut Seen) {
    let (mut words, mut sizes, mut to) = (Vec::new(), Vec::new(), Vec::new());
    for index in 0..u64::from(int(a[2]).cast_unsigned()).min(MOST) {
        let header = read(tid, a[1] + index * MMSGHDR, size(MMSGHDR));
        let (shown, list, name) = message(tid, &header, u64::MAX, None);
        words.push(format!("{{msg_hdr={shown}}}"));
        sizes.push(total(&list));
        if index == 0 {
            (seen.data, to) = (joined(&list), name);
        }
    }
    let flags = text::message_flags(int(a[3]));
    seen.args = format!("{}, [{}], {}, {flags}", int(a[0]), words.join(", "), int(a[2]));
    seen.deed = Deed::Send { to: text::socket_address(&to), sizes };
}

/// The descriptors of `poll`, with its arguments in words.
pub(super) fn polled(tid: i32, a: [u64; 6]) -> (Vec<i32>, String) {
    let table = read(tid, a[0], size(a[1].min(MOST)) * 8);
    let entries: Vec<(i32, u16)> = table
        .chunks_exact(8)
        .map(|entry| (half(entry, 0).cast_signed(), u16::from_ne_bytes([entry[4], entry[5]])))
        .collect();
    let words: Vec<String> =
        entries.iter().map(|(fd, events)| format!("{{fd={fd}, events={}}}", text::poll_events(*events))).collect();
    (entries.iter().map(|(fd, _)| *fd).collect(), format!("[{}], {}, {}", words.join(", "), a[1], int(a[2])))
}

/// A wait for whatever may come: what it waits for is the kernel's knowledge.
pub(super) fn awaited(tid: i32, kind: Kind, a: [u64; 6]) -> String {
    let time = match (kind, a[3]) {
        (Kind::EpollFine, 0) => "NULL".to_owned(),
        (Kind::EpollFine, pointer) => {
            let time = read(tid, pointer, 16);
            format!("{{tv_sec={}, tv_nsec={}}}", word(&time, 0), word(&time, 8))
        }
        (_, milliseconds) => int(milliseconds).to_string(),
    };
    format!("{}, [...], {}, {time}", int(a[0]), int(a[2]))
}

/// The descriptors of `select`.
pub(super) fn selected(tid: i32, a: [u64; 6]) -> (Vec<i32>, String) {
    let bytes = size(a[0]).min(1024).div_ceil(64) * 8;
    let mut all = Vec::new();
    let words: Vec<String> = a[1..4]
        .iter()
        .map(|set| {
            if *set == 0 {
                return "NULL".to_owned();
            }
            let bits = read(tid, *set, bytes);
            let set = |fd: &i32| {
                bits.get(size(u64::from(fd.cast_unsigned())) / 8).is_some_and(|byte| byte & (1 << (fd % 8)) != 0)
            };
            let fds: Vec<i32> = (0..int(a[0]).clamp(0, 1024)).filter(set).collect();
            let shown = fds.iter().map(i32::to_string).collect::<Vec<_>>().join(" ");
            all.extend(fds);
            format!("[{shown}]")
        })
        .collect();
    (all, format!("{}, {}", int(a[0]), words.join(", ")))
}
