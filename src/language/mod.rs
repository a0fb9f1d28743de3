//! English and Indonesian: which one, looked up where, and how numbers and units read in it.
//!
//! The language is a value that is handed down, never a global: one analysis can be rendered in both.

pub mod messages;
pub mod numbers;

use std::borrow::Cow;

use crate::track::Side;

/// The languages a person can read netscope in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Indonesian.
    Id,
}

impl Lang {
    /// Both.
    pub const ALL: [Lang; 2] = [Lang::En, Lang::Id];

    /// `en` or `id`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Id => "id",
        }
    }

    /// The language named by a code or by a locale such as `id_ID.UTF-8`.
    #[must_use]
    pub fn from_locale(locale: &str) -> Option<Lang> {
        let language = locale.split(['_', '.', '@', '-']).next()?;
        match language.to_ascii_lowercase().as_str() {
            "en" => Some(Lang::En),
            // "in" is the code that old systems still use for Indonesian.
            "id" | "in" => Some(Lang::Id),
            _ => None,
        }
    }
}

/// One sentence or label in both languages, with `{placeholders}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    /// English.
    pub en: &'static str,
    /// Indonesian.
    pub id: &'static str,
}

impl Text {
    /// The text in one language, placeholders as they are.
    #[must_use]
    pub fn get(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.en,
            Lang::Id => self.id,
        }
    }

    /// The text with every `{name}` replaced by its value; `{Name}` begins with a capital.
    /// A placeholder without a value stays as it is, so that a test sees it.
    #[must_use]
    pub fn fill(&self, lang: Lang, values: &Values) -> String {
        let mut out = String::with_capacity(self.get(lang).len() + 32);
        let mut rest = self.get(lang);
        while let Some(open) = rest.find('{') {
            out.push_str(&rest[..open]);
            let Some(close) = rest[open..].find('}') else { break };
            let name = &rest[open + 1..open + close];
            match values.get(name) {
                Some(value) if name.starts_with(|c: char| c.is_ascii_uppercase()) => {
                    out.push_str(&capitalise(&value.render(lang)));
                }
                Some(value) => out.push_str(&value.render(lang)),
                None => out.push_str(&rest[open..=open + close]),
            }
            rest = &rest[open + close + 1..];
        }
        out.push_str(rest);
        out
    }

    /// The placeholders of the text in one language, in lower case.
    pub fn placeholders(&self, lang: Lang) -> impl Iterator<Item = String> {
        self.get(lang)
            .split('{')
            .skip(1)
            .filter_map(|part| part.split_once('}'))
            .map(|(name, _)| name.to_ascii_lowercase())
    }
}

fn capitalise(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// A typed value for a placeholder. It holds no prose, so that one analysis yields both languages.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// One of the two ends, by its role: "the client", "server".
    Side(Side),
    /// A plain count, grouped by thousands: frames, connections.
    Count(u64),
    /// A count of bytes with its unit: "1 byte", "5 bytes".
    Bytes(u64),
    /// A number that is a name and is never grouped: a port, a sequence number, a frame.
    Number(u64),
    /// Several frame numbers.
    Frames(Vec<u64>),
    /// Nanoseconds, shown in a fitting unit.
    Duration(i64),
    /// Nanoseconds, shown as a number of milliseconds without the unit.
    Millis(i64),
    /// Words that are the same in every language: an address, a file name, a payload.
    Words(Cow<'static, str>),
    /// A text of the catalogue, rendered in the same language.
    Text(Text),
}

impl Value {
    /// The value as it reads in one language.
    #[must_use]
    pub fn render(&self, lang: Lang) -> String {
        match self {
            Value::Side(side) => numbers::side(lang, *side).to_owned(),
            Value::Count(n) => numbers::count(lang, *n),
            Value::Bytes(n) => numbers::bytes(lang, *n),
            Value::Number(n) => n.to_string(),
            Value::Frames(frames) => frames.iter().map(u64::to_string).collect::<Vec<_>>().join(", "),
            Value::Duration(ns) => numbers::duration(lang, *ns),
            Value::Millis(ns) => numbers::millis(lang, *ns),
            Value::Words(words) => words.clone().into_owned(),
            Value::Text(text) => text.get(lang).to_owned(),
        }
    }
}

/// Named values for the placeholders of one text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Values(Vec<(&'static str, Value)>);

impl Values {
    /// No values.
    #[must_use]
    pub const fn none() -> Self {
        Values(Vec::new())
    }

    /// These and one more.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: Value) -> Self {
        self.0.push((name, value));
        self
    }

    /// These and one more that needs no translation.
    #[must_use]
    pub fn words(self, name: &'static str, words: impl Into<Cow<'static, str>>) -> Self {
        self.with(name, Value::Words(words.into()))
    }

    /// The value of a name, in whatever case.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}
