//! Several demos side by side: how each of them ended.

use super::closing::{segment, side_name, waiting};
use super::gather::Gather;
use crate::annotate::verdict::verdict;
use crate::language::messages::{Message, report as say};
use crate::language::{Lang, Value, Values};
use crate::report::Heading;
use crate::track::Connections;
use crate::track::close::{ClosedBy, closed_by, half_close};
use crate::track::{Connection, Proto};

/// One demo in the comparison.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// Its name, with its variant.
    pub name: String,
    /// A few lines for each of [`LABELS`].
    pub cells: Vec<Vec<String>>,
}

/// What is compared.
pub static LABELS: &[&Message] =
    &[&say::CMP_FIRST_FIN, &say::CMP_SEGMENTS, &say::CMP_HALF, &say::CMP_TIME_WAIT, &say::CMP_VERDICT];

/// The column of a demo: what its first TCP connection shows. `None` when it has none.
#[must_use]
pub fn comparison(
    heading: &Heading,
    connections: &Connections<'_>,
    gathered: &Gather,
    lang: Lang,
) -> Option<Comparison> {
    let id = *connections.ids().iter().find(|id| id.proto == Proto::Tcp)?;
    let conn = &*connections.find(id)?;
    let first_fin = conn.first_fin().map_or("–", |(side, _)| side_name(side, lang));
    let segments = gathered.timelines.iter().find(|timeline| timeline.conn == conn.id).map_or_else(Vec::new, |line| {
        let more = line.close_cut.then(|| "…".to_owned());
        line.close.iter().map(segment).chain(more).collect()
    });
    let waiting: Vec<&str> = waiting(conn).into_iter().map(|side| side_name(side, lang)).collect();
    let waiting = if waiting.is_empty() { say::NOBODY.text.get(lang).to_owned() } else { waiting.join(", ") };
    Some(Comparison {
        name: match heading.variant {
            Some(variant) => format!("{} / {variant}", heading.name),
            None => heading.name.to_owned(),
        },
        cells: vec![
            vec![first_fin.to_owned()],
            if segments.is_empty() { vec!["–".to_owned()] } else { segments },
            half_closed(conn, lang),
            vec![waiting],
            vec![verdict(conn).rule.title.get(lang).to_owned()],
        ],
    })
}

fn half_closed(conn: &Connection, lang: Lang) -> Vec<String> {
    let Some(half) = half_close(conn) else { return vec![say::CMP_HALF_NEVER.text.get(lang).to_owned()] };
    if closed_by(conn) == Some(ClosedBy::Both) {
        return vec![say::CMP_HALF_CROSSED.text.get(lang).to_owned()];
    }
    let duration = half.duration_ns().map_or_else(|| Value::Words("?".into()), Value::Duration);
    let values = Values::none()
        .with("duration", duration)
        .with("n", Value::Count(half.bytes_after))
        .with("other", Value::Side(half.by.other()));
    let bytes = match (half.bytes_after, half.accepted) {
        (0, _) => &say::CMP_BYTES_NONE,
        (_, Some(true)) => &say::CMP_BYTES_ACKED,
        (_, Some(false)) => &say::CMP_BYTES_RESET,
        (_, None) => &say::CMP_BYTES_UNKNOWN,
    };
    vec![say::CMP_HALF_WHO.text.fill(lang, &values), bytes.text.fill(lang, &values)]
}
