//! Lanes, arrows and states as rows of characters.
//!
//! A packet whose arrival was captured takes two rows or more: it leaves in one, turns down in a column of its own, and
//! arrives in the row of the moment in which it did. What else happens in between stands between them.

use super::canvas::Row;
use crate::language::messages::report as say;
use crate::language::{Lang, Value, Values, numbers};
use crate::report::View;
use crate::report::formats::table::paint::{Paint, Role};
use crate::report::ladder::{Arrow, Happens, Ladder, Moment, Role as LaneRole};
use crate::report::people::row::Kind;
use crate::report::text::{shorten, width};

/// Room for the name of a state beside an outer lane: the longest is SYN-RECEIVED.
const STATE: usize = 12;
/// Columns beside a lane in which packets turn down.
const TURNS: usize = 4;

/// The ladder as lines.
#[must_use]
pub(super) fn lines(ladder: &Ladder, view: &View) -> Vec<String> {
    let mut drawing = Drawing::new(ladder, view);
    drawing.heads();
    for (index, moment) in ladder.moments.iter().enumerate() {
        drawing.moment(index, moment);
    }
    let last = drawing.row();
    drawing.rows.push(last);
    drawing.rows.iter().map(|row| row.line(Paint(view.color), view.ascii)).collect()
}

/// A packet under way: it left to one side and goes down in a column until it arrives.
struct Falling {
    arrow: usize,
    column: usize,
}

struct Drawing<'a> {
    ladder: &'a Ladder,
    lang: Lang,
    width: usize,
    rows: Vec<Row>,
    /// The column of each lane.
    lanes: Vec<usize>,
    /// Columns of the frame number and of the time.
    number: usize,
    time: usize,
    /// Where the lanes may begin.
    margin: usize,
    /// States stand beside the outer lanes.
    beside: bool,
    falling: Vec<Falling>,
    /// The moment that is being drawn.
    now: usize,
}

impl<'a> Drawing<'a> {
    fn new(ladder: &'a Ladder, view: &View) -> Self {
        let lang = view.lang;
        let widest = |of: &dyn Fn(&Arrow) -> String| ladder.arrows.iter().map(|arrow| width(&of(arrow))).max();
        let number = widest(&|arrow| arrow.row.frame.to_string()).unwrap_or(1);
        let arrivals = ladder.moments.iter().filter_map(|moment| moment.rel).map(|rel| width(&millis(rel, lang))).max();
        let time = widest(&|arrow| arrow.row.millis(lang)).unwrap_or(1).max(arrivals.unwrap_or(1));
        // The mark of the half-closed time, the number, the time.
        let margin = 2 + number + 1 + time + 1;
        let count = ladder.lanes.len().max(2);
        let state = STATE + usize::from(ladder.is_confirmed());
        let beside = count == 2 && view.width >= margin + 2 * (state + 1) + 30;
        let side = if beside { state + 1 } else { 1 };
        let right = if beside { state + 1 } else { 2 };
        let room = view.width.saturating_sub(margin + side + right + 1).min(120 * (count - 1));
        let lanes = (0..count).map(|lane| margin + side + room * lane / (count - 1)).collect();
        let width = view.width.max(margin + side + 8);
        Drawing {
            ladder,
            lang,
            width,
            rows: Vec::new(),
            lanes,
            number,
            time,
            margin,
            beside,
            falling: Vec::new(),
            now: 0,
        }
    }

    /// A row with lanes, with what is under way, and with the mark of a half-closed time.
    fn row(&self) -> Row {
        let mut row = Row::new(self.width);
        for lane in &self.lanes {
            row.put(*lane, '│', Role::Faint);
        }
        for falling in &self.falling {
            row.put(falling.column, '│', role(&self.ladder.arrows[falling.arrow]));
        }
        if self.ladder.spans.iter().any(|span| (span.from..span.to).contains(&self.now)) {
            row.put(0, '┃', Role::Close);
        }
        row
    }

