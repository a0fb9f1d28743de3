//! The notation of [`Talk`](super::Talk), read: text to patterns of packets and paths of states.

use crate::track::{Side, State};

/// The flags of a TCP segment by bit, lowest first.
pub const FLAGS: [&str; 9] = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR", "AE"];

/// The most copies a count may ask for: a slip of the finger is no reason to use up the memory.
const MAX_COUNT: u32 = 1000;

/// Packets in an order.
#[derive(Clone, Debug, PartialEq)]
pub enum Pattern {
    /// One packet.
    Packet(Expected),
    /// One after the other.
    Sequence(Vec<Pattern>),
    /// One of these.
    OneOf(Vec<Pattern>),
    /// All of these, in whatever order.
    AnyOrder(Vec<Pattern>),
    /// So often.
    Repeat {
        /// At least.
        min: u32,
        /// At most; `None`: without limit.
        max: Option<u32>,
        /// What.
        of: Box<Pattern>,
    },
}

/// How one packet must look.
#[derive(Clone, Debug, PartialEq)]
pub struct Expected {
    /// Who sends it.
    pub from: Side,
    /// What it is.
    pub kind: Kind,
    /// Payload bytes: the least and the most.
    pub len: (u32, u32),
    /// The payload.
    pub data: Option<&'static str>,
    /// Relative sequence number.
    pub seq: Option<u32>,
    /// Relative acknowledgment number.
    pub ack: Option<u32>,
    /// Window in bytes.
    pub win: Option<u32>,
    /// SACK blocks: `Some(None)` for any, `Some(Some(blocks))` for these (or none).
    pub sack: Option<Option<Vec<(u32, u32)>>>,
    /// It did not arrive.
    pub lost: bool,
    /// It arrived after one that left later.
    pub late: bool,
    /// It may be absent, alone or with others: a `~` or a count with a choice stands before it.
    pub optional: bool,
    /// Rules that must fire on it.
    pub rules: Vec<&'static str>,
    /// As it is written, without its rules.
    pub text: &'static str,
}

/// What a packet is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A TCP segment with exactly these flags, by the bits of [`FLAGS`].
    Tcp(u16),
    /// A UDP datagram.
    Udp,
    /// An ICMP error that says this: `port-unreachable`.
    Icmp(&'static str),
}

/// One state of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PathState {
    /// Which; none for `?`: the packets cannot tell.
    pub state: Option<State>,
    /// It may be left out.
    pub optional: bool,
}

const HANDSHAKE: &str = "C>S [SYN] : syn\nS>C [SYN,ACK] : syn-ack\nC>S [ACK] : handshake-ack";
const THREE_BY_CLIENT: &str = "C>S [FIN,ACK] : fin-first\nS>C [FIN,ACK] : fin-ack-merged\nC>S [ACK] : last-ack";
const THREE_BY_SERVER: &str = "S>C [FIN,ACK] : fin-first\nC>S [FIN,ACK] : fin-ack-merged\nS>C [ACK] : last-ack";
const FOUR_BY_CLIENT: &str = "C>S [FIN,ACK] : fin-first\nS>C [ACK] : half-close-begins\nS>C [FIN,ACK] : fin-second\n\
                              C>S [ACK] : last-ack";
const FOUR_BY_SERVER: &str = "S>C [FIN,ACK] : fin-first\nC>S [ACK] : half-close-begins\nC>S [FIN,ACK] : fin-second\n\
                              S>C [ACK] : last-ack";

/// What a short name stands for.
fn macro_of(name: &str) -> Option<&'static str> {
    Some(match name {
        "H" => HANDSHAKE,
        "X3(C)" => THREE_BY_CLIENT,
        "X3(S)" => THREE_BY_SERVER,
        "X4(C)" => FOUR_BY_CLIENT,
        "X4(S)" => FOUR_BY_SERVER,
        _ => return None,
    })
}

/// Reads the packets of a conversation.
///
/// # Errors
/// What cannot be read, with the text around it.
pub fn packets(text: &'static str) -> Result<Pattern, String> {
    let items = split(text, |c| c == ',' || c == '\n')?;
    let mut sequence = Vec::new();
    for text in items {
        sequence.push(item(text)?);
    }
    match sequence.len() {
        1 => Ok(sequence.remove(0)),
        _ => Ok(Pattern::Sequence(sequence)),
    }
}

