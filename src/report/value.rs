//! The value of one cell: what the records, the table, CSV and Markdown are all made of.

use std::borrow::Cow;

use serde::ser::{Serialize, SerializeMap, Serializer};

/// A value of a record. `Absent` is a key that cannot apply; `Null` one that applies and is unknown.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// The key is left out.
    Absent,
    /// The key applies, its value is not known.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A count, an index, a number of a header.
    Number(u64),
    /// Nanoseconds, written as seconds.
    Seconds(i64),
    /// Seconds as they are, for the resolution of an interface.
    Real(f64),
    /// Words.
    Text(Cow<'static, str>),
    /// Several values.
    List(Vec<Value>),
    /// Named values, in order.
    Map(Vec<(Cow<'static, str>, Value)>),
}

impl Value {
    /// A text that is part of the program.
    #[must_use]
    pub const fn word(word: &'static str) -> Value {
        Value::Text(Cow::Borrowed(word))
    }

    /// A text made while running.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Value {
        Value::Text(Cow::Owned(text.into()))
    }

    /// Named values under names that are part of the program.
    #[must_use]
    pub fn map(entries: Vec<(&'static str, Value)>) -> Value {
        Value::Map(entries.into_iter().map(|(key, value)| (Cow::Borrowed(key), value)).collect())
    }

    /// A list of numbers.
    #[must_use]
    pub fn numbers(numbers: impl IntoIterator<Item = u64>) -> Value {
        Value::List(numbers.into_iter().map(Value::Number).collect())
    }

    /// The value, or null.
    #[must_use]
    pub fn or_null(value: Option<Value>) -> Value {
        value.unwrap_or(Value::Null)
    }

    /// The value under a key of a map; absent where there is none.
    #[must_use]
    pub fn entry(&self, key: &str) -> &Value {
        match self {
            Value::Map(entries) => entries.iter().find(|(name, _)| name == key).map_or(&Value::Absent, |(_, v)| v),
            _ => &Value::Absent,
        }
    }

    /// The value in one cell without structure, as CSV writes it: lists by a space, pairs inside a list by a hyphen.
    #[must_use]
    pub fn plain(&self) -> String {
        match self {
            Value::Absent | Value::Null => String::new(),
            Value::Bool(yes) => yes.to_string(),
            Value::Number(n) => n.to_string(),
            Value::Seconds(ns) => seconds(*ns),
            Value::Real(real) => real.to_string(),
            Value::Text(text) => text.clone().into_owned(),
            Value::List(items) => join(items.iter().map(Value::in_list), " "),
            Value::Map(entries) => join(entries.iter().map(|(key, value)| format!("{key}={}", value.plain())), " "),
        }
    }

    fn in_list(&self) -> String {
        match self {
            Value::List(items) => join(items.iter().map(Value::plain), "-"),
            other => other.plain(),
        }
    }
}

fn join(parts: impl Iterator<Item = String>, separator: &str) -> String {
    parts.collect::<Vec<_>>().join(separator)
}

/// Nanoseconds as seconds, exactly, without an exponent and without needless zeros: `0.000123456`, `2`.
#[must_use]
pub fn seconds(ns: i64) -> String {
    let size = ns.unsigned_abs();
    let mut out = String::with_capacity(24);
    if ns < 0 {
        out.push('-');
    }
    out.push_str(itoa::Buffer::new().format(size / 1_000_000_000));
    let fraction = size % 1_000_000_000;
    if fraction > 0 {
        // A leading 1 keeps the zeros in front.
        let mut digits = itoa::Buffer::new();
        let digits = &digits.format(1_000_000_000 + fraction)[1..];
        out.push('.');
        out.push_str(digits.trim_end_matches('0'));
    }
    out
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Absent | Value::Null => serializer.serialize_unit(),
            Value::Bool(yes) => serializer.serialize_bool(*yes),
            Value::Number(n) => serializer.serialize_u64(*n),
            Value::Seconds(ns) => {
                // The nearest double to the decimal number; the writer of JSON prints it without an exponent.
                serializer.serialize_f64(seconds(*ns).parse().unwrap_or(0.0))
            }
            Value::Real(real) => serializer.serialize_f64(*real),
            Value::Text(text) => serializer.serialize_str(text),
            Value::List(items) => serializer.collect_seq(items),
            Value::Map(entries) => {
                let mut map = serializer.serialize_map(None)?;
                for (key, value) in entries.iter().filter(|(_, value)| *value != Value::Absent) {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_exact_and_plain() {
        assert_eq!(seconds(0), "0");
        assert_eq!(seconds(1), "0.000000001");
        assert_eq!(seconds(123_456), "0.000123456");
        assert_eq!(seconds(-1_500_000_000), "-1.5");
        assert_eq!(seconds(20_000_000_000), "20");
        assert_eq!(seconds(i64::MIN), "-9223372036.854775808");
    }

    #[test]
    fn cells_without_structure() {
        let sack = Value::List(vec![Value::numbers([1, 5]), Value::numbers([9, 12])]);
        assert_eq!(sack.plain(), "1-5 9-12");
        assert_eq!(Value::numbers([7, 8]).plain(), "7 8");
        assert_eq!(Value::Null.plain(), "");
        assert_eq!(Value::map(vec![("mss", Value::Number(1460))]).entry("mss"), &Value::Number(1460));
    }
}
