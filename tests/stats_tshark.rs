//! `stats`, held against the tables of `tshark -z` over every recorded capture: protocol hierarchy, conversations,
//! endpoints, packet lengths, HTTP packet counter, packets over time.
#![allow(clippy::disallowed_methods, reason = "compares with another program")]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn run(program: &str, args: &[&str]) -> String {
    let output =
        Command::new(program).current_dir(root()).args(args).output().expect("scripts/setup.sh test installs it");
    assert!(output.status.success(), "{program} {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Recorded captures of one capture point: of two, tshark counts each packet at both.
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

fn ours(capture: &str) -> Value {
    let text = run(env!("CARGO_BIN_EXE_netscope"), &["stats", capture, "--format", "json", "--interval", "10ms"]);
    serde_json::from_str(&text).expect("JSON")
}

/// The tables of tshark in one run.
fn theirs(capture: &str) -> String {
    let tables = ["io,phs", "conv,tcp", "conv,udp", "endpoints,ip", "plen,tree", "http,tree", "io,stat,0.01"];
    let mut args = vec!["-n", "-q", "-r", capture];
    for table in tables {
        args.extend(["-z", table]);
    }
    run("tshark", &args)
}

/// The lines of a table, from its title to the next rule of equals signs.
fn table<'a>(text: &'a str, title: &str) -> Vec<&'a str> {
    let lines = text.lines().skip_while(|line| !line.starts_with(title)).skip(1);
    lines.take_while(|line| !line.starts_with("====")).collect()
}

fn rows<'a>(stats: &'a Value, section: &str) -> &'a Vec<Value> {
    stats[section].as_array().unwrap()
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap()
}

fn hierarchy(ours: &Value, theirs: &str, capture: &str) {
    let mut expected: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    let mut path: Vec<(usize, String)> = Vec::new();
    for line in table(theirs, "Protocol Hierarchy Statistics") {
        let Some((head, bytes)) = line.split_once("bytes:") else { continue };
        let (name, frames) = head.split_once("frames:").unwrap();
        let depth = name.len() - name.trim_start().len();
        path.retain(|(above, _)| *above < depth);
        path.push((depth, name.trim().to_owned()));
        let names: Vec<&str> = path.iter().map(|(_, name)| name.as_str()).collect();
        let Some(network) = names.iter().position(|name| ["ip", "ipv6", "arp"].contains(name)) else { continue };
        if names.len() - network <= 2 {
            let sum = expected.entry(names[network..].join(":")).or_default();
            sum.0 += frames.trim().parse::<u64>().unwrap();
            sum.1 += bytes.trim().parse::<u64>().unwrap();
        }
    }
    let got: BTreeMap<String, (u64, u64)> = rows(ours, "hierarchy")
        .iter()
        .map(|row| (row["protocol"].as_str().unwrap().to_owned(), (number(&row["packets"]), number(&row["bytes"]))))
        .filter(|(path, _)| path.matches(':').count() <= 1)
        .collect();
    assert_eq!(got, expected, "{capture}");
}

fn conversations(ours: &Value, theirs: &str, capture: &str) {
    for (proto, title) in [("tcp:", "TCP Conversations"), ("udp:", "UDP Conversations")] {
        let mut expected: Vec<[(String, u64); 2]> = table(theirs, title)
            .into_iter()
            .filter_map(|line| {
                let words: Vec<&str> = line.split_whitespace().collect();
                let at = words.iter().position(|word| *word == "<->")?;
                // Frames and bytes towards the left, then towards the right.
                let numbers: Vec<u64> = words[at + 2..].iter().filter_map(|word| word.parse().ok()).collect();
                let mut ends = [(words[at - 1].to_owned(), numbers[2]), (words[at + 1].to_owned(), numbers[0])];
                ends.sort();
                Some(ends)
            })
            .collect();
        let mut got: Vec<[(String, u64); 2]> = rows(ours, "conversations")
            .iter()
            .filter(|row| row["conn"].as_str().unwrap().starts_with(proto))
            .map(|row| {
                let end = |name: &str, packets: &str| {
                    (row[name].as_str().unwrap().replace(['[', ']'], ""), number(&row[packets]))
                };
                let mut ends = [end("a", "packets_ab"), end("b", "packets_ba")];
                ends.sort();
                ends
            })
            .collect();
        expected.sort();
        got.sort();
        assert_eq!(got, expected, "{capture}");
    }
}

