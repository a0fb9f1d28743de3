//! The ladder as SVG: a file of its own, or a part of a page that brings the colours.

use std::fmt::Write as _;

use super::labels::{LOST, Way};
use super::layout::{BAND, Layout, MARGIN, TOP};
use super::{Arrow, Happens, Ladder};
use crate::decode::TcpFlags;
use crate::language::messages::report as say;
use crate::language::{Lang, Value, Values, numbers};
use crate::report::people::row::{Kind, millis};
use crate::report::text::{shorten, width};
use crate::track::State;

/// The colours of a drawing that stands alone, for light and for dark surroundings.
pub const STYLE: &str = "\
.l-paper{fill:#fff}.l-text{fill:#1b1f24}.l-faint{fill:#59636e}.l-halo{paint-order:stroke;stroke:#fff;stroke-width:4px;stroke-linejoin:round}\
.l-lane{stroke:#8b949e}.l-half{fill:#f3e8ff;stroke:#a475f9;stroke-dasharray:3 3}.l-line{fill:none;stroke:#57606a}.l-head{fill:#57606a}\
.l-open .l-line{stroke:#1a7f37}.l-open .l-head{fill:#1a7f37}.l-close .l-line{stroke:#8250df}.l-close .l-head{fill:#8250df}\
.l-reset .l-line{stroke:#cf222e}.l-reset .l-head{fill:#cf222e}.l-data .l-line{stroke:#0969da}.l-data .l-head{fill:#0969da}\
.l-cross{stroke:#cf222e;fill:none}.s-none{fill:#d0d7de}.s-wait{fill:#eac54f}.s-open{fill:#4ac26b}.s-closing{fill:#b392f0}.s-time{fill:#fd8c73}\
@media (prefers-color-scheme:dark){.l-paper{fill:#0d1117}.l-text{fill:#e6edf3}.l-faint{fill:#9198a1}.l-halo{stroke:#0d1117}.l-lane{stroke:#6e7681}\
.l-half{fill:#271052;stroke:#8957e5}.l-line{stroke:#9198a1}.l-head{fill:#9198a1}.l-open .l-line{stroke:#3fb950}.l-open .l-head{fill:#3fb950}\
.l-close .l-line{stroke:#ab7df8}.l-close .l-head{fill:#ab7df8}.l-reset .l-line{stroke:#f85149}.l-reset .l-head{fill:#f85149}\
.l-data .l-line{stroke:#4493f8}.l-data .l-head{fill:#4493f8}.l-cross{stroke:#f85149}.s-none{fill:#30363d}.s-wait{fill:#9e6a03}\
.s-open{fill:#238636}.s-closing{fill:#8957e5}.s-time{fill:#bd561d}}";

/// Sans and fixed-width letters that every system has.
const SANS: &str = "system-ui,'Segoe UI',Helvetica,Arial,sans-serif";
const MONO: &str = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace";

/// Text that XML takes literally.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for char in text.chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(char),
        }
    }
    out
}

/// A length without needless decimals.
fn px(length: f64) -> String {
    let text = format!("{length:.1}");
    text.strip_suffix(".0").map_or_else(|| text.clone(), str::to_owned)
}

/// The class of a packet: what its flags are for.
fn class(arrow: &Arrow) -> &'static str {
    match &arrow.row.kind {
        Kind::Tcp { flags, .. } if flags.rst() => "l-reset",
        Kind::Tcp { flags, .. } if flags.fin() => "l-close",
        Kind::Tcp { flags, .. } if flags.syn() => "l-open",
        Kind::Other { .. } => "l-reset",
        Kind::Tcp { flags, .. } if flags.has(TcpFlags::PSH) => "l-data",
        _ if arrow.row.len.is_some_and(|len| len > 0) => "l-data",
        _ => "l-ack",
    }
}

