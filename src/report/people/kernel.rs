//! What the kernel itself said about the states that the packets show.

use super::story::{Line, Told};
use crate::frame::Time;
use crate::language::messages::report as say;
use crate::language::{Lang, Values, numbers};
use crate::report::CaptureInfo;
use crate::report::text::safe;
use crate::timeline::agree::{End, Testimony, Verdict, Word};
use crate::timeline::{ResetSaid, ResetWord, Tally};
use crate::track::{Side, State};

/// Puts the kernel's words into a timeline: a mark where it confirms a state, and all of them below.
pub fn place(testimony: &Testimony, told: &mut Told, start: Option<Time>, lang: Lang) {
    let ends: Vec<&End> = [Side::Client, Side::Server].iter().filter_map(|side| testimony.of(told.id, *side)).collect();
    for line in &mut told.lines {
        let Line::Row(row) = line else { continue };
        for end in &ends {
            row.confirmed[end.side.index()] |= end.confirmed.contains(&row.frame);
        }
    }
    told.kernel = ends.iter().map(|end| (name(end.side, lang).to_owned(), words(end))).collect();
    if told.kernel.is_empty() {
        return;
    }
    let mut sentences: Vec<String> =
        ends.iter().flat_map(|end| end.differences().map(|word| difference(end, word, start, lang))).collect();
    if sentences.is_empty() {
        sentences.push(say::KERNEL_AGREES.text.get(lang).to_owned());
    }
    let aside = |end: &&End| end.words.iter().any(|word| matches!(word.verdict, Verdict::Aside(_)));
    if ends.iter().any(aside) {
        sentences.push(say::KERNEL_ASIDE.text.get(lang).to_owned());
    }
    told.kernel.extend(sentences.into_iter().map(|sentence| (String::new(), sentence)));
}

/// Adds what the kernels said about a RST.
pub fn place_resets(resets: &[ResetWord], told: &mut Told, lang: Lang) {
    for reset in resets.iter().filter(|reset| reset.conn == told.id) {
        let values = Values::none().words("side", name(reset.side, lang));
        let sentence = match &reset.said {
            ResetSaid::Sent(reason) => say::KERNEL_RESET.text.fill(lang, &values.words("reason", safe(reason))),
            ResetSaid::Taken => say::KERNEL_RESET_TAKEN.text.fill(lang, &values),
        };
        told.kernel.push((String::new(), sentence));
    }
}

/// What the kernels counted that tells something, by host; one that is both ends has no name. Of a run what was read at its
/// end, of another capture what its interfaces say.
pub fn counted(info: &CaptureInfo, lang: Lang) -> Vec<(Option<String>, Vec<String>)> {
    let words = |name: &str, count: u64| format!("{}\u{a0}{}", safe(name), numbers::count(lang, count));
    let mut hosts: Vec<(Option<String>, Vec<String>)> = Vec::new();
    if info.counted.is_empty() {
        for interface in &info.interfaces {
            let counters = interface.counters.iter().filter(|(_, count)| *count > 0);
            let who = interface.name.as_deref().unwrap_or("?");
            hosts.push((Some(safe(who)), counters.map(|(name, count)| words(name, *count)).collect()));
        }
    }
    for side in [None, Some(Side::Client), Some(Side::Server)] {
        let ours = info.counted.iter().filter(|tally| tally.side == side);
        let list = ours.flat_map(Tally::telling).map(|(name, count)| words(name, count));
        hosts.push((side.map(|side| name(side, lang).to_owned()), list.collect()));
    }
    hosts.retain(|(_, list)| !list.is_empty());
    hosts
}

/// `client: TCPTimeouts 3; server: …`
pub fn counted_words(hosts: &[(Option<String>, Vec<String>)]) -> String {
    let host = |(who, list): &(Option<String>, Vec<String>)| match who {
        Some(who) => format!("{who}: {}", list.join(", ")),
        None => list.join(", "),
    };
    hosts.iter().map(host).collect::<Vec<_>>().join("; ")
}

fn name(side: Side, lang: Lang) -> &'static str {
    match side {
        Side::Client => say::CLIENT.text.get(lang),
        Side::Server => say::SERVER.text.get(lang),
    }
}

/// The states in order; what no packet can show in parentheses, what differs behind its sign.
fn words(end: &End) -> String {
    let word = |word: &Word| match word.verdict {
        Verdict::Agrees => word.state.name().to_owned(),
        Verdict::Aside(_) => format!("({})", word.state.name()),
        Verdict::Differs { .. } => format!("≠\u{a0}{}", word.state.name()),
    };
    end.words.iter().map(word).collect::<Vec<_>>().join(" · ")
}

fn difference(end: &End, word: &Word, start: Option<Time>, lang: Lang) -> String {
    let inferred = match word.verdict {
        Verdict::Differs { inferred } => inferred.map_or("?", State::name),
        _ => "?",
    };
    let after = start.map_or_else(|| "?".to_owned(), |start| numbers::duration(lang, word.time.since(start)));
    let values = Values::none()
        .words("side", name(end.side, lang))
        .words("state", word.state.name())
        .words("inferred", inferred)
        .words("after", after);
    say::KERNEL_DIFFERS.text.fill(lang, &values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timeline::Source;
    use crate::timeline::agree::Aside;
    use crate::track::{ConnId, Proto};

    #[test]
    fn a_difference_is_said_with_both_states() {
        let word = |state, verdict| Word { state, time: Time(1_500_000), verdict };
        let end = End {
            conn: ConnId { proto: Proto::Tcp, index: 0 },
            side: Side::Server,
            source: Source::SockDiag,
            words: vec![
                word(State::Established, Verdict::Agrees),
                word(State::FinWait2, Verdict::Aside(Aside::InstantFinWait2)),
                word(State::Closed, Verdict::Differs { inferred: Some(State::Established) }),
            ],
            confirmed: vec![3],
            inferred: 3,
            last: Some(State::Established),
        };
        assert_eq!(words(&end), "ESTABLISHED · (FIN-WAIT-2) · ≠\u{a0}CLOSED");
        let said = |lang| difference(&end, end.differences().next().expect("one"), Some(Time(0)), lang);
        assert!(said(Lang::En).contains("CLOSED after 1.5 ms"), "{}", said(Lang::En));
        assert!(said(Lang::Id).contains("1,5 ms") && said(Lang::Id).contains("ESTABLISHED"), "{}", said(Lang::Id));
    }
}
