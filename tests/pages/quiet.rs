//! Every page of every recorded capture: opens without a word on the console and without a request, in both languages.

use serde_json::json;

use super::browser::Browser;
use super::{captures, fetched, open, show};

/// One language is in sight, and everything that is in the other one is not.
const ONLY: &str = "(code, other) => document.documentElement.lang === code \
    && [...document.querySelectorAll(`main .${other}`)].every((one) => one.getClientRects().length === 0) \
    && [...document.querySelectorAll(`main .${code}`)].some((one) => one.getClientRects().length > 0)";

#[test]
fn every_page_of_every_capture_opens_quietly_in_both_languages() {
    let Some(browser) = Browser::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    for (index, capture) in captures().iter().enumerate() {
        let (first, second) = if index % 2 == 0 { ("en", "id") } else { ("id", "en") };
        let page = show(&browser, folder.path(), capture, first);
        assert_eq!(page.run(&format!("({ONLY})('{first}', '{second}')")), true, "{capture}: not only {first}");
        page.click(&format!("button[data-lang={second}]"));
        assert_eq!(page.run(&format!("({ONLY})('{second}', '{first}')")), true, "{capture}: not only {second}");
        let wide = page.run("document.documentElement.scrollWidth <= innerWidth");
        assert_eq!(wide, true, "{capture}: scrolls sideways");
        assert_eq!(page.troubles(), Vec::<String>::new(), "{capture}");
    }
}

/// What axe-core finds that keeps somebody from reading the page.
const SERIOUS: &str = "axe.run({ resultTypes: ['violations'] }).then((found) => found.violations \
    .filter((one) => ['serious', 'critical'].includes(one.impact)) \
    .map((one) => one.id + ': ' + one.nodes[0].html.slice(0, 300) + ' ' + one.nodes[0].failureSummary))";

#[test]
#[ignore = "needs a script that `make pages` fetches"]
fn axe_finds_nothing_serious_in_light_and_dark() {
    let Some(browser) = Browser::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let axe = fetched("axe.min.js");
    for (capture, lang) in [
        ("captures/half-close", "id"),
        ("captures/tcp-and-udp", "en"),
        ("captures/multithread-exit-intended", "id"),
        ("captures/reordering-three-places", "en"),
        ("captures/udp-port-unreachable-connected", "en"),
    ] {
        let page = show(&browser, folder.path(), capture, lang);
        page.run(&axe);
        for theme in ["light", "dark"] {
            let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": theme }] });
            page.call("Emulation.setEmulatedMedia", &media);
            assert_eq!(page.run(SERIOUS), json!([]), "{capture} {lang} {theme}");
            // With a packet chosen, what is said about it is on the page as well.
            page.run("document.querySelector('.l-arrow').dispatchEvent(new MouseEvent('click', { bubbles: true }))");
            assert_eq!(page.run(SERIOUS), json!([]), "{capture} {lang} {theme}, a packet chosen");
        }
        assert_eq!(page.troubles(), Vec::<String>::new(), "{capture}");
    }
}

/// The words at lost packets, in the drawing that is in sight: those that reach their cross, or leave their lane.
const AT_CROSSES: &str = "[...document.querySelectorAll('.ladder .l-arrow')].filter((arrow) => arrow.querySelector('.l-cross') && arrow.getClientRects().length) \
    .flatMap((arrow) => { const line = arrow.querySelector('.l-line'), [from, to] = ['x1', 'x2'].map((name) => +line.getAttribute(name)); \
    return [...arrow.querySelectorAll('text.l-halo')].filter((text) => { const box = text.getBBox(); \
    return box.x < Math.min(from, to) - 4 || box.x + box.width > Math.max(from, to) - (to > from ? 4 : 0) || (to < from && box.x < to + 4); }) \
    .map((text) => arrow.dataset.frame + ': ' + text.textContent); })";

#[test]
fn words_at_lost_packets_end_before_the_cross() {
    let Some(browser) = Browser::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut crosses = 0;
    for capture in captures() {
        if !open(&format!("{capture}.pcapng"), "svg", "id").contains("class=\"l-cross\"") {
            continue;
        }
        for lang in ["en", "id"] {
            let page = show(&browser, folder.path(), &capture, lang);
            crosses += page.run("document.querySelectorAll('.ladder .l-cross').length").as_u64().unwrap();
            assert_eq!(page.run(AT_CROSSES), json!([]), "{capture} {lang}");
        }
    }
    assert!(crosses > 20, "{crosses}");
}
