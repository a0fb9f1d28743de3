//! The lab report for word processors (Office Open XML).

use std::fmt::Write as _;
use std::io;

use docx_rs::{
    AbstractNumbering, AlignmentType, BreakType, Docx, IndentLevel, Level, LevelJc, LevelText, LineSpacing,
    NumberFormat, Numbering, NumberingId, PageMargin, Paragraph, Pic, Run, RunFonts, Shading, ShdType,
    SpecialIndentType, Start, Style, StyleType, Table as Grid, TableCell, TableLayoutType, TableRow, WidthType,
};

use super::document::{Block, Document, Picture, Piece, Table};
use super::markdown::with_colon;
use crate::report::View;
use crate::report::ladder::Ladder;
use crate::report::ladder::sheets::{attribute, sheets};
use crate::report::plot::png::png;

/// A4 in twentieths of a point, and margins of 2 cm.
const PAGE: (u32, u32) = (11_906, 16_838);
const MARGIN: i32 = 1_134;
/// The width between the margins.
const WIDTH: usize = 9_638;
/// Letters of tables, captions and code, in half points.
const SMALL: usize = 15;
const CAPTION: usize = 20;
const CODE: usize = 18;
/// A twentieth of a point in the unit of pictures.
const EMU: f64 = 635.0;
/// How much higher than wide a piece of a drawing may be: it and its caption fit on one page.
const HIGHEST: f64 = 1.3;
/// Letters of a drawing's description.
const DESCRIPTION: usize = 2_000;
/// The list without numbers; those with numbers follow. The first few are the crate's own.
const BULLETS: usize = 10;
const MONO: &str = "Courier New";
const FAINT: &str = "59636E";
const KEY: &str = "FFF8C5";

/// The whole document. It has no time of its own: parts of the archive bear the first moment that their format knows.
///
/// # Errors
/// When the archive cannot be put together.
pub(super) fn render(document: &Document, view: &View) -> io::Result<Vec<u8>> {
    let mut out = Writer { docx: begin(), view, lists: 0, described: Vec::new(), failed: None };
    out.paragraph(Paragraph::new().align(AlignmentType::Center).add_run(text(&document.kind.to_uppercase())));
    let title = Paragraph::new().align(AlignmentType::Center).style("Title");
    out.paragraph(title.add_run(text(&document.title)));
    if let Some((label, warning)) = &document.key {
        out.key(label, &[vec![Piece::Text(warning.clone())]]);
    }
    let fields = document.fields.iter().map(|field| {
        let cells = [(3_000, text(field).bold()), (6_000, text(""))];
        TableRow::new(cells.map(|(width, run)| cell(width).add_paragraph(Paragraph::new().add_run(run))).to_vec())
    });
    out.grid(Grid::new(fields.collect()).set_grid(vec![3_000, 6_000]));
    for block in &document.blocks {
        out.block(block);
    }
    out.paragraph(Paragraph::new().add_run(text(&document.made_by).size(CODE).color(FAINT)));
    let mut bytes = io::Cursor::new(Vec::new());
    if let Some(error) = out.failed {
        return Err(io::Error::other(error));
    }
    let mut parts = out.docx.build();
    parts.document = described(&parts.document, &out.described);
    parts.pack(&mut bytes).map_err(|error| io::Error::other(error.to_string()))?;
    Ok(bytes.into_inner())
}

/// The document with what each picture shows, for who cannot see it: the crate has no word for that.
fn described(document: &[u8], pictures: &[String]) -> Vec<u8> {
    let document = String::from_utf8_lossy(document);
    let mut out = String::with_capacity(document.len());
    for (at, part) in document.split("<wp:docPr ").enumerate() {
        let said = at.checked_sub(1).and_then(|at| pictures.get(at));
        match (said, part.split_once("/>")) {
            (Some(said), Some((_, rest))) => {
                let _ = write!(out, "<wp:docPr id=\"{at}\" name=\"{at}\" descr=\"{said}\"/>{rest}");
            }
            _ if at > 0 => drop(write!(out, "<wp:docPr {part}")),
            _ => out.push_str(part),
        }
    }
    out.into_bytes()
}

/// An empty document with its page and its styles.
fn begin() -> Docx {
    let margin = PageMargin::new().top(MARGIN).bottom(MARGIN).left(MARGIN).right(MARGIN);
    let heading = Style::new("Heading1", StyleType::Paragraph).name("heading 1").bold().size(28);
    let title = Style::new("Title", StyleType::Paragraph).name("Title").bold().size(36);
    let caption = Style::new("Caption", StyleType::Paragraph).name("caption").bold().size(CAPTION);
    Docx::new()
        .page_size(PAGE.0, PAGE.1)
        .page_margin(margin)
        .default_fonts(RunFonts::new().ascii("Times New Roman").hi_ansi("Times New Roman"))
        .default_size(24)
        .add_style(heading.outline_lvl(0).line_spacing(LineSpacing::new().before(300).after(100)))
        .add_style(title.line_spacing(LineSpacing::new().after(300)))
        .add_style(caption.line_spacing(LineSpacing::new().before(160).after(60)))
        .add_abstract_numbering(AbstractNumbering::new(BULLETS).add_level(list_level("bullet", "•")))
        .add_numbering(Numbering::new(BULLETS, BULLETS))
}

