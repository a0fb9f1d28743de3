//! A figure as SVG.

use std::convert::Infallible;
use std::fmt::Write as _;

use plotters::coord::Shift;
use plotters::coord::ranged1d::{DefaultFormatting, KeyPointHint, Ranged};
use plotters::drawing::DrawingAreaErrorKind;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::canvas::{Canvas, DARK, Ink, Item, LIGHT, words_width};
use super::figure::{Axis, FEW, Figure, Layer, Mark, Shape};
use super::png;
use crate::language::Lang;
use crate::report::ladder::svg::escape;
use crate::report::text::wrap;

/// Tenths of a pixel.
const WIDTH: u32 = 9000;
const PLOT: u32 = 4300;
const TITLE: f64 = 170.0;
const BODY: f64 = 130.0;
const SMALL: f64 = 120.0;
const LINE: u32 = 185;
const MARGIN: i32 = 120;
/// Columns of a caption below a picture.
const COLUMNS: usize = 140;

type Sheet<'a> = DrawingArea<Canvas<'a>, Shift>;
type Drawn = Result<(), DrawingAreaErrorKind<Infallible>>;

fn color(ink: Ink) -> RGBColor {
    let (red, green, blue) = ink.rgb();
    RGBColor(red, green, blue)
}

fn letters(size: f64, ink: Ink, h: HPos, v: VPos) -> TextStyle<'static> {
    let style = TextStyle::from(("sans-serif", size).into_font());
    TextStyle { color: color(ink).to_backend_color(), ..style }.pos(Pos::new(h, v))
}

/// The things drawn, with the height of the drawing; the caption below where it is to stand in the picture.
pub(super) fn items(figure: &Figure, lang: Lang, caption: bool) -> (Vec<Item>, u32) {
    let notes: Vec<String> =
        if caption { figure.notes.iter().flat_map(|note| wrap(note, COLUMNS)).collect() } else { Vec::new() };
    let legend = legend(figure);
    let rows = 1 + legend.iter().map(|entry| entry.row).max().unwrap_or(0);
    let head = 560 + LINE * rows;
    let foot = u32::try_from(notes.len()).unwrap_or(0) * LINE + if caption { 200 } else { 0 };
    let height = head + PLOT + foot;
    let mut items = Vec::new();
    {
        let root = Canvas { size: (WIDTH, height), items: &mut items }.into_drawing_area();
        let (top, rest) = root.split_vertically(head);
        let (plot, bottom) = rest.split_vertically(PLOT);
        // The canvas cannot fail.
        let _ = heading(&top, figure, &legend);
        let _ = chart(&plot, figure, lang);
        for (note, at) in notes.iter().zip(0_i32..) {
            let y = 130 + at * 185;
            let _ = bottom.draw_text(note, &letters(SMALL, Ink::Faint, HPos::Left, VPos::Top), (MARGIN, y));
        }
    }
    (items, height)
}

/// An entry of the legend: which layer, and where.
struct Entry {
    layer: usize,
    x: i32,
    row: u32,
}

/// Each kind of mark that is there, once.
fn legend(figure: &Figure) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let (mut x, mut row) = (MARGIN, 0);
    for (at, layer) in figure.layers.iter().enumerate() {
        let drawn = layer.shape.marks().iter().any(|mark| mark.high.is_finite());
        // Bars and crosses of one name stand for the same thing; the later one is drawn on top.
        let again = figure.layers.iter().skip(at + 1).any(|later| later.label == layer.label);
        if !drawn || again {
            continue;
        }
        #[allow(clippy::cast_possible_truncation, reason = "a length on paper")]
        let wide = 330 + words_width(&layer.label, BODY) as i32 + 240;
        if x > MARGIN && x + wide > 9000 {
            (x, row) = (MARGIN, row + 1);
        }
        entries.push(Entry { layer: at, x, row });
        x += wide;
    }
    entries
}

fn heading(top: &Sheet<'_>, figure: &Figure, legend: &[Entry]) -> Drawn {
    top.draw_text(&figure.title, &letters(TITLE, Ink::Text, HPos::Left, VPos::Top), (MARGIN, 90))?;
    top.draw_text(&figure.way, &letters(BODY, Ink::Faint, HPos::Left, VPos::Top), (MARGIN, 320))?;
    for entry in legend {
        let layer = &figure.layers[entry.layer];
        let y = 620 + i32::try_from(entry.row * LINE).unwrap_or(0);
        sample(top, layer, entry.x, y)?;
        top.draw_text(&layer.label, &letters(BODY, Ink::Text, HPos::Left, VPos::Center), (entry.x + 330, y))?;
    }
    Ok(())
}