    fn heads(&mut self) {
        let mut names = Row::new(self.width);
        let mut addresses = Row::new(self.width);
        for (at, lane) in self.ladder.lanes.iter().enumerate() {
            let before = if at == 0 { self.margin } else { usize::midpoint(self.lanes[at - 1], self.lanes[at]) + 1 };
            let after = self.lanes.get(at + 1).map_or(self.width, |next| usize::midpoint(self.lanes[at], *next));
            for (row, text, role) in
                [(&mut names, lane.role_name(), Role::Strong), (&mut addresses, lane.address.as_str(), Role::Plain)]
            {
                let text = shorten_end(text, after.saturating_sub(before));
                let column = self.lanes[at].saturating_sub(width(&text) / 2).max(before);
                row.text(column.min(after.saturating_sub(width(&text))), &text, role);
            }
        }
        names.text(2, &format!("{:>1$} {2:>3$}", "#", self.number, "ms", self.time), Role::Faint);
        self.rows.extend([names, addresses]);
        let mut first = self.row();
        for (at, lane) in self.ladder.lanes.iter().enumerate() {
            if let (true, Some(state)) = (self.beside, lane.first_state) {
                self.state(&mut first, at, state.name(), Role::Faint);
            }
        }
        self.rows.push(first);
    }

    /// A state's name beside its lane: outside of the two, else where there is room. False when there is none.
    fn state(&self, row: &mut Row, lane: usize, name: &str, role: Role) -> bool {
        let at = self.lanes[lane];
        let wide = width(name);
        let left = at.saturating_sub(1 + wide);
        let right = at + 1 + usize::from(!self.beside);
        let column = match lane {
            0 if self.beside => left,
            _ if self.beside => right,
            _ if right + wide < self.width && row.is_free(at + 1, right + wide + 1) => right,
            _ if lane > 0 && row.is_free(left.saturating_sub(1), at) => left,
            _ => return false,
        };
        row.text(column, name, role);
        true
    }

    fn moment(&mut self, index: usize, moment: &Moment) {
        if let Some(pause) = self.ladder.pause(index) {
            self.between(&format!("⋮ {} ⋮", numbers::duration(self.lang, pause)));
        }
        self.now = index;
        match moment.what {
            Happens::Leaves(arrow) => self.leaves(arrow, moment),
            Happens::Arrives(arrow) => self.arrives(arrow, moment, false),
            Happens::ArrivesAgain(arrow) => self.arrives(arrow, moment, true),
            Happens::LeftOut(n) => {
                let words = say::LADDER_GAP.text.fill(self.lang, &Values::none().with("n", Value::Count(n)));
                self.between(&words);
            }
            Happens::Calls(call) => self.call(call, moment.rel),
        }
        for span in self.ladder.spans.iter().filter(|span| span.to == index) {
            let label = format!("┃ {} · {}", say::HALF_CLOSED.text.get(self.lang), span.label);
            let mut row = self.row();
            let of = if self.ladder.several { format!("{label} ({})", span.conn) } else { label };
            let (from, to) = (self.lanes[0], self.lanes[self.lanes.len() - 1]);
            let of = shorten(&of, to.saturating_sub(from + 2));
            row.text(from + 2, &of, Role::Close);
            self.rows.push(row);
        }
    }

    /// Words across the lanes.
    fn between(&mut self, words: &str) {
        let mut row = self.row();
        let (from, to) = (self.lanes[0], self.lanes[self.lanes.len() - 1]);
        let words = shorten(words, to.saturating_sub(from + 2));
        row.text((from + to).saturating_sub(width(&words)) / 2 + 1, &words, Role::Faint);
        self.rows.push(row);
    }

