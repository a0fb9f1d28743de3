//! The ladder as `TikZ` pictures, each as high as a page allows.

use std::fmt::Write as _;

use super::escape::{code, escape};
use crate::language::messages::report as say;
use crate::language::{Lang, Value, Values, numbers};
use crate::report::ladder::labels::{LOST, Way};
use crate::report::ladder::layout::{Layout, TOP, number};
use crate::report::ladder::{Arrow, Happens, Ladder};
use crate::report::people::row::{Kind, millis};
use crate::report::text::shorten;

/// Width of the text on the page, in centimetres.
const PAGE: f64 = 17.0;
/// Room for frame number and time at the left edge, in centimetres.
const EDGE: f64 = 1.9;
/// Room for the names of states beside the outer lanes, and with the names of their connections before them.
const STATES: f64 = 2.0;
const STATES_OF: f64 = 2.7;
/// Centimetres down the page for a pixel of the layout.
const DOWN: f64 = 0.0175;
/// Height of a picture, in pixels of the layout.
const HEIGHT: f64 = 1150.0;

/// The pictures with their captions; without one of the caller's own, the usual one.
pub(in crate::report) fn figures(ladder: &Ladder, caption: Option<&str>, lang: Lang) -> String {
    let name = caption.unwrap_or(say::LADDER_NAME.text.get(lang));
    let layout = Layout::new(ladder);
    let parts = parts(ladder, &layout);
    let mut out = String::new();
    for (index, (from, to)) in parts.iter().enumerate() {
        let mut caption = name.to_owned();
        if parts.len() > 1 {
            let values =
                Values::none().with("n", Value::Number(index as u64 + 1)).with("of", Value::Number(parts.len() as u64));
            caption = format!("{caption} ({})", say::PART.text.fill(lang, &values));
        }
        let picture = Picture { ladder, layout: &layout, lang, from: *from, to: *to, out: String::new() };
        let drawn = picture.draw();
        let _ = write!(
            out,
            "\n\\begin{{figure}}[htbp]\n\\centering\n{drawn}\\caption{{{}}}\n\\end{{figure}}\n",
            escape(&caption)
        );
    }
    out
}

/// Where the moments are divided: if possible where nothing is under way.
fn parts(ladder: &Ladder, layout: &Layout) -> Vec<(usize, usize)> {
    let mut parts = Vec::new();
    let mut from = 0;
    while from < layout.y.len() {
        let top = layout.y[from];
        let fits = layout.y[from..].iter().take_while(|y| **y - top <= HEIGHT).count().max(1);
        let mut to = from + fits;
        if to < layout.y.len() {
            let quiet = |at: usize| {
                ladder.arrows.iter().all(|arrow| {
                    let end = arrow.arrives.unwrap_or(arrow.leaves).max(arrow.again.unwrap_or(0));
                    arrow.leaves >= at || end < at
                })
            };
            to = (from + fits * 2 / 3..=to).rev().find(|at| *at > from && quiet(*at)).unwrap_or(to);
        }
        parts.push((from, to));
        from = to;
    }
    parts
}

struct Picture<'a> {
    ladder: &'a Ladder,
    layout: &'a Layout,
    lang: Lang,
    from: usize,
    to: usize,
    out: String,
}

