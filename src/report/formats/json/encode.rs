//! Values → JSON text. Written by hand because it is where the time of `--format jsonl` goes; serde holds it in the tests.

use std::io::Write as _;

use crate::report::value::{Value, seconds};

/// Up to here the decimal number of nanoseconds is the shortest one that reads back as the same double.
const EXACT: u64 = 1_000_000_000_000_000;

/// Appends a value. Numbers are written without an exponent.
pub(super) fn value(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Absent | Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(yes) => out.extend_from_slice(if *yes { b"true" } else { b"false" }),
        Value::Number(n) => out.extend_from_slice(itoa::Buffer::new().format(*n).as_bytes()),
        Value::Seconds(ns) if ns.unsigned_abs() < EXACT => out.extend_from_slice(seconds(*ns).as_bytes()),
        Value::Seconds(ns) => real(out, seconds(*ns).parse().unwrap_or(0.0)),
        Value::Real(number) => real(out, *number),
        Value::Text(text) => string(out, text),
        Value::List(items) => {
            out.push(b'[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                self::value(out, item);
            }
            out.push(b']');
        }
        Value::Map(entries) => {
            object(out, entries.iter().map(|(key, value)| (key.as_ref(), value)));
        }
    }
}

/// Appends an object; keys of absent values are left out.
pub(super) fn object<'a, V: std::borrow::Borrow<Value>>(
    out: &mut Vec<u8>,
    entries: impl Iterator<Item = (&'a str, V)>,
) {
    out.push(b'{');
    let mut first = true;
    for (key, entry) in entries {
        if *entry.borrow() == Value::Absent {
            continue;
        }
        if !std::mem::take(&mut first) {
            out.push(b',');
        }
        string(out, key);
        out.push(b':');
        value(out, entry.borrow());
    }
    out.push(b'}');
}

fn real(out: &mut Vec<u8>, number: f64) {
    if number.is_finite() {
        // Writing into memory cannot fail.
        let _ = write!(out, "{number}");
    } else {
        out.extend_from_slice(b"null");
    }
}

fn string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    let bytes = text.as_bytes();
    let plain = 8 * bytes.as_chunks().0.iter().take_while(|word| is_plain(u64::from_le_bytes(**word))).count();
    let mut done = 0;
    for (at, byte) in bytes.iter().enumerate().skip(plain) {
        let escape: &[u8] = match byte {
            b'"' => b"\\\"",
            b'\\' => b"\\\\",
            b'\n' => b"\\n",
            b'\r' => b"\\r",
            b'\t' => b"\\t",
            0x08 => b"\\b",
            0x0c => b"\\f",
            0..0x20 => b"",
            _ => continue,
        };
        out.extend_from_slice(&bytes[done..at]);
        out.extend_from_slice(escape);
        if escape.is_empty() {
            let _ = write!(out, "\\u{byte:04x}");
        }
        done = at + 1;
    }
    out.extend_from_slice(&bytes[done..]);
    out.push(b'"');
}

/// Whether none of eight bytes needs an escape; false also for a few words in which none does.
fn is_plain(word: u64) -> bool {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let below = |word: u64, limit: u64| word.wrapping_sub(ONES * limit) & !word;
    let is = |byte: u8| below(word ^ (ONES * u64::from(byte)), 1);
    (below(word, 0x20) | is(b'"') | is(b'\\')) & (ONES << 7) == 0
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;
    use std::io::{self, Write};

    use proptest::prelude::*;
    use serde::Serialize as _;
    use serde_json::ser::Formatter;

    use super::*;

    /// Numbers without an exponent: `0.0000001`, which every reader and every person understands.
    struct PlainNumbers;

    impl Formatter for PlainNumbers {
        fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
            write!(writer, "{value}")
        }
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Absent),
            Just(Value::Null),
            any::<bool>().prop_map(Value::Bool),
            any::<u64>().prop_map(Value::Number),
            any::<i64>().prop_map(Value::Seconds),
            (-2_000_000_000_000_000..2_000_000_000_000_000_i64).prop_map(Value::Seconds),
            (-3_000_000_000..3_000_000_000_i64).prop_map(Value::Seconds),
            any::<f64>().prop_map(Value::Real),
            any::<String>().prop_map(Value::text),
            "[\\x00-\\x7f]{0,20}".prop_map(Value::text),
        ];
        leaf.prop_recursive(3, 20, 5, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::List),
                proptest::collection::vec((any::<String>().prop_map(Cow::Owned), inner), 0..5).prop_map(Value::Map),
            ]
        })
    }

    proptest! {
        #[test]
        fn the_bytes_are_serdes(value in values()) {
            let mut expected = Vec::new();
            value.serialize(&mut serde_json::Serializer::with_formatter(&mut expected, PlainNumbers)).unwrap();
            let mut got = Vec::new();
            super::value(&mut got, &value);
            prop_assert_eq!(String::from_utf8(got).unwrap(), String::from_utf8(expected).unwrap());
        }
    }
}
