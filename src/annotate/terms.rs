//! Terms that `explain` knows besides the rules: flags, states, words of courses, labels, findings; and how a name is
//! found.

mod analysis;
mod concepts;
mod findings;
mod flags;
mod labels;
mod states;

use std::collections::BTreeSet;

use super::Rule;
use super::rules::RULES;
use super::verdict::{VERDICTS, VerdictRule};
use crate::language::Text;

/// What a term names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TermKind {
    /// One of the control bits of a TCP header.
    Flag,
    /// A state of RFC 9293, or `?`.
    State,
    /// A word that courses use and that is none of these: `half-closed`.
    Concept,
    /// A label of the textbook analyser on a packet: a value of `analysis`.
    Analysis,
    /// A label of another program on a connection: a `conn_state`, a letter of `history`, a bit of `completeness`.
    Label,
    /// Something that goes wrong in a program.
    Finding,
}

/// A flag, a state, a word, a label or a finding, for students.
#[derive(Debug)]
pub struct Term {
    /// As netscope shows it: `FIN`, `CLOSE-WAIT`.
    pub name: &'static str,
    /// What it names.
    pub kind: TermKind,
    /// A few words.
    pub title: Text,
    /// What it means, who brings it about, and how it is commonly misread.
    pub text: Text,
    /// Where it is defined: `RFC 9293 §3.1`.
    pub sources: &'static [&'static str],
}

/// Every flag, then the states, the words of courses, the labels on packets and on connections, the findings.
pub static TERMS: &[&Term] = &all();

const LISTS: [&[Term]; 6] =
    [flags::FLAGS, states::STATES, concepts::CONCEPTS, analysis::ANALYSIS, labels::LABELS, findings::FINDINGS];

const COUNT: usize = {
    let (mut list, mut count) = (0, 0);
    while list < LISTS.len() {
        count += LISTS[list].len();
        list += 1;
    }
    count
};

const fn all() -> [&'static Term; COUNT] {
    let lists = LISTS;
    let mut terms = [&flags::FLAGS[0]; COUNT];
    let (mut list, mut at, mut i) = (0, 0, 0);
    while i < COUNT {
        if at == lists[list].len() {
            list += 1;
            at = 0;
        }
        terms[i] = &lists[list][at];
        at += 1;
        i += 1;
    }
    terms
}

/// Something that `explain` can explain.
#[derive(Clone, Copy, Debug)]
pub enum Entry {
    /// A flag, state, word, label or finding.
    Term(&'static Term),
    /// An event that a packet can show.
    Rule(&'static Rule),
    /// A verdict on a connection that is no event of a packet.
    Verdict(&'static VerdictRule),
}

impl Entry {
    /// Its name as netscope spells it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Entry::Term(term) => term.name,
            Entry::Rule(rule) => rule.name,
            Entry::Verdict(verdict) => verdict.name,
        }
    }

    /// A few words on it.
    #[must_use]
    pub fn title(&self) -> &'static Text {
        match self {
            Entry::Term(term) => &term.title,
            Entry::Rule(rule) => &rule.title,
            Entry::Verdict(verdict) => &verdict.title,
        }
    }
}

/// Everything that `explain` knows: flags, states, labels, rules in the order of the catalogue, and the verdicts that are no rule.
pub fn entries() -> impl Iterator<Item = Entry> {
    let mut rules = RULES.to_vec();
    rules.sort_by_key(|rule| rule.number);
    let verdicts = VERDICTS.iter().filter(|verdict| super::rules::find(verdict.name).is_none());
    TERMS
        .iter()
        .map(|term| Entry::Term(term))
        .chain(rules.into_iter().map(Entry::Rule))
        .chain(verdicts.map(|verdict| Entry::Verdict(verdict)))
}

/// What `ss`, `netstat` and courses call some of them.
const ALIASES: [(&str, &str); 7] = [
    ("synrecv", "SYN-RECEIVED"),
    ("synrcvd", "SYN-RECEIVED"),
    ("estab", "ESTABLISHED"),
    ("halfclose", "half-closed"),
    ("threewayhandshake", "handshake"),
    ("maximumsegmentsize", "MSS"),
    ("reset", "RST"),
];

/// What a name means. Case and the signs between words do not matter (`fin_wait_1`, `FINWAIT1`), and a rule's number
/// is a name too (`E15`). Where a term and a rule differ only in case, the exact spelling decides, else it is the term:
/// `LAST-ACK` is the state, `last-ack` the event.
#[must_use]
pub fn find(name: &str) -> Option<Entry> {
    let name = name.trim();
    if let Some(entry) = entries().find(|entry| entry.name() == name) {
        return Some(entry);
    }
    let key = key(name);
    if key.is_empty() {
        return None;
    }
    if let Some((_, name)) = ALIASES.iter().find(|(alias, _)| *alias == key) {
        return entries().find(|entry| entry.name() == *name);
    }
    entries().find(|entry| {
        self::key(entry.name()) == key || matches!(entry, Entry::Rule(rule) if is_number(&key, rule.number))
    })
}

/// Other entries with the same letters: the state beside the event.
pub fn namesakes(entry: &Entry) -> impl Iterator<Item = Entry> {
    let name = entry.name();
    entries().filter(move |other| other.name() != name && key(other.name()) == key(name))
}

/// The names nearest to one that is not known, at most three.
#[must_use]
pub fn suggest(name: &str) -> Vec<&'static str> {
    // No name is as long as this.
    let key: String = key(name).chars().take(64).collect();
    // A third of the letters may be wrong; two in a short name.
    let limit = (key.chars().count() / 3).max(2);
    let near: BTreeSet<(usize, &'static str)> = entries()
        .filter_map(|entry| {
            let other = self::key(entry.name());
            let contains = key.len() >= 3 && other.contains(&key);
            let distance = if contains { 1 } else { strsim::osa_distance(&key, &other) };
            // Of a name with three letters only one may be wrong, else everything is near everything.
            let enough = distance <= limit.min(other.chars().count() / 2);
            enough.then_some((distance, entry.name()))
        })
        .collect();
    near.into_iter().map(|(_, name)| name).take(3).collect()
}

/// The letters and digits of a name in lower case; `?` and `^` stay.
fn key(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric() || matches!(c, '?' | '^')).flat_map(char::to_lowercase).collect()
}

fn is_number(key: &str, number: u16) -> bool {
    key.strip_prefix('e').is_some_and(|digits| digits.parse() == Ok(number))
}

#[cfg(test)]
mod tests;
