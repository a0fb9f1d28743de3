//! The numbers of the plots, held against tshark's fields over every recorded capture of one capture point: round-trip times,
//! bytes in flight, windows, sequence numbers.
#![allow(clippy::disallowed_methods, reason = "compares with another program")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::Command;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn run(program: &str, args: &[&str]) -> String {
    let output =
        Command::new(program).current_dir(root()).args(args).output().expect("scripts/setup.sh test installs it");
    assert!(output.status.success(), "{program} {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Recorded captures of one capture point: of two, tshark takes the second sight of a packet for another packet.
fn captures() -> Vec<String> {
    let mut all = Vec::new();
    for folder in ["captures", "captures/extra"] {
        for entry in std::fs::read_dir(root().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let name = format!("{folder}/{}", path.file_name().unwrap().to_str().unwrap());
            if path.extension().is_some_and(|ending| ending == "pcapng") {
                all.push(name);
            }
        }
    }
    all.sort();
    all.retain(|name| {
        let records = run(env!("CARGO_BIN_EXE_netscope"), &["open", name, "--format", "jsonl"]);
        !records.contains("\"arrived\":") && !records.contains("\"lost\":")
    });
    assert!(all.len() > 40, "{}", all.len());
    all
}

/// A packet as tshark sees it.
#[derive(Debug, Default)]
struct Theirs {
    stream: String,
    from_client: bool,
    seq: u64,
    len: u64,
    rtt: Option<f64>,
    acks_frame: Option<u64>,
    in_flight: Option<u64>,
    window: u64,
    scaled: bool,
    flags: u16,
    repeated: bool,
}

fn theirs(capture: &str) -> BTreeMap<u64, Theirs> {
    let fields = [
        "frame.number",
        "tcp.stream",
        "tcp.srcport",
        "tcp.seq",
        "tcp.len",
        "tcp.analysis.ack_rtt",
        "tcp.analysis.acks_frame",
        "tcp.analysis.bytes_in_flight",
        "tcp.window_size",
        "tcp.window_size_scalefactor",
        "tcp.flags",
        "tcp.analysis.retransmission",
    ];
    let mut args = vec!["-n", "-r", capture, "-Y", "tcp && !icmp", "-T", "fields"];
    for field in fields {
        args.extend(["-e", field]);
    }
    let text = run("tshark", &args);
    let mut clients: BTreeMap<String, String> = BTreeMap::new();
    let mut packets = BTreeMap::new();
    for line in text.lines() {
        let cells: Vec<&str> = line.split('\t').collect();
        let number = |at: usize| cells[at].parse::<u64>().ok();
        let client = clients.entry(cells[1].to_owned()).or_insert_with(|| cells[2].to_owned());
        packets.insert(
            number(0).unwrap(),
            Theirs {
                stream: cells[1].to_owned(),
                from_client: *client == cells[2],
                seq: number(3).unwrap(),
                len: number(4).unwrap_or(0),
                rtt: cells[5].parse().ok(),
                acks_frame: number(6),
                in_flight: number(7),
                window: number(8).unwrap_or(0),
                scaled: cells[9].parse::<i64>().is_ok_and(|factor| factor != -1),
                flags: u16::from_str_radix(cells[10].trim_start_matches("0x"), 16).unwrap(),
                repeated: !cells[11].is_empty(),
            },
        );
    }
    packets
}

/// The rows of one plot.
fn ours(capture: &str, stream: &str, from: &str, kind: &str) -> Vec<BTreeMap<String, String>> {
    let args = ["plot", capture, "--conn", stream, "--kind", kind, "--from", from, "--format", "csv"];
    let text = run(env!("CARGO_BIN_EXE_netscope"), &args);
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    lines
        .map(|line| header.iter().map(|key| (*key).to_owned()).zip(line.split(',').map(str::to_owned)).collect())
        .collect()
}

/// Every connection of a capture with each direction of its data.
fn ways(capture: &str, mut look: impl FnMut(&BTreeMap<u64, Theirs>, &str, bool)) {
    let theirs = theirs(capture);
    let streams: BTreeSet<&str> = theirs.values().map(|packet| packet.stream.as_str()).collect();
    for stream in streams {
        for client in [true, false] {
            look(&theirs, stream, client);
        }
    }
}

fn name(client: bool) -> &'static str {
    if client { "client" } else { "server" }
}

