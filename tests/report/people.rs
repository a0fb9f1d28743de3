//! The formats for people.

use netscope::language::{Lang, Text};
use netscope::report::formats::find;
use netscope::report::{FORMATS, Heading, Report, View, build, build_live};
use netscope::scenario::{Claim, Judgement, Question};
use netscope::track::{ConnId, Proto};
use unicode_width::UnicodeWidthStr;

use crate::support::{HALF_CLOSE, RESET, Shared, UDP, drive, frames, info, render, snapshot, view};

/// Long addresses and wide characters.
const WIDE: &str = r#"
client [2001:db8:1111:2222:3333:4444:5555:6666]:40000
server [2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff]:5001
0   C>S SYN
1   S>C SYN,ACK
2   C>S ACK
3   C>S PSH,ACK "日本語のテキスト、とても長い文字列です。日本語のテキスト、とても長い文字列です。🙂🙂🙂"
4   S>C PSH,ACK len=60000
5   C>S FIN,PSH,ACK "x"
"#;

fn many(connections: usize) -> String {
    let line = |n| format!("{n} C>S SYN cport={}", 1024 + n);
    (0..connections).map(line).collect::<Vec<_>>().join("\n")
}

/// Everything that the formats for people can write, in one language and width.
fn everything(lang: Lang, width: usize, color: bool) -> Vec<String> {
    let mut all = Vec::new();
    for script in [HALF_CLOSE, RESET, UDP, WIDE, &many(3)] {
        for connections in [false, true] {
            let mut view = view(lang, width);
            view.color = color;
            view.selection.connections = connections;
            all.push(render("table", script, &view));
            all.push(live(script, &view));
        }
        let mut view = view(lang, width);
        view.color = color;
        view.columns = Some(vec!["frame", "rel", "src", "dst", "data", "info", "note"]);
        all.push(render("table", script, &view));
    }
    all.push(demos(lang, width, color, "table"));
    all
}

fn live(script: &str, view: &View) -> String {
    let out = Shared::default();
    let mut report = build_live(find("table").unwrap(), Box::new(out.clone()), view.clone());
    drive(&mut *report, &frames(script), &info(None), &view.selection);
    report.finish().unwrap();
    drop(report);
    out.text()
}

/// One that a packet shows, and one that none does.
const CLAIMS: &[Claim] = &[
    Claim {
        says: Text {
            en: "An end that has closed its socket can still receive what the other end sends.",
            id: "Sisi yang telah menutup socket-nya masih dapat menerima kiriman lawannya.",
        },
        happened: Text {
            en: "data that comes after close() is answered with RST and read by nobody.",
            id: "data yang datang setelah close() dibalas dengan RST dan tidak dibaca siapa pun.",
        },
        verdict: Judgement::Wrong,
        at: "rst-after-close",
    },
    Claim {
        says: Text { en: "Names are looked up first.", id: "Nama dicari lebih dulu." },
        happened: Text { en: "not here.", id: "tidak di sini." },
        verdict: Judgement::Incomplete,
        at: "udp-other-port",
    },
];

/// Two demos in one report.
fn demos(lang: Lang, width: usize, color: bool, format: &str) -> String {
    let text = |en, id| Text { en, id };
    let first = Heading {
        name: "close-message",
        variant: Some("send-after"),
        title: text("The word close", "Kata close"),
        lesson: text("The text \"close\" is data.", "Teks \"close\" hanyalah data."),
        claims: CLAIMS,
        question: None,
        answers: false,
        clients: 1,
    };
    let second = Heading {
        name: "half-close",
        variant: None,
        title: text("One direction only", "Satu arah saja"),
        lesson: text("Data still flows the other way.", "Data masih mengalir di arah lain."),
        claims: &[],
        question: Some(Question {
            asks: text("Which end may still send, and why?", "Sisi mana yang masih boleh mengirim, dan mengapa?"),
            answer: text("The one that sent no FIN.", "Sisi yang belum mengirim FIN."),
        }),
        answers: true,
        clients: 1,
    };
    let out = Shared::default();
    let mut view = view(lang, width);
    view.color = color;
    let mut report: Box<dyn Report> = build(find(format).unwrap(), Box::new(out.clone()), view.clone());
    drive(&mut *report, &frames(RESET), &info(Some(first)), &view.selection);
    drive(&mut *report, &frames(HALF_CLOSE), &info(Some(second)), &view.selection);
    report.finish().unwrap();
    drop(report);
    out.text()
}