impl Picture<'_> {
    /// The place of a lane, in centimetres. The letters of a page are smaller than those of a screen, so the room at
    /// both edges is its own.
    fn lane(&self, lane: usize) -> f64 {
        let states = if self.ladder.several { STATES_OF } else { STATES };
        let first = EDGE + states;
        let between = (PAGE - first - states - 0.3) / number(self.layout.x.len().max(2) - 1);
        first + between * number(lane)
    }

    /// Down from the top of this part.
    fn y(&self, px: f64) -> f64 {
        (self.top() - px) * DOWN
    }

    fn top(&self) -> f64 {
        if self.from == 0 { TOP } else { self.layout.y[self.from] - 42.0 }
    }

    fn bottom(&self) -> f64 {
        if self.to == self.layout.y.len() { self.layout.bottom } else { self.layout.y[self.to] - 30.0 }
    }

    fn font(&self) -> &'static str {
        if self.layout.x.len() > 2 { "\\tiny" } else { "\\scriptsize" }
    }

    fn draw(mut self) -> String {
        self.out.push_str("\\begin{tikzpicture}\n");
        self.spans();
        self.lanes();
        self.bands();
        let (ladder, part) = (self.ladder, self.from..self.to);
        let ways = self.layout.ways.iter();
        for (arrow, way) in ladder.arrows.iter().zip(ways).filter(|(arrow, _)| part.contains(&arrow.leaves)) {
            self.arrow(arrow, *way);
        }
        self.between();
        self.out.push_str("\\end{tikzpicture}\n");
        self.out
    }

    fn node(&mut self, (x, y): (f64, f64), options: &str, text: &str) {
        let _ = writeln!(self.out, "\\node[inner sep=1pt,{options}] at ({x:.3},{y:.3}) {{{text}}};");
    }

    fn spans(&mut self) {
        for span in &self.ladder.spans {
            let (top, bottom) = (self.top(), self.bottom());
            let (from, to) = (self.layout.y[span.from].max(top), self.layout.y[span.to].min(bottom));
            if from >= to {
                continue;
            }
            let (a, b) = (self.lane(span.lanes.0), self.lane(span.lanes.1));
            let (from, to) = (self.y(from), self.y(to));
            let _ = writeln!(self.out, "\\fill[half] ({a:.3},{from:.3}) rectangle ({b:.3},{to:.3});");
            let label = format!("{} · {}", say::HALF_CLOSED.text.get(self.lang), span.label);
            let high = (from - to) / 0.14 > number(label.chars().count());
            if high {
                let place = (a.min(b) + 0.5, f64::midpoint(from, to));
                self.node(place, "rotate=90,font=\\tiny,text=closes", &escape(&label));
            }
        }
    }

    fn lanes(&mut self) {
        for (at, lane) in self.ladder.lanes.iter().enumerate() {
            let x = self.lane(at);
            let (top, bottom) = (self.y(self.top()), self.y(self.bottom()));
            let _ = writeln!(self.out, "\\draw[faint] ({x:.3},{top:.3}) -- ({x:.3},{bottom:.3});");
            let font = self.font();
            let name = format!("{{{}}}\\\\{{\\ttfamily {}}}", escape(lane.role_name()), escape(&lane.address));
            self.node((x, top + 0.1), &format!("above,align=center,font={font}"), &name);
        }
    }

    fn bands(&mut self) {
        for band in &self.layout.bands {
            let begins = band.from >= self.top() && band.from < self.bottom();
            let goes_on = band.from < self.top() && band.to > self.top();
            if begins || goes_on {
                let name = Ladder::state_label(band.state, band.confirmed);
                if band.state.is_some() || band.from > TOP {
                    self.state(band.lane, band.from.max(self.top()), &name);
                }
            }
        }
        for (index, moment) in self.ladder.moments.iter().enumerate().take(self.to).skip(self.from) {
            for change in &moment.changes {
                if self.ladder.lanes[change.lane].states_of != Some(change.conn) {
                    let state = Ladder::state_label(change.state, change.confirmed);
                    let name = format!("{} {state}", change.conn);
                    self.state(change.lane, self.layout.y[index], &name);
                }
            }
        }
    }

    fn state(&mut self, lane: usize, y: f64, name: &str) {
        let (x, y) = (self.lane(lane), self.y(y));
        let _ = writeln!(self.out, "\\draw ({:.3},{y:.3}) -- ({:.3},{y:.3});", x - 0.08, x + 0.08);
        let (place, options) =
            if lane == 0 { ((x - 0.1, y), "below left") } else { ((x + 0.1, y - 0.03), "below right") };
        self.node(place, &format!("{options},font=\\tiny"), &escape(name));
    }

    fn arrow(&mut self, arrow: &Arrow, along: Way) {
        let colour = match &arrow.row.kind {
            Kind::Tcp { flags, .. } if flags.rst() => "resets",
            Kind::Tcp { flags, .. } if flags.fin() => "closes",
            Kind::Tcp { flags, .. } if flags.syn() => "opens",
            Kind::Other { .. } => "resets",
            _ if arrow.row.len.unwrap_or(0) > 0 => "carries",
            _ => "faint",
        };
        let (from, to) = (self.lane(arrow.from), self.lane(arrow.to));
        let way = if to < from { -1.0 } else { 1.0 };
        let leaves = self.layout.y[arrow.leaves];
        let (x1, y1) = (from + way * 0.05, self.y(leaves));
        let (mut x2, mut y2) = (to - way * 0.05, self.y(along.end));
        let tip = if arrow.lost() { "" } else { "-latex," };
        if arrow.lost() {
            x2 = x1 + LOST * (x2 - x1);
            y2 = y1 + LOST * (y2 - y1);
        }
        // Words are placed along what is drawn.
        let (font, mut pos) = (self.font(), if arrow.lost() { along.label / LOST } else { along.label });
        let named = |label: String| if self.ladder.several { format!("{} {label}", arrow.conn) } else { label };
        let mut label = named(arrow.label());
        let mut paper = "";
        if self.layout.x.len() > 2 {
            // Fixed-width letters of this size are 0.93 mm wide. What is still too long lies over the lanes.
            let wide = |label: &str| number(label.chars().count()) * 0.093 + 0.1;
            let fits = |label: &str| wide(label) < (from - to).abs() - 0.2;
            label = Some(label).filter(|label| fits(label)).unwrap_or_else(|| named(arrow.short_label()));
            paper = "fill=white,";
            let half = (wide(&label) / 2.0 / (from - to).abs().max(0.1)).min(0.5);
            pos = pos.clamp(half, 1.0 - half);
        }
        let along = "sloped,below,inner sep=1.5pt,font=\\tiny,text=faint";
        let gap = self.gap(arrow, x1 + pos * (x2 - x1));
        let under = self.under(arrow, gap.map_or((from - to).abs(), |(left, right)| right - left));
        let under_it = if gap.is_some() { String::new() } else { format!(" node[pos={pos:.2},{along}] {{{under}}}") };
        let _ = writeln!(
            self.out,
            "\\draw[{tip}{colour}] ({x1:.3},{y1:.3}) -- node[pos={pos:.2},sloped,above,{paper}inner sep=1pt,font={font}\\ttfamily,text=black] {{{}}}{under_it} ({x2:.3},{y2:.3});",
            escape(&label)
        );
        if let Some((left, right)) = gap.filter(|_| !under.is_empty()) {
            self.node((f64::midpoint(left, right), y1 - 0.03), "below,font=\\tiny,text=faint", &under);
        }
        if arrow.lost() {
            self.node((x2, y2), "text=resets", "$\\times$");
        }
        if let Some(again) = arrow.again {
            let y = self.y(self.layout.y[again]);
            let x = to - way * 0.05;
            let _ = writeln!(self.out, "\\draw[-latex,dashed,{colour}] ({x1:.3},{y1:.3}) -- ({x:.3},{y:.3});");
        }
        self.node((0.6, y1), "left,font=\\tiny\\ttfamily,text=faint", &arrow.row.frame.to_string());
        self.node((EDGE - 0.1, y1), "left,font=\\tiny\\ttfamily,text=faint", &arrow.row.millis(self.lang));
    }

    /// With several lanes, what is free below a level arrow between the two lanes around a place: beside the left one stands
    /// its state when that changes.
    fn gap(&self, arrow: &Arrow, x: f64) -> Option<(f64, f64)> {
        let lanes = self.layout.x.len();
        if lanes < 3 || arrow.slants() || arrow.lost() {
            return None;
        }
        let right = (1..lanes).find(|lane| self.lane(*lane) > x)?;
        let left = right - 1;
        let changes = self.ladder.moments.get(arrow.leaves).map(|moment| moment.changes.as_slice()).unwrap_or_default();
        let names = changes.iter().filter(|change| left > 0 && change.lane == left).map(|change| {
            let state = Ladder::state_label(change.state, change.confirmed);
            let of_lane = self.ladder.lanes[left].states_of == Some(change.conn);
            if of_lane { state } else { format!("{} {state}", change.conn) }
        });
        // A capital letter of this size is 1.6 mm wide at the most.
        let state = names.map(|name| number(name.chars().count()) * 0.16 + 0.2).fold(0.0, f64::max);
        Some((self.lane(left) + state, self.lane(right)))
    }

    fn under(&self, arrow: &Arrow, room: f64) -> String {
        let said = match &arrow.row.kind {
            Kind::Other { .. } => None,
            _ if arrow.slants() || arrow.lost() => None,
            _ => arrow.row.said(),
        };
        // A letter of this size is 1.1 mm wide, and the fixed-width ones are wider.
        let columns = (1..400).take_while(|columns| f64::from(*columns) * 0.11 < room - 0.4).count();
        let title = arrow.row.title.map(|title| shorten(title.get(self.lang), columns)).unwrap_or_default();
        let left = columns.saturating_sub(title.chars().count() + 3) * 3 / 4;
        match said.filter(|_| left > 8) {
            Some(said) => format!("{} $\\cdot$ {}", escape(&title), code(&shorten(&said, left))),
            None => escape(&title),
        }
    }

    /// A call beside the lane of its program, on the side where the other lanes are.
    fn call(&mut self, call: usize, rel: Option<i64>, y: f64) {
        let Some(called) = self.ladder.calls.get(call) else { return };
        let (lanes, y) = (self.layout.x.len(), self.y(y));
        let Some(lane) = called.lane else {
            let x = f64::midpoint(self.lane(0), self.lane(lanes.max(1) - 1));
            return self.node((x, y), "font=\\tiny,text=faint", &escape(&called.words));
        };
        let (x, pitch) = (self.lane(lane), self.lane(1) - self.lane(0));
        // A fixed-width letter of this size is 1.1 mm wide.
        let columns = (1..400).take_while(|columns| f64::from(*columns) * 0.115 < pitch - 0.4).count();
        let text = code(&called.fitted(columns));
        let _ = writeln!(self.out, "\\fill[faint] ({x:.3},{y:.3}) circle (0.05);");
        let (place, side) = if lane + 1 < lanes { (x + 0.12, "right") } else { (x - 0.12, "left") };
        self.node((place, y), &format!("{side},font=\\tiny"), &text);
        if let Some(rel) = rel {
            self.node((EDGE - 0.1, y), "left,font=\\tiny\\ttfamily,text=faint", &millis(self.lang, rel));
        }
    }

    fn between(&mut self) {
        let x = f64::midpoint(self.lane(0), self.lane(self.layout.x.len().max(1) - 1));
        for (index, moment) in self.ladder.moments.iter().enumerate().take(self.to).skip(self.from) {
            if let Happens::Calls(call) = moment.what {
                self.call(call, moment.rel, self.layout.y[index]);
            }
            let (y, text) = match (moment.what, self.ladder.pause(index)) {
                (Happens::LeftOut(n), _) => {
                    let words = say::LADDER_GAP.text.fill(self.lang, &Values::none().with("n", Value::Count(n)));
                    (self.layout.y[index], words)
                }
                (_, Some(pause)) if index > self.from => {
                    let y = f64::midpoint(self.layout.y[index - 1] + 14.0, self.layout.y[index] - 16.0);
                    (y, format!("… {} …", numbers::duration(self.lang, pause)))
                }
                _ => continue,
            };
            let place = (x, self.y(y));
            self.node(place, "font=\\tiny,text=faint", &escape(&text));
        }
    }
}
