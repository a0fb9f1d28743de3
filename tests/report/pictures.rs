//! The ladder and its drawings.

use netscope::analysis::{self, Request};
use netscope::beside::Beside;
use netscope::frame::{MemorySource, OwnedFrame, Time};
use netscope::language::Lang;
use netscope::report::formats::find;
use netscope::report::{Selection, View, build};
use netscope::script::{START, Script};
use netscope::timeline::{Call, Deed, SocketUse};
use netscope::track::{Proto, Side};
use unicode_width::UnicodeWidthStr;

use crate::support::{HALF_CLOSE, RESET, Shared, UDP, drive, frames, info, render, snapshot, view};

const PICTURES: [(&str, &str); 4] = [("ladder", "ladder.txt"), ("svg", "svg"), ("mermaid", "mmd"), ("latex", "tex")];

/// Scripts between different hosts, as one capture in order of time.
fn together(scripts: &[String]) -> Vec<OwnedFrame> {
    let mut all: Vec<OwnedFrame> = scripts.iter().flat_map(|script| frames(script)).collect();
    all.sort_by_key(|frame| frame.time);
    all
}

/// A name is looked up, then three servers are asked.
fn page_load() -> Vec<OwnedFrame> {
    let mut scripts =
        vec!["client 192.168.1.5:40053\nserver 192.168.1.1:53\n0 C>S UDP \"name?\"\n5 S>C UDP \"address\"".to_owned()];
    for (n, begin) in [(10, 10), (20, 30), (30, 31)] {
        scripts.push(format!(
            "client 192.168.1.5:500{n}\nserver 203.0.113.{n}:443\n{begin} C>S SYN\n{} S>C SYN,ACK\n{} C>S ACK\n\
             {} C>S PSH,ACK \"GET {n}\"\n{} S>C PSH,ACK \"page {n}\"\n{} S>C FIN,ACK\n{} C>S FIN,ACK\n{} S>C ACK",
            begin + 12,
            begin + 13,
            begin + 14,
            begin + 40,
            begin + 41,
            begin + 42,
            begin + 55
        ));
    }
    together(&scripts)
}

fn draw(format: &str, frames: &[OwnedFrame], view: &View) -> String {
    let out = Shared::default();
    let mut report = build(find(format).unwrap(), Box::new(out.clone()), view.clone());
    drive(&mut *report, frames, &info(None), &Selection::default());
    report.finish().unwrap();
    drop(report);
    out.text()
}

#[test]
fn snapshots_of_every_picture() {
    for lang in Lang::ALL {
        let code = lang.code();
        for (format, ending) in PICTURES {
            snapshot(&format!("half-close.{code}.{ending}"), &render(format, HALF_CLOSE, &view(lang, 80)));
        }
        snapshot(&format!("reset.{code}.ladder.txt"), &render("ladder", RESET, &view(lang, 80)));
        snapshot(&format!("udp.{code}.ladder.txt"), &render("ladder", UDP, &view(lang, 80)));
        snapshot(&format!("page.{code}.ladder.txt"), &draw("ladder", &page_load(), &view(lang, 100)));
    }
    snapshot("page.en.svg", &draw("svg", &page_load(), &view(Lang::En, 80)));
    snapshot("page.en.mmd", &draw("mermaid", &page_load(), &view(Lang::En, 80)));
}

#[test]
fn a_page_load_has_a_lane_for_every_end() {
    // The browser's ports share its address; with room for all of them, each has its own.
    let page = draw("svg", &page_load(), &view(Lang::En, 80));
    for end in ["192.168.1.5<", "192.168.1.1:53<", "203.0.113.10:443<", "203.0.113.20:443<", "203.0.113.30:443<"] {
        assert_eq!(page.matches(&format!(">{end}")).count(), 1, "{end}");
    }
    assert!(!page.contains(">192.168.1.5:40053<"));
    let wide = draw("mermaid", &page_load(), &view(Lang::En, 80));
    assert_eq!(wide.matches("participant").count(), 8, "{wide}");
    assert!(wide.contains("client 192.168.1.5#58;40053"));
    // Where not even that fits, what is missing is said.
    let narrow = draw("ladder", &page_load(), &view(Lang::En, 60));
    assert!(narrow.contains("3 connections have no room"), "{narrow}");
}

