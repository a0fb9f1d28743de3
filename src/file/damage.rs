//! Damage in words: for people in both languages, and as the stable `reason` of the `end` record.

use crate::failure::Failure;
use crate::frame::{Damage, DamageReason};
use crate::language::messages::{Message, file as messages};
use crate::language::{Value, Values};

/// The warning for people: what was wrong where, and that everything before it is shown. Its exit code is 2.
#[must_use]
pub fn failure(source: Value, damage: &Damage) -> Failure {
    let (message, values) = reason(&damage.reason);
    let values = values
        .with("file", source)
        .with("offset", Value::Number(damage.offset))
        .with("frame", Value::Number(damage.frame));
    let compressed = matches!(damage.reason, DamageReason::Compression { .. });
    // A checksum that does not match says that something is wrong, and not where.
    let next = if compressed { &messages::DAMAGE_COMPRESSION_NEXT } else { &messages::DAMAGE_NEXT };
    Failure::bad_input(message, values).next(next)
}

/// The message for a reason, with the values that belong to it; `file`, `offset` and `frame` are still to be added.
#[must_use]
pub fn reason(reason: &DamageReason) -> (&'static Message, Values) {
    let number = |n: u64| Value::Number(n);
    match reason {
        DamageReason::Cut { had, needed } => {
            (&messages::DAMAGE_CUT, Values::none().with("had", number(*had)).with("needed", number(*needed)))
        }
        DamageReason::Length { field, value, limit } => (
            &messages::DAMAGE_LENGTH,
            Values::none().words("field", *field).with("value", number(*value)).with("limit", number(*limit)),
        ),
        DamageReason::UnknownInterface { index } => {
            (&messages::DAMAGE_INTERFACE, Values::none().with("index", number(u64::from(*index))))
        }
        DamageReason::TrailerMismatch { leading, trailing } => (
            &messages::DAMAGE_TRAILER,
            Values::none().with("leading", number(u64::from(*leading))).with("trailing", number(u64::from(*trailing))),
        ),
        DamageReason::ByteOrder => (&messages::DAMAGE_BYTE_ORDER, Values::none()),
        DamageReason::Block { kind } => (&messages::DAMAGE_BLOCK, Values::none().words("kind", format!("{kind:#x}"))),
        DamageReason::Version { major, minor } => (
            &messages::DAMAGE_VERSION,
            Values::none().with("major", number(u64::from(*major))).with("minor", number(u64::from(*minor))),
        ),
        DamageReason::Expansion { input, output } => (
            &messages::DAMAGE_EXPANSION,
            Values::none().with("input", Value::Count(*input)).with("output", Value::Count(*output)),
        ),
        DamageReason::Compression { message } => {
            (&messages::DAMAGE_COMPRESSION, Values::none().words("reason", message.clone()))
        }
        DamageReason::Read { message } => (&messages::DAMAGE_READ, Values::none().words("reason", message.clone())),
    }
}

/// The `reason` of the `end` record: English, short, and stable.
#[must_use]
pub fn record_reason(reason: &DamageReason) -> String {
    match reason {
        DamageReason::Cut { had, needed } => format!("cut off: {had} of {needed} bytes"),
        DamageReason::Length { field, value, limit } => format!("{field} {value} above {limit}"),
        DamageReason::UnknownInterface { index } => format!("unknown interface {index}"),
        DamageReason::TrailerMismatch { leading, trailing } => format!("block lengths differ: {leading}, {trailing}"),
        DamageReason::ByteOrder => "no byte-order magic".to_owned(),
        DamageReason::Block { kind } => format!("block of type {kind:#x} too short"),
        DamageReason::Version { major, minor } => format!("unknown section version {major}.{minor}"),
        DamageReason::Expansion { input, output } => format!("decompression bomb: {input} bytes became {output}"),
        DamageReason::Compression { message } => format!("compressed data damaged: {message}"),
        DamageReason::Read { message } => format!("read error: {message}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Lang;

    /// One of each reason; the match makes the compiler ask for a new one.
    fn every_reason() -> Vec<DamageReason> {
        let all = vec![
            DamageReason::Cut { had: 3, needed: 16 },
            DamageReason::Length { field: "captured length", value: u64::from(u32::MAX), limit: 262_144 },
            DamageReason::UnknownInterface { index: 7 },
            DamageReason::TrailerMismatch { leading: 32, trailing: 36 },
            DamageReason::ByteOrder,
            DamageReason::Block { kind: 6 },
            DamageReason::Version { major: 2, minor: 0 },
            DamageReason::Expansion { input: 1_000, output: 2_000_000_000 },
            DamageReason::Compression { message: "corrupt".to_owned() },
            DamageReason::Read { message: "gone".to_owned() },
        ];
        for reason in &all {
            match reason {
                DamageReason::Cut { .. }
                | DamageReason::Length { .. }
                | DamageReason::UnknownInterface { .. }
                | DamageReason::TrailerMismatch { .. }
                | DamageReason::ByteOrder
                | DamageReason::Block { .. }
                | DamageReason::Version { .. }
                | DamageReason::Expansion { .. }
                | DamageReason::Compression { .. }
                | DamageReason::Read { .. } => {}
            }
        }
        all
    }

    #[test]
    fn every_reason_names_file_offset_and_frame_in_both_languages() {
        for reason in every_reason() {
            let damage = Damage { offset: 4_711, frame: 1_234, reason };
            let failure = failure(Value::Words("x.pcap".into()), &damage);
            for lang in Lang::ALL {
                let text = failure.render(lang);
                assert!(text.starts_with("x.pcap: "), "{text}");
                assert!(text.contains("4711") && text.contains("1234"), "{text}");
                assert!(!text.contains('{'), "a value is missing: {text}");
                assert_eq!(text.lines().count(), 2, "{text}");
            }
            assert_ne!(failure.render(Lang::En), failure.render(Lang::Id));
            assert!(!record_reason(&damage.reason).is_empty());
        }
    }

    #[test]
    fn the_reason_of_the_end_record_stays_the_same() {
        let reasons: Vec<_> = every_reason().iter().map(record_reason).collect();
        assert_eq!(reasons[0], "cut off: 3 of 16 bytes");
        assert_eq!(reasons[1], "captured length 4294967295 above 262144");
        assert_eq!(reasons[2], "unknown interface 7");
    }
}
