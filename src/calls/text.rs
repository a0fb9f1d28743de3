//! Bytes of a system call's arguments → text as strace prints it. Numbers are those of the Linux ABI.

use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// Bytes of data that arguments show, as strace does unless told otherwise.
pub const SHOWN: usize = 32;

const AF_UNIX: u16 = 1;
const AF_INET: u16 = 2;
const AF_INET6: u16 = 10;

/// The address in a `struct sockaddr`; none for other families and what is too short.
#[must_use]
pub fn socket_address(bytes: &[u8]) -> Option<SocketAddr> {
    let port = u16::from_be_bytes(bytes.get(2..4)?.try_into().ok()?);
    let ip: IpAddr = match family(bytes)? {
        AF_INET => Ipv4Addr::from(<[u8; 4]>::try_from(bytes.get(4..8)?).ok()?).into(),
        AF_INET6 => Ipv6Addr::from(<[u8; 16]>::try_from(bytes.get(8..24)?).ok()?).into(),
        _ => return None,
    };
    Some(SocketAddr::new(ip, port))
}

fn family(bytes: &[u8]) -> Option<u16> {
    Some(u16::from_ne_bytes(bytes.get(..2)?.try_into().ok()?))
}

/// `{sa_family=AF_INET, sin_port=htons(5000), sin_addr=inet_addr("127.0.0.1")}`
#[must_use]
pub fn sockaddr(address: SocketAddr) -> String {
    match address {
        SocketAddr::V4(v4) => {
            format!("{{sa_family=AF_INET, sin_port=htons({}), sin_addr=inet_addr(\"{}\")}}", v4.port(), v4.ip())
        }
        SocketAddr::V6(v6) => format!(
            "{{sa_family=AF_INET6, sin6_port=htons({}), sin6_flowinfo=htonl({}), inet_pton(AF_INET6, \"{}\", \
             &sin6_addr), sin6_scope_id={}}}",
            v6.port(),
            v6.flowinfo(),
            v6.ip(),
            v6.scope_id()
        ),
    }
}

/// The same from the bytes; families without addresses of ours by their number.
#[must_use]
pub fn sockaddr_bytes(bytes: &[u8]) -> String {
    match (socket_address(bytes), family(bytes)) {
        (Some(address), _) => sockaddr(address),
        (None, Some(0)) => "{sa_family=AF_UNSPEC}".to_owned(),
        (None, Some(AF_UNIX)) => "{sa_family=AF_UNIX}".to_owned(),
        (None, Some(other)) => format!("{{sa_family={other:#x}}}"),
        (None, None) => "NULL".to_owned(),
    }
}

/// `AF_INET`
#[must_use]
pub fn domain(domain: i32) -> String {
    match domain {
        2 => "AF_INET".to_owned(),
        10 => "AF_INET6".to_owned(),
        other => format!("{other:#x}"),
    }
}

/// `SOCK_STREAM|SOCK_CLOEXEC`
#[must_use]
pub fn socket_type(kind: i32) -> String {
    let base = match kind & 0xf {
        1 => "SOCK_STREAM".to_owned(),
        2 => "SOCK_DGRAM".to_owned(),
        3 => "SOCK_RAW".to_owned(),
        other => format!("{other:#x}"),
    };
    let flags = accept_flags(kind & !0xf);
    if flags == "0" { base } else { format!("{base}|{flags}") }
}

/// `SOCK_CLOEXEC|SOCK_NONBLOCK`
#[must_use]
pub fn accept_flags(flags: i32) -> String {
    names(i64::from(flags), &[(0o2_000_000, "SOCK_CLOEXEC"), (0o4000, "SOCK_NONBLOCK")])
}

/// `O_CLOEXEC`: the flags of `dup3`.
#[must_use]
pub fn open_flags(flags: i32) -> String {
    names(i64::from(flags), &[(0o2_000_000, "O_CLOEXEC")])
}

/// `IPPROTO_TCP`
#[must_use]
pub fn protocol(protocol: i32) -> String {
    match protocol {
        0 => "IPPROTO_IP".to_owned(),
        1 => "IPPROTO_ICMP".to_owned(),
        6 => "IPPROTO_TCP".to_owned(),
        17 => "IPPROTO_UDP".to_owned(),
        other => format!("{other:#x}"),
    }
}

/// `SHUT_WR`
#[must_use]
pub fn how(how: i32) -> String {
    match how {
        0 => "SHUT_RD".to_owned(),
        1 => "SHUT_WR".to_owned(),
        2 => "SHUT_RDWR".to_owned(),
        other => format!("{other:#x} /* SHUT_??? */"),
    }
}

