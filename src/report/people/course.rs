//! What a course text claims, beside the packets that show it.

use super::story::{Line, Told};
use crate::language::messages::report as say;
use crate::language::{Lang, Value, Values};
use crate::scenario::Claim;

/// A claim with what the packets say to it, in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// What the text says, with who says it.
    pub says: String,
    /// What it is worth, in a word or two.
    pub verdict: String,
    /// What happened.
    pub happened: String,
}

impl Remark {
    /// The claim in one language.
    #[must_use]
    pub fn new(claim: &Claim, lang: Lang) -> Remark {
        let says = Values::none().with("claim", Value::Text(claim.says));
        Remark {
            says: say::COURSE_SAYS.text.fill(lang, &says),
            verdict: claim.verdict.text().get(lang).to_owned(),
            happened: claim.happened.get(lang).to_owned(),
        }
    }

    /// Verdict and what happened: `wrong: …`.
    #[must_use]
    pub fn judged(&self) -> String {
        format!("{}: {}", self.verdict, self.happened)
    }
}

/// Puts each claim beside the first packet that shows it, and returns those that no packet shown does.
#[must_use]
pub(super) fn place(claims: &[Claim], timelines: &mut [Told], lang: Lang) -> Vec<Remark> {
    let mut rest = Vec::new();
    for claim in claims {
        let remark = Remark::new(claim, lang);
        let rows = timelines.iter_mut().flat_map(|told| &mut told.lines).filter_map(|line| match line {
            Line::Row(row) => Some(row),
            Line::Gap(_) => None,
        });
        match rows.into_iter().find(|row| row.rules.contains(&claim.at)) {
            Some(row) => row.claims.push(remark),
            None => rest.push(remark),
        }
    }
    rest
}
