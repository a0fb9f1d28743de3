//! A reader at a page: steps, keys, list, filter, sorting, dark, paper, narrow, no script, many packets.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::browser::{Browser, Page};
use super::{open, open_page, show};

fn text(page: &Page<'_>, selector: &str) -> String {
    let text = page.run(&format!("document.querySelector({selector:?}).textContent"));
    text.as_str().unwrap_or_else(|| panic!("no {selector}")).to_owned()
}

fn count(page: &Page<'_>, selector: &str) -> u64 {
    page.run(&format!("document.querySelectorAll({selector:?}).length")).as_u64().unwrap()
}

/// How many entries the filter of all packets leaves.
const SHOWN: &str = "parseInt(document.querySelector('.all .count').textContent.replace('.', ''))";

#[test]
fn the_exchange_is_replayed_step_by_step_with_mouse_and_keys() {
    let Some(browser) = Browser::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    for capture in ["captures/half-close", "captures/reordering-three-places", "captures/multithread-exit-intended"] {
        let page = show(&browser, folder.path(), capture, "en");
        let frames = page.run(
            "[...document.querySelector('.ladder svg').querySelectorAll('.l-arrow')].map((one) => +one.dataset.frame)",
        );
        let frames: Vec<u64> = frames.as_array().unwrap().iter().map(|frame| frame.as_u64().unwrap()).collect();
        let place = |at: usize| format!("{at} / {}", frames.len());
        assert_eq!(text(&page, ".steps .count"), place(frames.len()), "{capture}: everything is shown at first");
        page.click("[data-step=first]");
        assert_eq!(text(&page, ".steps .count"), place(1), "{capture}");
        // What comes later is hidden, in the drawing of either language.
        assert_eq!(count(&page, ".curtain"), 2, "{capture}");
        page.run("document.querySelector('.ladder').focus()");
        for (key, at) in [("ArrowDown", 2), ("ArrowRight", 3), ("ArrowUp", 2), ("End", frames.len()), ("Home", 1)] {
            page.press(key);
            assert_eq!(text(&page, ".steps .count"), place(at), "{capture}: {key}");
            let title = text(&page, ".details h3");
            assert!(title.starts_with(&format!("#{} ", frames[at - 1])), "{capture}: {key}: {title}");
            assert_eq!(page.run("[...document.querySelectorAll('.ladder .chosen')].every((one, _, all) => one.dataset.frame === all[0].dataset.frame)"), true);
        }
        let dump = text(&page, ".details pre");
        assert!(dump.starts_with("0000  ") && dump.lines().count() > 2, "{capture}: {dump}");
        page.click("[data-step=last]");
        assert_eq!(count(&page, ".curtain"), 0, "{capture}");
        // Playing goes on by itself from the beginning, and stops.
        page.click("[data-step=play]");
        page.until("/^[2-9]/.test(document.querySelector('.steps .count').textContent)");
        page.click("[data-step=play]");
        // A click on an arrow explains its packet, in the language of the page.
        page.click("[data-step=last]");
        page.click(".ladder svg .l-arrow .l-text");
        assert!(text(&page, ".details h3").starts_with(&format!("#{} ", frames[0])), "{capture}");
        let english = text(&page, ".details p");
        page.click("button[data-lang=id]");
        assert_ne!(text(&page, ".details p"), english, "{capture}");
        assert_eq!(page.troubles(), Vec::<String>::new(), "{capture}");
    }
}

