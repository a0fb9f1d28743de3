//! The HTML page, as bytes. `scripts/page.mjs` drives it in a browser.

use std::fmt::Write as _;

use netscope::language::Lang;

use crate::support::{HALF_CLOSE, RESET, UDP, render, snapshot, view};

fn page(script: &str, lang: Lang) -> String {
    render("html", script, &view(lang, 80))
}

/// What stands between two marks.
fn between<'a>(text: &'a str, open: &str, close: &str) -> &'a str {
    let from = text.find(open).unwrap_or_else(|| panic!("no {open}")) + open.len();
    let to = text[from..].find(close).unwrap_or_else(|| panic!("no {close}"));
    &text[from..from + to]
}

/// The page without its style and script, which are files of the source.
fn without_program(page: &str) -> String {
    let page = page.replace(between(page, "<style>", "</style>"), "…");
    let program = between(&page, "<script>", "</script>").to_owned();
    page.replace(&program, "…")
}

#[test]
fn snapshots_of_the_page() {
    snapshot("half-close.html", &without_program(&page(HALF_CLOSE, Lang::En)));
    snapshot("udp.html", &without_program(&page(UDP, Lang::Id)));
}

#[test]
fn both_languages_hold_the_same_and_only_the_first_differs() {
    for script in [HALF_CLOSE, RESET, UDP] {
        let (en, id) = (page(script, Lang::En), page(script, Lang::Id));
        assert!(en.contains("<html lang=\"en\">") && id.contains("<html lang=\"id\">"));
        assert_eq!(en.replacen("<html lang=\"en\">", "", 1), id.replacen("<html lang=\"id\">", "", 1));
        assert_eq!(en.matches("class=\"en\"").count(), en.matches("class=\"id\"").count());
    }
}

#[test]
fn the_page_needs_nothing_from_anywhere() {
    let page = page(HALF_CLOSE, Lang::En);
    assert!(page.contains("default-src 'none'"));
    for sign in ["src=", "href=", "@import", "url(", "fetch(", "XMLHttpRequest", "https://", "//cdn"] {
        assert!(!page.contains(sign), "{sign}");
    }
    // The one address is the name of SVG, which is never fetched.
    assert_eq!(page.matches("http://").count(), page.matches("http://www.w3.org/2000/svg").count());
}

#[test]
fn every_packet_is_in_the_data_with_its_first_bytes() {
    let page = page(HALF_CLOSE, Lang::En);
    let data = between(&page, "class=\"packets\" data-capture=\"0\">", "</script>");
    let rows: Vec<serde_json::Value> = serde_json::from_str(data).unwrap();
    assert_eq!(rows.len(), 15);
    let tables: serde_json::Value = serde_json::from_str(between(&page, "id=\"tables\">", "</script>")).unwrap();
    for (index, row) in rows.iter().enumerate() {
        assert_eq!(row[0], index + 1);
        // Of every explanation the page has the text and a value for each of its placeholders.
        for note in row[10].as_array().unwrap() {
            let rule = &tables["rules"][usize::try_from(note[0].as_u64().unwrap()).unwrap()];
            let keys = rule["keys"].as_array().unwrap();
            assert_eq!(note.as_array().unwrap().len(), 2 + keys.len(), "{row}");
            assert!(note.as_array().unwrap().iter().all(|value| !value.is_null()), "{}: {note}", rule["name"]);
        }
        assert!(row[11].as_str().unwrap().starts_with('R'), "the first byte of IPv4 is 0x45");
    }
}

#[test]
fn a_payload_cannot_leave_its_place() {
    let evil = r#"0 C>S UDP "</script><script>alert(1)</script><!-- <img src=x onerror=alert(2)>"
1 C>S SYN
2 C>S PSH,ACK "GET /</script><b> HTTP/1.1\r\nHost: <i>\r\n\r\n""#;
    let page = page(evil, Lang::En);
    assert!(!page.contains("alert(1)</script>"));
    assert!(!page.contains("<img") && !page.contains("<!--") && !page.contains("<b>") && !page.contains("<i>"));
    assert_eq!(page.matches("<script").count(), page.matches("</script>").count());
}

#[test]
fn a_large_page_is_no_larger_than_the_records() {
    let mut script = String::from("0 C>S SYN\n0.1 S>C SYN,ACK\n0.2 C>S ACK\n");
    for n in 0..1500 {
        let _ = write!(script, "{at} S>C ACK len=1448\n{at} C>S ACK\n", at = n + 1);
    }
    let page = page(&script, Lang::En);
    let lines = render("jsonl", &script, &view(Lang::En, 80));
    assert!(page.len() <= lines.len(), "{} {}", page.len(), lines.len());
    // In parts, so that a browser need not read it all at once.
    assert_eq!(page.matches("class=\"packets\"").count(), 4);
}

#[test]
fn tables_of_chosen_columns_and_connections_are_pages_too() {
    let mut chosen = view(Lang::En, 80);
    chosen.columns = Some(vec!["frame", "info"]);
    let page = render("html", HALF_CLOSE, &chosen);
    assert!(page.contains("<th scope=\"col\">info</th>") && !page.contains("class=\"packets\""));
    let mut list = view(Lang::En, 80);
    list.selection.connections = true;
    let page = render("html", HALF_CLOSE, &list);
    assert!(page.contains("class=\"connections\"") && !page.contains("class=\"packets\""));
}

#[test]
fn of_many_connections_the_plots_are_of_those_with_much_data_and_of_those_with_trouble() {
    // Thirty one after the other; each later one carries more, and the second has to send again what little it has.
    let mut script = String::new();
    for n in 0..30 {
        let (at, port) = (n * 100, 40_000 + n);
        let _ =
            writeln!(script, "{at} C>S SYN cport={port}\n{at}.1 S>C SYN,ACK cport={port}\n{at}.2 C>S ACK cport={port}");
        for segment in 1..=4 {
            let _ = writeln!(script, "{at}.{} C>S PSH,ACK len={} cport={port}", 2 + segment, 10 + n);
        }
        if n == 1 {
            let _ = writeln!(script, "{}.9 C>S PSH,ACK seq=34 len=11 cport={port}", at + 50);
        }
        let _ = writeln!(script, "{}.0 S>C ACK cport={port}", at + 60);
    }
    let page = page(&script, Lang::En);
    assert!(
        page.contains("Drawn here: tcp:1, tcp:27, tcp:28, tcp:29, picked for much data or for segments sent again.")
    );
    assert!(page.contains("netscope plot FILE --conn N --kind time-sequence"));
    let plots = between(&page, "<details class=\"plots\">", "</details>");
    let of: Vec<&str> = plots.split("<h3>").skip(1).filter_map(|part| part.split('<').next()).collect();
    assert_eq!(of, ["tcp:1", "tcp:27", "tcp:28", "tcp:29"]);
    // Of one connection nothing need be said.
    let page = self::page(HALF_CLOSE, Lang::En);
    let plots = between(&page, "<details class=\"plots\">", "</details>");
    assert!(!plots.contains("<h3>") && !plots.contains("--conn") && plots.contains("<svg"));
}
