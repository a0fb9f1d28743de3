//! From the counts to tables.

use super::counts::{Count, Counts, RANGES};
use crate::decode::TcpFlags;
use crate::language::messages::{Message, stats as say};
use crate::language::{Lang, Text, Values};
use crate::report::people::row::flag_names;
use crate::report::text::safe;
use crate::report::value::Value;
use crate::track::{Connections, Proto};

/// A table.
pub(super) struct Section {
    /// Its name for `--section` and for programs.
    pub(super) name: &'static str,
    pub(super) title: Text,
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Vec<Value>>,
}

/// A column of a table.
pub(super) struct Column {
    /// Its name for programs.
    pub(super) key: &'static str,
    pub(super) title: Text,
}

fn section(
    name: &'static str,
    title: &Message,
    columns: &[(&'static str, &Message)],
    rows: Vec<Vec<Value>>,
) -> Section {
    let columns = columns.iter().map(|(key, title)| Column { key, title: title.text }).collect();
    Section { name, title: title.text, columns, rows }
}

/// Every table, in the order in which they are shown.
pub(super) fn sections(counts: &mut Counts, connections: &Connections<'_>, lang: Lang) -> Vec<Section> {
    counts.bins.settle();
    vec![
        hierarchy(counts),
        conversations(counts, connections),
        endpoints(counts),
        lengths(counts, lang),
        http(counts, lang),
        flags(counts, lang),
        throughput(counts),
    ]
}

fn numbers(count: Count) -> [Value; 2] {
    [Value::Number(count.packets), Value::Number(count.bytes)]
}

fn hierarchy(counts: &Counts) -> Section {
    let columns = [
        ("protocol", &say::PROTOCOL),
        ("packets", &say::PACKETS),
        ("bytes", &say::BYTES),
        ("percent_bytes", &say::SHARE),
    ];
    let rows = counts.protocols.iter().map(|(path, count)| {
        let mut row = vec![Value::text(path.join(":"))];
        row.extend(numbers(*count));
        row.push(Value::Real(percent(count.bytes, counts.all.bytes)));
        row
    });
    section("hierarchy", &say::HIERARCHY, &columns, rows.collect())
}

/// A share in percent, with one decimal.
#[allow(clippy::cast_precision_loss, reason = "a share with one decimal")]
fn percent(part: u64, of: u64) -> f64 {
    if of == 0 { 0.0 } else { (part as f64 / of as f64 * 1000.0).round() / 10.0 }
}

fn conversations(counts: &Counts, connections: &Connections<'_>) -> Section {
    let columns = [
        ("conn", &say::CONVERSATION),
        ("a", &say::A),
        ("b", &say::B),
        ("packets_ab", &say::PACKETS_AB),
        ("bytes_ab", &say::BYTES_AB),
        ("packets_ba", &say::PACKETS_BA),
        ("bytes_ba", &say::BYTES_BA),
        ("start", &say::START),
        ("duration", &say::DURATION),
    ];
    let mut rows = Vec::new();
    for conn in connections.iter() {
        let Some(talk) = counts.talks.get(&conn.id) else { continue };
        let start = talk.first.zip(counts.start).map(|(first, start)| Value::Seconds(first.since(start)));
        let duration = talk.last.zip(talk.first).map(|(last, first)| Value::Seconds(last.since(first)));
        let mut row = vec![
            Value::text(conn.id.to_string()),
            Value::text(conn.client.to_string()),
            Value::text(conn.server.to_string()),
        ];
        row.extend(talk.by.into_iter().flat_map(numbers));
        row.extend([Value::or_null(start), Value::or_null(duration)]);
        rows.push((conn.id.proto == Proto::Udp, talk.by[0].bytes + talk.by[1].bytes, row));
    }
    // TCP first, and the largest first.
    rows.sort_by_key(|(udp, bytes, _)| (*udp, std::cmp::Reverse(*bytes)));
    section("conversations", &say::CONVERSATIONS, &columns, rows.into_iter().map(|(_, _, row)| row).collect())
}

fn endpoints(counts: &Counts) -> Section {
    let columns = [
        ("address", &say::ADDRESS),
        ("packets", &say::PACKETS),
        ("bytes", &say::BYTES),
        ("packets_sent", &say::SENT_PACKETS),
        ("bytes_sent", &say::SENT_BYTES),
        ("packets_received", &say::GOT_PACKETS),
        ("bytes_received", &say::GOT_BYTES),
    ];
    let mut addresses: Vec<_> = counts.addresses.iter().collect();
    addresses.sort_by_key(|(address, [sent, got])| (std::cmp::Reverse(sent.bytes + got.bytes), **address));
    let rows = addresses.into_iter().map(|(address, [sent, got])| {
        let both = Count { packets: sent.packets + got.packets, bytes: sent.bytes + got.bytes };
        let mut row = vec![Value::text(address.to_string())];
        row.extend([both, *sent, *got].into_iter().flat_map(numbers));
        row
    });
    section("endpoints", &say::ENDPOINTS, &columns, rows.collect())
}

#[allow(clippy::cast_precision_loss, reason = "an average with two decimals")]
fn lengths(counts: &Counts, lang: Lang) -> Section {
    let columns = [
        ("range", &say::RANGE),
        ("packets", &say::PACKETS),
        ("average", &say::AVERAGE),
        ("smallest", &say::SMALLEST),
        ("largest", &say::LARGEST),
    ];
    let mut rows = Vec::new();
    let ranges = (0..=RANGES.len()).map(|at| {
        let from = if at == 0 { 0 } else { RANGES[at - 1] + 1 };
        (RANGES.get(at).map_or_else(|| format!("{from}–"), |to| format!("{from}–{to}")), counts.lengths[at])
    });
    for (name, range) in ranges.chain([(say::ALL.text.get(lang).to_owned(), counts.total_lengths)]) {
        let count = range.count;
        if count.packets > 0 {
            let average = (count.bytes as f64 / count.packets as f64 * 100.0).round() / 100.0;
            rows.push(vec![
                Value::text(name),
                Value::Number(count.packets),
                Value::Real(average),
                Value::Number(range.smallest.into()),
                Value::Number(range.largest.into()),
            ]);
        }
    }
    section("lengths", &say::LENGTHS, &columns, rows)
}

fn http(counts: &Counts, lang: Lang) -> Section {
    let columns = [("kind", &say::WHAT), ("detail", &say::DETAIL), ("count", &say::COUNT)];
    let mut rows: Vec<Vec<Value>> = Vec::new();
    let row = |kind: &Message, detail: &str, n: u64| {
        vec![Value::word(kind.text.get(lang)), Value::text(safe(detail)), Value::Number(n)]
    };
    rows.extend(counts.requests.iter().map(|(method, n)| row(&say::REQUEST, method, *n)));
    rows.extend(counts.responses.iter().map(|(status, n)| {
        let kind = match status.as_bytes().first() {
            Some(b'1') => &say::INFORMATIONAL,
            Some(b'2') => &say::SUCCESS,
            Some(b'3') => &say::REDIRECTION,
            Some(b'4') => &say::CLIENT_ERROR,
            Some(b'5') => &say::SERVER_ERROR,
            _ => &say::BROKEN,
        };
        row(kind, status, *n)
    }));
    section("http", &say::HTTP, &columns, rows)
}

fn flags(counts: &Counts, lang: Lang) -> Section {
    let columns =
        [("flags", &say::FLAG), ("packets", &say::PACKETS), ("c2s", &say::CLIENT_SENT), ("s2c", &say::SERVER_SENT)];
    let row = |name: String, by: [u64; 3]| {
        vec![Value::text(name), Value::Number(by.iter().sum()), Value::Number(by[0]), Value::Number(by[1])]
    };
    let single = TcpFlags::NAMES.iter().map(|(bit, name)| ((*name).to_owned(), counts.with_flag(*bit)));
    let mut rows: Vec<Vec<Value>> =
        single.filter(|(_, by)| by.iter().sum::<u64>() > 0).map(|(name, by)| row(name, by)).collect();
    // A segment with exactly these flags.
    rows.extend(counts.flags.iter().map(|(flags, by)| {
        let names = Values::none().words("flags", flag_names(TcpFlags(*flags), ","));
        row(say::EXACTLY.text.fill(lang, &names), *by)
    }));
    section("flags", &say::FLAGS, &columns, rows)
}

#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a rate in whole bits"
)]
fn throughput(counts: &Counts) -> Section {
    let columns = [
        ("from", &say::FROM),
        ("to", &say::TO),
        ("packets", &say::PACKETS),
        ("bytes", &say::BYTES),
        ("bits_per_second", &say::BITS),
    ];
    let width = counts.bins.width;
    let rows = counts.bins.counts.iter().enumerate().map(|(at, count)| {
        let from = width.saturating_mul(i64::try_from(at).unwrap_or(i64::MAX));
        let rate = count.bytes as f64 * 8e9 / width as f64;
        let mut row = vec![Value::Seconds(from), Value::Seconds(from.saturating_add(width))];
        row.extend(numbers(*count));
        row.push(Value::Number(rate.round() as u64));
        row
    });
    section("throughput", &say::THROUGHPUT, &columns, rows.collect())
}
