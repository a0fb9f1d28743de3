use proptest::prelude::*;

use super::*;
use crate::frame::MemorySource;
use crate::script::{START, Script};
use crate::timeline::{CountedIn, Owner, SocketUse, Source};
use crate::track::{Proto, State};

const EXCHANGE: &str = "
    0   C>S SYN
    1   S>C SYN,ACK
    2   C>S ACK
    3   C>S PSH,ACK \"halo\"
    4   S>C ACK
    5   C>S FIN,ACK
    6   S>C ACK
    7   S>C FIN,ACK
    8   C>S ACK
";

fn at(ms: i64) -> Time {
    Time(START.0 + ms * 1_000_000)
}

fn call(id: u32, ms: i64, name: &str, deed: Deed, result: Option<Result<i64, String>>) -> Call {
    Call {
        id,
        side: Some(Side::Client),
        pid: 10,
        tid: 11,
        name: name.to_owned(),
        args: "3, \"a\\n\u{1b}[31m\"".to_owned(),
        entry: at(ms),
        exit: result.as_ref().map(|_| at(ms + 1)),
        result,
        socket: Some(SocketUse {
            cookie: 7,
            proto: Proto::Tcp,
            fd: 3,
            local: Some("10.0.0.1:40000".parse().unwrap()),
            peer: Some("10.0.0.2:5001".parse().unwrap()),
        }),
        deed,
        data: vec![0, 255, b'h'],
        source: (id > 0).then(|| "client.py:14".to_owned()),
    }
}

fn seen() -> Beside {
    let server = "10.0.0.2:5001".parse().unwrap();
    Beside {
        settings: Some(Settings { kernel: "Linux 6".to_owned(), tcp: vec![("tcp_sack".to_owned(), "1".to_owned())] }),
        dropped: Some(0),
        demo: Some(Demo {
            scenario: "tcp".to_owned(),
            variant: "default".to_owned(),
            clients: 1,
            question: true,
            answer: false,
        }),
        calls: vec![
            call(0, 0, "connect", Deed::Connect(server), Some(Ok(0))),
            call(1, 3, "sendto", Deed::Send { to: None, sizes: vec![4] }, Some(Ok(4))),
            call(2, 4, "recvfrom", Deed::Receive { from: None, room: 9, peek: false }, Some(Err("EAGAIN".to_owned()))),
            call(3, 5, "close", Deed::Close { left: 0 }, None),
        ],
        words: vec![Witnessed {
            time: at(1),
            side: Side::Server,
            client: "10.0.0.1:40000".parse().unwrap(),
            server,
            from: State::Listen,
            to: State::Established,
            source: Source::SockDiag,
        }],
        traces: vec![Trace {
            time: at(2),
            side: Side::Client,
            client: "10.0.0.1:40000".parse().unwrap(),
            server,
            what: Traced::Reset { reason: Some("TCP_ABORT_ON_CLOSE".to_owned()) },
        }],
        counted: vec![Tally {
            time: at(7),
            side: Some(Side::Server),
            source: CountedIn::Netstat,
            moved: vec![("TCPAbortOnTimeout".to_owned(), 1)],
        }],
        programs: vec![
            Program {
                side: Some(Side::Client),
                pid: 10,
                command: "python3 client.py".to_owned(),
                end: Some(End::Signal("SIGPIPE")),
                stopped: true,
                output: "dua\nbaris “é”\r\n\u{1b}".to_owned(),
                more: false,
                before_stop: 4,
            },
            Program {
                side: None,
                pid: 0,
                command: String::new(),
                end: None,
                stopped: false,
                output: String::new(),
                more: true,
                before_stop: 0,
            },
        ],
        stopped: Some(Halt { at: at(6), early: true }),
        unseen: Unseen { missed: 3, io_uring: true },
        reach: Reach::Wire,
    }
}