fn endpoints(ours: &Value, theirs: &str, capture: &str) {
    let expected: BTreeMap<String, Vec<u64>> = table(theirs, "IPv4 Endpoints")
        .into_iter()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            let address = words.next()?.parse::<std::net::Ipv4Addr>().ok()?;
            Some((address.to_string(), words.map(|word| word.parse().unwrap()).collect()))
        })
        .collect();
    let keys = ["packets", "bytes", "packets_sent", "bytes_sent", "packets_received", "bytes_received"];
    let got: BTreeMap<String, Vec<u64>> = rows(ours, "endpoints")
        .iter()
        .filter(|row| !row["address"].as_str().unwrap().contains(':'))
        .map(|row| (row["address"].as_str().unwrap().to_owned(), keys.map(|key| number(&row[key])).to_vec()))
        .collect();
    assert_eq!(got, expected, "{capture}");
}

fn lengths(ours: &Value, theirs: &str, capture: &str) {
    let expected: Vec<Vec<String>> = table(theirs, "Packet Lengths:")
        .into_iter()
        .map(|line| line.split_whitespace().map(str::to_owned).collect::<Vec<String>>())
        .filter(|words| words.len() > 4 && words[0].starts_with(|c: char| c.is_ascii_digit()) && words[1] != "0")
        .filter(|words| words[1] != "and" || words[3] != "0")
        .map(|words| if words[1] == "and" { words[3..7].to_vec() } else { words[1..5].to_vec() })
        .collect();
    let got: Vec<Vec<String>> = rows(ours, "lengths")
        .iter()
        .filter(|row| row["range"] != "all")
        .map(|row| {
            let average = format!("{:.2}", row["average"].as_f64().unwrap());
            let [count, low, high] = ["packets", "smallest", "largest"].map(|key| number(&row[key]).to_string());
            vec![count, average, low, high]
        })
        .collect();
    assert_eq!(got.len(), expected.len(), "{capture}");
    for (got, expected) in got.iter().zip(&expected) {
        // What lies halfway is rounded to the even digit there, and away from zero here.
        let apart = got[1].parse::<f64>().unwrap() - expected[1].parse::<f64>().unwrap();
        assert!(apart.abs() < 0.0101, "{capture}: {got:?} {expected:?}");
        assert_eq!([&got[0], &got[2], &got[3]], [&expected[0], &expected[2], &expected[3]], "{capture}");
    }
}

fn http(ours: &Value, theirs: &str, capture: &str) {
    let count = |name: &str| -> u64 {
        let table = table(theirs, "HTTP/Packet Counter:");
        let line = table.iter().find_map(|line| line.trim().strip_prefix(name)).unwrap_or(" 0");
        line.split_whitespace().next().unwrap().parse().unwrap()
    };
    let sum = |prefix: &[&str]| -> u64 {
        let rows = rows(ours, "http").iter();
        rows.filter(|row| prefix.iter().any(|prefix| row["kind"].as_str().unwrap().starts_with(prefix)))
            .map(|row| number(&row["count"]))
            .sum()
    };
    assert_eq!(sum(&["request"]), count("HTTP Request Packets"), "{capture}");
    for (category, theirs) in [
        ("2xx", "2xx: Success"),
        ("3xx", "3xx: Redirection"),
        ("4xx", "4xx: Client Error"),
        ("5xx", "5xx: Server Error"),
    ] {
        assert_eq!(sum(&[category]), count(theirs), "{capture} {category}");
    }
}

fn over_time(ours: &Value, theirs: &str, capture: &str) {
    let expected: Vec<(u64, u64)> = theirs
        .lines()
        .filter(|line| line.contains(" <> "))
        .map(|line| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            (cells[2].parse().unwrap(), cells[3].parse().unwrap())
        })
        .collect();
    let got: Vec<(u64, u64)> =
        rows(ours, "throughput").iter().map(|row| (number(&row["packets"]), number(&row["bytes"]))).collect();
    assert_eq!(got, expected, "{capture}");
}

#[test]
fn every_table_agrees_on_every_recorded_capture() {
    for capture in captures() {
        let (ours, theirs) = (ours(&capture), theirs(&capture));
        hierarchy(&ours, &theirs, &capture);
        conversations(&ours, &theirs, &capture);
        endpoints(&ours, &theirs, &capture);
        lengths(&ours, &theirs, &capture);
        http(&ours, &theirs, &capture);
        over_time(&ours, &theirs, &capture);
    }
}