/// The class of a state.
#[must_use]
pub fn state_class(state: Option<State>) -> &'static str {
    match state {
        None | Some(State::Closed | State::Listen) => "s-none",
        Some(State::SynSent | State::SynReceived) => "s-wait",
        Some(State::Established) => "s-open",
        Some(State::TimeWait) => "s-time",
        Some(_) => "s-closing",
    }
}

/// A drawing under way.
struct Drawing<'a> {
    ladder: &'a Ladder,
    layout: Layout,
    lang: Lang,
    out: String,
}

/// The ladder as the inside of an `<svg>` element, with its width and height.
#[must_use]
pub fn draw(ladder: &Ladder, lang: Lang) -> (String, f64, f64) {
    let layout = Layout::new(ladder);
    let size = (layout.width, layout.bottom + 12.0);
    let mut drawing = Drawing { ladder, layout, lang, out: String::new() };
    drawing.spans();
    drawing.lanes();
    for (arrow, way) in ladder.arrows.iter().zip(drawing.layout.ways.clone()) {
        drawing.arrow(arrow, way);
    }
    drawing.between();
    (drawing.out, size.0, size.1)
}

/// A line of text in a drawing.
#[derive(Clone, Copy)]
pub struct Words<'a> {
    /// Where it is anchored.
    pub x: f64,
    /// The base line.
    pub y: f64,
    /// `start`, `middle` or `end`.
    pub anchor: &'static str,
    /// Size of the letters.
    pub size: f64,
    /// `l-text`, `l-faint`, with `l-halo` where lines run behind.
    pub class: &'static str,
    /// Fixed-width letters.
    pub mono: bool,
    /// What it says.
    pub text: &'a str,
}

/// How a call is set.
const CALL: Words<'static> =
    Words { x: 0.0, y: 0.0, anchor: "start", size: 10.5, class: "l-faint l-halo", mono: true, text: "" };

impl Words<'_> {
    /// Appends it.
    pub fn write(&self, out: &mut String, more: &str) {
        let font = if self.mono { MONO } else { SANS };
        let _ = writeln!(
            out,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"{}\" font-size=\"{}\" font-family=\"{font}\" class=\"{}\"{more}>{}</text>",
            px(self.x),
            px(self.y),
            self.anchor,
            px(self.size),
            self.class,
            escape(self.text)
        );
    }
}

