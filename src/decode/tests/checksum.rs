//! What the checksums say, and where they say nothing.

use super::*;

fn says(bytes: &[u8]) -> Option<Checksum> {
    checksum(&of(101, bytes))
}

/// The ones' complement sum of the 16-bit words, in the plainest way.
fn plain_sum(bytes: &[u8]) -> u16 {
    let mut sum = 0_u32;
    for pair in bytes.chunks(2) {
        sum += u32::from(pair[0]) << 8 | u32::from(*pair.get(1).unwrap_or(&0));
        sum = (sum & 0xffff) + (sum >> 16);
    }
    u16::try_from(sum).expect("folded")
}

/// The sum that covers the pseudo-header alone.
fn partial(packet: &[u8], protocol: u8) -> u16 {
    let (addresses, len) =
        if packet[0] >> 4 == 4 { (&packet[12..20], packet.len() - 20) } else { (&packet[8..40], packet.len() - 40) };
    let len = u16::try_from(len).expect("small").to_be_bytes();
    plain_sum(&[addresses, &[0, protocol, len[0], len[1]]].concat())
}

#[test]
fn good_bad_and_partial_are_told_apart() {
    for (line, header, at, protocol) in [
        (HALO.to_owned(), 20, 16, 6),
        (format!("ipv6\n{HALO}"), 40, 16, 6),
        ("C>S PSH,ACK \"odd\"".to_owned(), 20, 16, 6),
        ("C>S UDP \"abc\"".to_owned(), 20, 6, 17),
        ("ipv6\nC>S UDP \"abcde\"".to_owned(), 40, 6, 17),
    ] {
        let mut packet = ip(&line);
        assert_eq!(says(&packet), Some(Checksum::Good), "{line}");
        let at = header + at;
        let partial = partial(&packet, protocol).to_be_bytes();
        packet[at..at + 2].copy_from_slice(&partial);
        assert_eq!(says(&packet), Some(Checksum::Partial), "{line}");
        packet[at] ^= 0x40;
        assert_eq!(says(&packet), Some(Checksum::Bad), "{line}");
    }
}

#[test]
fn what_cannot_be_checked_is_not() {
    let packet = ip(HALO);
    assert_eq!(checksum(&cut(101, &packet[..packet.len() - 1], packet.len())), None);
    let mut none = ip("C>S UDP \"abc\"");
    none[26..28].fill(0);
    assert_eq!(says(&none), None, "the sender computed none");
    let mut none = ip("ipv6\nC>S UDP \"abc\"");
    none[46..48].fill(0);
    assert_eq!(says(&none), Some(Checksum::Bad), "over IPv6 there must be one");
    let mut fragment = ip(HALO);
    fragment[6] = 0x20;
    assert_eq!(says(&fragment), None);
    // A routing header with a segment left: the last receiver is another.
    let routed = |left: u8| extended(43, &[6, 0, 253, left, 0, 0, 0, 0]);
    assert_eq!(says(&routed(0)), Some(Checksum::Good));
    assert_eq!(says(&routed(1)), None);
    assert_eq!(checksum(&of(1, &[0; 60])), None);
}

#[test]
fn padding_is_not_covered() {
    let mut frame = Script::parse("link ethernet\nC>S ACK").expect("valid").frames()[0].bytes.clone();
    frame.resize(60, 0xee);
    assert_eq!(checksum(&of(1, &frame)), Some(Checksum::Good));
}