/// The mark of a layer in the legend.
fn sample(top: &Sheet<'_>, layer: &Layer, x: i32, y: i32) -> Drawn {
    let style = color(layer.ink).stroke_width(16);
    let line = color(layer.ink).stroke_width(14);
    let middle = (x + 130, y);
    match &layer.shape {
        Shape::Dots(_) => top.draw(&Circle::new(middle, 28, color(layer.ink).filled())),
        Shape::Crosses(_) => top.draw(&Cross::new(middle, 38, style)),
        Shape::Diamonds(_) => top.draw(&PathElement::new(diamond(middle, 42), style)),
        Shape::Bars(_, width) => {
            top.draw(&PathElement::new([(x + 130, y - 65), (x + 130, y + 65)], color(layer.ink).stroke_width(*width)))
        }
        Shape::Steps(_) | Shape::Line(_) => top.draw(&PathElement::new([(x, y), (x + 250, y)], line)),
    }
}

fn diamond((x, y): (i32, i32), size: i32) -> [(i32, i32); 5] {
    [(x - size, y), (x, y - size), (x + size, y), (x, y + size), (x - size, y)]
}

fn chart(area: &Sheet<'_>, figure: &Figure, lang: Lang) -> Drawn {
    let (x, y) = (&figure.x, &figure.y);
    let longest = y.ticks.iter().map(|tick| words_width(&y.number(*tick, lang), SMALL)).fold(0.0, f64::max);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a length on paper")]
    let left = longest as u32 + 430;
    let mut chart = ChartBuilder::on(area)
        .margin_top(70)
        .margin_right(260)
        .margin_left(80)
        .set_label_area_size(LabelAreaPosition::Left, left)
        .set_label_area_size(LabelAreaPosition::Bottom, 450)
        .build_cartesian_2d(Scale::of(x), Scale::of(y))?;
    chart
        .configure_mesh()
        .x_desc(&x.label)
        .y_desc(&y.label)
        .axis_style(color(Ink::Faint).stroke_width(10))
        .bold_line_style(color(Ink::Grid).stroke_width(8))
        .light_line_style(TRANSPARENT)
        .axis_desc_style(letters(BODY, Ink::Text, HPos::Center, VPos::Center))
        .label_style(letters(SMALL, Ink::Text, HPos::Center, VPos::Center))
        .x_label_formatter(&|value| x.number(*value, lang))
        .y_label_formatter(&|value| y.number(*value, lang))
        .x_labels(x.ticks.len())
        .y_labels(y.ticks.len())
        .set_all_tick_mark_size(50)
        .draw()?;
    let plane = chart.plotting_area();
    for layer in &figure.layers {
        marks(plane, layer)?;
    }
    if let Some(words) = &figure.empty {
        let middle = (f64::midpoint(x.from, x.to), f64::midpoint(y.from, y.to));
        plane.draw(&Text::new(words.as_str(), middle, letters(TITLE, Ink::Faint, HPos::Center, VPos::Center)))?;
    }
    Ok(())
}

/// An axis as the library wants it: with the numbers chosen by the figure.
#[derive(Clone)]
struct Scale {
    from: f64,
    to: f64,
    ticks: Vec<f64>,
}

impl Scale {
    fn of(axis: &Axis) -> Scale {
        Scale { from: axis.from, to: axis.to, ticks: axis.ticks.clone() }
    }
}

impl Ranged for Scale {
    type FormatOption = DefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, limit: (i32, i32)) -> i32 {
        let part = (value - self.from) / (self.to - self.from);
        let length = f64::from(limit.1 - limit.0);
        #[allow(clippy::cast_possible_truncation, reason = "a place on paper")]
        let place = (part * length).round() as i32;
        limit.0.saturating_add(place)
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        if hint.weight().allow_light_points() { Vec::new() } else { self.ticks.clone() }
    }

    fn range(&self) -> std::ops::Range<f64> {
        self.from..self.to
    }
}

type Plane<'a> = DrawingArea<Canvas<'a>, Cartesian2d<Scale, Scale>>;

