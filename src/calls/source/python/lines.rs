//! From the place of an instruction to its line: the three tables that CPython has had.

use super::layout::Lines;

/// The line of the instruction at this byte of the code; none where the table does not say.
#[must_use]
pub(super) fn line(lines: Lines, table: &[u8], first: u32, offset: u64) -> Option<u32> {
    let delta = match lines {
        Lines::Lnotab => Some(lnotab(table, offset)),
        Lines::Deltas => deltas(table, offset),
        Lines::Locations => locations(table, offset),
    }?;
    let line = i64::from(first).checked_add(delta)?;
    // No instruction stands before its function begins.
    u32::try_from(line).ok().filter(|line| *line >= first.max(1))
}

fn signed(byte: u8) -> i64 {
    byte.cast_signed().into()
}

/// Pairs of bytes: so many bytes of code on, so many lines on (`Objects/lnotab_notes.txt` of 3.9).
fn lnotab(table: &[u8], offset: u64) -> i64 {
    let (mut at, mut line) = (0u64, 0i64);
    for pair in table.chunks_exact(2) {
        at += u64::from(pair[0]);
        if at > offset {
            break;
        }
        line += signed(pair[1]);
    }
    line
}

/// Pairs of bytes: the length of a range, and what its line is more than the last (`Objects/lnotab_notes.txt` of 3.10).
fn deltas(table: &[u8], offset: u64) -> Option<i64> {
    let (mut end, mut line) = (0u64, 0i64);
    for pair in table.chunks_exact(2) {
        let known = signed(pair[1]) != -128;
        if known {
            line += signed(pair[1]);
        }
        end += u64::from(pair[0]);
        if offset < end {
            return known.then_some(line);
        }
    }
    None
}

/// Entries of several bytes, each for up to eight code units (`Objects/locations.md` of 3.11).
fn locations(table: &[u8], offset: u64) -> Option<i64> {
    let (mut end, mut line) = (0u64, 0i64);
    let mut bytes = table.iter().copied();
    while let Some(first) = bytes.next() {
        if first & 0x80 == 0 {
            return None;
        }
        let mut known = true;
        match first >> 3 & 15 {
            // Without a line.
            15 => known = false,
            // With end line and columns.
            14 => {
                line = line.checked_add(signed_number(&mut bytes)?)?;
                for _ in 0..3 {
                    number(&mut bytes)?;
                }
            }
            13 => line = line.checked_add(signed_number(&mut bytes)?)?,
            code @ 10..13 => {
                line = line.checked_add(i64::from(code) - 10)?;
                bytes.nth(1)?;
            }
            _ => drop(bytes.next()?),
        }
        end += (u64::from(first & 7) + 1) * 2;
        if offset < end {
            return known.then_some(line);
        }
    }
    None
}

/// Six bits a byte, the lowest first.
fn number(bytes: &mut impl Iterator<Item = u8>) -> Option<u64> {
    let mut value = 0;
    for shift in (0..36).step_by(6) {
        let byte = bytes.next()?;
        value |= u64::from(byte & 63) << shift;
        if byte & 64 == 0 {
            return Some(value);
        }
    }
    None
}

fn signed_number(bytes: &mut impl Iterator<Item = u8>) -> Option<i64> {
    let value = number(bytes)?;
    let size = i64::try_from(value >> 1).ok()?;
    Some(if value & 1 == 1 { -size } else { size })
}

#[cfg(test)]
mod tests {
    use super::line;
    use crate::calls::source::python::layout::Lines::{Deltas, Lnotab, Locations};

    /// `def f(s):\n    s.send(b"a")\n\n\n    return s` as 3.8, 3.10 and 3.11 compile it, from line 1.
    #[test]
    fn tables_of_real_functions_are_read() {
        let lnotab = [0, 1, 10, 3];
        let at = |offset| line(Lnotab, &lnotab, 1, offset);
        assert_eq!([at(0), at(4), at(8), at(10), at(12)], [Some(2), Some(2), Some(2), Some(5), Some(5)]);
        let deltas = [10, 1, 4, 3];
        let at = |offset| line(Deltas, &deltas, 1, offset);
        assert_eq!([at(0), at(8), at(10), at(12), at(14)], [Some(2), Some(2), Some(5), Some(5), None]);
        let locations =
            [128, 0, 216, 4, 5, 135, 70, 130, 70, 136, 52, 129, 76, 132, 76, 128, 76, 240, 6, 0, 12, 13, 128, 72];
        let at = |offset| line(Locations, &locations, 1, offset);
        assert_eq!([at(0), at(2), at(42), at(44), at(46), at(48)], [Some(1), Some(2), Some(2), Some(5), Some(5), None]);
    }

    #[test]
    fn what_has_no_line_and_what_is_broken_has_none() {
        // `-128` says that there is no line.
        assert_eq!(line(Deltas, &[4, 0x80, 4, 1], 7, 2), None);
        assert_eq!(line(Deltas, &[4, 0x80, 4, 1], 7, 6), Some(8));
        // Before the first line of its function there is nothing.
        assert_eq!(line(Lnotab, &[0, 0xff], 7, 2), None);
        // 15: no line; 13 with +3; 14 with -1; 11; and one of the short ones.
        let table = [0xf8, 0xe8, 6, 0xf0, 3, 0, 0, 0, 0xd9, 0, 0, 0x82, 0];
        let at = |offset| line(Locations, &table, 7, offset);
        assert_eq!(
            [at(0), at(2), at(4), at(6), at(8), at(10)],
            [None, Some(10), Some(9), Some(10), Some(10), Some(10)]
        );
        assert_eq!(at(16), None);
        for broken in
            [&[0xe8][..], &[0xe8, 0x40], &[0x00, 0x00], &[0xd8, 0], &[0xf0, 0, 0], &[0xe8, 64, 64, 64, 64, 64, 64]]
        {
            assert_eq!(line(Locations, broken, 7, 0), None, "{broken:?}");
        }
    }
}
