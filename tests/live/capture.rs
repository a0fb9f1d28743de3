//! Live capture with libpcap on the machine's loopback.

use std::time::{Duration, Instant};

use netscope::failure::{Exit, Failure};
use netscope::frame::FrameSource;
use netscope::live::capture::{Limits, Live, open};
use std::net::UdpSocket;

/// Opens the machine's loopback, or says that this user may not.
fn loopback(filter: &str, limits: Limits) -> Option<Live> {
    match open("lo", Some(filter), limits) {
        Ok(live) => Some(live),
        Err(failure) if failure.exit == Exit::NotAllowed && std::env::var_os("CI").is_none() => {
            println!("skipped: {failure}");
            None
        }
        Err(failure) => panic!("{failure}"),
    }
}

#[test]
fn delivers_what_the_filter_lets_through_until_the_count_is_reached() {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a port");
    let here = socket.local_addr().expect("its address");
    let limits = Limits { count: Some(2), duration: Some(Duration::from_secs(5)) };
    let Some(mut live) = loopback(&format!("udp dst port {}", here.port()), limits) else { return };
    for word in ["satu", "dua", "tiga"] {
        socket.send_to(word.as_bytes(), here).expect("sent");
    }
    let mut seen = Vec::new();
    while let Some(frame) = live.next_frame().expect("no damage") {
        assert_eq!(frame.number, seen.len() as u64 + 1);
        let age = netscope_now() - frame.time.expect("stamped").0;
        assert!((0..5_000_000_000).contains(&age), "{age}");
        seen.push(frame.bytes[42..].to_vec());
    }
    assert_eq!(seen, [b"satu".to_vec(), b"dua".to_vec()]);
    assert_eq!(live.dropped(), Some(0));
}

fn netscope_now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970");
    i64::try_from(since.as_nanos()).expect("before 2262")
}

#[test]
fn a_silent_capture_ends_when_it_is_stopped_and_when_its_time_is_over() {
    let quiet = "ether proto 0x88b5";
    let Some(mut live) = loopback(quiet, Limits::default()) else { return };
    let stop = live.stopper();
    let started = Instant::now();
    let waiting = std::thread::spawn(move || live.next_frame().map(|frame| frame.is_none()));
    std::thread::sleep(Duration::from_millis(50));
    stop.stop();
    assert_eq!(waiting.join().expect("no panic"), Ok(true));
    assert!(started.elapsed() < Duration::from_secs(2));

    let limits = Limits { count: None, duration: Some(Duration::from_millis(100)) };
    let mut live = loopback(quiet, limits).expect("allowed a moment ago");
    let started = Instant::now();
    assert!(live.next_frame().expect("no damage").is_none());
    assert!((100..2000).contains(&started.elapsed().as_millis()));
}

fn refused(name: &str, filter: Option<&str>) -> Failure {
    match open(name, filter, Limits::default()) {
        Ok(_) => panic!("{name} {filter:?} was accepted"),
        Err(failure) => failure,
    }
}

#[test]
fn a_wrong_name_and_a_wrong_filter_are_bad_input() {
    if loopback("tcp", Limits::default()).is_none() {
        return;
    }
    let failure = refused("tidak-ada0", None);
    assert_eq!(failure.exit, Exit::BadInput);
    assert!(failure.to_string().contains("tidak-ada0; this machine has: lo"), "{failure}");
    let failure = refused("lo", Some("tcp prot 80"));
    assert_eq!(failure.exit, Exit::BadInput);
    assert!(failure.to_string().contains("\"tcp prot 80\""), "{failure}");
}

#[test]
fn an_ordinary_user_is_told_what_is_missing() {
    let (passed, said) = super::as_another::ordinary_user("live::capture::open_as_this_user", &[]);
    assert!(passed, "{said}");
    assert!(said.contains("3: ") && said.contains("setcap cap_net_raw+ep"), "{said}");
}

#[test]
#[ignore = "started by an_ordinary_user_is_told_what_is_missing"]
fn open_as_this_user() {
    let failure = refused("lo", None);
    println!("{}: {failure}", failure.exit.code());
}
