//! The formats for programs.

use netscope::frame::{Damage, DamageReason, LinkType, OwnedFrame, Time};
use netscope::language::Lang;
use netscope::report::formats::find;
use netscope::report::{Ending, PayloadLimit, Settings, build};
use netscope::track::{ConnId, Connections, Proto, Tracker};
use serde_json::Value;

use crate::support::{HALF_CLOSE, RESET, Shared, UDP, drive, frames, info, render, view};

/// An object with its keys in the order in which they were written.
#[derive(Debug)]
struct Ordered(Vec<(String, Value)>);

impl<'de> serde::Deserialize<'de> for Ordered {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> serde::de::Visitor<'de> for Entries {
            type Value = Ordered;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Ordered, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Ordered(entries))
            }
        }
        deserializer.deserialize_map(Entries)
    }
}

impl Ordered {
    fn keys(&self) -> String {
        self.0.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>().join(" ")
    }
    fn get(&self, key: &str) -> &Value {
        self.0.iter().find(|(name, _)| name == key).map_or(&Value::Null, |(_, value)| value)
    }
}

fn lines(text: &str) -> Vec<Ordered> {
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
}

const TCP_KEYS: &str = "kind frame time rel iface proto conn dir src dst caplen wirelen len data flags seq ack seq_raw \
     ack_raw win window options checksum analysis client_state server_state info rules note certainty";
const UDP_KEYS: &str =
    "kind frame time rel iface proto conn dir src dst caplen wirelen len data checksum info rules note certainty";
const ICMP_KEYS: &str = "kind frame time rel iface proto conn src dst caplen wirelen info rules note certainty quotes";
const OTHER_KEYS: &str = "kind frame time rel iface proto conn caplen wirelen info rules note certainty";
const CONNECTION_KEYS: &str = "kind proto conn client server client_by first_frame last_frame start duration packets \
     bytes rtt close closed_by half_close requests conn_state history completeness client_state \
     server_state verdict rule certainty evidence candidates";

