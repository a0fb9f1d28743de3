//! A picture as pixels, with letters that are part of the program: what is installed on a machine changes nothing.

use std::sync::Arc;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};

/// The basic Latin letters of Noto Sans (SIL Open Font License 1.1, `font/OFL.txt`).
const FONT: &[u8] = include_bytes!("font/NotoSans-Latin.ttf");
/// Fixed-width letters, basic Latin and the signs of the ladder, of `DejaVu` Sans Mono (Bitstream Vera's licence,
/// `font/DejaVu-LICENSE.txt`).
const FIXED: &[u8] = include_bytes!("font/DejaVuSansMono-Latin.ttf");
/// The name by which an SVG asks for the former.
pub(super) const FAMILY: &str = "Noto Sans";
/// Pixels for each of the drawing's.
const SCALE: f32 = 2.0;

/// The PNG of an SVG.
///
/// # Errors
/// When it is no SVG, or too large to be drawn.
pub(in crate::report) fn png(svg: &str) -> Result<Vec<u8>, String> {
    let mut fonts = fontdb::Database::new();
    fonts.load_font_data(FONT.to_vec());
    fonts.load_font_data(FIXED.to_vec());
    fonts.set_sans_serif_family(FAMILY);
    fonts.set_monospace_family("DejaVu Sans Mono");
    let options = Options { fontdb: Arc::new(fonts), font_family: FAMILY.to_owned(), ..Options::default() };
    let svg: String = svg.chars().map(drawable).collect();
    let tree = Tree::from_str(&svg, &options).map_err(|error| error.to_string())?;
    let size = tree.size().to_int_size().scale_by(SCALE).ok_or("no size")?;
    let mut pixels = Pixmap::new(size.width(), size.height()).ok_or("no size")?;
    resvg::render(&tree, Transform::from_scale(SCALE, SCALE), &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| error.to_string())
}

/// A character that one of the fonts has: what stands for letters that neither has is the sign for them.
fn drawable(char: char) -> char {
    match char {
        '\u{0}'..='~'
        | '\u{a0}'..='ÿ'
        | '–'
        | '—'
        | '‘'
        | '’'
        | '“'
        | '”'
        | '…'
        | '−'
        | '←'
        | '→'
        | '■'
        | '●'
        | '✓' => char,
        '⋮' => '…',
        _ => '\u{fffd}',
    }
}
