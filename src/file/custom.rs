//! What a pcapng file of ours carries beyond what its format foresees, in custom options that other programs pass over:
//! the way of each frame over a wire, what the kernels at its ends counted, and what was seen beside the packets.
//!
//! A packet that was seen at both ends has the same `epb_packetid` there, and `epb_flags` say "outbound" where it left
//! and "inbound" where it arrived; that much other programs can read.

use crate::frame::{Arrival, Passage, Time};

/// A custom option with UTF-8 text that may be copied with its block.
pub(super) const CUSTOM_TEXT: u16 = 2988;
/// The enterprise number for documentation (RFC 5612).
const ENTERPRISE: u32 = 32473;
const WAY: &str = "netscope way: ";
const COUNTERS: &str = "netscope counters: ";
const BESIDE: &str = "netscope beside: ";
/// Bytes of text in one option: its length has 16 bits.
const PIECE: usize = 60_000;
/// Counters that one interface may bring.
const MOST_COUNTERS: usize = 64;

/// The value of the option for a frame's way.
pub(super) fn way(passage: &Passage) -> Vec<u8> {
    let text = match passage {
        Passage::Left { arrived: None, .. } => "lost".to_owned(),
        Passage::Left { arrived: Some(arrived), again } => {
            let times = [Some(arrived), again.as_ref()];
            let times = times.into_iter().flatten().map(|at| format!(" {} {}", at.frame, at.time.0));
            format!("arrives{}", times.collect::<String>())
        }
        Passage::Came { left } => format!("left {left}"),
    };
    value(WAY, &text)
}

/// The value of the option for an interface's counters.
pub(super) fn counters(counters: &[(String, u64)]) -> Vec<u8> {
    let text: Vec<String> = counters.iter().map(|(name, count)| format!("{name}={count}")).collect();
    value(COUNTERS, &text.join(" "))
}

fn value(kind: &str, text: &str) -> Vec<u8> {
    [&ENTERPRISE.to_le_bytes(), kind.as_bytes(), text.as_bytes()].concat()
}

/// The text of a custom option of ours, by what it begins with.
fn text<'a>(value: &'a [u8], enterprise: u32, kind: &str) -> Option<&'a str> {
    let text = std::str::from_utf8(value.get(4..)?).ok()?;
    text.strip_prefix(kind).filter(|_| enterprise == ENTERPRISE)
}

/// The value of the option for a piece of what was seen beside the packets, and the text behind that piece.
pub(super) fn beside(text: &str) -> (Vec<u8>, &str) {
    let end = (0..=PIECE.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    let (piece, rest) = text.split_at(end);
    (value(BESIDE, piece), rest)
}

/// The value of the option by which the first interface says that the file holds such pieces. It has to be known from
/// the start, and other programs put the blocks that hold them at the end.
pub(super) fn announcement() -> Vec<u8> {
    value(BESIDE, "")
}

/// A piece of what was seen beside the packets, when the option holds one.
pub(super) fn read_beside(value: &[u8], enterprise: u32) -> Option<&str> {
    text(value, enterprise, BESIDE)
}

/// A frame's way, when the option tells one. `enterprise` is its first number in the byte order of the file.
pub(super) fn read_way(value: &[u8], enterprise: u32) -> Option<Passage> {
    let mut words = text(value, enterprise, WAY)?.split(' ');
    let kind = words.next()?;
    let mut arrival = || -> Option<Arrival> {
        let frame = words.next()?.parse().ok()?;
        Some(Arrival { frame, time: Time(words.next()?.parse().ok()?) })
    };
    match kind {
        "lost" => Some(Passage::Left { arrived: None, again: None }),
        "arrives" => Some(Passage::Left { arrived: Some(arrival()?), again: arrival() }),
        "left" => Some(Passage::Came { left: words.next()?.parse().ok()? }),
        _ => None,
    }
}

/// An interface's counters, when the option tells them.
pub(super) fn read_counters(value: &[u8], enterprise: u32) -> Option<Vec<(String, u64)>> {
    let words = text(value, enterprise, COUNTERS)?.split(' ').take(MOST_COUNTERS);
    let plain = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    Some(
        words
            .filter_map(|word| word.split_once('='))
            .filter(|(name, _)| plain(name))
            .filter_map(|(name, count)| Some((name.to_owned(), count.parse().ok()?)))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_passage() -> impl Strategy<Value = Passage> {
        let arrival = (any::<u64>(), any::<i64>()).prop_map(|(frame, time)| Arrival { frame, time: Time(time) });
        prop_oneof![
            Just(Passage::Left { arrived: None, again: None }),
            (arrival.clone(), prop::option::of(arrival))
                .prop_map(|(arrived, again)| Passage::Left { arrived: Some(arrived), again }),
            any::<u64>().prop_map(|left| Passage::Came { left }),
        ]
    }

    proptest! {
        #[test]
        fn a_way_is_read_as_it_was_written(passage in any_passage()) {
            prop_assert_eq!(read_way(&way(&passage), ENTERPRISE), Some(passage));
        }

        #[test]
        fn no_value_panics(bytes in proptest::collection::vec(any::<u8>(), 0..80), text in "netscope (way|counters): \\PC{0,30}") {
            for value in [bytes, [&[0; 4], text.as_bytes()].concat()] {
                let _ = (read_way(&value, ENTERPRISE), read_counters(&value, ENTERPRISE), read_beside(&value, ENTERPRISE));
            }
        }
    }

    #[test]
    fn counters_are_read_as_they_were_written() {
        let known = vec![("TCPTimeouts".to_owned(), 3), ("TCPDSACKRecv".to_owned(), 0)];
        assert_eq!(read_counters(&counters(&known), ENTERPRISE), Some(known));
        assert_eq!(read_counters(&counters(&[]), ENTERPRISE), Some(Vec::new()));
    }

    #[test]
    fn long_text_comes_in_pieces_that_end_between_characters() {
        let whole = format!("a{}", "é".repeat(60_000));
        let (mut rest, mut read) = (whole.as_str(), String::new());
        while !rest.is_empty() {
            let (value, behind) = beside(rest);
            assert!(u16::try_from(value.len()).is_ok());
            read.push_str(read_beside(&value, ENTERPRISE).expect("our own"));
            rest = behind;
        }
        assert_eq!(read, whole);
    }

    #[test]
    fn options_of_others_are_passed_over() {
        let value = way(&Passage::Came { left: 3 });
        assert_eq!(read_way(&value, ENTERPRISE + 1), None);
        assert_eq!(read_counters(&value, ENTERPRISE), None);
        assert_eq!(read_way(&[1, 2], ENTERPRISE), None);
    }
}
