//! A ladder in pieces that fit on sheets of paper, each a drawing that stands alone, on white.

use std::fmt::Write as _;

use super::layout::{Layout, TOP};
use super::svg::{STYLE, draw, escape};
use super::{Happens, Ladder};
use crate::language::Lang;

/// A piece.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// The whole SVG document.
    pub svg: String,
    /// Its width in pixels of a screen.
    pub width: f64,
    /// Its height.
    pub height: f64,
    /// What happens on it, for whoever cannot see it.
    pub says: String,
}

/// The ladder in pieces that are at most so many times as high as they are wide. Each has the names of the lanes at its top.
#[must_use]
pub fn sheets(ladder: &Ladder, lang: Lang, ratio: f64) -> Vec<Sheet> {
    let (drawn, width, height) = draw(ladder, lang);
    let layout = Layout::new(ladder);
    // What the surroundings say of dark and light does not reach paper.
    let style = STYLE.split("@media").next().unwrap_or_default();
    let room = (width * ratio - TOP).max(4.0 * TOP);
    let cuts = cuts(ladder, &layout, height, room);
    let pieces = cuts.windows(2).filter_map(|ends| Some((*ends.first()?, *ends.get(1)?)));
    pieces
        .map(|(from, to)| {
            let whole = to - from + TOP;
            let part = |top: f64, y: f64, height: f64| {
                format!(
                    "<svg x=\"0\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" viewBox=\"0 {y:.1} {width:.1} {height:.1}\">\n\
                     {drawn}</svg>\n"
                )
            };
            let svg = format!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.1}\" height=\"{whole:.1}\" viewBox=\"0 0 {width:.1} {whole:.1}\">\n\
                 <style>{style}</style>\n<rect width=\"100%\" height=\"100%\" class=\"l-paper\"/>\n{}{}</svg>\n",
                part(0.0, 0.0, TOP),
                part(TOP, from, to - from)
            );
            Sheet { svg, width, height: whole, says: says(ladder, &layout, from, to) }
        })
        .collect()
}

/// Where the pieces begin and end: between a packet and what comes next, and before the calls that made it.
fn cuts(ladder: &Ladder, layout: &Layout, height: f64, room: f64) -> Vec<f64> {
    let mut places: Vec<(f64, bool)> = Vec::new();
    let mut after_call = true;
    for (moment, y) in ladder.moments.iter().zip(&layout.y) {
        let call = matches!(moment.what, Happens::Calls(_));
        match moment.what {
            Happens::Leaves(_) | Happens::LeftOut(_) => places.push((y - 18.0, !after_call)),
            Happens::Calls(_) => places.push((y - 10.0, !after_call)),
            Happens::Arrives(_) | Happens::ArrivesAgain(_) => {}
        }
        after_call = call;
    }
    // As high as each other rather than one full and one nearly empty.
    let pieces = ((height - TOP) / room).ceil().max(1.0);
    let room = room.min((height - TOP) / pieces * 1.15);
    let mut cuts = vec![TOP];
    let mut from = TOP;
    while height - from > room {
        let within = || places.iter().rev().filter(|(y, _)| *y > from + room / 3.0 && *y <= from + room);
        let place = within().find(|(_, good)| *good).or_else(|| within().next());
        from = place.map_or(from + room, |(y, _)| *y);
        cuts.push(from);
    }
    cuts.push(height);
    cuts
}

/// The packets of a piece as words: `#1 Client → Server SYN seq=0`.
fn says(ladder: &Ladder, layout: &Layout, from: f64, to: f64) -> String {
    let mut out = String::new();
    for arrow in &ladder.arrows {
        let inside = layout.y.get(arrow.leaves).is_some_and(|y| (from..to).contains(y));
        let ends = ladder.lanes.get(arrow.from).zip(ladder.lanes.get(arrow.to)).filter(|_| inside);
        if let Some((a, b)) = ends {
            let name = |lane: &super::Lane| {
                if ladder.lanes.len() > 2 { lane.address.clone() } else { lane.role_name().to_owned() }
            };
            let _ = write!(out, "#{} {} → {} {}; ", arrow.row.frame, name(a), name(b), arrow.label());
        }
    }
    out.trim_end_matches("; ").to_owned()
}

/// Text as an attribute of an XML element takes it, cut to so many characters.
#[must_use]
pub fn attribute(text: &str, most: usize) -> String {
    let allowed = |char: &char| *char >= ' ' && !matches!(char, '\u{fffe}' | '\u{ffff}');
    let mut words: String = text.chars().filter(allowed).take(most).collect();
    if text.chars().count() > most {
        words.push('…');
    }
    escape(&words)
}
