//! DNS (RFC 1035): what was asked, and the addresses and names in the answer.
//!
//! A message that is cut short is read as far as it goes. Work is bounded: a name jumps backwards only, and of the
//! answers the first few are read.

use std::fmt::Write as _;
use std::net::{Ipv4Addr, Ipv6Addr};

use super::{AppMessage, Body, Dissector};
use crate::track::Proto;

/// DNS and multicast DNS over UDP.
pub(super) static DNS: Dissector = Dissector { name: "dns", transport: Proto::Udp, fits, dissect: datagram };
/// DNS over TCP, with a length before each message (RFC 1035 section 4.2.2).
pub(super) static DNS_TCP: Dissector = Dissector { name: "dns", transport: Proto::Tcp, fits, dissect: segment };

const PORT: u16 = 53;
const MULTICAST_PORT: u16 = 5353;
const HEADER: usize = 12;
/// Answers that are read.
const MAX_ANSWERS: u16 = 16;
/// The longest name in text (RFC 1035 section 2.3.4), with room for escapes.
const MAX_NAME: usize = 255;

fn fits(_payload: &[u8], ports: (u16, u16)) -> bool {
    [ports.0, ports.1].iter().any(|port| matches!(*port, PORT | MULTICAST_PORT))
}

fn datagram(payload: &[u8], ports: (u16, u16)) -> Option<AppMessage> {
    fits(payload, ports).then(|| message(payload)).flatten()
}

fn segment(payload: &[u8], ports: (u16, u16)) -> Option<AppMessage> {
    if ports.0 != PORT && ports.1 != PORT {
        return None;
    }
    let (length, rest) = payload.split_first_chunk::<2>()?;
    let length = usize::from(u16::from_be_bytes(*length));
    if length < HEADER { None } else { message(rest.get(..length).unwrap_or(rest)) }
}

/// A position in a message.
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn u16(&mut self) -> Option<u16> {
        let pair = self.bytes.get(self.at..)?.first_chunk::<2>()?;
        self.at += 2;
        Some(u16::from_be_bytes(*pair))
    }

    /// A name in the text form of RFC 1035 section 5.1, without the dot at its end; `.` for the root.
    fn name(&mut self) -> Option<String> {
        let mut name = String::new();
        let (mut at, mut lowest, mut jumped) = (self.at, self.at, false);
        loop {
            let length = *self.bytes.get(at)?;
            match length >> 6 {
                0b11 => {
                    let target = usize::from(length & 0x3f) << 8 | usize::from(*self.bytes.get(at + 1)?);
                    if !jumped {
                        self.at = at + 2;
                    }
                    // Backwards only, so that a name that points at itself ends.
                    if target >= lowest {
                        return None;
                    }
                    (at, lowest, jumped) = (target, target, true);
                }
                0 if length == 0 => {
                    if !jumped {
                        self.at = at + 1;
                    }
                    return Some(if name.is_empty() { ".".to_owned() } else { name });
                }
                0 => {
                    let end = at + 1 + usize::from(length);
                    if !name.is_empty() {
                        name.push('.');
                    }
                    push_label(&mut name, self.bytes.get(at + 1..end)?);
                    if name.len() > 4 * MAX_NAME {
                        return None;
                    }
                    at = end;
                }
                _ => return None,
            }
        }
    }
}

/// What is no letter, digit or sign is written as `\DDD`; a dot inside a label too.
fn push_label(name: &mut String, label: &[u8]) {
    for byte in label {
        match byte {
            b'.' | b'\\' => name.extend(['\\', char::from(*byte)]),
            b'!'..=b'~' => name.push(char::from(*byte)),
            _ => {
                let _ = write!(name, "\\{byte:03}");
            }
        }
    }
}

fn message(bytes: &[u8]) -> Option<AppMessage> {
    let mut reader = Reader { bytes, at: 0 };
    let id = reader.u16()?;
    let flags = reader.u16()?;
    let (questions, answers) = (reader.u16()?, reader.u16()?);
    reader.at = HEADER;
    let is_answer = flags & 0x8000 != 0;
    // Only what people look up: standard queries, of which nobody puts many questions into one message.
    if flags >> 11 & 0xf != 0 || flags & 0x0040 != 0 || questions > 64 || (!is_answer && questions == 0) {
        return None;
    }
    let mut question = None;
    for _ in 0..questions {
        let asked = (reader.name()?, kind_name(reader.u16()?));
        reader.u16()?;
        question.get_or_insert(asked);
    }
    let mut found = Vec::new();
    for _ in 0..answers.min(MAX_ANSWERS) {
        let Some(answer) = record(&mut reader) else { break };
        found.push(answer);
    }
    // Multicast DNS answers what was not asked.
    let (name, kind) = question.or_else(|| found.first().map(|record| (record.name.clone(), record.kind.clone())))?;
    let mut message = described(is_answer, flags & 0xf, name, kind, &found);
    message.fields.push(("id", format!("{id:#06x}")));
    Some(message)
}