fn marks(plane: &Plane<'_>, layer: &Layer) -> Drawn {
    let ink = color(layer.ink);
    // Many marks are small ones.
    let size = match layer.shape.marks().len() {
        0..60 => 3,
        60..600 => 2,
        _ => 1,
    };
    match &layer.shape {
        Shape::Dots(marks) => {
            marks.iter().try_for_each(|mark| plane.draw(&Circle::new((mark.x, mark.high), 7 + 7 * size, ink.filled())))
        }
        Shape::Crosses(marks) => {
            let style = ink.stroke_width(16);
            marks.iter().try_for_each(|mark| plane.draw(&Cross::new((mark.x, mark.high), 20 + 6 * size, style)))
        }
        Shape::Diamonds(marks) => marks.iter().try_for_each(|mark| {
            let shape = EmptyElement::at((mark.x, mark.high))
                + PathElement::new(diamond((0, 0), 24 + 6 * size), ink.stroke_width(14));
            plane.draw(&shape)
        }),
        Shape::Bars(marks, width) => {
            let many = marks.len() > FEW;
            let style = ink.stroke_width(if many { width / 2 } else { *width });
            marks.iter().try_for_each(|mark| {
                plane.draw(&PathElement::new([(mark.x, mark.low), (mark.x, mark.high)], style))?;
                for end in [mark.low, mark.high].into_iter().filter(|_| !many) {
                    let tick = PathElement::new([(-35, 0), (35, 0)], ink.stroke_width(10));
                    plane.draw(&(EmptyElement::at((mark.x, end)) + tick))?;
                }
                Ok(())
            })
        }
        Shape::Steps(marks) => {
            let steps = marks.split(|mark| mark.high.is_nan()).map(steps);
            steps
                .filter(|line| !line.is_empty())
                .try_for_each(|line| plane.draw(&PathElement::new(line, ink.stroke_width(14))))
        }
        Shape::Line(marks) if marks.is_empty() => Ok(()),
        Shape::Line(marks) => {
            let line: Vec<(f64, f64)> = marks.iter().map(|mark| (mark.x, mark.high)).collect();
            plane.draw(&PathElement::new(line, ink.stroke_width(15)))
        }
    }
}

/// Each level lasts until the next one.
fn steps(marks: &[Mark]) -> Vec<(f64, f64)> {
    let mut line: Vec<(f64, f64)> = Vec::with_capacity(2 * marks.len());
    for mark in marks {
        if let Some((_, level)) = line.last().copied().filter(|(_, level)| (*level - mark.high).abs() > 0.0) {
            line.push((mark.x, level));
        }
        line.push((mark.x, mark.high));
    }
    line
}

/// What a drawing is, for those who do not see it.
fn described(figure: &Figure) -> String {
    format!(
        "<title>{}. {}</title>\n<desc>{}</desc>\n",
        escape(&figure.title),
        escape(&figure.way),
        escape(&figure.notes.join(" "))
    )
}

/// A picture that stands alone; `dark` when it goes with its surroundings.
pub(super) fn picture(figure: &Figure, lang: Lang, dark: bool) -> String {
    let (items, height) = items(figure, lang, true);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" lang=\"{}\" \
         font-family=\"'{}',Helvetica,Arial,sans-serif\">\n{}<style>{LIGHT}{}</style>\n\
         <rect width=\"100%\" height=\"100%\" class=\"p-paper\" fill=\"currentColor\"/>\n",
        WIDTH / 10,
        height / 10,
        lang.code(),
        png::FAMILY,
        described(figure),
        if dark { DARK } else { "" },
    );
    for item in &items {
        item.write(&mut out);
    }
    out.push_str("</svg>\n");
    out
}

/// A drawing in both languages for a page that shows one of them: what differs stands there twice.
pub(super) fn inline(figures: [&Figure; 2]) -> String {
    let [(en, height), (id, other_height)] =
        [(figures[0], Lang::En), (figures[1], Lang::Id)].map(|(figure, lang)| items(figure, lang, false));
    let height = height.max(other_height);
    let [label_en, label_id] = figures.map(|figure| escape(&format!("{}. {}", figure.title, figure.way)));
    let mut out = format!(
        "<svg class=\"plot\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{}\" height=\"{}\" role=\"img\" \
         aria-label=\"{label_en}\" data-aria-label-en=\"{label_en}\" data-aria-label-id=\"{label_id}\">\n",
        WIDTH / 10,
        height / 10,
    );
    let wrap = |items: &[Item], lang: Lang, out: &mut String| {
        let _ = writeln!(out, "<g class=\"{0}\" lang=\"{0}\">", lang.code());
        for item in items {
            item.write(out);
        }
        out.push_str("</g>\n");
    };
    if en.len() == id.len() {
        for (en, id) in en.iter().zip(&id) {
            if en == id {
                en.write(&mut out);
            } else {
                wrap(std::slice::from_ref(en), Lang::En, &mut out);
                wrap(std::slice::from_ref(id), Lang::Id, &mut out);
            }
        }
    } else {
        wrap(&en, Lang::En, &mut out);
        wrap(&id, Lang::Id, &mut out);
    }
    out.push_str("</svg>\n");
    out
}
