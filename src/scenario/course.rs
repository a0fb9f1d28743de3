//! What a course text says about an exchange, and what to ask about it.

use crate::language::Text;

/// Something a course text claims, in our own words, and what the packets say to it.
#[derive(Clone, Copy, Debug)]
pub struct Claim {
    /// What the text says.
    pub says: Text,
    /// What happened.
    pub happened: Text,
    /// What the claim is worth.
    pub verdict: Judgement,
    /// The rule whose first packet shows it.
    pub at: &'static str,
}

/// What a claim is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// It is so.
    Right,
    /// It is so, but an important part is not said.
    Incomplete,
    /// It is not so.
    Wrong,
    /// The contrary is so.
    Reversed,
}

impl Judgement {
    /// The judgement in words.
    #[must_use]
    pub const fn text(self) -> Text {
        match self {
            Judgement::Right => Text { en: "right", id: "benar" },
            Judgement::Incomplete => Text { en: "incomplete", id: "kurang lengkap" },
            Judgement::Wrong => Text { en: "wrong", id: "keliru" },
            Judgement::Reversed => Text { en: "reversed", id: "terbalik" },
        }
    }
}

/// The question that closes the view, and its answer, which the teacher keeps.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    /// What is asked.
    pub asks: Text,
    /// The answer.
    pub answer: Text,
}