#[test]
fn the_list_is_filtered_sorted_and_walked_by_keys() {
    let Some(browser) = Browser::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let page = show(&browser, folder.path(), "captures/multithread-exit-intended", "en");
    let total = page.run("+document.querySelector('section.capture').dataset.packets");
    assert_eq!(page.run(SHOWN), total);
    page.run("document.querySelector('.all .list').focus()");
    page.press("Home");
    assert!(text(&page, ".all .details h3").starts_with("#1 "));
    page.press("End");
    assert!(text(&page, ".all .details h3").starts_with(&format!("#{total} ")));
    assert_eq!(count(&page, ".all .row[aria-selected=true]"), 1);
    // Words are found in flags, rules and addresses; all of them must be there.
    page.run("document.querySelector('.all input').focus()");
    page.write("syn tcp:1");
    page.until(&format!("{SHOWN} < {total}"));
    let found = page.run("[...document.querySelectorAll('.all .row')].map((row) => row.textContent)");
    let found = found.as_array().unwrap();
    assert!(!found.is_empty() && found.iter().all(|row| row.as_str().unwrap().contains("tcp:1")), "{found:?}");
    page.write(" no such thing");
    page.until(&format!("{SHOWN} === 0"));
    page.run("(() => { const one = document.querySelector('.all input'); one.value = ''; one.dispatchEvent(new Event('input')); })()");
    page.until(&format!("{SHOWN} === {total}"));
    // The fifth column of the connections counts packets; a second click turns the order round.
    let column =
        "[...document.querySelectorAll('.connections .row span:nth-child(5)')].map((cell) => +cell.textContent)";
    page.click(".connections .head button:nth-child(5)");
    let up: Vec<Value> = page.run(column).as_array().unwrap().clone();
    assert!(up.len() > 1 && up.is_sorted_by_key(|n| n.as_u64()), "{up:?}");
    page.click(".connections .head button:nth-child(5)");
    let down: Vec<Value> = page.run(column).as_array().unwrap().clone();
    assert!(down.iter().rev().is_sorted_by_key(|n| n.as_u64()), "{down:?}");
    // A connection chosen leaves its packets.
    page.click(".connections .row");
    page.until(&format!("{SHOWN} < {total}"));
    assert_eq!(page.troubles(), Vec::<String>::new());
}

#[test]
fn keys_alone_reach_every_control() {
    let Some(browser) = Browser::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let page = show(&browser, folder.path(), "captures/half-close", "en");
    let mut reached: Vec<String> = Vec::new();
    for _ in 0..30 {
        page.press("Tab");
        let at = page.run(
            "(() => { const one = document.activeElement; return one.dataset.lang || one.dataset.step || one.className || one.tagName; })()",
        );
        reached.push(at.as_str().unwrap_or_default().to_owned());
    }
    for wanted in ["en", "id", "first", "previous", "play", "next", "last", "ladder", "INPUT", "list"] {
        assert!(reached.iter().any(|at| at == wanted), "Tab never reaches {wanted}: {reached:?}");
    }
    page.run("document.querySelector('button[data-lang=id]').focus()");
    page.press("Enter");
    assert_eq!(page.run("document.documentElement.lang"), "id");
}