const MSG: &[(i64, &str)] = &[
    (0x1, "MSG_OOB"),
    (0x2, "MSG_PEEK"),
    (0x4, "MSG_DONTROUTE"),
    (0x8, "MSG_CTRUNC"),
    (0x10, "MSG_PROXY"),
    (0x20, "MSG_TRUNC"),
    (0x40, "MSG_DONTWAIT"),
    (0x80, "MSG_EOR"),
    (0x100, "MSG_WAITALL"),
    (0x200, "MSG_FIN"),
    (0x400, "MSG_SYN"),
    (0x800, "MSG_CONFIRM"),
    (0x1000, "MSG_RST"),
    (0x2000, "MSG_ERRQUEUE"),
    (0x4000, "MSG_NOSIGNAL"),
    (0x8000, "MSG_MORE"),
    (0x10000, "MSG_WAITFORONE"),
    (0x4_0000, "MSG_BATCH"),
    (0x400_0000, "MSG_ZEROCOPY"),
    (0x2000_0000, "MSG_FASTOPEN"),
    (0x4000_0000, "MSG_CMSG_CLOEXEC"),
];

/// `MSG_NOSIGNAL|MSG_MORE`, or `0`
#[must_use]
pub fn message_flags(flags: i32) -> String {
    names(i64::from(flags), MSG)
}

/// `POLLIN|POLLOUT`
#[must_use]
pub fn poll_events(events: u16) -> String {
    const POLL: &[(i64, &str)] = &[
        (0x1, "POLLIN"),
        (0x2, "POLLPRI"),
        (0x4, "POLLOUT"),
        (0x8, "POLLERR"),
        (0x10, "POLLHUP"),
        (0x20, "POLLNVAL"),
        (0x40, "POLLRDNORM"),
        (0x80, "POLLRDBAND"),
        (0x100, "POLLWRNORM"),
        (0x200, "POLLWRBAND"),
        (0x2000, "POLLRDHUP"),
    ];
    names(i64::from(events), POLL)
}

/// `CLONE_VM|CLONE_FS|SIGCHLD`: the flags of `clone`, with the signal in their lowest byte.
#[must_use]
pub fn clone_flags(flags: u64) -> String {
    const CLONE: &[(i64, &str)] = &[
        (0x100, "CLONE_VM"),
        (0x200, "CLONE_FS"),
        (0x400, "CLONE_FILES"),
        (0x800, "CLONE_SIGHAND"),
        (0x1000, "CLONE_PIDFD"),
        (0x2000, "CLONE_PTRACE"),
        (0x4000, "CLONE_VFORK"),
        (0x8000, "CLONE_PARENT"),
        (0x1_0000, "CLONE_THREAD"),
        (0x2_0000, "CLONE_NEWNS"),
        (0x4_0000, "CLONE_SYSVSEM"),
        (0x8_0000, "CLONE_SETTLS"),
        (0x10_0000, "CLONE_PARENT_SETTID"),
        (0x20_0000, "CLONE_CHILD_CLEARTID"),
        (0x40_0000, "CLONE_DETACHED"),
        (0x80_0000, "CLONE_UNTRACED"),
        (0x100_0000, "CLONE_CHILD_SETTID"),
        (0x200_0000, "CLONE_NEWCGROUP"),
        (0x400_0000, "CLONE_NEWUTS"),
        (0x800_0000, "CLONE_NEWIPC"),
        (0x1000_0000, "CLONE_NEWUSER"),
        (0x2000_0000, "CLONE_NEWPID"),
        (0x4000_0000, "CLONE_NEWNET"),
        (0x8000_0000, "CLONE_IO"),
    ];
    let signal = flags & 0xff;
    match (flags - signal, signal) {
        (0, signal) => child_signal(signal),
        (rest, 0) => names(rest.cast_signed(), CLONE),
        (rest, signal) => format!("{}|{}", names(rest.cast_signed(), CLONE), child_signal(signal)),
    }
}

/// The signal that tells a parent of its child's end: `SIGCHLD`, or a number.
#[must_use]
pub fn child_signal(signal: u64) -> String {
    if signal == 17 { "SIGCHLD".to_owned() } else { signal.to_string() }
}

/// `F_DUPFD_CLOEXEC`; other commands by their number.
#[must_use]
pub fn fcntl_command(command: i32) -> String {
    match command {
        0 => "F_DUPFD".to_owned(),
        1030 => "F_DUPFD_CLOEXEC".to_owned(),
        other => format!("{other:#x}"),
    }
}

/// `CLOSE_RANGE_UNSHARE|CLOSE_RANGE_CLOEXEC`
#[must_use]
pub fn close_range_flags(flags: i32) -> String {
    names(i64::from(flags), &[(2, "CLOSE_RANGE_UNSHARE"), (4, "CLOSE_RANGE_CLOEXEC")])
}

/// A place in memory.
#[must_use]
pub fn pointer(address: u64) -> String {
    if address == 0 { "NULL".to_owned() } else { format!("{address:#x}") }
}

