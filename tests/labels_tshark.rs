//! Random conversations, read by netscope and by tshark: connections, relative numbers and analysis labels must agree.
//!
//! The conversations are made to be confusing: repeats, gaps, old and future ACKs, closed windows, probes, SACK, new SYNs,
//! flags that do not belong together, clocks that go back. Others lose segments and repair them as real ends do.
#![allow(clippy::disallowed_methods, reason = "compares with another program")]

use std::fmt::Write as _;
use std::process::Command;

use netscope::decode::decode;
use netscope::file::save::Saver;
use netscope::frame::{FrameSource, MemorySource};
use netscope::script::Script;
use netscope::track::Tracker;
use netscope::track::labels::Labels;

/// Any seed must do; fixed ones make a failure repeatable. `NETSCOPE_SEED` tries another.
const SEEDS: [u64; 4] = [0x001a_be15, 3, 99, 12345];
const CONVERSATIONS: usize = 150;
const PACKETS: usize = 30;

/// xorshift64*: the same seed gives the same conversations everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % n
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[usize::try_from(self.below(from.len() as u64)).expect("small")]
    }
}

/// One end while its lines are written.
#[derive(Default)]
struct End {
    next: u64,
    sent: Vec<(u64, u64)>,
    acked: u64,
    window: u64,
}

fn conversation(random: &mut Random, index: usize, clock: &mut f64, out: &mut String) {
    let port = format!("cport={}", 20_000 + index);
    let mut ends = [End { window: 502, ..End::default() }, End { window: 502, ..End::default() }];
    if random.below(4) > 0 {
        for line in ["C>S SYN mss=1460", "S>C SYN,ACK mss=1460", "C>S ACK"] {
            *clock += random.pick(&[0.05, 4.0, 15.0]);
            let scale = if random.below(2) == 0 && line.contains("SYN") { " ws=2" } else { "" };
            writeln!(out, "{clock:.3} {line}{scale} {port}").expect("a string takes it");
        }
    }
    for end in &mut ends {
        (end.next, end.acked) = (1, 1);
    }
    if random.below(4) == 0 {
        recovery(random, &mut ends, clock, &port, out);
    }
    for _ in 0..PACKETS {
        *clock += random.pick(&[0.0, 0.02, 0.5, 2.0, 5.0, 30.0, 300.0]);
        if *clock > 100.0 && random.below(40) == 0 {
            *clock -= random.pick(&[0.5, 3.0, 30.0]);
        }
        let line = packet(random, &mut ends);
        writeln!(out, "{clock:.3} {line} {port}").expect("a string takes it");
    }
}

/// The server sends a flight of which some segments are lost behind the capture; SACK tells which, and they are repeated.
fn recovery(random: &mut Random, ends: &mut [End; 2], clock: &mut f64, port: &str, out: &mut String) {
    let mut line = |clock: f64, text: String| writeln!(out, "{clock:.3} {text} {port}").expect("a string takes it");
    let flight: Vec<(u64, bool)> = (0..8).map(|at| (1 + at * 1000, random.below(3) > 0)).collect();
    for (seq, _) in &flight {
        line(*clock, format!("S>C ACK seq={seq} ack=1 len=1000 win=502"));
    }
    *clock += random.pick(&[0.5, 10.0, 40.0]);
    let lost: Vec<u64> = flight.iter().filter(|(_, came)| !came).map(|(seq, _)| *seq).collect();
    let ack = lost.first().copied().unwrap_or(8001);
    for (seq, _) in flight.iter().filter(|(seq, came)| *came && *seq > ack) {
        line(*clock, format!("C>S ACK seq=1 ack={ack} win=502 sack={seq}-{}", seq + 1000));
        *clock += random.pick(&[0.0, 0.1]);
    }
    for seq in lost {
        *clock += random.pick(&[0.0, 0.3, 5.0, 25.0]);
        line(*clock, format!("S>C ACK seq={seq} ack=1 len=1000 win=502"));
        if random.below(2) == 0 {
            line(*clock, format!("C>S ACK seq=1 ack={} win=502", seq + 1000));
        }
    }
    ends[1].next = 8001;
    ends[0].acked = ack;
}