#[test]
fn snapshots_of_demos_lists_and_live_tables() {
    for lang in Lang::ALL {
        let code = lang.code();
        snapshot(&format!("demos.{code}.80.txt"), &demos(lang, 80, false, "table"));
        snapshot(&format!("demos.{code}.md"), &demos(lang, 80, false, "markdown"));
        snapshot(&format!("list.{code}.80.txt"), &render("table", &many(25), &view(lang, 80)));
        snapshot(&format!("live.{code}.80.txt"), &live(RESET, &view(lang, 80)));
    }
    snapshot("list.en.md", &render("markdown", &many(25), &view(Lang::En, 80)));
    snapshot("live.en.120.txt", &live(UDP, &view(Lang::En, 120)));
    snapshot("narrow.en.44.txt", &render("table", RESET, &view(Lang::En, 44)));
    snapshot("wide.en.80.txt", &render("table", WIDE, &view(Lang::En, 80)));
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    for lang in Lang::ALL {
        for width in [24, 33, 40, 47, 48, 60, 72, 79, 80, 81, 100, 119, 120, 121, 140, 200, 300] {
            for text in everything(lang, width, false) {
                for line in text.lines() {
                    assert!(line.width() <= width, "{} > {width}: {line:?}\n{text}", line.width());
                }
            }
        }
    }
}

/// The text without SGR sequences; any other control character is a fault.
fn without_color(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('\u{1b}') {
        plain.push_str(&rest[..at]);
        let (codes, after) = rest[at + 1..].split_once('m').expect("a complete sequence");
        assert!(
            codes.strip_prefix('[').is_some_and(|c| c.chars().all(|c| c.is_ascii_digit() || c == ';')),
            "{codes:?}"
        );
        rest = after;
    }
    plain + rest
}

#[test]
fn colour_adds_nothing_but_colour() {
    for width in [40, 80, 140] {
        for (plain, coloured) in everything(Lang::En, width, false).iter().zip(everything(Lang::En, width, true)) {
            assert!(!plain.contains('\u{1b}'));
            assert!(coloured.contains('\u{1b}'), "{coloured}");
            let coloured = without_color(&coloured);
            for (line, expected) in coloured.lines().zip(plain.lines()) {
                assert_eq!(line.trim_end(), expected.trim_end());
            }
            assert_eq!(coloured.lines().count(), plain.lines().count());
        }
    }
}

#[test]
fn what_comes_off_the_wire_cannot_reach_the_terminal() {
    let evil = r#"
0 C>S UDP "\x1b]0;title\x07\x1b[2J\r\x9b31m\xe2\x80\xae\xe2\x81\xa6 \xc2\x9b31m <b>|`a`|"
1 C>S UDP "close\x1b[31m"
2 C>S UDP "bye\n"
"#;
    let mut source = info(None);
    source.source = "a\u{1b}[31m\u{202e}b".into();
    for format in FORMATS {
        let (out, view) = (Shared::default(), view(Lang::En, 80));
        let mut report = build(format, Box::new(out.clone()), view.clone());
        drive(&mut *report, &frames(evil), &source, &view.selection);
        report.finish().unwrap();
        let text = out.text();
        if format.for_people {
            let bad = |c: char| {
                (c.is_control() && c != '\n')
                    || ('\u{202a}'..='\u{202e}').contains(&c)
                    || ('\u{2066}'..='\u{2069}').contains(&c)
            };
            assert!(!text.contains(bad), "{}: {text:?}", format.name);
        } else {
            // The source's name is quoted by JSON; nothing is sent raw.
            assert!(!text.contains(|c: char| c.is_control() && c != '\n' && c != '\r'), "{}: {text:?}", format.name);
        }
    }
    let markdown = render("markdown", evil, &view(Lang::En, 80));
    let row = markdown.lines().find(|line| line.starts_with("| 1 |")).expect("the first packet");
    assert!(row.contains(r"<b>\|`a`\|"), "{row}");
    assert_eq!(row.replace("\\|", "").matches('|').count(), 8, "the pipe ends no cell: {row}");
}