/// The non-empty parts of a text between separators, which do not count inside brackets and quotation marks. A comment
/// ends with its line.
fn split(text: &'static str, separates: impl Fn(char) -> bool) -> Result<Vec<&'static str>, String> {
    let mut parts = Vec::new();
    let (mut begin, mut quoted, mut comment) = (0, false, false);
    let mut open = Vec::new();
    for (at, c) in text.char_indices() {
        match c {
            '\n' if comment => {
                comment = false;
                begin = at + 1;
            }
            _ if comment => {}
            '\'' => quoted = !quoted,
            _ if quoted => {}
            '#' => {
                parts.push(&text[begin..at]);
                comment = true;
            }
            '(' | '[' | '{' => open.push(c),
            ')' | ']' | '}' => {
                let fits = matches!((open.pop(), c), (Some('('), ')') | (Some('['), ']') | (Some('{'), '}'));
                if !fits {
                    return Err(format!("{c} closes nothing in: {text}"));
                }
            }
            _ if open.is_empty() && separates(c) => {
                parts.push(&text[begin..at]);
                begin = at + c.len_utf8();
            }
            _ => {}
        }
    }
    if quoted || !open.is_empty() {
        return Err(format!("not closed: {text}"));
    }
    if !comment {
        parts.push(&text[begin..]);
    }
    Ok(parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect())
}

/// One item: `~`, a count, and what they are about.
fn item(text: &'static str) -> Result<Pattern, String> {
    if let Some(rest) = text.strip_prefix('~') {
        return repeat(0, Some(1), rest);
    }
    if let Some((times, rest)) =
        text.split_once('×').filter(|(times, _)| times.starts_with(|c: char| c.is_ascii_digit()))
    {
        let (min, max) = range(times.trim()).ok_or_else(|| format!("no count: {text}"))?;
        if min.max(max.unwrap_or(0)) > MAX_COUNT {
            return Err(format!("more than {MAX_COUNT}: {text}"));
        }
        return repeat(min, max, rest);
    }
    if let Some(expansion) = macro_of(text) {
        return packets(expansion);
    }
    if let Some(inner) = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
        let parts = split(inner, |c| c == ',' || c == '\n')?;
        if !(2..=5).contains(&parts.len()) {
            return Err(format!("any order of two to five: {text}"));
        }
        return Ok(Pattern::AnyOrder(parts.into_iter().map(item).collect::<Result<_, _>>()?));
    }
    if let Some(inner) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        let mut choices = split(inner, |c| c == '|')?.into_iter().map(packets).collect::<Result<Vec<_>, _>>()?;
        return match choices.len() {
            0 => Err(format!("nothing in: {text}")),
            1 => Ok(choices.remove(0)),
            _ => Ok(Pattern::OneOf(choices)),
        };
    }
    packet(text).map(Pattern::Packet)
}

fn repeat(min: u32, max: Option<u32>, of: &'static str) -> Result<Pattern, String> {
    let mut of = item(of.trim_start())?;
    if max != Some(min) {
        make_optional(&mut of);
    }
    Ok(Pattern::Repeat { min, max, of: Box::new(of) })
}

fn make_optional(pattern: &mut Pattern) {
    match pattern {
        Pattern::Packet(expected) => expected.optional = true,
        Pattern::Sequence(parts) | Pattern::OneOf(parts) | Pattern::AnyOrder(parts) => {
            parts.iter_mut().for_each(make_optional);
        }
        Pattern::Repeat { of, .. } => make_optional(of),
    }
}

/// `3`, `2..5`, `3..`: least and most.
fn range(text: &str) -> Option<(u32, Option<u32>)> {
    let number = |text: &str| text.parse::<u32>().ok();
    let (min, max) = match text.split_once("..") {
        None => (number(text)?, Some(number(text)?)),
        Some((min, "")) => (number(min)?, None),
        Some((min, max)) => (number(min)?, Some(number(max)?)),
    };
    max.is_none_or(|max| min <= max).then_some((min, max))
}

fn packet(text: &'static str) -> Result<Expected, String> {
    // A rule's name has no colon, and a payload that has one is closed by a quotation mark.
    let colon = text.rfind(':').filter(|at| !text[*at..].contains('\''));
    let (header, rules) = colon.map_or((text, ""), |at| (text[..at].trim_end(), &text[at + 1..]));
    let words = split(header, char::is_whitespace)?;
    let [way, kind, rest @ ..] = words.as_slice() else { return Err(format!("no packet: {text}")) };
    let from = match *way {
        "C>S" => Side::Client,
        "S>C" => Side::Server,
        _ => return Err(format!("neither C>S nor S>C: {text}")),
    };
    let mut rest = rest;
    let kind = match (*kind, rest) {
        ("UDP", _) => Kind::Udp,
        ("ICMP", [what, after @ ..]) => {
            rest = after;
            Kind::Icmp(what)
        }
        (flags, _) => Kind::Tcp(flag_bits(flags).ok_or_else(|| format!("no flags: {text}"))?),
    };
    let len = if matches!(kind, Kind::Tcp(_)) { (0, 0) } else { (0, u32::MAX) };
    let mut expected = Expected {
        from,
        kind,
        len,
        data: None,
        seq: None,
        ack: None,
        win: None,
        sack: None,
        lost: false,
        late: false,
        optional: false,
        rules: rules.split_whitespace().collect(),
        text: header,
    };
    for word in rest {
        detail(&mut expected, word).ok_or_else(|| format!("{word} is unknown: {text}"))?;
    }
    Ok(expected)
}

