//! Any bytes as a file, through the whole of `netscope open`: recognised, decompressed, read, decoded, tracked, explained,
//! and written in every format and both languages.
#![no_main]

use std::cell::RefCell;
use std::io::{self, Cursor};
use std::rc::Rc;

use libfuzzer_sys::fuzz_target;
use netscope::analysis::{self, Request};
use netscope::beside::Beside;
use netscope::file::held::Held;
use netscope::file::open;
use netscope::language::{Lang, Value};
use netscope::report::{self, CaptureInfo, FORMATS, PayloadLimit, Selection, View};
use netscope::timeline::TraceEvent;

/// What the report wrote.
#[derive(Clone, Default)]
struct Shared(Rc<RefCell<Vec<u8>>>);

impl io::Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fuzz_target!(|data: &[u8]| {
    for (index, format) in FORMATS.iter().enumerate() {
        let name = Value::Words("file".into());
        let Ok(mut capture) = open::read(Cursor::new(data.to_vec()), name, Some(data.len() as u64)) else { return };
        let view = View {
            lang: if index % 2 == 0 { Lang::En } else { Lang::Id },
            width: 80,
            color: index % 2 == 0,
            payload: PayloadLimit::Bytes(64),
            limit: None,
            columns: None,
            selection: Selection { connections: data.len() % 2 == 0, only: Vec::new() },
            connections_at_end: false,
            ascii: false,
        };
        let out = Shared::default();
        let mut report = report::build(format, Box::new(out.clone()), view);
        let outcome = if capture.announces_beside() {
            let mut held = Held::read(&mut capture, 1 << 20);
            let (beside, _) = Beside::read(held.source().beside());
            let witness = beside.witness(&mut held).expect("nothing is written");
            held.rewind();
            let heard = analysis::hear(&mut held, &beside.words);
            held.rewind();
            let traces = analysis::place(&mut held, &beside.traces);
            held.rewind();
            let info = CaptureInfo {
                settings: beside.settings.clone(),
                testimony: heard.testimony,
                resets: traces.iter().filter_map(TraceEvent::reset_word).collect(),
                ..CaptureInfo::default()
            };
            let request = Request {
                info,
                sockets: &heard.events,
                traces: &traces,
                witness: witness.as_ref(),
                ..Request::default()
            };
            analysis::run(&mut held, request, &mut *report).expect("memory can be written")
        } else {
            analysis::run(&mut capture, Request::default(), &mut *report).expect("memory can be written")
        };
        if let Some(damage) = &outcome.damage {
            let _ = capture.damage(damage);
        }
        report.finish().expect("memory can be written");
        drop(report);
        let text = String::from_utf8(out.0.take()).expect("reports are text");
        assert!(!text.contains('\0') && !text.is_empty());
    }
});