#[test]
fn dark_paper_narrow_and_without_a_script() {
    let Some(browser) = Browser::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let page = show(&browser, folder.path(), "captures/half-close", "en");
    let paper = "getComputedStyle(document.body).backgroundColor";
    let media = |media: &str, theme: &str| {
        let features = json!([{ "name": "prefers-color-scheme", "value": theme }]);
        page.call("Emulation.setEmulatedMedia", &json!({ "media": media, "features": features }));
    };
    let (white, black) = (json!("rgb(255, 255, 255)"), json!("rgb(13, 17, 23)"));
    media("", "light");
    assert_eq!(page.run(paper), white);
    media("", "dark");
    assert_eq!(page.run(paper), black);
    page.click("[data-theme]:not(html)");
    assert_eq!(page.run(paper), white, "the button turns dark into light");
    page.click("[data-theme]:not(html)");
    assert_eq!(page.run(paper), black);
    // On paper everything is there, black on white, and what only a reader at a screen can use is not.
    let pdf = page.call("Page.printToPDF", &json!({ "paperWidth": 8.27, "paperHeight": 11.69 }));
    let pdf = STANDARD.decode(pdf["data"].as_str().unwrap()).unwrap();
    assert!(pdf.starts_with(b"%PDF"));
    let pages = pdf.windows(11).filter(|bytes| bytes == b"/Type /Page").count();
    assert!((2..20).contains(&pages), "{pages} pages");
    media("print", "dark");
    assert_eq!(page.run(paper), white);
    let seen =
        "(selector) => [...document.querySelectorAll(selector)].filter((one) => one.getClientRects().length).length";
    for hidden in [".bar", ".steps", ".all", ".finder", ".details"] {
        assert_eq!(page.run(&format!("({seen})('{hidden}')")), 0, "{hidden} is printed");
    }
    for shown in [".verdict", ".ladder svg", ".timeline tr"] {
        assert_ne!(page.run(&format!("({seen})('{shown}')")), 0, "{shown} is not printed");
    }
    media("", "light");
    let screen = json!({ "width": 390, "height": 800, "deviceScaleFactor": 1, "mobile": false });
    page.call("Emulation.setDeviceMetricsOverride", &screen);
    assert_eq!(page.run("document.documentElement.scrollWidth <= innerWidth"), true, "a narrow page scrolls sideways");
    assert_eq!(page.troubles(), Vec::<String>::new());

    let plain = browser.page();
    plain.call("Emulation.setScriptExecutionDisabled", &json!({ "value": true }));
    plain.open(&folder.path().join("page.html"));
    let tree = plain.call("DOM.getDocument", &json!({ "depth": 0 }));
    let finds = |selector: &str| {
        let params = json!({ "nodeId": tree["root"]["nodeId"], "selector": selector });
        plain.call("DOM.querySelector", &params)["nodeId"].as_u64() > Some(0)
    };
    for selector in [".verdict", ".ladder svg .l-arrow", "table.timeline tr", "noscript p"] {
        assert!(finds(selector), "{selector} needs a script");
    }
    assert!(!finds("html.js"));
}

/// A packet script is not at hand here: a capture of so many segments of one connection, as pcap.
fn long_capture(packets: u32) -> Vec<u8> {
    let mut out = Vec::new();
    for word in [0xa1b2_c3d4_u32, 0x0004_0002, 0, 0, 65535, 101] {
        out.extend_from_slice(&word.to_le_bytes());
    }
    for n in 0..packets {
        for word in [1_700_000_000, n, 44, 44] {
            out.extend_from_slice(&word.to_le_bytes());
        }
        out.extend_from_slice(&[0x45, 0, 0, 44, 0, 0, 0, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]);
        out.extend_from_slice(&[0x9c, 0x40, 0x13, 0x89]);
        out.extend_from_slice(&(1000 + 4 * n).to_be_bytes());
        out.extend_from_slice(&[0, 0, 0, 1, 0x50, 0x18, 1, 0, 0, 0, 0, 0]);
        out.extend_from_slice(b"data");
    }
    out
}

#[test]
fn many_packets_are_all_there_and_only_those_in_sight_are_drawn() {
    const PACKETS: u32 = 20_000;
    let Some(browser) = Browser::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let capture = folder.path().join("long.pcap");
    std::fs::write(&capture, long_capture(PACKETS)).unwrap();
    let file = folder.path().join("page.html");
    std::fs::write(&file, open(capture.to_str().unwrap(), "html", "en")).unwrap();
    let page = browser.page();
    open_page(&page, &file);
    assert_eq!(text(&page, ".all .count").replace(',', "").split(' ').next(), Some(PACKETS.to_string().as_str()));
    let mut seen = String::new();
    for part in 0..=20 {
        page.run(&format!(
            "(() => {{ const box = document.querySelector('.all .list'); box.scrollTop = box.scrollHeight * {part} / 20; }})()"
        ));
        page.until(
            "(() => { const box = document.querySelector('.all .list').getBoundingClientRect(); \
             return [...document.querySelectorAll('.all .row')].some((row) => { const at = row.getBoundingClientRect(); \
             return at.top < box.bottom && at.bottom > box.top; }); })()",
        );
        assert!(count(&page, ".all .row") < 200);
        let _ = write!(seen, " {}", text(&page, ".all .row:last-child span"));
    }
    assert!(seen.ends_with(&format!(" {PACKETS}")), "{seen}");
    assert_eq!(page.troubles(), Vec::<String>::new());
}