#[test]
fn everything_comes_back_as_it_was_written() {
    let text = seen().text();
    assert!(text.lines().all(|line| line.starts_with('{') && line.ends_with('}')), "{text}");
    assert_eq!(Beside::read(&text), (seen(), 0));
    let empty = Beside::default();
    assert_eq!(Beside::read(&empty.text()), (empty, 0));
}

#[test]
fn of_foreign_and_damaged_lines_the_rest_is_read() {
    let mut text = seen().text();
    // A later kind of line, a later state, a line cut off, a name that is none, sizes that cannot be added up.
    let word = text.lines().find(|line| line.starts_with("{\"socket\"")).expect("one");
    let later = word.replace("Established", "Thinking");
    text.push_str("{\"weather\":\"fine\"}\n");
    text.push_str(&later);
    text.push('\n');
    let mut bad = Beside { calls: seen().calls, ..Beside::default() };
    bad.calls[0].name = "evil\u{1b}[2J".to_owned();
    bad.calls[1].deed = Deed::Send { to: None, sizes: vec![u64::MAX; 3] };
    bad.calls[2].result = Some(Ok(i64::MAX));
    bad.calls[3].name = "n".repeat(65);
    bad.counted = seen().counted;
    bad.counted[0].moved[0].0 = "evil\u{1b}[2J".to_owned();
    text.extend(bad.text().lines().skip(1).map(|line| format!("{line}\n")));
    text.push_str("{\"call\":{\"id\":1,\"si");
    assert_eq!(Beside::read(&text), (seen(), 8));
    assert_eq!(Beside::read(&text.replacen("\"beside\":1", "\"beside\":2", 1)).0, Beside::default());
    let twice = seen().text().repeat(2);
    let lines = u64::try_from(twice.lines().count()).unwrap();
    assert_eq!(Beside::read(&twice), (Beside::default(), lines), "two runs in one file");
    assert_eq!(Beside::read(""), (Beside::default(), 0));
}

#[test]
fn no_more_is_believed_than_a_run_can_note() {
    let word = &seen().words[0];
    let many = Beside { words: vec![word.clone(); MOST_WORDS + 2], ..Beside::default() };
    let (read, unknown) = Beside::read(&many.text());
    assert_eq!((read.words.len(), unknown), (MOST_WORDS, 2));
}

#[test]
fn what_made_which_packet_is_concluded_from_the_packets() {
    let script = Script::parse(EXCHANGE).unwrap();
    let (frames, interfaces) = (script.frames(), script.interfaces());
    let witness = |frames| seen().witness(&mut MemorySource::new(frames, &interfaces)).unwrap().expect("calls");
    let whole = witness(&frames);
    assert_eq!(whole.owners.get(&1), Some(&Owner::Call(0)));
    assert_eq!(whole.owners.get(&4), Some(&Owner::Call(1)));
    assert_eq!(whole.calls[3].frames, [6]);
    assert!(whole.calls[3].cut && whole.stopped == Some(at(6)));
    // Another program has taken the first packets out: the numbers are those of the file as it is.
    let rest = witness(&frames[3..]);
    assert_eq!(rest.owners.get(&3), Some(&Owner::Call(3)));
    let mut nothing = MemorySource::new(&frames, &interfaces);
    assert!(Beside::default().witness(&mut nothing).unwrap().is_none());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_panics(cuts in proptest::collection::vec((any::<prop::sample::Index>(), any::<char>()), 0..6)) {
        let script = Script::parse(EXCHANGE).unwrap();
        let (frames, interfaces) = (script.frames(), script.interfaces());
        let mut text: Vec<char> = seen().text().chars().collect();
        for (at, char) in cuts {
            let at = at.index(text.len());
            text[at] = char;
        }
        let (beside, _) = Beside::read(&text.into_iter().collect::<String>());
        let _ = beside.witness(&mut MemorySource::new(&frames, &interfaces)).unwrap();
    }
}
