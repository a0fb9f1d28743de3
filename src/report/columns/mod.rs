//! The keys of the records, declared once in the order of the contract. JSON, CSV, Markdown and `--columns` read them.

pub mod connection;
pub mod packet;

pub use connection::{CONNECTION, ConnectionRow};
pub use packet::{PACKET, PacketRow};

use super::value::Value;
use crate::language::Text;

/// One key of a record.
#[derive(Debug)]
pub struct Column<F> {
    /// Its name in the machine formats and for `--columns`.
    pub key: &'static str,
    /// What stands above it in the formats for people.
    pub title: Text,
    /// The keys inside its value, where that is a map; CSV has a column for each.
    pub nested: &'static [&'static str],
    /// The value for one row.
    pub get: F,
}

impl<F> Column<F> {
    const fn new(key: &'static str, title: Text, get: F) -> Self {
        Column { key, title, nested: &[], get }
    }

    const fn with(mut self, nested: &'static [&'static str]) -> Self {
        self.nested = nested;
        self
    }

    /// The names of its columns in CSV.
    pub fn flat_keys(&self) -> Vec<String> {
        if self.nested.is_empty() {
            vec![self.key.to_owned()]
        } else {
            self.nested.iter().map(|nested| format!("{}.{nested}", self.key)).collect()
        }
    }

    /// The cells of a value in CSV, one for each of [`Column::flat_keys`].
    pub fn flat_cells(&self, value: &Value) -> Vec<String> {
        if self.nested.is_empty() {
            vec![value.plain()]
        } else {
            self.nested.iter().map(|nested| value.entry(nested).plain()).collect()
        }
    }
}

/// A key of the packet record.
pub type PacketColumn = Column<fn(&PacketRow<'_>) -> Value>;
/// A key of the connection record.
pub type ConnectionColumn = Column<fn(&ConnectionRow<'_>) -> Value>;

/// The keys that `--columns` may name for a table of packets.
pub fn packet_keys() -> impl Iterator<Item = &'static str> {
    PACKET.iter().map(|column| column.key)
}

/// The keys that `--columns` may name for a table of connections.
pub fn connection_keys() -> impl Iterator<Item = &'static str> {
    CONNECTION.iter().map(|column| column.key)
}

/// The connection record of one row.
#[must_use]
pub fn connection_record(row: &ConnectionRow<'_>) -> Value {
    Value::map(CONNECTION.iter().map(|column| (column.key, (column.get)(row))).collect())
}

/// A title in both languages.
const fn text(en: &'static str, id: &'static str) -> Text {
    Text { en, id }
}