fn list_level(format: &str, mark: &str) -> Level {
    Level::new(0, Start::new(1), NumberFormat::new(format), LevelText::new(mark), LevelJc::new("left")).indent(
        Some(420),
        Some(SpecialIndentType::Hanging(320)),
        None,
        None,
    )
}

/// A run of words that XML can hold: control characters were made visible before, what else it forbids is left out.
fn text(words: &str) -> Run {
    let allowed = |char: &char| !matches!(char, '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    Run::new().add_text(words.chars().filter(allowed).collect::<String>())
}

fn mono(words: &str, size: usize) -> Run {
    text(words).size(size).fonts(RunFonts::new().ascii(MONO).hi_ansi(MONO).cs(MONO))
}

fn cell(width: usize) -> TableCell {
    TableCell::new().width(width, WidthType::Dxa)
}

struct Writer<'a> {
    docx: Docx,
    view: &'a View,
    /// Lists with numbers so far: each begins anew.
    lists: usize,
    /// What each picture shows, as an attribute takes it.
    described: Vec<String>,
    /// Why a picture could not be drawn.
    failed: Option<String>,
}

impl Writer<'_> {
    fn paragraph(&mut self, paragraph: Paragraph) {
        self.docx = std::mem::take(&mut self.docx).add_paragraph(paragraph);
    }

    /// A table as wide as the page, with a little room behind it.
    fn grid(&mut self, grid: Grid) {
        let grid = grid.layout(TableLayoutType::Fixed);
        self.docx = std::mem::take(&mut self.docx).add_table(grid);
        self.paragraph(Paragraph::new().line_spacing(LineSpacing::new().after(60)));
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Section(number, title) => {
                self.paragraph(
                    Paragraph::new().style("Heading1").keep_next(true).add_run(text(&format!("{number}. {title}"))),
                );
            }
            Block::Words(words) => self.paragraph(pieces(words, None)),
            Block::Hint(words) => self.paragraph(hint(words)),
            Block::Items(items) => {
                for item in items {
                    self.paragraph(pieces(item, None).numbering(NumberingId::new(BULLETS), IndentLevel::new(0)));
                }
            }
            Block::Steps(steps) => self.steps(steps),
            Block::Table(table) => self.table(table),
            Block::Figure(caption, picture) => self.figure(caption, picture),
            Block::Question(number, asks, look) => {
                let words = Paragraph::new().keep_next(true).line_spacing(LineSpacing::new().before(200));
                self.paragraph(words.add_run(text(&format!("{number}. ")).bold()).add_run(text(asks)));
                if let Some(look) = look {
                    self.paragraph(Paragraph::new().keep_next(true).add_run(text(look).italic().color(FAINT)));
                }
            }
            Block::Room(label, lines) => self.room(label.as_deref(), *lines),
            Block::Key(label, paragraphs) => self.key(label, paragraphs),
        }
    }

    fn steps(&mut self, steps: &[(String, Option<String>)]) {
        self.lists += 1;
        let id = BULLETS + self.lists;
        self.docx = std::mem::take(&mut self.docx)
            .add_abstract_numbering(AbstractNumbering::new(id).add_level(list_level("decimal", "%1.")))
            .add_numbering(Numbering::new(id, id));
        for (does, command) in steps {
            let step = Paragraph::new().add_run(text(does));
            self.paragraph(step.numbering(NumberingId::new(id), IndentLevel::new(0)).keep_next(command.is_some()));
            if let Some(command) = command {
                self.paragraph(Paragraph::new().indent(Some(420), None, None, None).add_run(mono(command, CODE)));
            }
        }
    }

    fn table(&mut self, table: &Table) {
        if let Some(caption) = &table.caption {
            self.paragraph(Paragraph::new().style("Caption").keep_next(true).add_run(text(caption)));
        }
        let total: usize = table.columns.iter().map(|column| usize::from(column.share)).sum::<usize>().max(1);
        let widths: Vec<usize> = table.columns.iter().map(|column| WIDTH * usize::from(column.share) / total).collect();
        let header = table.columns.iter().zip(&widths).map(|(column, width)| {
            let words = Paragraph::new().add_run(text(&column.title).size(SMALL).bold());
            cell(*width).shading(Shading::new().shd_type(ShdType::Clear).fill("EAEEF2")).add_paragraph(words)
        });
        let mut rows = vec![TableRow::new(header.collect()).cant_split()];
        for row in &table.rows {
            let cells = table.columns.iter().zip(&widths).zip(row).map(|((column, width), words)| {
                let words = pieces(words, Some(SMALL));
                let words = if column.right { words.align(AlignmentType::Right) } else { words };
                cell(*width).add_paragraph(words)
            });
            let row = TableRow::new(cells.collect()).cant_split();
            rows.push(if table.to_fill { row.row_height(460.0) } else { row });
        }
        self.grid(Grid::new(rows).set_grid(widths));
    }

    /// A drawing, or an output as fixed-width lines in one paragraph, so that they stay together.
    fn figure(&mut self, caption: &str, picture: &Picture) {
        match picture {
            Picture::Ladder(ladder) => self.ladder(caption, ladder),
            Picture::Lines(lines) => {
                let mut paragraph = Paragraph::new().line_spacing(LineSpacing::new().after(0));
                for (at, line) in lines.iter().enumerate() {
                    paragraph = paragraph.add_run(if at == 0 { mono(line, CODE) } else { broken(line, CODE) });
                }
                self.paragraph(paragraph.keep_next(true));
            }
        }
        self.paragraph(Paragraph::new().style("Caption").add_run(text(caption)));
    }

    /// A drawing as pictures that fit on a page each.
    fn ladder(&mut self, caption: &str, ladder: &Ladder) {
        let sheets = sheets(ladder, self.view.lang, HIGHEST);
        let count = sheets.len();
        for (at, sheet) in sheets.into_iter().enumerate() {
            let pixels = match png(&sheet.svg) {
                Ok(pixels) => pixels,
                Err(error) => {
                    self.failed = Some(error);
                    return;
                }
            };
            #[allow(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                clippy::cast_precision_loss,
                reason = "a length on paper"
            )]
            let emu = |part: f64| (WIDTH as f64 * EMU * part) as u32;
            let picture = Pic::new_with_dimensions(pixels, 1, 1).size(emu(1.0), emu(sheet.height / sheet.width));
            self.described.push(attribute(&format!("{caption}: {}", sheet.says), DESCRIPTION));
            let picture = picture.id(format!("rIdImage{}", self.described.len()));
            // The last stays with the caption.
            self.paragraph(Paragraph::new().keep_next(at + 1 == count).add_run(Run::new().add_image(picture)));
        }
    }

    /// A frame to write in.
    fn room(&mut self, label: Option<&str>, lines: usize) {
        if let Some(label) = label {
            self.paragraph(Paragraph::new().keep_next(true).add_run(text(&with_colon(label)).bold()));
        }
        let inside = (0..lines).fold(cell(WIDTH), |cell, _| cell.add_paragraph(Paragraph::new()));
        self.grid(Grid::new(vec![TableRow::new(vec![inside]).cant_split()]).set_grid(vec![WIDTH]));
    }

    fn key(&mut self, label: &str, paragraphs: &[Vec<Piece>]) {
        let mut inside = cell(WIDTH).shading(Shading::new().shd_type(ShdType::Clear).fill(KEY));
        for (at, words) in paragraphs.iter().enumerate() {
            let mut paragraph = Paragraph::new();
            if at == 0 {
                paragraph = paragraph.add_run(text(&format!("{label}: ")).bold().size(CAPTION));
            }
            inside = inside.add_paragraph(append(paragraph, words, Some(CAPTION)));
        }
        self.grid(Grid::new(vec![TableRow::new(vec![inside]).cant_split()]).set_grid(vec![WIDTH]));
    }
}