/// The names of the bits that are set; what has no name as a number at the end.
fn names(value: i64, table: &[(i64, &str)]) -> String {
    let mut rest = value;
    let mut out = String::new();
    for (bit, name) in table.iter().filter(|(bit, _)| value & bit == *bit) {
        rest &= !bit;
        if !out.is_empty() {
            out.push('|');
        }
        out.push_str(name);
    }
    if rest != 0 || out.is_empty() {
        if !out.is_empty() {
            out.push('|');
        }
        let _ = if rest == 0 { write!(out, "0") } else { write!(out, "{rest:#x}") };
    }
    out
}

const SOCKET_OPTIONS: &[(i32, &str)] = &[
    (1, "SO_DEBUG"),
    (2, "SO_REUSEADDR"),
    (3, "SO_TYPE"),
    (4, "SO_ERROR"),
    (5, "SO_DONTROUTE"),
    (6, "SO_BROADCAST"),
    (7, "SO_SNDBUF"),
    (8, "SO_RCVBUF"),
    (9, "SO_KEEPALIVE"),
    (10, "SO_OOBINLINE"),
    (12, "SO_PRIORITY"),
    (13, "SO_LINGER"),
    (15, "SO_REUSEPORT"),
    (18, "SO_RCVLOWAT"),
    (19, "SO_SNDLOWAT"),
    (20, "SO_RCVTIMEO_OLD"),
    (21, "SO_SNDTIMEO_OLD"),
    (25, "SO_BINDTODEVICE"),
    (26, "SO_ATTACH_FILTER"),
    (30, "SO_ACCEPTCONN"),
    (38, "SO_PROTOCOL"),
    (39, "SO_DOMAIN"),
];
const TCP_OPTIONS: &[(i32, &str)] = &[
    (1, "TCP_NODELAY"),
    (2, "TCP_MAXSEG"),
    (3, "TCP_CORK"),
    (4, "TCP_KEEPIDLE"),
    (5, "TCP_KEEPINTVL"),
    (6, "TCP_KEEPCNT"),
    (7, "TCP_SYNCNT"),
    (8, "TCP_LINGER2"),
    (9, "TCP_DEFER_ACCEPT"),
    (10, "TCP_WINDOW_CLAMP"),
    (11, "TCP_INFO"),
    (12, "TCP_QUICKACK"),
    (13, "TCP_CONGESTION"),
    (18, "TCP_USER_TIMEOUT"),
    (23, "TCP_FASTOPEN"),
    (30, "TCP_FASTOPEN_CONNECT"),
];

/// `SOL_SOCKET, SO_REUSEADDR`
#[must_use]
pub fn option(level: i32, option: i32) -> String {
    let (level, table): (String, &[(i32, &str)]) = match level {
        0 => ("SOL_IP".to_owned(), &[]),
        1 => ("SOL_SOCKET".to_owned(), SOCKET_OPTIONS),
        6 => ("SOL_TCP".to_owned(), TCP_OPTIONS),
        17 => ("SOL_UDP".to_owned(), &[]),
        41 => ("SOL_IPV6".to_owned(), &[(26, "IPV6_V6ONLY")]),
        other => (format!("{other:#x}"), &[]),
    };
    let name = table.iter().find(|(number, _)| *number == option);
    format!("{level}, {}", name.map_or_else(|| format!("{option:#x}"), |(_, name)| (*name).to_owned()))
}

/// The value of an option: `[1]`, `{l_onoff=1, l_linger=0}`, `{tv_sec=1, tv_usec=0}`, other lengths as a string.
#[must_use]
pub fn option_value(level: i32, option: i32, value: &[u8]) -> String {
    let word = |at: usize| value.get(at..at + 4).and_then(|b| b.try_into().ok()).map(i32::from_ne_bytes);
    let long = |at: usize| value.get(at..at + 8).and_then(|b| b.try_into().ok()).map(i64::from_ne_bytes);
    match (level, option, value.len()) {
        (1, 13, 8) => {
            format!("{{l_onoff={}, l_linger={}}}", word(0).unwrap_or_default(), word(4).unwrap_or_default())
        }
        (1, 20 | 21, 16) => {
            format!("{{tv_sec={}, tv_usec={}}}", long(0).unwrap_or_default(), long(8).unwrap_or_default())
        }
        (_, _, 4) => format!("[{}]", word(0).unwrap_or_default()),
        _ => quoted(value, value.len()),
    }
}