#[test]
fn two_lanes_on_one_address_and_port_stay_two() {
    let same = "client 127.0.0.1:5000\nserver 127.0.0.1:5000\n0 C>S SYN\n1 C>S SYN,ACK";
    let text = render("mermaid", same, &view(Lang::En, 80));
    assert_eq!(text.matches("participant").count(), 2, "{text}");
    let loopback = HALF_CLOSE.replacen('\n', "\nclient 127.0.0.1:40000\nserver 127.0.0.1:5000\n", 1);
    let text = render("mermaid", &loopback, &view(Lang::En, 80));
    assert!(text.contains("L0->>L1: #35;1 SYN") && text.contains("L1->>L0: #35;2 SYN,ACK"), "{text}");
}

#[test]
fn the_half_closed_time_is_drawn_from_fin_to_fin() {
    let text = render("ladder", HALF_CLOSE, &view(Lang::En, 80));
    let marked: Vec<&str> = text.lines().filter(|line| line.starts_with('┃')).collect();
    assert!(marked[0].contains("10 ") && marked[0].contains("FIN,ACK"), "{text}");
    assert!(!marked.iter().any(|line| line.contains("  14 ")), "{text}");
    // The bracket ends at the other FIN.
    let after = text.lines().skip_while(|line| !line.contains("  14 ")).nth(2).unwrap();
    assert!(after.contains("Half-closed · 53.1 ms · 9 B S→C"), "{after}");
}

#[test]
fn no_picture_is_wider_than_it_may_be() {
    for lang in Lang::ALL {
        for width in [20, 40, 60, 80, 100, 140, 200] {
            for script in [HALF_CLOSE, RESET, UDP] {
                for ascii in [false, true] {
                    let mut view = view(lang, width);
                    view.ascii = ascii;
                    let text = render("ladder", script, &view);
                    for line in text.lines() {
                        assert!(line.width() <= width.max(48), "{width}: {} {line}", line.width());
                        assert!(!ascii || line.is_ascii(), "{line}");
                    }
                }
            }
        }
    }
}

#[test]
fn a_long_capture_is_cut_and_the_cut_is_said() {
    let long: Vec<String> = (0..400).map(|n| format!("{n} C>S UDP \"{n}\"")).collect();
    let long = long.join("\n");
    for (format, _) in PICTURES {
        let text = render(format, &long, &view(Lang::En, 80));
        let plain = text.replace(['~', '\u{a0}'], " ").replace("-{}-", "--").replace("<br/>", " ");
        assert!(plain.contains("--limit 400"), "{format}: {}", &plain[plain.len() - 600..]);
        let mut all = view(Lang::En, 80);
        all.limit = Some(400);
        assert!(!render(format, &long, &all).contains("--limit"), "{format}");
    }
}

#[test]
fn mermaid_never_gets_more_text_than_it_draws() {
    let long: Vec<String> = (0..3000).map(|n| format!("{n} C>S UDP \"packet number {n}\"")).collect();
    let long = long.join("\n");
    let mut view = view(Lang::En, 80);
    view.limit = Some(3000);
    let text = render("mermaid", &long, &view);
    assert!(text.chars().count() < 50_000);
    assert!(text.contains("packets are left out"));
}

#[test]
fn nothing_in_a_payload_becomes_part_of_a_picture() {
    let evil = r#"0 C>S UDP "</text><script>alert(1)</script>&amp;; end\n%% \\end{document} #1 -->> $x_1^2$ {a}""#;
    let svg = render("svg", evil, &view(Lang::En, 80));
    assert!(!svg.contains("<script"), "{svg}");
    assert!(svg.contains("&lt;/text&gt;&lt;script&gt;"));
    let mermaid = render("mermaid", evil, &view(Lang::En, 80));
    let line = mermaid.lines().find(|line| line.contains("script")).unwrap();
    assert!(!line.replace("<br/>", "").contains(['<', '>', '%', '{', '"', '\\']) || line.contains("L0->>L1"), "{line}");
    let latex = render("latex", evil, &view(Lang::En, 80));
    assert_eq!(latex.matches("\\end{document}").count(), 1);
    assert!(!latex.contains("%%"));
}

