//! Connection → verdict: who ended it, how, on what evidence, how sure.

use super::Certainty;
use crate::language::{Lang, Text, Values};

/// The sentence about a whole connection.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The rule's name: one of [`VERDICTS`], which uses the name of an event rule where that event decides.
    pub rule: &'static VerdictRule,
    /// How sure.
    pub certainty: Certainty,
    /// The values of its placeholders.
    pub values: Values,
    /// The frames it rests on.
    pub evidence: Vec<u64>,
    /// Names of other rules that the packets cannot exclude.
    pub candidates: Vec<&'static str>,
}

impl Verdict {
    /// The sentence in one language.
    #[must_use]
    pub fn sentence(&self, lang: Lang) -> String {
        self.rule.sentence.fill(lang, &self.values)
    }
}

/// A kind of verdict with its sentence.
#[derive(Debug)]
pub struct VerdictRule {
    /// Its name in the records.
    pub name: &'static str,
    /// A few words.
    pub title: Text,
    /// The sentence, with placeholders.
    pub sentence: Text,
}

/// Every verdict.
pub static VERDICTS: &[&VerdictRule] = &[];