/// Bytes as a C string, at most [`SHOWN`] of them, as strace prints it; `len` is how many there are in all.
#[must_use]
pub fn quoted(bytes: &[u8], len: usize) -> String {
    let mut out = String::from("\"");
    let shown = bytes.get(..SHOWN).unwrap_or(bytes);
    for (i, byte) in shown.iter().enumerate() {
        match byte {
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            0x0b => out.push_str("\\v"),
            0x0c => out.push_str("\\f"),
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            0x20..=0x7e => out.push(char::from(*byte)),
            // Three digits where a digit follows, so that it is not read as one more.
            _ if shown.get(i + 1).is_some_and(|next| (b'0'..=b'7').contains(next)) => {
                let _ = write!(out, "\\{byte:03o}");
            }
            _ => {
                let _ = write!(out, "\\{byte:o}");
            }
        }
    }
    out.push('"');
    if len > shown.len() {
        out.push_str("...");
    }
    out
}

/// One vector of `readv`, `writev`, `sendmsg`: its first bytes and its length.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vector {
    /// The first bytes, as far as they hold data.
    pub head: Vec<u8>,
    /// How many of its bytes hold data.
    pub filled: usize,
    /// Its whole length.
    pub len: usize,
}

/// `[{iov_base="halo", iov_len=4}]`
#[must_use]
pub fn vectors(vectors: &[Vector]) -> String {
    let list: Vec<String> = vectors
        .iter()
        .map(|vector| format!("{{iov_base={}, iov_len={}}}", quoted(&vector.head, vector.filled), vector.len))
        .collect();
    format!("[{}]", list.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_reads_as_strace_prints_it() {
        assert_eq!(quoted(b"halo\r\n", 6), r#""halo\r\n""#);
        assert_eq!(quoted(b"a\"b\\", 4), r#""a\"b\\""#);
        assert_eq!(quoted(&[0, b'1', 1, b'x', 0xc3, 0, b'9'], 7), r#""\0001\1x\303\09""#);
        assert_eq!(quoted(&[b'a'; 33], 33), format!("\"{}\"...", "a".repeat(32)));
        assert_eq!(quoted(b"ab", 9), "\"ab\"...");
    }

    #[test]
    fn addresses_read_as_strace_prints_them() {
        let four = [2, 0, 0x13, 0x88, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0];
        assert_eq!(
            sockaddr_bytes(&four),
            r#"{sa_family=AF_INET, sin_port=htons(5000), sin_addr=inet_addr("127.0.0.1")}"#
        );
        assert_eq!(socket_address(&four), Some("127.0.0.1:5000".parse().expect("address")));
        let mut six = [0u8; 28];
        (six[0], six[2], six[3], six[23]) = (10, 0x13, 0x88, 1);
        assert!(sockaddr_bytes(&six).ends_with("sin6_scope_id=0}"));
        assert_eq!(socket_address(&six), Some("[::1]:5000".parse().expect("address")));
        assert_eq!(socket_address(&four[..7]), None);
        assert_eq!(sockaddr_bytes(&[]), "NULL");
        assert_eq!(sockaddr_bytes(&[0, 0]), "{sa_family=AF_UNSPEC}");
    }

    #[test]
    fn flags_have_names_and_what_has_none_is_a_number() {
        assert_eq!(message_flags(0), "0");
        assert_eq!(message_flags(0x4000 | 0x8000), "MSG_NOSIGNAL|MSG_MORE");
        assert_eq!(message_flags(0x2 | 0x80_0000), "MSG_PEEK|0x800000");
        assert_eq!(socket_type(1 | 0o2_000_000), "SOCK_STREAM|SOCK_CLOEXEC");
        assert_eq!(socket_type(2), "SOCK_DGRAM");
        assert_eq!(poll_events(5), "POLLIN|POLLOUT");
    }

    #[test]
    fn options_read_as_strace_prints_them() {
        assert_eq!(option(1, 2), "SOL_SOCKET, SO_REUSEADDR");
        assert_eq!(option(6, 1), "SOL_TCP, TCP_NODELAY");
        assert_eq!(option(41, 26), "SOL_IPV6, IPV6_V6ONLY");
        assert_eq!(option_value(1, 2, &1i32.to_ne_bytes()), "[1]");
        let linger: Vec<u8> = [1i32, 0].iter().flat_map(|word| word.to_ne_bytes()).collect();
        assert_eq!(option_value(1, 13, &linger), "{l_onoff=1, l_linger=0}");
        let time: Vec<u8> = [2i64, 500].iter().flat_map(|word| word.to_ne_bytes()).collect();
        assert_eq!(option_value(1, 20, &time), "{tv_sec=2, tv_usec=500}");
    }

    #[test]
    fn vectors_show_what_they_hold() {
        let list = [
            Vector { head: b"halo".to_vec(), filled: 4, len: 4 },
            Vector { head: b"x".to_vec(), filled: 1, len: 1024 },
        ];
        assert_eq!(vectors(&list), r#"[{iov_base="halo", iov_len=4}, {iov_base="x", iov_len=1024}]"#);
    }
}