#[test]
fn packet_records_have_the_keys_of_the_contract_in_order() {
    let tcp = lines(&render("jsonl", HALF_CLOSE, &view(Lang::En, 80)));
    assert_eq!(tcp.len(), 17);
    assert_eq!(tcp[0].keys(), "kind schema netscope source lang interfaces");
    for packet in &tcp[1..16] {
        assert_eq!(packet.keys(), TCP_KEYS);
    }
    assert_eq!(tcp[16].keys(), "kind complete packets dropped");
    assert_eq!(tcp[1].get("ack"), &Value::Null, "no ACK flag");
    assert_eq!(tcp[1].get("time"), "1700000000.000000000");
    assert_eq!(tcp[1].get("options").to_string(), r#"{"mss":65495,"sack_ok":true,"ts":[100,0],"wscale":7}"#);
    assert_eq!(tcp[10].get("flags").to_string(), r#"["FIN","ACK"]"#);
    assert_eq!(tcp[10].get("client_state"), "FIN-WAIT-1");
    let udp = lines(&render("jsonl", UDP, &view(Lang::En, 80)));
    assert_eq!(udp[1].keys(), UDP_KEYS);
    assert_eq!(udp[4].keys(), ICMP_KEYS);
    assert_eq!(udp[4].get("quotes").to_string(), r#"{"conn":0,"frame":3,"proto":"udp"}"#);
    assert_eq!(udp[4].get("conn"), &Value::Null);
    assert_eq!(udp[3].get("data"), r"\x1B[31m\xE2\x80\xAE\x00 evil");
}

#[test]
fn an_undecodable_frame_has_only_what_it_has() {
    let frame =
        OwnedFrame { time: None, interface: 0, link: LinkType(999), wire_len: 3, bytes: vec![1, 2, 3], passage: None };
    let out = Shared::default();
    let view = view(Lang::En, 80);
    let mut report = build(find("jsonl").unwrap(), Box::new(out.clone()), view.clone());
    drive(&mut *report, &[frame], &info(None), &view.selection);
    let records = lines(&out.text());
    assert_eq!(records[1].keys(), OTHER_KEYS);
    assert_eq!((records[1].get("time"), records[1].get("rel")), (&Value::Null, &Value::Null));
    assert_eq!(records[1].get("proto"), "other");
}

#[test]
fn connection_records_have_the_keys_of_the_contract_in_order() {
    let mut view = view(Lang::En, 80);
    view.selection.connections = true;
    let records = lines(&render("jsonl", HALF_CLOSE, &view));
    assert_eq!(records.len(), 3, "capture, connection, end");
    let conn = &records[1];
    assert_eq!(conn.keys(), CONNECTION_KEYS);
    assert_eq!(conn.get("packets").to_string(), r#"{"c2s":8,"s2c":7}"#);
    assert_eq!(conn.get("bytes").to_string(), r#"{"c2s":14,"s2c":23}"#);
    let half = r#"{"accepted":true,"by":"client","bytes_after":9,"duration":0.0531,"frame":10}"#;
    assert_eq!(conn.get("half_close").to_string(), half);
    assert_eq!((conn.get("close"), conn.get("closed_by")), (&"fin".into(), &"client".into()));
    let udp = lines(&render("jsonl", UDP, &view));
    let absent = ["rtt", "close", "closed_by", "half_close", "completeness", "client_state", "server_state"];
    let expected: Vec<&str> = CONNECTION_KEYS.split(' ').filter(|key| !absent.contains(key)).collect();
    assert_eq!(udp[1].keys(), expected.join(" "));
}

#[test]
fn demos_end_with_their_connections() {
    let mut view = view(Lang::Id, 80);
    view.connections_at_end = true;
    let records = lines(&render("jsonl", RESET, &view));
    let kinds: Vec<&str> = records.iter().filter_map(|record| record.get("kind").as_str()).collect();
    assert_eq!(kinds.first(), Some(&"capture"));
    assert_eq!(kinds[kinds.len() - 2..], ["connection", "end"]);
    assert_eq!(records[0].get("lang"), "id");
}

#[test]
fn json_is_one_array_of_the_same_records() {
    let array: Vec<Value> = serde_json::from_str(&render("json", RESET, &view(Lang::En, 80))).unwrap();
    let lines: Vec<Value> =
        render("jsonl", RESET, &view(Lang::En, 80)).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(array, lines);
    // Several captures are still one array, and none is an empty one.
    let (out, view) = (Shared::default(), view(Lang::En, 80));
    let mut report = build(find("json").unwrap(), Box::new(out.clone()), view.clone());
    for _ in 0..2 {
        drive(&mut *report, &frames(RESET), &info(None), &view.selection);
    }
    report.finish().unwrap();
    assert_eq!(serde_json::from_str::<Vec<Value>>(&out.text()).unwrap().len(), 2 * lines.len());
    let out = Shared::default();
    build(find("json").unwrap(), Box::new(out.clone()), view).finish().unwrap();
    assert_eq!(out.text(), "[]\n");
}

#[test]
fn seconds_have_no_exponent_and_count_from_the_first_packet() {
    let text = render("jsonl", "0 C>S SYN\n0.000001 S>C SYN,ACK\n0.1 C>S ACK", &view(Lang::En, 80));
    assert!(text.contains(r#""rel":0,"#) || text.contains(r#""rel":0.0,"#), "{text}");
    assert!(text.contains(r#""rel":0.000000001,"#), "{text}");
    assert!(text.contains(r#""resolution":0.000000001}"#), "{text}");
    // A filter may hide the first packet; its time still counts.
    let (out, mut view) = (Shared::default(), view(Lang::En, 80));
    view.selection.only = vec![ConnId { proto: Proto::Tcp, index: 1 }];
    let mut report = build(find("jsonl").unwrap(), Box::new(out.clone()), view.clone());
    drive(&mut *report, &frames("0 C>S SYN\n5 C>S SYN cport=40001"), &info(None), &view.selection);
    let records = lines(&out.text());
    assert_eq!((records.len(), records[1].get("rel").as_f64()), (3, Some(0.005)));
}

#[test]
fn the_end_tells_of_damage_and_the_beginning_of_settings() {
    let (out, view) = (Shared::default(), view(Lang::Id, 80));
    let mut report = build(find("jsonl").unwrap(), Box::new(out.clone()), view);
    let tcp = vec![("tcp_sack".to_owned(), "1".to_owned())];
    let mut info = info(None);
    info.settings = Some(Settings { kernel: "Linux 6.18".into(), tcp });
    report.begin(&info).unwrap();
    report.started(Time(0));
    let reason = DamageReason::Cut { had: 12, needed: 60 };
    let damage = Some(Damage { offset: 1234, frame: 8, reason });
    let none = Tracker::new();
    let ending = Ending { packets: 7, damage, forgotten: 2, ..Ending::default() };
    report.end(&Connections::new(&none, &[]), &ending).unwrap();
    let records = lines(&out.text());
    assert_eq!(records[0].get("settings").to_string(), r#"{"kernel":"Linux 6.18","tcp_sack":"1"}"#);
    assert_eq!(records[1].keys(), "kind complete packets dropped forgotten offset frame reason");
    assert_eq!(records[1].get("complete"), &Value::Bool(false));
    assert_eq!(records[1].get("offset"), 1234);
}

#[test]
fn payload_is_cut_left_out_or_whole() {
    let data = |limit| {
        let mut view = view(Lang::En, 80);
        view.payload = limit;
        lines(&render("jsonl", "0 C>S UDP \"abcdef\"", &view)).remove(1)
    };
    assert_eq!(data(PayloadLimit::Bytes(3)).get("data"), "abc");
    assert_eq!(data(PayloadLimit::All).get("data"), "abcdef");
    assert!(!data(PayloadLimit::None).keys().contains("data"));
}

/// Reads RFC 4180 strictly: quotes only around whole cells, doubled inside, CRLF after each record.
fn csv(text: &str) -> Vec<Vec<String>> {
    let mut records = vec![vec![String::new()]];
    let (mut chars, mut quoted) = (text.chars().peekable(), false);
    while let Some(char) = chars.next() {
        let cell = records.last_mut().unwrap().last_mut().unwrap();
        match char {
            '"' if quoted && chars.next_if_eq(&'"').is_some() => cell.push('"'),
            '"' => {
                assert!(quoted || cell.is_empty(), "a quote inside a bare cell");
                quoted = !quoted;
            }
            _ if quoted => cell.push(char),
            ',' => records.last_mut().unwrap().push(String::new()),
            '\r' => {
                assert_eq!(chars.next(), Some('\n'));
                records.push(vec![String::new()]);
            }
            '\n' => panic!("a bare line feed"),
            _ => cell.push(char),
        }
    }
    assert_eq!(records.pop(), Some(vec![String::new()]), "ends with a line end");
    records
}

#[test]
fn csv_holds_what_the_records_hold() {
    let script = "0 C>S SYN mss=1460 ws=7 ts=5,0\n1 S>C SYN,ACK\n2 C>S ACK\n3 C>S PSH,ACK \"=1+1, \\\"x\\\"\\n\"\n\
                  4 S>C ACK ack=1 sack=2-4,6-8\n5 C>S PSH,ACK \"+62 \\\\ @\"";
    let cells = csv(&render("csv", script, &view(Lang::En, 80)));
    let records = lines(&render("jsonl", script, &view(Lang::En, 80)));
    assert_eq!(cells.len(), records.len() - 1, "a header, no capture and end records");
    let column = |name: &str| cells[0].iter().position(|key| key == name).unwrap_or_else(|| panic!("{name}"));
    for (row, record) in cells[1..].iter().zip(&records[1..]) {
        assert_eq!(row.len(), cells[0].len());
        for key in ["frame", "seq", "ack", "src", "info", "note", "client_state"] {
            let value = record.get(key);
            let plain = value.as_str().map_or_else(|| value.to_string().replace("null", ""), str::to_owned);
            assert_eq!(row[column(key)], plain, "{key}");
        }
    }
    assert_eq!(cells[4][column("data")], "'=1+1, \"x\"\\n");
    assert_eq!(cells[6][column("data")], r"'+62 \\ @");
    assert_eq!(cells[1][column("options.mss")], "1460");
    assert_eq!(cells[1][column("options.ts")], "5 0");
    assert_eq!(cells[5][column("options.sack")], "2-4 6-8");
    assert_eq!(cells[2][column("flags")], "SYN ACK");
    let top: Vec<&str> = cells[0].iter().filter_map(|key| key.split('.').next()).collect();
    let mut keys = top.clone();
    keys.dedup();
    assert_eq!(keys.join(" "), format!("{TCP_KEYS} app quotes arrived lost owner cause"));
}

#[test]
fn csv_of_connections_and_of_several_captures() {
    let mut view = view(Lang::En, 80);
    view.selection.connections = true;
    let cells = csv(&render("csv", RESET, &view));
    assert_eq!(cells.len(), 2);
    let mut keys: Vec<&str> = cells[0].iter().filter_map(|key| key.split('.').next()).collect();
    keys.dedup();
    assert_eq!(keys.join(" "), CONNECTION_KEYS);
    let accepted = cells[0].iter().position(|key| key == "half_close.accepted").unwrap();
    assert_eq!(cells[1][accepted], "false");
    let out = Shared::default();
    let mut report = build(find("csv").unwrap(), Box::new(out.clone()), view.clone());
    for _ in 0..2 {
        drive(&mut *report, &frames(RESET), &info(None), &view.selection);
    }
    report.finish().unwrap();
    assert_eq!(csv(&out.text()).len(), 3, "one header, two rows");
}