#[test]
fn a_long_list_is_cut_and_says_how_to_see_the_rest() {
    let text = render("table", &many(25), &view(Lang::En, 80));
    assert!(text.contains("tcp:19 ") && !text.contains("tcp:20 "), "{text}");
    assert!(text.contains("20 of 25 connections") && text.contains("--limit 25"), "{text}");
    assert!(text.contains("--conn 0"), "{text}");
    let mut all = view(Lang::En, 80);
    all.limit = Some(25);
    let text = render("table", &many(25), &all);
    assert!(text.contains("tcp:24 ") && !text.contains("of 25"), "{text}");
}

#[test]
fn a_long_timeline_keeps_its_beginning_and_its_end() {
    let mut script = String::from("0 C>S SYN\n1 S>C SYN,ACK\n2 C>S ACK\n");
    for _ in 0..300 {
        script.push_str("C>S PSH,ACK \"x\"\nS>C ACK\n");
    }
    script.push_str("C>S FIN,ACK\nS>C FIN,ACK\nC>S ACK\n");
    let text = render("table", &script, &view(Lang::En, 80));
    assert!(text.contains("406 packets are left out here. All of them: --limit 606"), "{text}");
    let frames: Vec<&str> = text
        .lines()
        .filter_map(|line| line.get(..6))
        .filter(|cell| cell.trim_start_matches('┃').trim().parse::<u64>().is_ok())
        .collect();
    assert_eq!(frames.len(), 200);
    assert!(text.contains("FIN, ACK") && text.contains("SYN, ACK"));
    // What was explained twice is only named from then on.
    assert_eq!(text.matches("asks that the data be handed").count(), 2, "{text}");
    assert!(text.contains("as in frame"));
    let mut few = view(Lang::En, 80);
    few.limit = Some(4);
    let text = render("table", &script, &few);
    assert!(text.contains("602 packets are left out"), "{text}");
    few.limit = Some(0);
    assert!(render("table", &script, &few).contains("606 packets are left out"));
}

#[test]
fn the_connection_that_is_asked_for_is_told() {
    let mut one = view(Lang::En, 80);
    one.selection.only = vec![ConnId { proto: Proto::Tcp, index: 1 }];
    let text = render("table", &many(3), &one);
    assert!(text.contains("10.0.0.1:1025") && !text.contains("10.0.0.1:1024"), "{text}");
    assert!(text.contains(" 2 ") && text.contains("SYN"), "{text}");
    one.selection.only.push(ConnId { proto: Proto::Tcp, index: 2 });
    let text = render("table", &many(3), &one);
    assert!(text.contains("10.0.0.1:1025") && text.contains("10.0.0.1:1026"), "{text}");
}

#[test]
fn chosen_columns_stand_alone() {
    let mut chosen = view(Lang::Id, 80);
    chosen.columns = Some(vec!["frame", "flags", "rel"]);
    let text = render("table", RESET, &chosen);
    let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines[0], ["#", "flag", "detik"]);
    assert_eq!(lines[3], ["2", "SYN", "ACK", "0,0001"]);
    assert_eq!(lines.len(), 10, "{text}");
    chosen.limit = Some(2);
    assert!(render("table", RESET, &chosen).contains("2 dari 8 paket"));
    chosen.selection.connections = true;
    chosen.columns = Some(vec!["conn", "close", "half_close"]);
    let text = render("markdown", RESET, &chosen);
    assert!(
        text.starts_with("| koneksi | penutupan | half-close |\n| --- | --- | --- |\n| 0 | rst | by=server"),
        "{text}"
    );
}

#[test]
fn demos_are_compared() {
    let text = demos(Lang::En, 80, false, "table");
    let table = &text[text.find("Side by side").expect("a comparison")..];
    for words in ["close-message / send-after", "half-close", "nobody", "client", "reset", "acknowledged"] {
        assert!(table.contains(words), "{words}: {table}");
    }
    let single = render("table", RESET, &view(Lang::En, 80));
    assert!(!single.contains("Side by side"));
}

#[test]
fn what_else_was_captured_is_counted() {
    let text =
        render("table", &format!("{RESET}\n60 C>S ICMP echo-request\n61 S>C ICMP echo-reply"), &view(Lang::En, 80));
    assert!(text.contains("ICMP 2") && text.contains("--format csv"), "{text}");
    let text = render("table", "0 C>S ICMP echo-request", &view(Lang::Id, 80));
    assert!(text.contains("Tidak ada koneksi TCP") && text.contains("ICMP 1"), "{text}");
}