#[test]
fn round_trips_agree() {
    let (mut told, mut unclear) = (0, 0);
    for capture in captures() {
        ways(&capture, |theirs, stream, client| {
            let expected: BTreeMap<u64, (u64, f64)> = theirs
                .iter()
                .filter(|(_, packet)| packet.stream == stream && packet.from_client != client)
                .filter_map(|(frame, packet)| Some((*frame, (packet.acks_frame?, packet.rtt?))))
                .collect();
            let rows = ours(&capture, stream, name(client), "rtt");
            let got: BTreeMap<u64, &BTreeMap<String, String>> =
                rows.iter().map(|row| (row["frame"].parse().unwrap(), row)).collect();
            let place = format!("{capture} tcp:{stream} {}", name(client));
            assert_eq!(got.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>(), "{place}");
            for (frame, (acks, rtt)) in &expected {
                assert_eq!(got[frame]["acks_frame"], acks.to_string(), "{place} frame {frame}");
                match got[frame]["rtt"].parse::<f64>() {
                    Ok(ours) => {
                        assert!((ours - rtt).abs() < 1e-9, "{place} frame {frame}: {ours} {rtt}");
                        told += 1;
                    }
                    // Left out is only what was sent more than once.
                    Err(_) => {
                        let again = theirs.iter().any(|(other, packet)| {
                            other < frame && other >= acks && packet.from_client == client && packet.repeated
                        });
                        assert!(again, "{place} frame {frame}");
                        unclear += 1;
                    }
                }
            }
        });
    }
    assert!(told > 300 && unclear > 3, "{told} {unclear}");
}

#[test]
fn bytes_in_flight_and_windows_agree() {
    let (mut flights, mut windows) = (0, 0);
    for capture in captures() {
        ways(&capture, |theirs, stream, client| {
            let rows = ours(&capture, stream, name(client), "in-flight");
            let place = format!("{capture} tcp:{stream} {}", name(client));
            let of = |key: &str, theirs_side: bool| -> BTreeMap<u64, u64> {
                rows.iter()
                    .filter_map(|row| Some((row["frame"].parse().ok()?, row[key].parse().ok()?)))
                    .filter(|(frame, _)| theirs[frame].from_client == theirs_side)
                    .collect()
            };
            let mine = |packet: &Theirs, side: bool| packet.stream == stream && packet.from_client == side;
            let expected: BTreeMap<u64, u64> = theirs
                .iter()
                .filter(|(_, packet)| mine(packet, client))
                .filter_map(|(frame, packet)| Some((*frame, packet.in_flight?)))
                .collect();
            // What is not in flight any more has no row there.
            let got: BTreeMap<u64, u64> =
                of("bytes_in_flight", client).into_iter().filter(|(_, bytes)| *bytes > 0).collect();
            assert_eq!(got, expected, "{place}");
            flights += expected.len();
            let (ack, reset, syn) = (0x10, 0x04, 0x02);
            let expected: BTreeMap<u64, u64> = theirs
                .iter()
                .filter(|(_, packet)| mine(packet, !client) && packet.flags & ack != 0 && packet.flags & reset == 0)
                .filter(|(_, packet)| packet.scaled || packet.flags & syn != 0)
                .map(|(frame, packet)| (*frame, packet.window))
                .collect();
            assert_eq!(of("window", !client), expected, "{place}");
            windows += expected.len();
        });
    }
    assert!(flights > 300 && windows > 500, "{flights} {windows}");
}

#[test]
fn every_segment_with_data_is_there_once_at_its_number() {
    for capture in captures() {
        ways(&capture, |theirs, stream, client| {
            let expected: BTreeMap<u64, (u64, u64)> = theirs
                .iter()
                .filter(|(_, packet)| packet.stream == stream && packet.from_client == client && packet.len > 0)
                .map(|(frame, packet)| (*frame, (packet.seq, packet.seq + packet.len)))
                .collect();
            let rows = ours(&capture, stream, name(client), "tcptrace");
            let got: Vec<(u64, (u64, u64))> = rows
                .iter()
                .filter(|row| ["segment", "retransmission", "probe"].contains(&row["series"].as_str()))
                .map(|row| {
                    let number = |key: &str| row[key].parse::<u64>().unwrap();
                    (number("frame"), (number("from"), number("to")))
                })
                .collect();
            assert_eq!(got, expected.into_iter().collect::<Vec<_>>(), "{capture} tcp:{stream} {}", name(client));
        });
    }
}