/// One word about a packet; `None` when there is no such word.
fn detail(expected: &mut Expected, word: &'static str) -> Option<()> {
    if let Some(data) = word.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        let len = u32::try_from(data.len()).ok()?;
        expected.len = (len, len);
        expected.data = Some(data);
        return Some(());
    }
    match (word, word.split_once('=')) {
        ("lost", _) => expected.lost = true,
        ("late", _) => expected.late = true,
        ("sack", _) => expected.sack = Some(None),
        (_, Some(("len", "*"))) => expected.len = (0, u32::MAX),
        (_, Some(("len", value))) => {
            let (min, max) = range(value)?;
            expected.len = (min, max.unwrap_or(u32::MAX));
        }
        (_, Some(("seq", value))) => expected.seq = Some(value.parse().ok()?),
        (_, Some(("ack", value))) => expected.ack = Some(value.parse().ok()?),
        (_, Some(("win", value))) => expected.win = Some(value.parse().ok()?),
        (_, Some(("sack", "none"))) => expected.sack = Some(Some(Vec::new())),
        (_, Some(("sack", value))) => {
            let block = |text: &str| {
                let (left, right) = text.split_once('-')?;
                Some((left.parse().ok()?, right.parse().ok()?))
            };
            expected.sack = Some(Some(value.split('+').map(block).collect::<Option<_>>()?));
        }
        _ => return None,
    }
    Some(())
}

/// `[PSH,ACK]` → bits.
fn flag_bits(text: &str) -> Option<u16> {
    let inner = text.strip_prefix('[')?.strip_suffix(']')?;
    if inner.is_empty() {
        return Some(0);
    }
    inner.split(',').try_fold(0, |bits, name| {
        let bit = FLAGS.iter().position(|flag| *flag == name.trim())?;
        Some(bits | 1 << bit)
    })
}

/// Reads the path of one end's states. Empty text: none.
///
/// # Errors
/// The word that is no state.
pub fn path(text: &str, side: Side) -> Result<Vec<PathState>, String> {
    let mut path = Vec::new();
    for word in text.split('→').map(str::trim).filter(|word| !word.is_empty()) {
        let (optional, name) = word.strip_prefix('~').map_or((false, word), |name| (true, name));
        if name == "open" {
            let first = if side == Side::Client { State::SynSent } else { State::SynReceived };
            path.extend([first, State::Established].map(|state| PathState { state: Some(state), optional }));
            continue;
        }
        let state = State::ALL.into_iter().find(|state| state.name() == name);
        if state.is_none() && name != "?" {
            return Err(format!("{name} is no state: {text}"));
        }
        path.push(PathState { state, optional });
    }
    Ok(path)
}

/// What a counter must have gained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gain {
    /// The counter.
    pub name: &'static str,
    /// At least.
    pub min: u64,
    /// At most.
    pub max: u64,
}

