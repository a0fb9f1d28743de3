//! What each step of the way costs: `cargo bench --bench steps`.
#![allow(missing_docs, reason = "a program for measuring, no interface")]

#[allow(dead_code, reason = "the generator has shapes that are not measured here")]
#[path = "shapes.rs"]
mod shapes;

use std::io;

use divan::Bencher;
use divan::counter::ItemsCount;
use netscope::analysis::{self, Request};
use netscope::decode;
use netscope::file::open;
use netscope::frame::{Frame, FrameSource as _, LinkType, Time};
use netscope::language::{Lang, Value};
use netscope::report::{self, FORMATS, PayloadLimit, Selection, View};
use netscope::track::Tracker;
use shapes::Shape;

fn main() {
    divan::main();
}

/// A capture of four megabytes.
fn capture(shape: Shape) -> Vec<u8> {
    let mut bytes = Vec::new();
    let _ = shapes::write(shape, 4, &mut bytes);
    bytes
}

/// The frames of a capture that netscope's own generator wrote.
fn frames(bytes: &[u8]) -> Vec<Frame<'_>> {
    let mut frames = Vec::new();
    let mut rest = &bytes[24..];
    while let [_, _, _, _, _, _, _, _, a, b, c, d, ..] = *rest {
        let len = u32::from_le_bytes([a, b, c, d]);
        let (record, next) = rest.split_at(16 + len as usize);
        let number = frames.len() as u64 + 1;
        let time = i64::try_from(number).ok().map(Time);
        let frame = Frame {
            number,
            time,
            interface: 0,
            link: LinkType::ETHERNET,
            wire_len: len,
            bytes: &record[16..],
            passage: None,
        };
        frames.push(frame);
        rest = next;
    }
    frames
}

#[divan::bench(args = [Shape::Many, Shape::Bulk, Shape::Tiny])]
fn read(bencher: Bencher<'_, '_>, shape: Shape) {
    let bytes = capture(shape);
    bencher.counter(ItemsCount::new(frames(&bytes).len())).with_inputs(|| io::Cursor::new(bytes.clone())).bench_values(
        |input| {
            let mut capture = open::read(input, Value::Number(0), Some(1)).ok()?;
            while let Ok(Some(frame)) = capture.next_frame() {
                divan::black_box(frame.bytes);
            }
            Some(())
        },
    );
}

#[divan::bench(args = [Shape::Many, Shape::Bulk, Shape::Tiny])]
fn decode(bencher: Bencher<'_, '_>, shape: Shape) {
    let bytes = capture(shape);
    let frames = frames(&bytes);
    bencher.counter(ItemsCount::new(frames.len())).bench_local(|| {
        for frame in &frames {
            divan::black_box(decode::decode(frame));
        }
    });
}

#[divan::bench(args = [Shape::Many, Shape::Bulk, Shape::Tiny])]
fn track(bencher: Bencher<'_, '_>, shape: Shape) {
    let bytes = capture(shape);
    let frames = frames(&bytes);
    let packets: Vec<_> = frames.iter().map(decode::decode).collect();
    bencher.counter(ItemsCount::new(frames.len())).bench_local(|| {
        let mut tracker = Tracker::new();
        for packet in &packets {
            divan::black_box(tracker.push(packet));
        }
    });
}

#[divan::bench(args = ["jsonl", "csv", "table"])]
fn render(bencher: Bencher<'_, '_>, format: &str) {
    let bytes = capture(Shape::Many);
    let format = FORMATS.iter().find(|known| known.name == format).unwrap_or(&FORMATS[0]);
    bencher.counter(ItemsCount::new(frames(&bytes).len())).with_inputs(|| io::Cursor::new(bytes.clone())).bench_values(
        |input| {
            let mut capture = open::read(input, Value::Number(0), Some(1)).ok()?;
            let view = View {
                lang: Lang::En,
                width: 80,
                color: false,
                payload: PayloadLimit::Bytes(64),
                limit: None,
                columns: None,
                selection: Selection::default(),
                connections_at_end: false,
                ascii: false,
            };
            let mut report = report::build(format, Box::new(io::sink()), view);
            analysis::run(&mut capture, Request::default(), &mut *report).ok()
        },
    );
}
