//! How numbers, durations and the two ends read in each language.

use super::Lang;
use crate::track::Side;

/// "the client", "the server"; Indonesian needs no article.
#[must_use]
pub fn side(lang: Lang, side: Side) -> &'static str {
    match (lang, side) {
        (Lang::En, Side::Client) => "the client",
        (Lang::En, Side::Server) => "the server",
        (Lang::Id, Side::Client) => "client",
        (Lang::Id, Side::Server) => "server",
    }
}

/// A count with its thousands grouped: `12,345` or `12.345`.
#[must_use]
pub fn count(lang: Lang, n: u64) -> String {
    let digits = n.to_string();
    let separator = match lang {
        Lang::En => ',',
        Lang::Id => '.',
    };
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(separator);
        }
        out.push(digit);
    }
    out
}

/// A count of bytes with its unit; Indonesian has no plural form.
#[must_use]
pub fn bytes(lang: Lang, n: u64) -> String {
    let unit = if lang == Lang::En && n != 1 { "bytes" } else { "byte" };
    format!("{} {unit}", count(lang, n))
}

/// A decimal number with a fixed number of places, with the language's decimal sign.
#[must_use]
pub fn decimal(lang: Lang, value: f64, places: usize) -> String {
    let text = format!("{value:.places$}");
    match lang {
        Lang::En => text,
        Lang::Id => text.replace('.', ","),
    }
}

/// A duration in nanoseconds in a fitting unit: `870 ns`, `41.3 µs`, `1.5 ms`, `2.00 s`; Indonesian seconds are `detik`.
#[must_use]
#[allow(clippy::cast_precision_loss, reason = "shown with three digits")]
pub fn duration(lang: Lang, ns: i64) -> String {
    let value = ns as f64;
    let second = match lang {
        Lang::En => "s",
        Lang::Id => "detik",
    };
    match ns.unsigned_abs() {
        0..1_000 => format!("{ns} ns"),
        1_000..1_000_000 => format!("{} µs", decimal(lang, value / 1e3, 1)),
        1_000_000..1_000_000_000 => format!("{} ms", decimal(lang, value / 1e6, 1)),
        _ => format!("{} {second}", decimal(lang, value / 1e9, 2)),
    }
}

/// A duration in milliseconds without its unit: whole numbers from 10 ms on.
#[must_use]
#[allow(clippy::cast_precision_loss, reason = "shown with three digits")]
pub fn millis(lang: Lang, ns: i64) -> String {
    let value = ns as f64 / 1e6;
    decimal(lang, value, usize::from(value.abs() < 10.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_follow_the_language() {
        assert_eq!(count(Lang::En, 1_234_567), "1,234,567");
        assert_eq!(count(Lang::Id, 1_234_567), "1.234.567");
        assert_eq!(count(Lang::En, 999), "999");
        assert_eq!(bytes(Lang::En, 1), "1 byte");
        assert_eq!(bytes(Lang::En, 1448), "1,448 bytes");
        assert_eq!(bytes(Lang::Id, 1448), "1.448 byte");
        assert_eq!(duration(Lang::Id, 1_500_000), "1,5 ms");
        assert_eq!(duration(Lang::En, 1_500_000), "1.5 ms");
        assert_eq!(duration(Lang::En, 870), "870 ns");
        assert_eq!(duration(Lang::Id, 2_000_000_000), "2,00 detik");
        assert_eq!(millis(Lang::En, 40_400_000), "40");
        assert_eq!(millis(Lang::Id, 1_240_000), "1,2");
    }
}
