//! Files that are no pcap or pcapng, recognised by their first bytes so that the message can say what to do.

use crate::language::Text;
use crate::language::messages::file as messages;

/// Bytes from the start of a file that are enough to recognise everything here.
pub const START: usize = 512;

/// What a file is instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Foreign {
    /// A capture in a format of another program; editcap converts it.
    Capture(&'static str),
    /// Packed in a way that netscope does not unpack.
    Archive {
        /// Its name.
        name: &'static str,
        /// The command that unpacks it.
        command: &'static str,
    },
    /// No capture at all.
    Other(&'static Text),
}

/// Captures of other programs, by their first bytes.
const CAPTURES: &[(&[u8], &str)] = &[
    (b"snoop\0\0\0", "snoop"),
    (b"btsnoop\0", "btsnoop"),
    (b"iptrace 1.0", "AIX iptrace"),
    (b"iptrace 2.0", "AIX iptrace"),
    (b"RTSS", "Network Monitor 1"),
    (b"GMBU", "Network Monitor 2"),
    (b"TRSNIFF data    \x1a", "Sniffer"),
    (b"XCP\0", "Windows Sniffer / NetXRay"),
    (b"VL\0\0", "Windows Sniffer / NetXRay"),
    (b"\x7fver", "OmniPeek"),
    (b"\x05VNF", "Visual Networks"),
    (b"\xaa\xaa\xaa\xaa", "5Views (.5vw)"),
    (b"\x00\x00\x02\x00\x12\x05\x00\x10", "Tektronix K12"),
    (b"+---------+---------------+----------+", "Tektronix K12 text"),
    (b"\x01\x10\x4c\x00", "LANalyzer"),
    (b"\x07\x10\x4c\x00", "LANalyzer"),
    (b"Gan_Packet", "NetMon Gan"),
    (b"\xd0\x85\x54\x45", "DCT3"),
];

/// Packed files, by their first bytes.
const ARCHIVES: &[(&[u8], &str, &str)] = &[
    (b"PK\x03\x04", "zip", "unzip"),
    (b"\xfd7zXZ\0", "xz", "unxz"),
    (b"BZh", "bzip2", "bunzip2"),
    (b"\x04\x22\x4d\x18", "lz4", "unlz4"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip", "7z x"),
    (b"Rar!\x1a\x07", "RAR", "unrar x"),
    (b"\x1f\x9d", "compress", "uncompress"),
    (b"\x1f\x8b", "gzip", "gunzip"),
    (b"\x28\xb5\x2f\xfd", "zstd", "unzstd"),
];

/// Documents and programs, by their first bytes.
const OTHERS: &[(&[u8], &Text)] = &[
    (b"%PDF-", &messages::A_PDF.text),
    (b"\x89PNG", &messages::AN_IMAGE.text),
    (b"\xff\xd8\xff", &messages::AN_IMAGE.text),
    (b"\x7fELF", &messages::A_PROGRAM.text),
];

/// What the file is that begins with `start`, as far as its first bytes tell.
#[must_use]
pub fn recognise(start: &[u8]) -> Option<Foreign> {
    let captures = CAPTURES.iter().find(|(magic, _)| start.starts_with(magic)).map(|(_, name)| Foreign::Capture(name));
    let archive = || {
        let &(_, name, command) = ARCHIVES.iter().find(|(magic, ..)| start.starts_with(magic))?;
        Some(Foreign::Archive { name, command })
    };
    let tar = || {
        let name = start.get(257..262) == Some(b"ustar");
        name.then_some(Foreign::Archive { name: "tar", command: "tar -xf" })
    };
    let other = || OTHERS.iter().find(|(magic, _)| start.starts_with(magic)).map(|(_, text)| Foreign::Other(text));
    captures.or_else(archive).or_else(tar).or_else(other).or_else(|| text(start)).or_else(|| erf(start))
}

/// Text, of which HTML, XML and JSON are told apart by how they begin.
fn text(start: &[u8]) -> Option<Foreign> {
    let readable = match std::str::from_utf8(start) {
        Ok(text) => text,
        // The last character may be cut by the end of what was read.
        Err(error) if start.len() - error.valid_up_to() < 4 => {
            std::str::from_utf8(&start[..error.valid_up_to()]).ok()?
        }
        Err(_) => return None,
    };
    let printable = |c: char| !c.is_control() || matches!(c, '\n' | '\r' | '\t' | '\x0c' | '\x1b');
    if readable.is_empty() || !readable.chars().all(printable) {
        return None;
    }
    let trimmed = readable.trim_start_matches('\u{feff}').trim_start();
    let begins = |tag: &str| trimmed.get(..tag.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(tag));
    Some(Foreign::Other(if begins("<!doctype html") || begins("<html") {
        &messages::AN_HTML_PAGE.text
    } else if begins("<?xml") {
        &messages::AN_XML_TEXT.text
    } else if trimmed.starts_with(['{', '[']) {
        &messages::A_JSON_TEXT.text
    } else {
        &messages::A_TEXT.text
    }))
}

/// Endace's ERF has no magic number: its first record must look like one, and so must the second where it is there.
fn erf(start: &[u8]) -> Option<Foreign> {
    let record = |at: usize| {
        let header = start.get(at..at + 16)?;
        let seconds = u32::from_le_bytes([header[4], header[5], header[6], header[7]]);
        let kind = header[8] & 0x7f;
        let length = usize::from(u16::from_be_bytes([header[10], header[11]]));
        // Stamped between 1990 and 2100.
        let plausible = (631_152_000..4_102_444_800).contains(&seconds) && matches!(kind, 1..=48) && length >= 16;
        plausible.then_some(at + length)
    };
    let second = record(0)?;
    (start.len() < second + 16 || record(second).is_some()).then_some(Foreign::Capture("ERF"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_recognised_by_name() {
        let snoop = b"snoop\0\0\0\0\0\0\x02\0\0\0\x04";
        assert_eq!(recognise(snoop), Some(Foreign::Capture("snoop")));
        assert_eq!(recognise(b"GMBU\0\x02"), Some(Foreign::Capture("Network Monitor 2")));
        assert_eq!(recognise(b"RTSS\x01\x01"), Some(Foreign::Capture("Network Monitor 1")));
        assert_eq!(recognise(b"iptrace 2.0"), Some(Foreign::Capture("AIX iptrace")));
        assert_eq!(recognise(b"\xaa\xaa\xaa\xaa\x18\0"), Some(Foreign::Capture("5Views (.5vw)")));
        assert_eq!(recognise(b"\x01\x10\x4c\x00\x01\x05"), Some(Foreign::Capture("LANalyzer")));
        assert_eq!(
            recognise(b"+---------+---------------+----------+\r\n"),
            Some(Foreign::Capture("Tektronix K12 text")),
            "before it is taken for a text"
        );
        assert!(matches!(recognise(b"PK\x03\x04\x14"), Some(Foreign::Archive { name: "zip", .. })));
        assert!(matches!(recognise(b"\xfd7zXZ\0\0"), Some(Foreign::Archive { name: "xz", .. })));
        assert!(matches!(recognise(b"BZh91AY"), Some(Foreign::Archive { name: "bzip2", .. })));
        let mut tar = vec![b'a'; 512];
        tar[257..262].copy_from_slice(b"ustar");
        tar[100] = 0;
        assert!(matches!(recognise(&tar), Some(Foreign::Archive { name: "tar", .. })));
    }

    #[test]
    fn texts_are_told_apart() {
        for (start, text) in [
            ("halo\n", &messages::A_TEXT.text),
            ("\n <!DOCTYPE HTML>", &messages::AN_HTML_PAGE.text),
            ("<html lang=id>", &messages::AN_HTML_PAGE.text),
            ("<?xml version=\"1.0\"?>", &messages::AN_XML_TEXT.text),
            ("\u{feff}{\"kind\":\"capture\"}", &messages::A_JSON_TEXT.text),
            ("[]", &messages::A_JSON_TEXT.text),
            ("sepanjang “kutipan” é", &messages::A_TEXT.text),
        ] {
            assert_eq!(recognise(start.as_bytes()), Some(Foreign::Other(text)), "{start}");
        }
        let cut = &"aé".as_bytes()[..2];
        assert_eq!(recognise(cut), Some(Foreign::Other(&messages::A_TEXT.text)), "cut inside a character");
        assert_eq!(recognise(b"a\0b"), None);
        assert_eq!(recognise(b""), None);
    }

    #[test]
    fn erf_needs_two_plausible_records() {
        let record = |seconds: u32| {
            let mut bytes = vec![0; 4];
            bytes.extend(seconds.to_le_bytes());
            bytes.extend([2, 4, 0, 24, 0, 0, 0, 6]);
            bytes.extend([0xff; 8]);
            bytes
        };
        let erf = [record(1_300_000_000), record(1_300_000_001)].concat();
        assert_eq!(recognise(&erf), Some(Foreign::Capture("ERF")));
        assert_eq!(recognise(&[record(1_300_000_000), record(5)].concat()), None);
        assert_eq!(recognise(&record(5)), None);
    }
}