/// A line behind a break.
fn broken(line: &str, size: usize) -> Run {
    let run = Run::new().add_break(BreakType::TextWrapping).size(size);
    run.fonts(RunFonts::new().ascii(MONO).hi_ansi(MONO).cs(MONO)).add_text(line)
}

/// What is to be replaced by the student's own words.
fn hint(words: &[Piece]) -> Paragraph {
    words.iter().fold(Paragraph::new().keep_next(true), |paragraph, piece| {
        paragraph.add_run(match piece {
            Piece::Text(words) | Piece::Strong(words) => text(words).italic().color(FAINT),
            Piece::Code(words) => mono(words, CODE).color(FAINT),
            Piece::Break => Run::new().add_break(BreakType::TextWrapping),
        })
    })
}

fn pieces(words: &[Piece], size: Option<usize>) -> Paragraph {
    append(Paragraph::new(), words, size)
}

fn append(paragraph: Paragraph, words: &[Piece], size: Option<usize>) -> Paragraph {
    words.iter().fold(paragraph, |paragraph, piece| {
        let sized = |run: Run| size.map_or(run.clone(), |size| run.size(size));
        paragraph.add_run(match piece {
            Piece::Text(words) => sized(text(words)),
            Piece::Code(words) => mono(words, size.map_or(CODE, |size| size.min(CODE))),
            Piece::Strong(words) => sized(text(words)).bold(),
            Piece::Break => Run::new().add_break(BreakType::TextWrapping),
        })
    })
}
