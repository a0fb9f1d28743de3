//! Damaged input in words.

use crate::failure::Failure;
use crate::frame::{Damage, DamageReason};
use crate::language::messages::cli as messages;
use crate::language::{Lang, Value, Values};

/// The warning about damage that ended the reading of `source`.
pub(super) fn warning(source: &str, damage: &Damage, lang: Lang) -> Failure {
    let values = Values::none()
        .words("source", source.to_owned())
        .with("offset", Value::Count(damage.offset))
        .with("frame", Value::Number(damage.frame))
        .words("reason", reason(&damage.reason, lang));
    Failure::bad_input(&messages::DAMAGED, values)
}
