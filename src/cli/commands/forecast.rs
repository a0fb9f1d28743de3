//! How large a page is going to be, told before it is made.

use std::ffi::OsStr;

use crate::cli::Session;
use crate::cli::output::Plan;
use crate::file::compressed::Compression;
use crate::file::open::{Capture, open};
use crate::frame::FrameSource as _;
use crate::language::messages::cli as messages;
use crate::language::{Value, Values};
use crate::report::formats::html::HTML;

/// Bytes that a packet takes in the page, measured over captures of several kinds (`docs/speed.md`).
const BYTES_PER_PACKET: u64 = 350;
/// What is around a frame in a file: the header of a record or a block.
const BYTES_AROUND_FRAME: u64 = 24;
/// A page of so many bytes is worth a word.
const LARGE: u64 = 20_000_000;
/// Frames at the beginning by which the rest is guessed.
const FRAMES: u64 = 2_000;
/// The same in a compressed file, where only what was read ahead tells how far it is.
const COMPRESSED_FRAMES: u64 = 50_000;

/// Says how large the page will be about, where it is to hold all packets of a large file.
pub(super) fn tell(path: &OsStr, session: &Session, plan: &Plan) {
    let view = &plan.view;
    let whole = view.limit.is_none() && view.columns.is_none() && view.selection.only.is_empty();
    if plan.format.name != HTML.name || !whole || view.selection.connections || path == "-" {
        return;
    }
    // What is wrong with the file is said when it is read.
    let Some(packets) = open(path).ok().and_then(|mut capture| packets(&mut capture)) else { return };
    let page = packets.saturating_mul(BYTES_PER_PACKET);
    if page >= LARGE {
        let megabytes = Value::Count(page.div_ceil(1_000_000));
        let values = Values::none().with("n", Value::Count(packets)).with("size", megabytes);
        session.console.notice(&messages::LARGE_PAGE, &values);
    }
}

/// About how many packets a file has, in thousands, by its beginning.
fn packets(capture: &mut Capture) -> Option<u64> {
    let size = capture.size()?;
    let plain = capture.compression() == Compression::Plain;
    let (mut frames, mut bytes) = (0_u64, 0_u64);
    while frames < if plain { FRAMES } else { COMPRESSED_FRAMES } {
        let Ok(Some(frame)) = capture.next_frame() else { return None };
        frames += 1;
        bytes += frame.bytes.len() as u64 + BYTES_AROUND_FRAME;
    }
    let read = if plain { bytes } else { capture.bytes_read() };
    Some((size.saturating_mul(frames) / read.max(1)).div_ceil(1000) * 1000)
}
