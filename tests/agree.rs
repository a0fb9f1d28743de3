//! The states that the tracker infers held against the kernel's own word, over exchanges made by chance.
//!
//! A short run is part of the test suite; `scripts/agree.sh N SEED` makes a long one, and `docs/kernel.md` says what came
//! of it.
#![allow(clippy::disallowed_methods, reason = "runs the program against the kernel")]
#![cfg(target_os = "linux")]
#![allow(missing_docs, reason = "a test program")]

mod agree {
    pub(crate) mod random;
}

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use agree::random;
use netscope::analysis::{self, hear};
use netscope::failure::Exit;
use netscope::frame::MemorySource;
use netscope::live::exchange::{Recording, run};
use netscope::scenario::{Op, SocketOption};
use netscope::timeline::agree::{End, Testimony, Verdict, Word};
use netscope::track::{Side, State};

/// Exchanges in the test suite.
const SHORT: u64 = 30;
/// Exchanges at a time: most of one is waiting.
const WORKERS: u64 = 2;

/// What came of all exchanges.
#[derive(Default)]
struct Tally {
    exchanges: u64,
    over_a_wire: u64,
    unfinished: u64,
    /// Ended in CLOSED at both ends before the witness had got a processor.
    unheard: u64,
    ends: u64,
    inferred: usize,
    verdicts: BTreeMap<String, u64>,
    /// How often the kernel named a state, and how often the packets showed it.
    states: BTreeMap<&'static str, u64>,
    differences: Vec<String>,
}

impl Tally {
    fn add(&mut self, seed: u64, recording: &Recording) {
        let heard = hear(&mut MemorySource::new(&recording.frames, &recording.interfaces), &recording.witnessed);
        let testimony = &heard.testimony;
        self.exchanges += 1;
        self.unheard += u64::from(testimony.ends.is_empty());
        self.over_a_wire += u64::from(recording.wire.is_some());
        self.unfinished += u64::from(!recording.finished);
        self.ends += testimony.ends.len() as u64;
        for end in &testimony.ends {
            self.inferred += end.inferred;
            for word in &end.words {
                let kind = match word.verdict {
                    Verdict::Agrees => "agrees".to_owned(),
                    Verdict::Aside(aside) => format!("{aside:?}"),
                    Verdict::Differs { .. } if silent(seed, end, word) => "SilentAbort".to_owned(),
                    Verdict::Differs { .. } => "differs".to_owned(),
                };
                *self.verdicts.entry(kind).or_default() += 1;
                *self.states.entry(word.state.name()).or_default() += 1;
            }
        }
        if testimony.ends.iter().any(|end| end.differences().any(|word| !silent(seed, end, word))) {
            self.differences.push(difference(seed, recording, testimony));
        }
    }

    fn count(&self, kind: &str) -> u64 {
        self.verdicts.get(kind).copied().unwrap_or_default()
    }
}

/// True for a socket that its program took away with `SO_LINGER` 0 when Linux sends no RST for that: with its FIN out and
/// the peer's in. Only who knows the program knows that.
fn silent(seed: u64, end: &End, word: &Word) -> bool {
    let request = random::request(seed);
    let actions = if end.side == Side::Client { &request.client } else { &request.server };
    let aborts = actions.iter().any(|action| action.op == Op::SetOption(SocketOption::Linger(0)));
    let last = end.words.last().is_some_and(|last| last == word);
    let inferred = matches!(end.last, Some(State::Closing | State::LastAck));
    aborts && last && word.state == State::Closed && inferred
}

/// All that there is to see of an exchange in which they differ.
fn difference(seed: u64, recording: &Recording, testimony: &Testimony) -> String {
    let request = random::request(seed);
    let ops = |actions: &[netscope::scenario::Action]| {
        actions.iter().map(|action| format!("{:?}", action.op)).collect::<Vec<_>>().join(", ")
    };
    let mut text = format!("seed {seed}\n  client {}\n  server {}\n", ops(&request.client), ops(&request.server));
    if let Some(wire) = &request.wire {
        let _ = writeln!(text, "  wire {wire}");
    }
    for end in &testimony.ends {
        let _ = writeln!(text, "  {} {}:", end.conn, end.side.name());
        for word in &end.words {
            let _ = writeln!(text, "    {} {} {:?}", word.time, word.state.name(), word.verdict);
        }
    }
    text + &packets(recording)
}

fn packets(recording: &Recording) -> String {
    use netscope::report::{PayloadLimit, Selection, View, formats};
    let keys = [
        "frame",
        "time",
        "src",
        "dir",
        "flags",
        "seq",
        "ack",
        "len",
        "client_state",
        "server_state",
        "arrived",
        "lost",
    ];
    let view = View {
        lang: netscope::language::Lang::En,
        width: 200,
        ascii: false,
        color: false,
        payload: PayloadLimit::None,
        limit: None,
        columns: Some(keys.to_vec()),
        selection: Selection::default(),
        connections_at_end: false,
    };
    let shared = Shared::default();
    let format = formats::find("table").expect("it is there");
    let mut report = netscope::report::build(format, Box::new(shared.clone()), view);
    let mut source = MemorySource::new(&recording.frames, &recording.interfaces);
    analysis::run(&mut source, analysis::Request::default(), &mut *report).expect("it is written to memory");
    report.finish().expect("it is written to memory");
    drop(report);
    String::from_utf8_lossy(&shared.0.lock().expect("nobody panicked")).into_owned()
}

/// What a report has written.
#[derive(Clone, Default)]
struct Shared(std::sync::Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("nobody panicked").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn number(name: &str, otherwise: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name}={text} is no number")),
        Err(_) => otherwise,
    }
}

#[test]
fn what_the_kernel_says_is_among_what_the_packets_show() {
    let (count, first) = (number("NETSCOPE_AGREE", SHORT), number("NETSCOPE_AGREE_SEED", 1));
    let program = Path::new(env!("CARGO_BIN_EXE_netscope"));
    let (next, tally) = (AtomicU64::new(0), Mutex::new(Tally::default()));
    let forbidden = AtomicU64::new(0);
    thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                loop {
                    let seed = first + next.fetch_add(1, Ordering::Relaxed);
                    if seed >= first + count {
                        return;
                    }
                    match run(&random::request(seed), program) {
                        Ok(recording) => tally.lock().expect("nobody panicked").add(seed, &recording),
                        Err(failure) if failure.exit == Exit::NotAllowed && std::env::var_os("CI").is_none() => {
                            eprintln!("skipped: {failure}");
                            forbidden.fetch_add(1, Ordering::Relaxed);
                            return;
                        }
                        Err(failure) => panic!("seed {seed}: {failure}"),
                    }
                }
            });
        }
    });
    if forbidden.into_inner() > 0 {
        return;
    }
    let tally = tally.into_inner().expect("nobody panicked");
    println!(
        "{} exchanges, {} over a wire, {} of these cut off by their time limit, {} gone before the kernel was asked",
        tally.exchanges, tally.over_a_wire, tally.unfinished, tally.unheard
    );
    println!("{} ends, {} states by their packets", tally.ends, tally.inferred);
    println!("the kernel's words: {:?}", tally.verdicts);
    println!("states named: {:?}", tally.states);
    for difference in &tally.differences {
        println!("\n{difference}");
    }
    // How each end stands is asked for once more when all is over, so there is much to compare on any machine.
    assert!(tally.count("agrees") > count, "the kernel was hardly heard: {:?}", tally.verdicts);
    assert!(tally.differences.len() as u64 <= count / 1000, "{} exchanges differ", tally.differences.len());
}