fn described(is_answer: bool, code: u16, name: String, kind: String, found: &[Record]) -> AppMessage {
    let rcode = rcode_name(code);
    let answers: Vec<&str> = found.iter().filter_map(|record| record.value.as_deref()).collect();
    let mut summary = format!("{} {kind} {name}", if is_answer { "answer" } else { "query" });
    let mut fields = vec![("name", name), ("type", kind)];
    if is_answer {
        let said = match (answers.len(), found.len()) {
            (0, 0) if code == 0 => "(none)".to_owned(),
            (0, 1) => "(1 record)".to_owned(),
            (0, 2..) => format!("({} records)", found.len()),
            _ => answers.join(" "),
        };
        for part in [if code == 0 { "" } else { rcode.as_str() }, &said] {
            if !part.is_empty() {
                summary.push(' ');
                summary.push_str(part);
            }
        }
        fields.push(("rcode", rcode));
        fields.push(("answers", answers.join(" ")));
    }
    let kind = if is_answer { "answer" } else { "query" };
    AppMessage { proto: "dns", kind, summary, fields, body: Body::None }
}

/// An answer; its value where it is an address or a name.
struct Record {
    name: String,
    kind: String,
    value: Option<String>,
}

fn record(reader: &mut Reader<'_>) -> Option<Record> {
    let name = reader.name()?;
    let kind = reader.u16()?;
    // Class and time to live.
    reader.at += 6;
    let length = usize::from(reader.u16()?);
    let data = reader.bytes.get(reader.at..reader.at.checked_add(length)?)?;
    let value = match kind {
        1 => data.first_chunk::<4>().map(|octets| Ipv4Addr::from(*octets).to_string()),
        28 => data.first_chunk::<16>().map(|octets| Ipv6Addr::from(*octets).to_string()),
        // Names may point to what stands earlier in the message.
        2 | 5 | 12 => Reader { bytes: &reader.bytes[..reader.at + length], at: reader.at }.name(),
        _ => None,
    };
    reader.at += length;
    Some(Record { name, kind: kind_name(kind), value })
}

fn kind_name(kind: u16) -> String {
    let name = match kind {
        1 => "A",
        2 => "NS",
        5 => "CNAME",
        6 => "SOA",
        12 => "PTR",
        15 => "MX",
        16 => "TXT",
        28 => "AAAA",
        33 => "SRV",
        43 => "DS",
        48 => "DNSKEY",
        64 => "SVCB",
        65 => "HTTPS",
        255 => "ANY",
        // RFC 3597 section 5.
        other => return format!("TYPE{other}"),
    };
    name.to_owned()
}

