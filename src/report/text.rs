//! Text from packets, made safe to print, and text laid out by display width.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::PayloadLimit;

/// The beginning of a payload as text, and whether captured bytes were left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// Printable text as it is, `\n`, `\r`, `\t`, `\\`, and `\xNN` for every other byte.
    pub text: String,
    /// There is more payload than the text shows.
    pub more: bool,
}

/// The payload as the records show it; `None` when none is asked for.
#[must_use]
pub fn excerpt(payload: &[u8], len: u32, limit: PayloadLimit) -> Option<Excerpt> {
    let shown = match limit {
        PayloadLimit::None => return None,
        PayloadLimit::Bytes(n) => whole_chars(payload, n),
        PayloadLimit::All => payload,
    };
    Some(Excerpt { text: escape(shown), more: u32::try_from(shown.len()).unwrap_or(u32::MAX) < len })
}

/// At most `n` bytes; a character that does not fit as a whole is left out.
fn whole_chars(payload: &[u8], n: usize) -> &[u8] {
    let Some(cut) = payload.get(..n) else { return payload };
    if n == payload.len() {
        return cut;
    }
    match std::str::from_utf8(cut) {
        // The bytes after valid_up_to begin a character that the cut interrupts.
        Err(error) if error.error_len().is_none() => &cut[..error.valid_up_to()],
        _ => cut,
    }
}

/// Bytes as one line of printable text.
#[must_use]
pub fn escape(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() + 8);
    // Most payloads begin with plain text, and many are nothing else.
    let plain = bytes.iter().position(|byte| !matches!(byte, b' '..=b'~') || *byte == b'\\').unwrap_or(bytes.len());
    let (plain, bytes) = bytes.split_at(plain);
    out.push_str(std::str::from_utf8(plain).unwrap_or_default());
    for chunk in bytes.utf8_chunks() {
        for char in chunk.valid().chars() {
            push_escaped(&mut out, char, true);
        }
        push_bytes(&mut out, chunk.invalid());
    }
    out
}

/// Words that may hold anything (a file name, a note that quotes a payload) without what a terminal would obey or
/// what would reorder the line.
#[must_use]
pub fn safe(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for char in words.chars() {
        push_escaped(&mut out, char, false);
    }
    out
}

fn push_escaped(out: &mut String, char: char, backslash: bool) {
    match char {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\\' if backslash => out.push_str("\\\\"),
        _ if printable(char) => out.push(char),
        _ => push_bytes(out, char.encode_utf8(&mut [0; 4]).as_bytes()),
    }
}

fn push_bytes(out: &mut String, bytes: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for byte in bytes {
        out.push_str("\\x");
        out.push(char::from(DIGITS[usize::from(byte >> 4)]));
        out.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
}

/// Neither control nor format character (such as the overrides of writing direction), nor unassigned, nor a
/// separator other than the space.
fn printable(char: char) -> bool {
    if char.is_ascii() {
        return matches!(char, ' '..='~');
    }
    // Rust's own table decides. Behind a letter a combining mark counts as printable, which it is.
    let mut buffer = [b'a'; 5];
    let end = 1 + char.encode_utf8(&mut buffer[1..]).len();
    std::str::from_utf8(&buffer[..end]).is_ok_and(|text| text.escape_debug().count() == 2)
}

/// Display width in columns.
#[must_use]
pub fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// Text in lines of at most `limit` columns, broken at spaces where that is possible.
#[must_use]
pub fn wrap(text: &str, limit: usize) -> Vec<String> {
    let limit = limit.max(2);
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        for word in paragraph.split(' ').filter(|word| !word.is_empty()) {
            let gap = usize::from(!line.is_empty());
            if width(&line) + gap + width(word) > limit && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
            while width(&line) > limit {
                let cut = fitting(&line, limit);
                // Behind a hyphen where there is one, unless that leaves next to nothing on the line.
                let cut = line[..cut].rfind('-').map(|at| at + 1).filter(|at| *at > cut / 2).unwrap_or(cut);
                let rest = line.split_off(cut);
                lines.push(std::mem::replace(&mut line, rest));
            }
        }
        lines.push(line);
    }
    lines
}

/// How many bytes of the text fit into `limit` columns; at least one character.
fn fitting(text: &str, limit: usize) -> usize {
    let mut used = 0;
    for (at, char) in text.char_indices() {
        used += char.width().unwrap_or(0);
        if used > limit && at > 0 {
            return at;
        }
    }
    text.len()
}

/// The text cut to `limit` columns, the cut shown by an ellipsis.
#[must_use]
pub fn shorten(text: &str, limit: usize) -> String {
    if width(text) <= limit {
        return text.to_owned();
    }
    if limit < 2 {
        return "…".repeat(limit);
    }
    let mut out = text[..fitting(text, limit - 1)].to_owned();
    out.push('…');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payload_is_printable_text() {
        assert_eq!(escape(b"halo\r\n\t\\"), "halo\\r\\n\\t\\\\");
        assert_eq!(escape("日本 é 🙂".as_bytes()), "日本 é 🙂");
        assert_eq!(escape(b"\x1b[31m\x00\xff\x7f"), "\\x1B[31m\\x00\\xFF\\x7F");
        // RIGHT-TO-LEFT OVERRIDE, NEXT LINE, NO-BREAK SPACE, ZERO WIDTH JOINER
        assert_eq!(escape("a\u{202e}b\u{85}\u{a0}\u{200d}".as_bytes()), r"a\xE2\x80\xAEb\xC2\x85\xC2\xA0\xE2\x80\x8D");
        assert_eq!(safe("C:\\x \u{1b}"), "C:\\x \\x1B");
    }

    #[test]
    fn a_limit_never_splits_a_character() {
        let text = "aé".as_bytes();
        let at = |n| excerpt(text, 3, PayloadLimit::Bytes(n)).unwrap();
        assert_eq!(at(2), Excerpt { text: "a".into(), more: true });
        assert_eq!(at(3), Excerpt { text: "aé".into(), more: false });
        assert_eq!(at(0), Excerpt { text: String::new(), more: true });
        assert_eq!(excerpt(&[0x61, 0xff, 0x62], 3, PayloadLimit::Bytes(2)).unwrap().text, "a\\xFF");
        assert_eq!(excerpt(text, 3, PayloadLimit::None), None);
        assert!(excerpt(text, 9, PayloadLimit::All).unwrap().more, "cut by the snap length");
    }

    #[test]
    fn lines_keep_to_the_width() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("abcdefghij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(wrap("request-response-psh", 19), ["request-response-", "psh"], "behind a hyphen");
        assert_eq!(wrap("-abcdefg", 4), ["-abc", "defg"], "but not right at the beginning");
        assert_eq!(wrap("日本語", 4), ["日本", "語"]);
        assert_eq!(wrap("", 4), [""]);
        assert_eq!(shorten("abcdef", 4), "abc…");
        assert_eq!(shorten("日本語", 4), "日…");
    }
}
