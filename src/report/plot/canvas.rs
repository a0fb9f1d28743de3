//! What the drawing library draws on: SVG whose colours are classes, so that a page can bring its own, and whose marks of one
//! kind are one path, so that it stays small.
//!
//! Lengths are tenths of a pixel, because the library counts in whole numbers.

use std::convert::Infallible;
use std::fmt::Write as _;

use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind, FontTransform,
};

use crate::report::ladder::svg::escape;

/// What a thing is drawn with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    Paper,
    Text,
    Faint,
    Grid,
    Data,
    Again,
    Ack,
    /// As the ACKs, in dashes.
    Good,
    Window,
    Sack,
}

impl Ink {
    const ALL: [Ink; 10] = [
        Ink::Paper,
        Ink::Text,
        Ink::Faint,
        Ink::Grid,
        Ink::Data,
        Ink::Again,
        Ink::Ack,
        Ink::Good,
        Ink::Window,
        Ink::Sack,
    ];

    /// The library knows colours only, so that each ink is one.
    pub(super) fn rgb(self) -> (u8, u8, u8) {
        match self {
            Ink::Paper => (0xff, 0xff, 0xff),
            Ink::Text => (0x1b, 0x1f, 0x24),
            Ink::Faint => (0x59, 0x63, 0x6e),
            Ink::Grid => (0xdd, 0xe2, 0xe7),
            Ink::Data => (0x00, 0x62, 0xa8),
            Ink::Again => (0xd5, 0x4a, 0x00),
            Ink::Ack => (0x00, 0x7d, 0x5c),
            Ink::Good => (0x00, 0x7d, 0x5d),
            Ink::Window => (0x96, 0x68, 0x00),
            Ink::Sack => (0xb0, 0x3a, 0x8c),
        }
    }

    fn of(color: BackendColor) -> Ink {
        Ink::ALL.into_iter().find(|ink| ink.rgb() == color.rgb).unwrap_or(Ink::Text)
    }

    pub(super) fn class(self) -> &'static str {
        match self {
            Ink::Paper => "p-paper",
            Ink::Text => "p-text",
            Ink::Faint => "p-faint",
            Ink::Grid => "p-grid",
            Ink::Data => "p-data",
            Ink::Again => "p-again",
            Ink::Ack | Ink::Good => "p-ack",
            Ink::Window => "p-window",
            Ink::Sack => "p-sack",
        }
    }
}

/// The colours of a picture that stands alone. They differ in brightness, and every kind of mark has a form of its own, so
/// that the plot also reads in grey and without seeing colours apart.
pub(super) const LIGHT: &str = ".p-paper{color:#fff}.p-text{color:#1b1f24}.p-faint{color:#59636e}.p-grid{color:#dde2e7}\
.p-data{color:#0062a8}.p-again{color:#d54a00}.p-ack{color:#007d5c}.p-window{color:#966800}.p-sack{color:#b03a8c}";
/// The same in dark surroundings.
pub(super) const DARK: &str = "@media (prefers-color-scheme:dark){.p-paper{color:#0d1117}.p-text{color:#e6edf3}\
.p-faint{color:#9da7b1}.p-grid{color:#2b3138}.p-data{color:#62baf3}.p-again{color:#ff9850}.p-ack{color:#3bd1a5}\
.p-window{color:#e5bd4c}.p-sack{color:#f08cc8}}";

/// One thing drawn.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Item {
    /// Lines of one ink and width; `last` is where the pen is.
    Lines { ink: Ink, width: u32, path: String, last: BackendCoord },
    /// A filled area.
    Area { ink: Ink, path: String },
    /// Words, with their font size, anchor and whether they run upwards.
    Words { ink: Ink, size: f64, anchor: &'static str, at: BackendCoord, upwards: bool, text: String },
}

impl Item {
    pub(super) fn write(&self, out: &mut String) {
        let _ = match self {
            Item::Lines { ink, width, path, .. } => {
                // The widest strokes of these inks are no lines but marks.
                let dashes = match ink {
                    Ink::Window if *width < 16 => " stroke-dasharray=\"60 35\"",
                    Ink::Good => " stroke-dasharray=\"140 40 30 40\"",
                    _ => "",
                };
                let cap = if dashes.is_empty() { "round" } else { "butt" };
                writeln!(
                    out,
                    "<path class=\"{}\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"{width}\" stroke-linecap=\"{cap}\"{dashes} d=\"{path}\"/>",
                    ink.class()
                )
            }
            Item::Area { ink, path } => {
                writeln!(out, "<path class=\"{}\" fill=\"currentColor\" d=\"{path}\"/>", ink.class())
            }
            Item::Words { ink, size, anchor, at: (x, y), upwards, text } => {
                let turn = if *upwards { format!(" transform=\"rotate(-90 {x} {y})\"") } else { String::new() };
                writeln!(
                    out,
                    "<text class=\"{}\" fill=\"currentColor\" x=\"{x}\" y=\"{y}\" font-size=\"{size:.0}\" text-anchor=\"{anchor}\"{turn}>{}</text>",
                    ink.class(),
                    escape(text)
                )
            }
        };
    }
}