    /// A call, beside the lane of its program, on the side where the other lanes are.
    fn call(&mut self, call: usize, rel: Option<i64>) {
        let Some(called) = self.ladder.calls.get(call) else { return };
        let Some(lane) = called.lane else { return self.between(&called.words) };
        let mut row = self.row();
        let at = self.lanes[lane];
        let to_the_right = lane + 1 < self.lanes.len();
        let next = if to_the_right { self.lanes[lane + 1] } else { self.lanes[lane.saturating_sub(1)] };
        // What is under way runs down beside the lanes.
        let columns = self.falling.iter().map(|falling| falling.column);
        let role = match self.ladder.lanes[lane].role {
            Some(LaneRole::Client) => Role::Client,
            Some(LaneRole::Server) => Role::Server,
            _ => Role::Plain,
        };
        if to_the_right {
            let end = columns.filter(|column| (at + 6..next).contains(column)).min().unwrap_or(next);
            row.text(at + 2, &called.fitted(end.saturating_sub(at + 3)), role);
        } else {
            let begin =
                columns.filter(|column| (next + 1..at.saturating_sub(6)).contains(column)).max().unwrap_or(next);
            let words = called.fitted(at.saturating_sub(begin + 3));
            row.text(at.saturating_sub(1 + width(&words)), &words, role);
        }
        row.put(at, '●', role);
        let time = rel.map_or_else(|| "?".to_owned(), |rel| millis(rel, self.lang));
        row.text(3 + self.number, &format!("{time:>0$}", self.time), Role::Faint);
        self.rows.push(row);
    }

    /// The states that change, beside their lanes; in a row of their own where there is no room.
    fn changes(&mut self, mut row: Row, moment: &Moment) {
        // The packet in the same row says which connection it is of.
        let said = match moment.what {
            Happens::Leaves(at) | Happens::Arrives(at) | Happens::ArrivesAgain(at) if self.beside => {
                Some(self.ladder.arrows[at].conn)
            }
            _ => None,
        };
        let name = |change: &crate::report::ladder::Change| {
            let alone = [said, self.ladder.lanes[change.lane].states_of].contains(&Some(change.conn));
            let state = Ladder::state_label(change.state, change.confirmed);
            if alone { state } else { format!("{} {state}", change.conn) }
        };
        let mut below = Vec::new();
        for change in &moment.changes {
            if self.beside {
                self.state(&mut row, change.lane, &name(change), Role::Strong);
                continue;
            }
            let there = below.last_mut().is_some_and(|row| self.state(row, change.lane, &name(change), Role::Strong));
            if !there {
                let mut another = self.row();
                self.state(&mut another, change.lane, &name(change), Role::Strong);
                below.push(another);
            }
        }
        self.rows.push(row);
        self.rows.extend(below);
    }

    fn stamp(&self, row: &mut Row, arrow: &Arrow, rel: Option<i64>, number: bool) {
        if number {
            row.text(2, &format!("{:>1$}", arrow.row.frame, self.number), Role::Faint);
        }
        let time = rel.map_or_else(|| "?".to_owned(), |rel| millis(rel, self.lang));
        row.text(3 + self.number, &format!("{time:>0$}", self.time), Role::Faint);
    }

    fn leaves(&mut self, index: usize, moment: &Moment) {
        let arrow = &self.ladder.arrows[index];
        let (from, to) = (self.lanes[arrow.from], self.lanes[arrow.to]);
        let (left, right) = (from.min(to), from.max(to));
        let mut label = arrow.label();
        if self.ladder.several {
            label = format!("{} {label}", arrow.conn);
        }
        let room = right.saturating_sub(left + 7);
        let mut row = self.row();
        if width(&label) > room {
            let mut above = self.row();
            let words = shorten(&label, right.saturating_sub(left + 3));
            above.text(left + 2, &words, role(arrow));
            self.rows.push(above);
            label.clear();
        }
        self.stamp(&mut row, arrow, moment.rel, true);
        let end = if arrow.lost() {
            left + (right - left) * if to > from { 2 } else { 1 } / 3
        } else if arrow.slants() {
            self.turn(index, from, to)
        } else {
            to
        };
        Self::horizontal(&mut row, from, end, arrow);
        match () {
            () if arrow.lost() => row.put(end, '╳', Role::Reset),
            () if arrow.slants() => row.put(end, if to > from { '╮' } else { '╭' }, role(arrow)),
            () => head(&mut row, from, to, arrow),
        }
        if !label.is_empty() {
            let label = if width(&label) + 6 > from.abs_diff(end) { arrow.short_label() } else { label };
            let (a, b) = (from.min(end), from.max(end));
            let words = format!(" {label} ");
            let words = shorten(&words, b.saturating_sub(a + 3));
            row.text(a + 1 + (b - a).saturating_sub(width(&words)) / 2, &words, role(arrow));
        }
        self.changes(row, moment);
        self.under(arrow, left, right);
    }

