use super::*;

/// The layout that the tests use: the socket, both states, both ends.
fn formats() -> Vec<Option<Format>> {
    let common = "\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;
\tfield:void * skaddr;\toffset:8;\tsize:8;\tsigned:0;
\tfield:int oldstate;\toffset:16;\tsize:4;\tsigned:1;
\tfield:int newstate;\toffset:20;\tsize:4;\tsigned:1;
\tfield:__u8 saddr[28];\toffset:24;\tsize:28;\tsigned:0;
\tfield:__u8 daddr[28];\toffset:52;\tsize:28;\tsigned:0;
\tfield:unsigned int len;\toffset:80;\tsize:4;\tsigned:0;
";
    (1..=5).map(|id| Format::parse(&format!("ID: {id}\n{common}"))).collect()
}

/// One of our process, 7.
fn sample(kind: u16, monotonic: u64, socket: u64, change: [u32; 2], ports: [u16; 2]) -> Sample {
    let address = |port: u16| {
        let mut bytes = [0u8; 28];
        bytes[..2].copy_from_slice(&2u16.to_ne_bytes());
        bytes[2..4].copy_from_slice(&port.to_be_bytes());
        bytes[4..8].copy_from_slice(&[127, 0, 0, 1]);
        bytes
    };
    let mut raw = vec![0u8; 84];
    raw[..2].copy_from_slice(&kind.to_ne_bytes());
    raw[8..16].copy_from_slice(&socket.to_ne_bytes());
    raw[16..20].copy_from_slice(&change[0].to_ne_bytes());
    raw[20..24].copy_from_slice(&change[1].to_ne_bytes());
    raw[24..52].copy_from_slice(&address(ports[0]));
    raw[52..80].copy_from_slice(&address(ports[1]));
    raw[80..84].copy_from_slice(&66u32.to_ne_bytes());
    Sample { pid: 7, tid: 8, monotonic, raw }
}

fn read(samples: &[Sample]) -> Told {
    let clock = Clock { begin: Moment { monotonic: 0, real: 1000 }, end: Moment { monotonic: 100, real: 1100 } };
    let server = "127.0.0.1:5000".parse().expect("address");
    Reader { formats: &formats(), server, pid: 7, clock }.read(samples)
}

fn words(told: &Told) -> Vec<String> {
    let word = |trace: &Trace| {
        let what = match &trace.what {
            Traced::State { from, to } => format!("{}>{}", from.name(), to.name()),
            Traced::Reset { .. } => "reset".to_owned(),
            Traced::ResetTaken => "taken".to_owned(),
            Traced::Retransmit => "retransmit".to_owned(),
        };
        format!("{} {} {what}", trace.time.0, trace.side.name())
    };
    told.traces.iter().map(word).collect()
}

#[test]
fn a_client_has_no_port_yet_when_it_begins() {
    let told = read(&[
        sample(1, 1, 0xa, [7, 2], [0, 5000]),
        sample(1, 2, 0xa, [2, 1], [40000, 5000]),
        // The listener and its new socket.
        sample(1, 3, 0xb, [10, 3], [5000, 40000]),
        sample(1, 4, 0xb, [3, 1], [5000, 40000]),
        sample(1, 5, 0xc, [7, 10], [5000, 0]),
    ]);
    let expected =
        ["1001 client CLOSED>SYN-SENT", "1002 client SYN-SENT>ESTABLISHED", "1004 server SYN-RECEIVED>ESTABLISHED"];
    assert_eq!(words(&told), expected);
    assert!(told.traces.iter().all(|trace| trace.client.port() == 40000));
}

#[test]
fn a_stand_in_is_never_called_closed() {
    let change = |from, to| words(&read(&[sample(1, 1, 0xa, [from, to], [40000, 5000])])).len();
    // FIN-WAIT-2 and CLOSING become TIME-WAIT, or stay as they are without a program.
    assert_eq!([change(5, 7), change(11, 7)], [0, 0]);
    // LAST-ACK, a refusal, a reset.
    assert_eq!([change(9, 7), change(2, 7), change(1, 7)], [1, 1, 1]);
}

#[test]
fn other_peoples_sockets_are_not_ours() {
    let foreign = |sample: Sample| Sample { pid: 99, ..sample };
    let told = read(&[
        foreign(sample(1, 1, 0xa, [7, 2], [40000, 5000])),
        sample(1, 2, 0xb, [2, 1], [40001, 5000]),
        // A timer of ours in somebody's turn, and a reset by nobody's socket in theirs.
        foreign(sample(3, 3, 0xb, [1, 1], [40001, 5000])),
        foreign(sample(2, 4, 0, [0, 0], [5000, 40001])),
        sample(2, 5, 0, [0, 0], [5000, 40001]),
        sample(5, 6, 0xb, [0, 0], [40001, 5000]),
        sample(1, 6, 0xb, [1, 7], [40001, 5000]),
        // What a child of ours had inherited is reset at its end.
        foreign(sample(2, 6, 0xb, [0, 0], [40001, 5000])),
        // The same memory again.
        foreign(sample(1, 7, 0xb, [7, 2], [40001, 5000])),
    ]);
    let expected = [
        "1002 client SYN-SENT>ESTABLISHED",
        "1003 client retransmit",
        "1005 server reset",
        "1006 client taken",
        "1006 client ESTABLISHED>CLOSED",
        "1006 client reset",
    ];
    assert_eq!(words(&told), expected);
}

#[test]
fn a_packet_that_leaves_in_the_kernel_s_own_time_is_nobodys() {
    let mut interrupted = sample(4, 2, 0, [0, 0], [0, 0]);
    interrupted.raw[2] = 0x10;
    let told = read(&[sample(4, 1, 0, [0, 0], [0, 0]), interrupted]);
    let expected = |time, own| Transmit { time: Time(time), tid: 8, own, len: 66 };
    assert_eq!(told.transmits, [expected(1001, true), expected(1002, false)]);
}

#[test]
fn a_clock_that_is_set_meanwhile_is_followed() {
    let clock = Clock { begin: Moment { monotonic: 0, real: 1000 }, end: Moment { monotonic: 100, real: 1200 } };
    assert_eq!([0, 50, 100].map(|at| clock.time(at).0), [1000, 1100, 1200]);
}
