//! The programs' calls in a ladder: beside which lane each stands, and in how many lines.

use std::collections::VecDeque;

use super::reel::Reel;
use crate::language::messages::report as say;
use crate::language::{Lang, Value, Values, numbers};
use crate::report::people::programs::CallRow;
use crate::report::text::{shorten, width};
use crate::timeline::CallSeen;

/// With more lines than this between two packets, only the first and the last are drawn.
const MANY: usize = 10;
const FIRST: usize = 6;
const LAST: usize = 3;

/// A call, or several alike, in a line of the drawing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Called {
    /// The lane of the program that made it; none: a remark across all lanes.
    pub lane: Option<usize>,
    /// `connect(3, 127.0.0.1:5000) = 0 → #1`
    pub words: String,
}

impl Called {
    /// The words in so many columns: arguments give way before the result.
    #[must_use]
    pub fn fitted(&self, columns: usize) -> String {
        let result = self.words.rfind(") ").map(|at| self.words.split_at(at));
        match result.filter(|(_, result)| width(&self.words) > columns && 2 * width(result) <= columns) {
            Some((call, result)) => format!("{}{result}", shorten(call, columns - width(result))),
            None => shorten(&self.words, columns),
        }
    }
}

/// A line that is still to be drawn.
#[derive(Clone, Debug)]
struct Due {
    /// Nanoseconds since the first packet.
    at: i64,
    called: Called,
}

/// The lines that are still to be drawn, in order of time.
#[derive(Debug, Default)]
pub(super) struct Calls {
    due: VecDeque<Due>,
}

impl Calls {
    /// The calls of a reel as lines, each beside the lane that it belongs to; what belongs to none is left out.
    pub(super) fn new(reel: &Reel, lane: impl Fn(&CallSeen) -> Option<usize>, lang: Lang) -> Calls {
        let Some(start) = reel.start else { return Calls::default() };
        let mut due: Vec<Due> = reel
            .calls
            .iter()
            .filter_map(|seen| {
                let row = CallRow::new(seen, Some(start), lang)?;
                Some(Due { at: row.rel?, called: Called { lane: Some(lane(seen)?), words: row.words } })
            })
            .collect();
        if let Some(stop) = reel.stop.filter(|_| !reel.calls.is_empty()) {
            let row = CallRow::stop(stop, Some(start), lang);
            due.push(Due { at: stop.since(start), called: Called { lane: None, words: row.words } });
        }
        due.sort_by_key(|due| due.at);
        Calls { due: due.into() }
    }

    /// Takes out the lines up to a time, or all that are left, with the time of each.
    pub(super) fn until(&mut self, time: Option<i64>, lang: Lang) -> Vec<(i64, Called)> {
        let count = self.due.iter().take_while(|due| time.is_none_or(|time| due.at <= time)).count();
        let mut lines: Vec<(i64, Called, u64)> = Vec::new();
        for Due { at, called } in self.due.drain(..count) {
            match lines.last_mut() {
                Some((_, last, times)) if *last == called => *times += 1,
                _ => lines.push((at, called, 1)),
            }
        }
        let again = |(at, called, times): (i64, Called, u64)| match times {
            1 => (at, called),
            _ => (at, Called { words: format!("{} × {}", called.words, numbers::count(lang, times)), ..called }),
        };
        let mut lines: Vec<(i64, Called)> = lines.into_iter().map(again).collect();
        if lines.len() > MANY {
            let left = lines.len() - FIRST - LAST;
            let words = say::MORE_CALLS.text.fill(lang, &Values::none().with("n", Value::Count(left as u64)));
            let gap = (lines[FIRST].0, Called { lane: None, words });
            lines.splice(FIRST..FIRST + left, [gap]);
        }
        lines
    }

    /// Forgets the lines up to a time: their packets are left out as well.
    pub(super) fn skip(&mut self, time: Option<i64>) {
        while self.due.front().is_some_and(|due| time.is_some_and(|time| due.at < time)) {
            self.due.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_give_way_before_the_result() {
        let fitted = |words: &str, columns| Called { lane: None, words: words.to_owned() }.fitted(columns);
        assert_eq!(fitted("socket(AF_INET, SOCK_STREAM, 0) = 3", 24), "socket(AF_INET, SOC…) = 3");
        assert_eq!(fitted("close(3) = 0", 24), "close(3) = 0");
        assert_eq!(fitted("recv(4) = 9 \"a long message\" (1.7 ms)", 20), "recv(4) = 9 \"a long…");
        assert_eq!(fitted("exit_group", 5), "exit…");
    }
}