/// Reads what a counter must have gained: `TCPTimeouts=0`, `TCPLossProbes>=1`.
///
/// # Errors
/// When it is written otherwise.
pub fn gain(text: &'static str) -> Result<Gain, String> {
    let wrong = || format!("neither NAME=n nor NAME>=n: {text}");
    let (left, value) = text.split_once('=').ok_or_else(wrong)?;
    let value = value.parse().map_err(|_| wrong())?;
    let (name, max) = left.strip_suffix('>').map_or((left, value), |name| (name, u64::MAX));
    let known = name.chars().all(|c| c.is_ascii_alphanumeric()) && !name.is_empty();
    if known { Ok(Gain { name, min: value, max }) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(pattern: &Pattern) -> String {
        let all = |parts: &[Pattern], by: &str| parts.iter().map(shape).collect::<Vec<_>>().join(by);
        match pattern {
            Pattern::Packet(packet) => packet.text.to_owned(),
            Pattern::Sequence(parts) => format!("({})", all(parts, " ")),
            Pattern::OneOf(parts) => format!("({})", all(parts, " | ")),
            Pattern::AnyOrder(parts) => format!("{{{}}}", all(parts, " ")),
            Pattern::Repeat { min, max, of } => format!("{min}-{max:?}×{}", shape(of)),
        }
    }

    #[test]
    fn the_whole_notation_is_read() {
        let text = "
            H
            C>S [PSH,ACK] 'a, b: (c'   # a comment, with a comma
            ~S>C [ACK] , 3 × ( C>S [ACK] len=1448 , C>S [PSH,ACK] len=552 )
            ( X3(C) | S>C [RST] )
            { C>S [FIN,ACK] , S>C [FIN,ACK] }
            2.. × C>S UDP len=4..7
            S>C ICMP port-unreachable
        ";
        let read = packets(text).expect("it can be read");
        assert_eq!(
            shape(&read),
            "((C>S [SYN] S>C [SYN,ACK] C>S [ACK]) C>S [PSH,ACK] 'a, b: (c' 0-Some(1)×S>C [ACK] 3-Some(3)×(C>S [ACK] \
             len=1448 C>S [PSH,ACK] len=552) ((C>S [FIN,ACK] S>C [FIN,ACK] C>S [ACK]) | S>C [RST]) {C>S [FIN,ACK] S>C \
             [FIN,ACK]} 2-None×C>S UDP len=4..7 S>C ICMP port-unreachable)"
        );
    }

    #[test]
    fn the_details_of_a_packet_are_read() {
        let text = "S>C [ACK] seq=1 ack=9 win=0 sack=11-21+31-41 lost late : dup-ack sack";
        let Ok(Pattern::Packet(packet)) = packets(text) else { panic!("one packet") };
        assert_eq!((packet.from, packet.kind, packet.len), (Side::Server, Kind::Tcp(16), (0, 0)));
        assert_eq!((packet.seq, packet.ack, packet.win), (Some(1), Some(9), Some(0)));
        assert_eq!(packet.sack, Some(Some(vec![(11, 21), (31, 41)])));
        assert!(packet.lost && packet.late && !packet.optional);
        assert_eq!(packet.rules, ["dup-ack", "sack"]);
        assert_eq!(packet.text, "S>C [ACK] seq=1 ack=9 win=0 sack=11-21+31-41 lost late");
        let Ok(Pattern::Packet(packet)) = packets("S>C [ACK] sack=none") else { panic!("one packet") };
        assert_eq!(packet.sack, Some(Some(Vec::new())));
        let Ok(Pattern::Repeat { of, .. }) = packets("~S>C [ACK]") else { panic!("an optional packet") };
        assert!(matches!(*of, Pattern::Packet(Expected { optional: true, .. })));
        let Ok(Pattern::Packet(packet)) = packets("C>S UDP 'connect'") else { panic!("one packet") };
        assert_eq!((packet.kind, packet.len, packet.data), (Kind::Udp, (7, 7), Some("connect")));
    }

    #[test]
    fn what_is_misspelt_is_an_error() {
        for text in [
            "C>D [ACK]",
            "C>S [ACL]",
            "C>S",
            "C>S [ACK] length=4",
            "C>S [ACK] len=x",
            "C>S [ACK] len=5..4",
            "C>S [ACK",
            "C>S [ACK] 'open",
            "( C>S [ACK]",
            "X5(C)",
            "5000 × C>S [ACK]",
            "{ C>S [ACK] }",
            "C>S ICMP",
        ] {
            assert!(packets(text).is_err(), "{text}: {:?}", packets(text));
        }
        assert!(path("open → FIN-WAIT-3", Side::Client).is_err());
        assert!(gain("TCPTimeouts").is_err() && gain("TCPTimeouts<=1").is_err());
    }

    #[test]
    fn paths_and_counters_are_read() {
        let names = |side| {
            let path = path("open → ~FIN-WAIT-2 → CLOSED → ?", side).expect("states");
            path.iter().map(|step| (step.state.map_or("?", State::name), step.optional)).collect::<Vec<_>>()
        };
        let rest = [("ESTABLISHED", false), ("FIN-WAIT-2", true), ("CLOSED", false), ("?", false)];
        assert_eq!(names(Side::Client)[0], ("SYN-SENT", false));
        assert_eq!(names(Side::Server)[0], ("SYN-RECEIVED", false));
        assert_eq!(names(Side::Client)[1..], rest);
        assert_eq!(gain("TCPTimeouts=0"), Ok(Gain { name: "TCPTimeouts", min: 0, max: 0 }));
        assert_eq!(gain("TCPLossProbes>=1"), Ok(Gain { name: "TCPLossProbes", min: 1, max: u64::MAX }));
    }
}