    /// What the packet is about and what it carries, below its arrow.
    fn under(&mut self, arrow: &Arrow, left: usize, right: usize) {
        let said = match &arrow.row.kind {
            Kind::Other { .. } => None,
            _ => arrow.row.said(),
        };
        let title = arrow.row.title.map(|title| title.get(self.lang).to_owned());
        let lost = arrow.lost().then(|| say::LOST.text.get(self.lang).to_owned());
        let words = lost.into_iter().chain(title).chain(said).collect::<Vec<_>>().join(" · ");
        if words.is_empty() {
            return;
        }
        let mut row = self.row();
        let columns = self.falling.iter().map(|falling| falling.column).filter(|c| (left..right).contains(c));
        // Between the columns of what is under way there is most room in the middle.
        let (mut a, mut b) = (left, right);
        for column in columns {
            if column - left < right - column { a = a.max(column) } else { b = b.min(column) }
        }
        let words = shorten(&words, b.saturating_sub(a + 3));
        row.text(a + 1 + (b - a).saturating_sub(width(&words)) / 2, &words, Role::Faint);
        self.rows.push(row);
    }

    fn horizontal(row: &mut Row, from: usize, to: usize, arrow: &Arrow) {
        let (left, right) = (from.min(to), from.max(to));
        for column in left + 1..right {
            let char = if row.at(column) == '│' { '┼' } else { '─' };
            row.put(column, char, role(arrow));
        }
        row.put(from, if to > from { '├' } else { '┤' }, Role::Faint);
    }

    /// A free column beside the receiver's lane, for a packet that is under way.
    fn turn(&mut self, arrow: usize, from: usize, to: usize) -> usize {
        let place = |turn: usize| if to > from { to.saturating_sub(3 + 2 * turn) } else { to + 3 + 2 * turn };
        let free = |column: usize| self.falling.iter().all(|falling| falling.column != column);
        // With more under way than columns the last is shared.
        let turn = (0..TURNS).find(|turn| free(place(*turn))).unwrap_or(TURNS);
        let column = place(turn);
        self.falling.push(Falling { arrow, column });
        column
    }

    fn arrives(&mut self, index: usize, moment: &Moment, again: bool) {
        let arrow = &self.ladder.arrows[index];
        let (from, to) = (self.lanes[arrow.from], self.lanes[arrow.to]);
        let Some(at) = self.falling.iter().position(|falling| falling.arrow == index) else { return };
        let more = arrow.again.is_some() && !again;
        let column = self.falling[at].column;
        let mut row = self.row();
        Self::horizontal(&mut row, column, to, arrow);
        let corner = match (more, to > from) {
            (true, true) => '├',
            (true, false) => '┤',
            (false, true) => '╰',
            (false, false) => '╯',
        };
        row.put(column, corner, role(arrow));
        head(&mut row, from, to, arrow);
        self.stamp(&mut row, arrow, moment.rel, false);
        if !more {
            self.falling.remove(at);
        }
        self.changes(row, moment);
    }
}

/// The head of an arrow, beside the lane that it is for.
fn head(row: &mut Row, from: usize, to: usize, arrow: &Arrow) {
    if to > from {
        row.put(to - 1, '▶', role(arrow));
    } else {
        row.put(to + 1, '◀', role(arrow));
    }
}

fn role(arrow: &Arrow) -> Role {
    Role::of_flags(&arrow.row)
}

fn millis(rel: i64, lang: Lang) -> String {
    crate::report::people::row::millis(lang, rel)
}

/// Text cut at its beginning: the port is what tells ends apart.
fn shorten_end(text: &str, limit: usize) -> String {
    if width(text) <= limit {
        return text.to_owned();
    }
    let keep = text.char_indices().rev().nth(limit.saturating_sub(2)).map_or(0, |(at, _)| at);
    format!("…{}", &text[keep..])
}
