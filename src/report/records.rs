//! The records that are not rows of a table: the first and the last of a capture, and what the kernel said.

use std::borrow::Cow;

use super::text::excerpt;
use super::value::Value;
use super::{CaptureInfo, Ending, PayloadLimit};
use crate::frame::{DamageReason, Interface, Time};
use crate::language::Lang;
use crate::timeline::{CallSeen, End, Finding, Program, SocketEvent, Tally, TraceEvent, Traced};
use crate::track::{ConnId, Proto, Side};

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
pub const SOCKET_KEYS: [&str; 8] = ["side", "from", "to", "reset", "reset_taken", "retransmit", "counter", "source"];

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

/// What a tracepoint of the kernel told.
#[must_use]
pub fn trace(event: &TraceEvent<'_>, start: Option<Time>) -> Value {
    let told = event.told;
    let mut entries = vec![
        ("kind", Value::word("socket")),
        ("time", Value::text(told.time.to_string())),
        ("rel", Value::or_null(start.map(|start| Value::Seconds(told.time.since(start))))),
        ("side", Value::word(event.side.name())),
        ("proto", Value::word(event.conn.proto.name())),
        ("conn", Value::Number(event.conn.index.into())),
    ];
    match &told.what {
        Traced::State { from, to } => {
            entries.extend([("from", Value::word(from.name())), ("to", Value::word(to.name()))]);
        }
        Traced::Reset { reason } => entries.push(("reset", Value::or_null(reason.clone().map(Value::text)))),
        Traced::ResetTaken => entries.push(("reset_taken", Value::Bool(true))),
        Traced::Retransmit => entries.push(("retransmit", Value::Bool(true))),
    }
    entries.push(("source", Value::word("tracepoint")));
    Value::map(entries)
}

/// What a kernel counted all the while. Its counters are those of a network and belong to no connection.
#[must_use]
pub fn tally(tally: &Tally, start: Option<Time>) -> Value {
    let moved = tally.moved.iter().map(|(name, gained)| (Cow::Owned(name.clone()), Value::Number(*gained)));
    Value::map(vec![
        ("kind", Value::word("socket")),
        ("time", Value::text(tally.time.to_string())),
        ("rel", Value::or_null(start.map(|start| Value::Seconds(tally.time.since(start))))),
        ("side", side(tally.side)),
        ("proto", Value::Null),
        ("conn", Value::Null),
        ("counter", Value::Map(moved.collect())),
        ("source", Value::word(tally.source.name())),
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

/// A system call.
#[must_use]
pub fn syscall(seen: &CallSeen, start: Option<Time>, payload: PayloadLimit) -> Value {
    let call = &seen.call;
    let (result, error) = match &call.result {
        Some(Ok(n)) => (u64::try_from(*n).map_or_else(|_| Value::text(n.to_string()), Value::Number), Value::Absent),
        Some(Err(name)) => (Value::Absent, Value::text(name.clone())),
        None => (Value::Null, Value::Absent),
    };
    let len = u32::try_from(call.data.len()).unwrap_or(u32::MAX);
    let data = if call.data.is_empty() { None } else { excerpt(&call.data, len, payload) };
    let mut entries = vec![
        ("kind", Value::word("syscall")),
        ("id", Value::Number(call.id.into())),
        ("time", Value::text(call.entry.to_string())),
        ("rel", Value::or_null(start.map(|start| Value::Seconds(call.entry.since(start))))),
        ("exit_time", Value::or_null(call.exit.map(|exit| Value::text(exit.to_string())))),
        ("side", side(call.side)),
        ("pid", Value::Number(call.pid.into())),
        ("tid", Value::Number(call.tid.into())),
        ("call", Value::text(call.name.clone())),
        ("args", Value::text(call.args.clone())),
        ("result", result),
        ("error", error),
    ];
    entries.extend(connection(call.socket.map(|socket| socket.proto), seen.conn));
    entries.push(("data", data.map_or(Value::Absent, |excerpt| Value::text(excerpt.text))));
    entries.push(("source", Value::or_null(call.source.clone().map(Value::text))));
    entries.push(("frames", Value::numbers(seen.frames.iter().copied())));
    if !seen.deferred.is_empty() {
        entries.push(("deferred", Value::numbers(seen.deferred.iter().copied())));
    }
    Value::map(entries)
}

fn side(side: Option<Side>) -> Value {
    Value::or_null(side.map(|side| Value::word(side.name())))
}

fn connection(proto: Option<Proto>, conn: Option<ConnId>) -> [(&'static str, Value); 2] {
    let proto = conn.map(|conn| conn.proto).or(proto);
    [
        ("proto", Value::or_null(proto.map(|proto| Value::word(proto.name())))),
        ("conn", Value::or_null(conn.map(|conn| Value::Number(conn.index.into())))),
    ]
}

/// One of the user's programs.
#[must_use]
pub fn process(program: &Program) -> Value {
    let (exit, signal) = match &program.end {
        Some(End::Exit(code)) => (u64::try_from(*code).map_or(Value::Null, Value::Number), Value::Absent),
        Some(End::Signal(name)) => (Value::Absent, Value::word(name)),
        None => (Value::Null, Value::Absent),
    };
    Value::map(vec![
        ("kind", Value::word("process")),
        ("side", side(program.side)),
        ("pid", Value::Number(program.pid.into())),
        ("command", Value::text(program.command.clone())),
        ("exit", exit),
        ("signal", signal),
        ("output", Value::text(program.output.clone())),
    ])
}

/// Something that went wrong.
#[must_use]
pub fn finding(finding: &Finding, lang: Lang) -> Value {
    let mut entries = vec![
        ("kind", Value::word("finding")),
        ("rule", Value::word(finding.rule)),
        ("level", Value::word(finding.level.name())),
        ("certainty", Value::word(finding.certainty.name())),
        ("side", side(finding.side)),
    ];
    entries.extend(connection(None, finding.conn));
    entries.push(("text", Value::text(finding.sentence(lang))));
    entries.push((
        "evidence",
        Value::map(vec![
            ("frames", Value::numbers(finding.frames.iter().copied())),
            ("calls", Value::numbers(finding.calls.iter().copied().map(u64::from))),
        ]),
    ));
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