fn rcode_name(code: u16) -> String {
    let name = match code {
        0 => "NOERROR",
        1 => "FORMERR",
        2 => "SERVFAIL",
        3 => "NXDOMAIN",
        4 => "NOTIMP",
        5 => "REFUSED",
        other => return format!("RCODE{other}"),
    };
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn header(flags: u16, questions: u16, answers: u16) -> Vec<u8> {
        [0x1234, flags, questions, answers, 0, 0].iter().flat_map(|word: &u16| word.to_be_bytes()).collect()
    }

    fn question(kind: u16) -> Vec<u8> {
        let mut bytes = b"\x06contoh\x02id\x00".to_vec();
        bytes.extend([kind.to_be_bytes(), [0, 1]].concat());
        bytes
    }

    fn answer(kind: u16, data: &[u8]) -> Vec<u8> {
        let length = u16::try_from(data.len()).unwrap().to_be_bytes();
        [&[0xc0, 12], &kind.to_be_bytes()[..], &[0, 1, 0, 0, 0, 60], &length, data].concat()
    }

    fn udp(bytes: &[u8]) -> Option<AppMessage> {
        super::super::dissect(Proto::Udp, bytes, (40_000, 53))
    }

    fn summary(bytes: &[u8]) -> Option<String> {
        udp(bytes).map(|message| message.summary)
    }

    #[test]
    fn queries_and_answers() {
        let query = [header(0x0100, 1, 0), question(1)].concat();
        let message = udp(&query).expect("a query");
        assert_eq!((message.proto, message.kind, message.summary.as_str()), ("dns", "query", "query A contoh.id"));
        assert_eq!((message.field("name"), message.field("type")), (Some("contoh.id"), Some("A")));
        assert_eq!(message.field("rcode"), None);
        let cname = answer(5, b"\x03www\xc0\x0c");
        let answers = [header(0x8180, 1, 2), question(1), cname, answer(1, &[192, 0, 2, 7])].concat();
        let message = udp(&answers).expect("an answer");
        assert_eq!((message.kind, message.summary.as_str()), ("answer", "answer A contoh.id www.contoh.id 192.0.2.7"));
        assert_eq!(message.field("answers"), Some("www.contoh.id 192.0.2.7"));
        assert_eq!(message.field("rcode"), Some("NOERROR"));
        let six =
            [header(0x8180, 1, 1), question(28), answer(28, &[0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7])];
        assert_eq!(summary(&six.concat()).as_deref(), Some("answer AAAA contoh.id 2001:db8::7"));
    }

    #[test]
    fn answers_without_an_address_say_so() {
        let nothing = [header(0x8183, 1, 0), question(1)].concat();
        assert_eq!(summary(&nothing).as_deref(), Some("answer A contoh.id NXDOMAIN"));
        let none = [header(0x8180, 1, 0), question(65)].concat();
        assert_eq!(summary(&none).as_deref(), Some("answer HTTPS contoh.id (none)"));
        let other = [header(0x8180, 1, 1), question(16), answer(16, b"\x02hi")].concat();
        assert_eq!(summary(&other).as_deref(), Some("answer TXT contoh.id (1 record)"));
    }

    #[test]
    fn over_tcp_the_length_comes_first() {
        let query = [header(0x0100, 1, 0), question(1)].concat();
        let framed = [&u16::try_from(query.len()).unwrap().to_be_bytes(), &query[..]].concat();
        let tcp = |bytes: &[u8], ports| super::super::dissect(Proto::Tcp, bytes, ports).map(|m| m.summary);
        assert_eq!(tcp(&framed, (40_000, 53)).as_deref(), Some("query A contoh.id"));
        assert_eq!(tcp(&query, (40_000, 53)), None);
        assert_eq!(tcp(&framed, (40_000, 80)), None);
    }

    #[test]
    fn what_is_no_lookup_is_left_alone() {
        let query = [header(0x0100, 1, 0), question(1)].concat();
        assert_eq!(super::super::dissect(Proto::Udp, &query, (40_000, 5000)), None);
        assert!(super::super::dissect(Proto::Udp, &query, (5353, 5353)).is_some());
        assert_eq!(summary(&[header(0x2800, 1, 0), question(1)].concat()), None, "an update");
        assert_eq!(summary(b"halo"), None);
        // A name that points at itself, and one that points forwards.
        assert_eq!(summary(&[header(0x0100, 1, 0), vec![0xc0, 12, 0, 1, 0, 1]].concat()), None);
        assert_eq!(summary(&[header(0x0100, 1, 0), vec![0xc0, 14, 0, 0, 1, 0, 1]].concat()), None);
    }

    #[test]
    fn names_hold_nothing_that_a_terminal_obeys() {
        let bytes = [header(0x0100, 1, 0), b"\x05a.\x1b[m\x00\x00\x01\x00\x01".to_vec()].concat();
        assert_eq!(summary(&bytes).as_deref(), Some(r"query A a\.\027[m"));
    }

    #[test]
    fn a_cut_answer_is_read_as_far_as_it_goes() {
        let whole =
            [header(0x8180, 1, 2), question(1), answer(1, &[192, 0, 2, 7]), answer(1, &[192, 0, 2, 8])].concat();
        let cut = &whole[..whole.len() - 3];
        assert_eq!(summary(cut).as_deref(), Some("answer A contoh.id 192.0.2.7"));
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..80), counts in any::<(u8, u8)>()) {
            let message = [header(0x8180, u16::from(counts.0 % 4), u16::from(counts.1)), bytes].concat();
            if let Some(message) = udp(&message) {
                prop_assert!(message.summary.is_ascii());
                prop_assert!(!message.summary.contains(|c: char| c.is_ascii_control()));
            }
        }
    }
}
