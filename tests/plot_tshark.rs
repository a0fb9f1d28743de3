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
    /// Bytes of SACK blocks below its acknowledgment number: received twice (RFC 2883).
    doubled: u64,
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
        "tcp.ack",
        "tcp.options.sack_le",
        "tcp.options.sack_re",
        "tcp.dstport",
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
        // A socket that is connected to itself has one address and port, and tshark cannot tell who sends.
        if cells[2] == cells[15] {
            continue;
        }
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
                doubled: doubled(number(12).unwrap_or(0), cells[13], cells[14]),
            },
        );
    }
    packets
}

fn doubled(ack: u64, left: &str, right: &str) -> u64 {
    let numbers = |text: &str| -> Vec<u64> { text.split(',').filter_map(|number| number.parse().ok()).collect() };
    let blocks = numbers(left).into_iter().zip(numbers(right));
    blocks.filter(|(left, _)| *left < ack).map(|(left, right)| right - left).sum()
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

fn name(client: bool) -> &'static str {
    if client { "client" } else { "server" }
}

/// How much was compared.
#[derive(Debug, Default)]
struct Compared {
    trips: usize,
    unclear: usize,
    flights: usize,
    windows: usize,
    segments: usize,
}

/// The data of one end of one connection.
struct Data<'a> {
    capture: &'a str,
    stream: &'a str,
    client: bool,
    theirs: &'a BTreeMap<u64, Theirs>,
    place: String,
}

impl Data<'_> {
    fn packets(&self, client: bool) -> impl Iterator<Item = (u64, &Theirs)> {
        let all = self.theirs.iter().map(|(frame, packet)| (*frame, packet));
        all.filter(move |(_, packet)| packet.stream == self.stream && packet.from_client == client)
    }

    fn ours(&self, kind: &str) -> Vec<BTreeMap<String, String>> {
        ours(self.capture, self.stream, name(self.client), kind)
    }

    fn trips(&self, compared: &mut Compared) {
        let expected: BTreeMap<u64, (u64, f64)> = self
            .packets(!self.client)
            .filter_map(|(frame, packet)| Some((frame, (packet.acks_frame?, packet.rtt?))))
            .collect();
        let rows = self.ours("rtt");
        let got: BTreeMap<u64, &BTreeMap<String, String>> =
            rows.iter().map(|row| (row["frame"].parse().unwrap(), row)).collect();
        let place = &self.place;
        assert_eq!(got.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>(), "{place}");
        for (frame, (acks, rtt)) in &expected {
            assert_eq!(got[frame]["acks_frame"], acks.to_string(), "{place} frame {frame}");
            if let Ok(ours) = got[frame]["rtt"].parse::<f64>() {
                assert!((ours - rtt).abs() < 1e-9, "{place} frame {frame}: {ours} {rtt}");
                compared.trips += 1;
            } else {
                // Left out is only what was sent more than once.
                let mut between = self.packets(self.client).filter(|(other, _)| (*acks..*frame).contains(other));
                assert!(between.any(|(_, packet)| packet.repeated), "{place} frame {frame}");
                compared.unclear += 1;
            }
        }
    }

    fn flights(&self, compared: &mut Compared) {
        let rows = self.ours("in-flight");
        let of = |key: &str, client: bool| -> BTreeMap<u64, u64> {
            rows.iter()
                .filter_map(|row| Some((row["frame"].parse().ok()?, row[key].parse().ok()?)))
                .filter(|(frame, _)| self.theirs[frame].from_client == client)
                .collect()
        };
        let expected: BTreeMap<u64, u64> =
            self.packets(self.client).filter_map(|(frame, packet)| Some((frame, packet.in_flight?))).collect();
        // tshark also takes away what the last answer says to have come twice, which was not in flight any more.
        let doubled = |frame: u64| {
            self.packets(!self.client)
                .filter(|(other, _)| *other < frame)
                .last()
                .map_or(0, |(_, packet)| packet.doubled)
        };
        let got: BTreeMap<u64, u64> = of("bytes_in_flight", self.client)
            .into_iter()
            .map(|(frame, bytes)| (frame, bytes.saturating_sub(doubled(frame))))
            .filter(|(_, bytes)| *bytes > 0)
            .collect();
        assert_eq!(got, expected, "{}", self.place);
        compared.flights += expected.len();
        let (ack, reset, syn) = (0x10, 0x04, 0x02);
        let expected: BTreeMap<u64, u64> = self
            .packets(!self.client)
            .filter(|(_, packet)| packet.flags & ack != 0 && packet.flags & reset == 0)
            .filter(|(_, packet)| packet.scaled || packet.flags & syn != 0)
            .map(|(frame, packet)| (frame, packet.window))
            .collect();
        assert_eq!(of("window", !self.client), expected, "{}", self.place);
        compared.windows += expected.len();
    }

    fn segments(&self, compared: &mut Compared) {
        let expected: Vec<(u64, (u64, u64))> = self
            .packets(self.client)
            .filter(|(_, packet)| packet.len > 0)
            .map(|(frame, packet)| (frame, (packet.seq, packet.seq + packet.len)))
            .collect();
        let rows = self.ours("tcptrace");
        let got: Vec<(u64, (u64, u64))> = rows
            .iter()
            .filter(|row| ["segment", "retransmission", "probe"].contains(&row["series"].as_str()))
            .map(|row| {
                let number = |key: &str| row[key].parse::<u64>().unwrap();
                (number("frame"), (number("from"), number("to")))
            })
            .collect();
        assert_eq!(got, expected, "{}", self.place);
        compared.segments += expected.len();
    }
}

#[test]
fn round_trips_bytes_in_flight_windows_and_numbers_agree_on_every_recorded_capture() {
    let mut compared = Compared::default();
    for capture in captures() {
        let theirs = theirs(&capture);
        let streams: BTreeSet<&str> = theirs.values().map(|packet| packet.stream.as_str()).collect();
        for stream in streams {
            for client in [true, false] {
                let place = format!("{capture} tcp:{stream} {}", name(client));
                let data = Data { capture: &capture, stream, client, theirs: &theirs, place };
                data.trips(&mut compared);
                data.flights(&mut compared);
                data.segments(&mut compared);
            }
        }
    }
    let enough = compared.trips > 300 && compared.unclear > 3 && compared.flights > 200;
    assert!(enough && compared.windows > 500 && compared.segments > 200, "{compared:?}");
}
