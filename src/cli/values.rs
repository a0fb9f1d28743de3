//! The forms of option values, each parsed once into what the program works with.

use crate::failure::Failure;
use crate::language::messages::Message;
use crate::language::messages::cli as messages;
use crate::language::{Value, Values};
use crate::report::PayloadLimit;
use crate::report::columns;
use crate::report::formats::FORMATS;
#[cfg(target_os = "linux")]
use crate::scenario::rule::{Expected, Late, Rule, RuleError, parse_late};
use crate::track::{ConnId, Proto};

/// The names of the formats, by whom they are for.
pub(super) struct FormatLists {
    pub(super) people: Vec<&'static str>,
    pub(super) programs: Vec<&'static str>,
    pub(super) default: &'static str,
}

/// Every format's name.
pub(super) fn format_lists() -> FormatLists {
    let names = |for_people: bool| {
        FORMATS.iter().filter(|format| format.for_people == for_people).map(|format| format.name).collect()
    };
    FormatLists { people: names(true), programs: names(false), default: FORMATS[0].name }
}

/// The keys that `--columns` takes: of packets, or of connections.
pub(super) fn columns(connections: bool) -> Vec<&'static str> {
    if connections { columns::connection_keys().collect() } else { columns::packet_keys().collect() }
}

/// `frame,time,flags`; which names there are depends on other options.
pub(super) fn parse_columns(text: &str) -> Result<Vec<String>, Failure> {
    let names: Vec<String> =
        text.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect();
    if names.is_empty() {
        let values = Values::none().words("allowed", columns(false).join(", "));
        return Err(Failure::bad_input(&messages::FORM_COLUMNS, values));
    }
    Ok(names)
}

/// A connection as the user named it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ConnChoice {
    /// What was typed.
    pub(super) typed: String,
    /// What it means: a bare number is TCP.
    pub(super) id: ConnId,
    /// The protocol was told.
    pub(super) explicit: bool,
}

impl ConnChoice {
    /// `3`, `tcp:3`, `udp:0`.
    pub(super) fn parse(text: &str) -> Result<ConnChoice, Failure> {
        let (proto, digits, explicit) = match text.split_once(':') {
            Some(("tcp", digits)) => (Proto::Tcp, digits, true),
            Some(("udp", digits)) => (Proto::Udp, digits, true),
            Some(_) => return Err(form(&messages::FORM_CONN)),
            None => (Proto::Tcp, text, false),
        };
        let index =
            whole(digits).and_then(|index| u32::try_from(index).ok()).ok_or_else(|| form(&messages::FORM_CONN))?;
        Ok(ConnChoice { typed: text.to_owned(), id: ConnId { proto, index }, explicit })
    }
}

/// A whole number within bounds.
pub(super) fn number(text: &str, low: u64, high: u64) -> Result<u64, Failure> {
    whole(text).filter(|number| (low..=high).contains(number)).ok_or_else(|| {
        let values = Values::none().with("low", Value::Number(low)).with("high", Value::Number(high));
        Failure::bad_input(&messages::FORM_NUMBER, values)
    })
}

/// `none`, `all` or a number of bytes.
pub(super) fn payload(text: &str) -> Result<PayloadLimit, Failure> {
    match text {
        "none" => Ok(PayloadLimit::None),
        "all" => Ok(PayloadLimit::All),
        _ => whole(text)
            .and_then(|bytes| usize::try_from(bytes).ok())
            .map(PayloadLimit::Bytes)
            .ok_or_else(|| form(&messages::FORM_PAYLOAD)),
    }
}

/// `500ms`, `10s`, `2m`, `1h`.
#[cfg(target_os = "linux")]
pub(super) fn duration(text: &str) -> Result<std::time::Duration, Failure> {
    let split = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, unit) = text.split_at(split);
    let millis = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return Err(form(&messages::FORM_DURATION)),
    };
    whole(digits)
        .and_then(|count| count.checked_mul(millis))
        .filter(|millis| *millis > 0)
        .map(std::time::Duration::from_millis)
        .ok_or_else(|| form(&messages::FORM_DURATION))
}

/// The length of an interval in nanoseconds: `10ms`, `1s`, `500us`.
pub(super) fn interval(text: &str) -> Result<i64, Failure> {
    let split = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, unit) = text.split_at(split);
    let nanos = match unit {
        "us" | "µs" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => return Err(form(&messages::FORM_INTERVAL)),
    };
    whole(digits)
        .and_then(|count| count.checked_mul(nanos))
        .and_then(|nanos| i64::try_from(nanos).ok())
        .filter(|nanos| *nanos > 0)
        .ok_or_else(|| form(&messages::FORM_INTERVAL))
}

/// How long a wire takes: `20ms`, `1s`.
#[cfg(target_os = "linux")]
pub(super) fn delay(text: &str) -> Result<std::time::Duration, Failure> {
    let split = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, unit) = text.split_at(split);
    let micros = match unit {
        "us" | "µs" => 1,
        "ms" => 1_000,
        "s" => 1_000_000,
        _ => return Err(form(&messages::FORM_DELAY)),
    };
    whole(digits)
        .and_then(|count| count.checked_mul(micros))
        .filter(|micros| (1..=10_000_000).contains(micros))
        .map(std::time::Duration::from_micros)
        .ok_or_else(|| form(&messages::FORM_DELAY))
}

/// A rule that names packets.
#[cfg(target_os = "linux")]
pub(super) fn rule(text: &str) -> Result<Rule, Failure> {
    Rule::parse(text).map_err(|error| no_rule(text, &error))
}

/// A rule of reordering.
#[cfg(target_os = "linux")]
pub(super) fn late_rule(text: &str) -> Result<(Rule, Late), Failure> {
    parse_late(text).map_err(|error| no_rule(text, &error))
}

/// Where a text is no rule, and what is possible there.
#[cfg(target_os = "linux")]
fn no_rule(text: &str, error: &RuleError) -> Failure {
    let expected = match error.expected {
        Expected::Start => &messages::RULE_START,
        Expected::Kind => &messages::RULE_KIND,
        Expected::Number => &messages::RULE_NUMBER,
        Expected::Range => &messages::RULE_RANGE,
        Expected::Share => &messages::RULE_SHARE,
        Expected::Late => &messages::RULE_LATE,
        Expected::End => &messages::RULE_NOTHING,
    };
    let at = text.get(..error.at).map_or(0, |before| before.chars().count()) as u64 + 1;
    let values = Values::none()
        .with("at", Value::Number(at))
        .words("word", error.word.clone())
        .with("expected", Value::Text(expected.text));
    Failure::bad_input(if error.word.is_empty() { &messages::RULE_ENDS } else { &messages::RULE_AT }, values)
}

/// Digits only: `str::parse` would also take a plus sign.
fn whole(text: &str) -> Option<u64> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

fn form(message: &'static Message) -> Failure {
    Failure::bad_input(message, Values::none())
}
