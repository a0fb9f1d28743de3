//! The records that are not rows of a table: the first and the last of a capture, and what the kernel said.

use std::borrow::Cow;

use super::value::Value;
use super::{CaptureInfo, Ending};
use crate::frame::Time;
use crate::frame::{DamageReason, Interface};
use crate::language::Lang;
use crate::timeline::SocketEvent;

/// The number of the record layout.
const SCHEMA: u64 = 1;

/// The record before the first packet.
#[must_use]
pub fn capture(info: &CaptureInfo, lang: Lang) -> Value {
    Value::map(vec![
        ("kind", Value::word("capture")),
        ("schema", Value::Number(SCHEMA)),
        ("netscope", Value::word(env!("CARGO_PKG_VERSION"))),
        ("source", Value::text(info.source.clone())),
        ("lang", Value::word(lang.code())),
        ("interfaces", Value::List(info.interfaces.iter().map(interface).collect())),
        ("settings", info.settings.as_ref().map_or(Value::Absent, settings)),
    ])
}

fn interface(interface: &Interface) -> Value {
    Value::map(vec![
        ("name", Value::or_null(interface.name.clone().map(Value::text))),
        ("link_type", Value::text(interface.link.to_string())),
        ("resolution", Value::Real(interface.resolution)),
        ("counters", counters(interface)),
    ])
}

/// What the kernel behind an interface counted, zeros included: a zero says that something did not happen.
fn counters(interface: &Interface) -> Value {
    if interface.counters.is_empty() {
        return Value::Absent;
    }
    let counters = interface.counters.iter();
    Value::Map(counters.map(|(name, count)| (Cow::Owned(name.clone()), Value::Number(*count))).collect())
}

fn settings(settings: &super::Settings) -> Value {
    let kernel = (Cow::Borrowed("kernel"), Value::text(settings.kernel.clone()));
    let tcp = settings.tcp.iter().map(|(name, value)| (Cow::Owned(name.clone()), Value::text(value.clone())));
    Value::Map(std::iter::once(kernel).chain(tcp).collect())
}

/// The keys of a socket record that no packet has.
pub const SOCKET_KEYS: [&str; 4] = ["side", "from", "to", "source"];

/// What the kernel said of a socket; `rel` counts from `start`.
#[must_use]
pub fn socket(event: &SocketEvent<'_>, start: Option<Time>) -> Value {
    let said = event.said;
    Value::map(vec![
        ("kind", Value::word("socket")),
        ("time", Value::text(said.time.to_string())),
        ("rel", Value::or_null(start.map(|start| Value::Seconds(said.time.since(start))))),
        ("side", Value::word(event.side.name())),
        ("proto", Value::word(event.conn.proto.name())),
        ("conn", Value::Number(event.conn.index.into())),
        ("from", Value::word(said.from.name())),
        ("to", Value::word(said.to.name())),
        ("source", Value::word(said.source.name())),
    ])
}

/// The record after the last packet.
#[must_use]
pub fn end(ending: &Ending) -> Value {
    let mut entries = vec![
        ("kind", Value::word("end")),
        ("complete", Value::Bool(ending.damage.is_none() && !ending.interrupted)),
        ("packets", Value::Number(ending.packets)),
        ("dropped", Value::or_null(ending.dropped.map(Value::Number))),
    ];
    if ending.forgotten > 0 {
        entries.push(("forgotten", Value::Number(ending.forgotten)));
    }
    if let Some(damage) = &ending.damage {
        entries.push(("offset", Value::Number(damage.offset)));
        entries.push(("frame", Value::Number(damage.frame)));
        entries.push(("reason", Value::text(reason(&damage.reason))));
    }
    Value::map(entries)
}

/// What was wrong, in the English of the machine formats.
fn reason(reason: &DamageReason) -> String {
    match reason {
        DamageReason::Cut { had, needed } => format!("record cut off: {had} of {needed} bytes"),
        DamageReason::Length { field, value, limit } => format!("{field} {value} is above {limit}"),
        DamageReason::UnknownInterface { index } => format!("interface {index} was never described"),
        DamageReason::TrailerMismatch { leading, trailing } => {
            format!("block lengths differ: {leading} before, {trailing} after")
        }
        DamageReason::ByteOrder => "no byte-order magic".to_owned(),
        DamageReason::Block { kind } => format!("block of type {kind:#010x} has a wrong layout"),
        DamageReason::Version { major, minor } => format!("section of unknown version {major}.{minor}"),
        DamageReason::Expansion { input, output } => format!("{input} compressed bytes became more than {output}"),
        DamageReason::Compression { message } | DamageReason::Read { message } => message.clone(),
    }
}
