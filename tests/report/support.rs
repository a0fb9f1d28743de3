//! Scripted connections and the driver that hands them to a report.

use std::cell::RefCell;
use std::io::{self, Write};
use std::path::PathBuf;
use std::rc::Rc;

use netscope::annotate::{self, Context};
use netscope::decode::decode;
use netscope::frame::{Frame, Interface, LinkType, OwnedFrame};
use netscope::language::Lang;
use netscope::report::formats::find;
use netscope::report::{CaptureInfo, Ending, Format, Heading, PayloadLimit, Report, Selection, View, build};
use netscope::script::Script;
use netscope::timeline::{CapturePoint, Event, Lane, Order, PacketEvent, What};
use netscope::track::{Connections, Tracker};

/// A half-close with data after the first FIN.
pub(crate) const HALF_CLOSE: &str = r#"
0        C>S SYN      mss=65495 ws=7 sack_ok ts=100,0
0.021    S>C SYN,ACK  mss=65495 ws=7 sack_ok ts=200,100
0.040    C>S ACK      ts=100,200
0.210    C>S PSH,ACK  "halo" ts=101,200
0.225    S>C ACK      ts=201,101
0.410    S>C PSH,ACK  "halo juga\n" ts=201,101
0.433    C>S ACK      ts=101,201
1.020    C>S PSH,ACK  "apa kabar?" ts=102,201
1.300    S>C PSH,ACK  "baik" ts=202,102
41.900   C>S FIN,ACK  ts=142,202
85.300   S>C ACK      ts=243,142
90       S>C PSH,ACK  "satu lagi" ts=247,142
90.020   C>S ACK      ts=191,247
95       S>C FIN,ACK  ts=252,191
95.030   C>S ACK      ts=196,252
"#;

/// Data after `close()`: answered with RST.
pub(crate) const RESET: &str = r#"
0     C>S SYN
0.1   S>C SYN,ACK
0.2   C>S ACK
1     C>S PSH,ACK "close"
1.2   S>C FIN,ACK
41    C>S ACK
50    C>S PSH,ACK "masih ada?"
50.1  S>C RST seq=2
"#;

/// A datagram nobody takes, and address resolution is not in the script's language: UDP and ICMP only.
pub(crate) const UDP: &str = r#"
0     C>S UDP "connect"
0.4   S>C UDP "merah"
5     C>S UDP "\x1b[31m\xe2\x80\xae\x00 evil"
5.1   S>C ICMP port-unreachable quotes 3
"#;

#[derive(Clone, Default)]
pub(crate) struct Shared(pub(crate) Rc<RefCell<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Shared {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.borrow().clone()).expect("reports are UTF-8")
    }
}

pub(crate) fn view(lang: Lang, width: usize) -> View {
    View {
        lang,
        width,
        color: false,
        payload: PayloadLimit::Bytes(64),
        limit: None,
        columns: None,
        selection: Selection::default(),
        connections_at_end: false,
        ascii: false,
    }
}

pub(crate) fn info(heading: Option<Heading>) -> CaptureInfo {
    let interfaces =
        vec![Interface { name: Some("lo".into()), link: LinkType::RAW, resolution: 1e-9, counters: Vec::new() }];
    CaptureInfo { source: "script".into(), interfaces, heading, ..CaptureInfo::default() }
}

pub(crate) fn frames(script: &str) -> Vec<OwnedFrame> {
    Script::parse(script).expect("a valid script").frames()
}

/// What the driver of the program does, for frames in memory.
pub(crate) fn drive(report: &mut dyn Report, frames: &[OwnedFrame], info: &CaptureInfo, selection: &Selection) {
    let mut tracker = Tracker::new();
    report.begin(info).unwrap();
    if let Some(time) = frames.iter().find_map(|frame| frame.time) {
        report.started(time);
    }
    for (index, owned) in frames.iter().enumerate() {
        let frame = Frame {
            number: index as u64 + 1,
            time: owned.time,
            interface: owned.interface,
            link: owned.link,
            wire_len: owned.wire_len,
            bytes: &owned.bytes,
            passage: owned.passage.as_ref(),
        };
        let packet = decode(&frame);
        let step = tracker.push(&packet);
        let about = step.conn.or(step.quote.as_ref().and_then(|quote| quote.conn));
        if !selection.takes(about) {
            continue;
        }
        let conn = about.and_then(|id| tracker.connection(id));
        let wanted = report.wants_notes(step.conn);
        let notes =
            if wanted { annotate::annotate(&Context { packet: &packet, step: &step, conn }) } else { Vec::new() };
        let what = What::Packet(PacketEvent { packet: &packet, step: &step, notes: &notes, owner: None });
        let event = Event { time: packet.time, lane: Lane::Wire(CapturePoint(0)), order: Order::Exact, what };
        report.event(&event).unwrap();
    }
    let ids: Vec<_> = tracker.ids().filter(|id| selection.takes(Some(*id))).collect();
    report
        .end(
            &Connections::new(&tracker, &ids),
            &Ending { packets: frames.len() as u64, dropped: Some(0), ..Ending::default() },
        )
        .unwrap();
}

pub(crate) fn render(format: &str, script: &str, view: &View) -> String {
    let format: &'static Format = find(format).expect("a format");
    let out = Shared::default();
    let mut report = build(format, Box::new(out.clone()), view.clone());
    drive(&mut *report, &frames(script), &info(None), &view.selection);
    report.finish().unwrap();
    drop(report);
    out.text()
}

/// Compares with the file, or writes it when the snapshots are made anew.
pub(crate) fn snapshot(name: &str, text: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots").join(name);
    if std::env::var_os("NETSCOPE_BLESS").is_some() {
        std::fs::write(&path, text).unwrap();
        return;
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert_eq!(text, expected, "{name} differs; NETSCOPE_BLESS=1 writes it anew");
}