/// One more line, and what it does to the ends.
fn packet(random: &mut Random, ends: &mut [End; 2]) -> String {
    let own = usize::try_from(random.below(2)).expect("small");
    let way = ["C>S", "S>C"][own];
    let peer_next = ends[1 - own].next;
    if random.below(3) == 0 {
        ends[own].acked = random.pick(&[peer_next, peer_next, peer_next, peer_next + 700, ends[own].acked]);
    }
    if random.below(8) == 0 {
        ends[own].window = random.pick(&[0, 502, 600, 5]);
    }
    let (ack, window, closed) = (ends[own].acked, ends[own].window, ends[1 - own].window == 0);
    let sack = if random.below(6) == 0 {
        format!(" sack={}-{}", ack + random.pick(&[0, 100, 1000]), ack + 2000)
    } else {
        String::new()
    };
    let end = &mut ends[own];
    let len = random.pick(&[1, 1, 10, 100, 1000]);
    let (flags, seq, len) = match random.below(24) {
        0..8 => ("ACK", end.next, len),
        8 | 9 => ("ACK", end.next + random.pick(&[10, 1000]), len),
        10 | 11 if !end.sent.is_empty() => {
            let (seq, len) = random.pick(&end.sent);
            ("ACK", seq, len)
        }
        12 if !end.sent.is_empty() => ("PSH,ACK", random.pick(&end.sent).0, 2000),
        13 => ("ACK", end.next - 1, random.below(2)),
        14 => ("FIN,ACK", end.next, random.pick(&[0, 10])),
        15 if random.below(4) == 0 => ("RST,ACK", end.next, 0),
        15 if random.below(4) == 0 => return format!("{way} RST seq={ack} win=0"),
        16 if random.below(4) == 0 => return format!("{way} SYN isn={}", random.pick(&[1000, 77_000])),
        16 if random.below(4) == 0 => return format!("{way} SYN,ACK isn=99000 ack={ack}"),
        17 if random.below(8) == 0 => return format!("{way} SYN,FIN isn={}", random.pick(&[1000, 88_000])),
        18..=20 if closed => ("ACK", end.next, 1),
        _ => ("ACK", end.next, 0),
    };
    if len > 0 {
        end.sent.push((seq, len));
        end.next = end.next.max(seq + len);
    }
    format!("{way} {flags} seq={seq} ack={ack} len={len} win={window}{sack}")
}

/// What is compared of one frame.
#[derive(Debug, PartialEq, Clone)]
struct Row {
    stream: String,
    seq: String,
    ack: String,
    labels: String,
}

fn ours(script: &Script) -> Vec<Row> {
    let frames = script.frames();
    let interfaces = script.interfaces();
    let mut source = MemorySource::new(&frames, &interfaces);
    let mut tracker = Tracker::new();
    let mut rows = Vec::new();
    while let Some(frame) = source.next_frame().expect("frames in memory are whole") {
        let step = tracker.push(&decode(&frame));
        let tcp = step.tcp.expect("every frame is TCP");
        rows.push(Row {
            stream: step.conn.expect("a connection").index.to_string(),
            seq: tcp.seq.to_string(),
            ack: tcp.ack.map_or_else(|| "0".to_owned(), |ack| ack.to_string()),
            labels: tcp.labels.names().collect::<Vec<_>>().join(" "),
        });
    }
    rows
}

fn theirs(script: &Script) -> Vec<Row> {
    let dir = tempfile::tempdir().expect("a directory for the capture");
    let path = dir.path().join("random.pcap");
    let mut saver = Saver::create(&path, &script.interfaces()).expect("a file");
    for frame in script.frames() {
        saver.owned(&frame, &[]).expect("a frame");
    }
    saver.finish().expect("the file");
    let mut command = Command::new("tshark");
    command.args(["-n", "-r"]).arg(&path).args(["-T", "fields"]);
    for field in ["tcp.stream", "tcp.seq", "tcp.ack"] {
        command.args(["-e", field]);
    }
    for (_, name) in Labels::NAMES {
        command.args(["-e", &format!("tcp.analysis.{name}")]);
    }
    let output = command.output().expect("tshark must be installed: `make test` does it");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("tshark writes UTF-8");
    text.lines()
        .map(|line| {
            let mut fields = line.split('\t').map(str::to_owned);
            let mut field = || fields.next().unwrap_or_default();
            let (stream, seq, ack) = (field(), field(), field());
            let set = Labels::NAMES.iter().filter(|_| !field().is_empty()).map(|(_, name)| *name);
            Row { stream, seq, ack, labels: set.collect::<Vec<_>>().join(" ") }
        })
        .collect()
}

/// Of 10,000 frames so many may differ: corners of the definitions that only such conversations reach.
const MAY_DIFFER: usize = 5;

#[test]
fn random_conversations_read_as_in_tshark() {
    let one = std::env::var("NETSCOPE_SEED").ok().and_then(|seed| seed.parse().ok());
    let seeds = one.map_or_else(|| SEEDS.to_vec(), |seed| vec![seed]);
    let (mut frames, mut differing, mut shown) = (0, 0, String::new());
    for seed in seeds {
        let mut random = Random(seed | 1);
        let (mut clock, mut text) = (0.0, String::new());
        for index in 0..CONVERSATIONS {
            conversation(&mut random, index, &mut clock, &mut text);
        }
        let script = Script::parse(&text).expect("the generator writes scripts");
        let (ours, theirs) = (ours(&script), theirs(&script));
        assert_eq!(ours.len(), theirs.len());
        frames += ours.len();
        for (at, (ours, theirs)) in ours.iter().zip(&theirs).enumerate().filter(|(_, (ours, theirs))| ours != theirs) {
            differing += 1;
            let _ = writeln!(shown, "seed {seed} frame {}\n  tshark   {theirs:?}\n  netscope {ours:?}", at + 1);
        }
    }
    println!("{differing} of {frames} frames differ\n{shown}");
    assert!(differing * 10_000 <= frames * MAY_DIFFER, "{differing} of {frames} frames differ\n{shown}");
}