/// Takes down what is drawn.
pub(super) struct Canvas<'a> {
    pub(super) size: (u32, u32),
    pub(super) items: &'a mut Vec<Item>,
}

type Drawn = Result<(), DrawingErrorKind<Infallible>>;

impl Canvas<'_> {
    /// A line through these points, in the same path as the one before it where ink and width are the same.
    fn line(&mut self, ink: Ink, width: u32, points: &[BackendCoord]) {
        let Some(first) = points.first().copied() else { return };
        let same = matches!(self.items.last(), Some(Item::Lines { ink: i, width: w, .. }) if *i == ink && *w == width);
        if !same {
            let path = format!("M{} {}", first.0, first.1);
            self.items.push(Item::Lines { ink, width, path, last: first });
        }
        let Some(Item::Lines { path, last, .. }) = self.items.last_mut() else { return };
        if same {
            let _ = write!(path, "m{}", pair(first.0 - last.0, first.1 - last.1));
        }
        *last = first;
        for point in points.iter().skip(1) {
            let _ = match (point.0 - last.0, point.1 - last.1) {
                (0, 0) => continue,
                (dx, 0) => write!(path, "h{dx}"),
                (0, dy) => write!(path, "v{dy}"),
                (dx, dy) => write!(path, "l{}", pair(dx, dy)),
            };
            *last = *point;
        }
    }
}

/// Two numbers; a minus sign separates them as well.
fn pair(x: i32, y: i32) -> String {
    if y < 0 { format!("{x}{y}") } else { format!("{x} {y}") }
}

impl DrawingBackend for Canvas<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, color: BackendColor) -> Drawn {
        self.line(Ink::of(color), 1, &[(x, y), (x + 1, y)]);
        Ok(())
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Drawn {
        self.draw_path([from, to], style)
    }

    fn draw_rect<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S, fill: bool) -> Drawn {
        let corners = [from, (to.0, from.1), to, (from.0, to.1), from];
        if fill { self.fill_polygon(corners, style) } else { self.draw_path(corners, style) }
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn {
        if style.color().alpha > 0.0 {
            let points: Vec<BackendCoord> = path.into_iter().collect();
            self.line(Ink::of(style.color()), style.stroke_width(), &points);
        }
        Ok(())
    }

    /// A filled one is the shortest line with a round end, which is what all of a kind can be put into one path by.
    fn draw_circle<S: BackendStyle>(&mut self, (x, y): BackendCoord, radius: u32, style: &S, _fill: bool) -> Drawn {
        self.line(Ink::of(style.color()), 2 * radius, &[(x, y), (x + 1, y)]);
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn {
        if style.color().alpha > 0.0 {
            let points: Vec<String> = path.into_iter().map(|(x, y)| format!("{x} {y}")).collect();
            self.items.push(Item::Area { ink: Ink::of(style.color()), path: format!("M{}z", points.join("L")) });
        }
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, (x, y): BackendCoord) -> Drawn {
        let size = style.size();
        let anchor = match style.anchor().h_pos {
            HPos::Left => "start",
            HPos::Center => "middle",
            HPos::Right => "end",
        };
        let down = match style.anchor().v_pos {
            VPos::Top => 0.76,
            VPos::Center => 0.35,
            VPos::Bottom => -0.24,
        };
        #[allow(clippy::cast_possible_truncation, reason = "part of the height of a letter")]
        let down = (down * size).round() as i32;
        let upwards = matches!(style.transform(), FontTransform::Rotate270);
        let at = if upwards { (x + down, y) } else { (x, y + down) };
        let ink = Ink::of(style.color());
        self.items.push(Item::Words { ink, size, anchor, at, upwards, text: text.to_owned() });
        Ok(())
    }

    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        style: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a length on paper")]
        Ok((words_width(text, style.size()) as u32, style.size() as u32))
    }
}

/// How wide words are about.
pub(super) fn words_width(text: &str, size: f64) -> f64 {
    crate::report::ladder::layout::number(crate::report::text::width(text)) * size * 0.56
}