impl Drawing<'_> {
    fn words(&mut self, words: Words<'_>, more: &str) {
        words.write(&mut self.out, more);
    }

    /// The times in which one direction was closed, behind everything.
    fn spans(&mut self) {
        for span in &self.ladder.spans {
            let (a, b) = (self.layout.x[span.lanes.0], self.layout.x[span.lanes.1]);
            let (left, right) = (a.min(b), a.max(b));
            let (top, bottom) = (self.layout.y[span.from], self.layout.y[span.to]);
            let label = format!("{} · {}", say::HALF_CLOSED.text.get(self.lang), span.label);
            let _ = writeln!(
                self.out,
                "<g class=\"l-span\"><title>{}</title><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" class=\"l-half\"/>",
                escape(&label),
                px(left + BAND),
                px(top),
                px(right - left - 2.0 * BAND),
                px(bottom - top)
            );
            // Upwards along the edge, where arrows begin and labels do not, and where calls leave the most room.
            let (from, to) = self.free_of_calls(span.from, span.to);
            let short = say::HALF_CLOSED.text.get(self.lang);
            let choices = [(&*label, from, to), (short, from, to), (&*label, top, bottom), (short, top, bottom)];
            let fits = |text: &str, room: f64| super::layout::number(width(text)) * 6.2 <= room - 8.0;
            if let Some((text, from, to)) = choices.into_iter().find(|(text, from, to)| fits(text, to - from)) {
                let (x, y) = (left + BAND + 26.0, f64::midpoint(from, to));
                let turn = format!(" transform=\"rotate(-90 {} {})\"", px(x), px(y));
                let words = Words { x, y, anchor: "middle", size: 11.0, class: "l-faint l-halo", mono: false, text };
                self.words(words, &turn);
            }
            self.out.push_str("</g>\n");
        }
    }

    /// The tallest stretch between two moments in which no call is written.
    fn free_of_calls(&self, first: usize, last: usize) -> (f64, f64) {
        let (top, bottom) = (self.layout.y[first], self.layout.y[last]);
        let moments = self.ladder.moments.iter().zip(&self.layout.y).take(last).skip(first);
        let calls = moments.filter(|(moment, _)| matches!(moment.what, Happens::Calls(_)));
        let (mut best, mut from) = ((top, top), top);
        for y in calls.map(|(_, y)| *y).chain([bottom + CALL.size]) {
            let to = y - CALL.size;
            if to - from > best.1 - best.0 {
                best = (from, to);
            }
            from = y + CALL.size;
        }
        best
    }

    fn lanes(&mut self) {
        for (at, lane) in self.ladder.lanes.iter().enumerate() {
            let x = self.layout.x[at];
            let role = lane.role_name();
            let name = Words { x, y: 20.0, anchor: "middle", size: 14.0, class: "l-text", mono: false, text: role };
            self.words(name, " font-weight=\"600\"");
            let address = Words { y: 38.0, size: 12.0, class: "l-faint", mono: true, text: &lane.address, ..name };
            self.words(address, "");
            let _ = writeln!(
                self.out,
                "<line x1=\"{x}\" y1=\"{}\" x2=\"{x}\" y2=\"{}\" class=\"l-lane\"/>",
                px(TOP),
                px(self.layout.bottom),
                x = px(x)
            );
        }
        for band in self.layout.bands.clone() {
            let x = self.layout.x[band.lane];
            let name = Ladder::state_name(band.state);
            let _ = writeln!(
                self.out,
                "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"2\" class=\"{}\"><title>{name}</title></rect>",
                px(x - BAND),
                px(band.from),
                px(2.0 * BAND),
                px((band.to - band.from).max(0.0)),
                state_class(band.state)
            );
            if band.state.is_some() || band.from > TOP {
                let name = Ladder::state_label(band.state, band.confirmed);
                self.state(band.lane, band.from + 11.0, &name);
            }
        }
        for (moment, y) in self.ladder.moments.iter().zip(self.layout.y.clone()) {
            for change in &moment.changes {
                if self.ladder.lanes[change.lane].states_of != Some(change.conn) {
                    let state = Ladder::state_label(change.state, change.confirmed);
                    let name = format!("{} {state}", change.conn);
                    self.state(change.lane, y + 11.0, &name);
                }
            }
        }
    }

    /// A state's name, outside of the outermost lanes and right of the others.
    fn state(&mut self, lane: usize, y: f64, name: &str) {
        let x = self.layout.x[lane];
        let (x, anchor) = if lane == 0 { (x - BAND - 4.0, "end") } else { (x + BAND + 4.0, "start") };
        self.words(Words { x, y, anchor, size: 10.5, class: "l-text l-halo", mono: false, text: name }, "");
    }

    fn arrow(&mut self, arrow: &Arrow, along: Way) {
        let (from, to) = (self.layout.x[arrow.from], self.layout.x[arrow.to]);
        let way = if to < from { -1.0 } else { 1.0 };
        let (x1, x2) = (from + way * BAND, to - way * BAND);
        let y1 = self.layout.y[arrow.leaves];
        let y2 = along.end;
        let frame = arrow.row.frame;
        let note = arrow.row.note.as_deref().unwrap_or_default();
        let _ = writeln!(
            self.out,
            "<g class=\"l-arrow {}\" data-frame=\"{frame}\" data-y=\"{}\"><title>#{frame} {} {}</title>",
            class(arrow),
            px(if arrow.lost() { y1 + LOST * (y2 - y1) } else { y1.max(y2) }),
            escape(&arrow.label()),
            escape(note)
        );
        let number = Words {
            x: 34.0,
            y: y1 + 4.0,
            anchor: "end",
            size: 11.0,
            class: "l-faint",
            mono: true,
            text: &frame.to_string(),
        };
        self.words(number, "");
        self.words(Words { x: MARGIN - 6.0, text: &arrow.row.millis(self.lang), ..number }, "");
        if arrow.lost() {
            let (x, y) = (x1 + (x2 - x1) * LOST, y1 + (y2 - y1) * LOST);
            self.line(x1, y1, x, y, false);
            let _ = writeln!(
                self.out,
                "<path d=\"M{} {}l12 12m0 -12l-12 12\" stroke-width=\"2.5\" class=\"l-cross\"/>",
                px(x - 6.0),
                px(y - 6.0)
            );
        } else {
            self.line(x1, y1, x2, y2, true);
            if let Some(again) = arrow.again {
                let y = self.layout.y[again];
                self.line(x1, y1, x2, y, true);
            }
        }
        self.labels(arrow, (x1, y1), (x2, y2), along.label);
        self.out.push_str("</g>\n");
    }

    fn line(&mut self, x1: f64, y1: f64, x2: f64, y2: f64, head: bool) {
        let _ = writeln!(
            self.out,
            "<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" stroke-width=\"1.6\" class=\"l-line\"/>",
            px(x1),
            px(y1),
            px(x2),
            px(y2)
        );
        if head {
            let turn = (y2 - y1).atan2(x2 - x1).to_degrees();
            let _ = writeln!(
                self.out,
                "<path d=\"M0 0l-10 -4.5v9z\" transform=\"translate({} {}) rotate({})\" class=\"l-head\"/>",
                px(x2),
                px(y2),
                px(turn)
            );
        }
    }

    /// What stands above and below an arrow, turned as the arrow is.
    fn labels(&mut self, arrow: &Arrow, (x1, y1): (f64, f64), (x2, y2): (f64, f64), part: f64) {
        let (x, y) = (x1 + part * (x2 - x1), y1 + part * (y2 - y1));
        let slope = if (x2 - x1).abs() < 1.0 { 0.0 } else { (y2 - y1) / (x2 - x1) };
        let more = format!(" transform=\"rotate({} {} {})\"", px(slope.atan().to_degrees()), px(x), px(y));
        let more = if slope.abs() < 0.001 { String::new() } else { more };
        // The words of a lost packet end before its cross.
        let room = (x2 - x1).abs() * if arrow.lost() { LOST } else { 1.0 } - if arrow.lost() { 16.0 } else { 0.0 };
        let mut label = arrow.label();
        if self.ladder.several {
            label = format!("{} {label}", arrow.conn);
        }
        if arrow.lost() {
            label = format!("{label} · {}", say::LOST.text.get(self.lang));
        }
        let size = (room / super::layout::number(width(&label).max(1)) / 0.61).clamp(8.5, 12.0);
        let words = Words { x, y: y - 5.0, anchor: "middle", size, class: "l-text l-halo", mono: true, text: &label };
        self.words(words, &more);
        let (x, room) = match self.gap(arrow, x) {
            _ if arrow.slants() => (x, room * 0.7),
            Some((left, right)) if !arrow.lost() => (f64::midpoint(left, right), right - left),
            _ => (x, room),
        };
        let under = self.under(arrow, room);
        if !under.is_empty() {
            let words =
                Words { x, y: y + 13.0, size: 10.5, class: "l-faint l-halo", mono: false, text: &under, ..words };
            self.words(words, &more);
        }
    }

    /// With several lanes, what is free below an arrow between the two lanes around a place: beside the left one stands
    /// its state when that changes.
    fn gap(&self, arrow: &Arrow, x: f64) -> Option<(f64, f64)> {
        let lanes = &self.layout.x;
        let right = lanes.iter().position(|lane| *lane > x).filter(|right| *right > 0 && lanes.len() > 2)?;
        let left = right - 1;
        let changes = self.ladder.moments.get(arrow.leaves).map(|moment| moment.changes.as_slice()).unwrap_or_default();
        let beside = changes.iter().filter(|change| change.lane == left && left > 0);
        let several = |conn| self.ladder.lanes[left].states_of != Some(conn);
        let letters = beside.map(|change| {
            width(Ladder::state_name(change.state))
                + if several(change.conn) { width(&change.conn.to_string()) + 1 } else { 0 }
        });
        let state = letters.max().map_or(0.0, |letters| super::layout::number(letters) * 7.2 + 8.0);
        Some((lanes[left] + BAND + state, lanes[right] - BAND))
    }

    /// What the packet is about, and what it carries.
    fn under(&self, arrow: &Arrow, room: f64) -> String {
        let said = match &arrow.row.kind {
            Kind::Other { .. } => None,
            _ if arrow.slants() || arrow.lost() => None,
            _ => arrow.row.said(),
        };
        let parts: Vec<String> =
            arrow.row.title.map(|title| title.get(self.lang).to_owned()).into_iter().chain(said).collect();
        // Letters of this size are 5.6 pixels wide on average.
        let columns = (1..200).take_while(|columns| f64::from(*columns) * 5.6 < room - 10.0).count();
        shorten(&parts.join(" · "), columns)
    }

    /// A call beside the lane of its program, on the side where the other lanes are.
    fn call(&mut self, call: usize, rel: Option<i64>, y: f64) {
        let Some(called) = self.ladder.calls.get(call) else { return };
        let (Some(first), Some(last)) = (self.layout.x.first().copied(), self.layout.x.last().copied()) else { return };
        let Some(lane) = called.lane else {
            let words = Words { x: f64::midpoint(first, last), y: y + 4.0, anchor: "middle", ..CALL };
            return self.words(Words { text: &called.words, mono: false, ..words }, "");
        };
        let x = self.layout.x[lane];
        let _ = writeln!(
            self.out,
            "<g class=\"l-call\"><title>{}</title><circle cx=\"{}\" cy=\"{}\" r=\"3.5\" class=\"l-head\"/>",
            escape(&called.words),
            px(x),
            px(y)
        );
        let pitch = self.layout.x.get(1).map_or(400.0, |second| second - first);
        // Fixed-width letters of this size are 6.1 pixels wide.
        let columns = (1..200).take_while(|columns| f64::from(*columns) * 6.1 < pitch - 30.0).count();
        let text = called.fitted(columns);
        let words = if lane + 1 < self.layout.x.len() {
            Words { x: x + BAND + 6.0, anchor: "start", ..CALL }
        } else {
            Words { x: x - BAND - 6.0, anchor: "end", ..CALL }
        };
        self.words(Words { y: y + 4.0, text: &text, ..words }, "");
        if let Some(rel) = rel {
            let time = millis(self.lang, rel);
            self.words(Words { x: MARGIN - 6.0, y: y + 4.0, anchor: "end", text: &time, ..CALL }, "");
        }
        self.out.push_str("</g>\n");
    }

    /// Pauses and what is left out.
    fn between(&mut self) {
        let (Some(first), Some(last)) = (self.layout.x.first().copied(), self.layout.x.last().copied()) else { return };
        let x = f64::midpoint(first, last);
        for (index, moment) in self.ladder.moments.iter().enumerate() {
            if let Happens::Calls(call) = moment.what {
                self.call(call, moment.rel, self.layout.y[index]);
            }
            let (y, text) = match (moment.what, self.ladder.pause(index)) {
                (Happens::LeftOut(n), _) => {
                    let values = Values::none().with("n", Value::Count(n));
                    (self.layout.y[index], say::LADDER_GAP.text.fill(self.lang, &values))
                }
                (_, Some(pause)) => {
                    let above = if index == 0 { TOP } else { self.layout.y[index - 1] };
                    let y = f64::midpoint(above + 14.0, self.layout.y[index] - 16.0) + 4.0;
                    (y, format!("⋮ {} ⋮", numbers::duration(self.lang, pause)))
                }
                _ => continue,
            };
            self.words(
                Words { x, y, anchor: "middle", size: 11.0, class: "l-faint l-halo", mono: false, text: &text },
                "",
            );
        }
    }
}