#[test]
fn an_icmp_error_comes_from_who_sent_it() {
    let text = render("mermaid", UDP, &view(Lang::En, 80));
    assert_eq!(text.matches("participant").count(), 2, "{text}");
    let router = UDP.replace("quotes 3", "quotes 3 from=192.0.2.254");
    let text = render("mermaid", &router, &view(Lang::En, 80));
    assert_eq!(text.matches("participant").count(), 3, "{text}");
    assert!(text.contains("192.0.2.254") && text.contains("L2-->>L0"), "{text}");
}

/// A call of the one process that both ends of a demo are, so many microseconds after the first packet.
fn call(id: u32, side: Side, (name, at): (&str, i64), deed: Deed, cookie: u64) -> Call {
    let ends = ["10.0.0.1:40000", "10.0.0.2:5001"].map(|end| Some(end.parse().expect("an address")));
    let [local, peer] = if side == Side::Client { ends } else { [ends[1], ends[0]] };
    // The listener has no peer.
    let peer = peer.filter(|_| cookie < 9);
    Call {
        id,
        side: Some(side),
        pid: 7,
        tid: 7,
        name: name.to_owned(),
        args: "3".to_owned(),
        entry: Time(START.0 + 1_000 * at),
        exit: Some(Time(START.0 + 1_000 * (at + 60))),
        result: Some(Ok(0)),
        socket: Some(SocketUse { cookie, proto: Proto::Tcp, fd: 3, local, peer }),
        deed,
        data: Vec::new(),
        source: None,
    }
}

#[test]
fn calls_of_one_process_stand_beside_the_end_that_made_them() {
    let server: std::net::SocketAddr = "10.0.0.2:5001".parse().unwrap();
    let calls = vec![
        call(0, Side::Server, ("bind", -40), Deed::Bind(server), 9),
        call(1, Side::Server, ("listen", -30), Deed::Listen, 9),
        call(2, Side::Client, ("connect", -20), Deed::Connect(server), 1),
        call(3, Side::Server, ("accept", 50), Deed::Accept { listener: 9 }, 2),
        call(4, Side::Server, ("close", 95_040), Deed::Close { left: 0 }, 9),
    ];
    let script = Script::parse(HALF_CLOSE).unwrap();
    let (frames, interfaces) = (script.frames(), script.interfaces());
    let beside = Beside { calls, ..Beside::default() };
    let witness = beside.witness(&mut MemorySource::new(&frames, &interfaces)).unwrap();
    assert!(witness.as_ref().is_some_and(|witness| witness.calls[0].conn.is_none() && witness.calls[2].conn.is_some()));
    let out = Shared::default();
    let mut report = build(find("ladder").unwrap(), Box::new(out.clone()), view(Lang::En, 80));
    let request = Request { witness: witness.as_ref(), ..Request::default() };
    analysis::run(&mut MemorySource::new(&frames, &interfaces), request, &mut *report).unwrap();
    report.finish().unwrap();
    drop(report);
    let ladder = out.text();
    let lane = |call: &str| {
        let line = ladder.lines().find(|line| line.contains(call)).unwrap_or_else(|| panic!("{call}: {ladder}"));
        line.chars().position(|char| char == '●').unwrap_or_else(|| panic!("{call}: {ladder}"))
    };
    let close = "close(3)";
    assert!(lane("connect(3, 10.0.0.2:5001)") < lane("accept(3)"), "{ladder}");
    for call in ["bind(3, 10.0.0.2:5001)", "listen(3)", close] {
        assert_eq!(lane(call), lane("accept(3)"), "{ladder}");
    }
}
