//! The catalogue of rules against the source tree and the pages made from it.
#![allow(clippy::disallowed_methods, reason = "reads the project's own files")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs};

use netscope::annotate::rules::RULES;
use netscope::language::Lang;
use netscope::report::explain::rules_markdown;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

#[test]
fn every_rule_has_a_file_of_its_name_and_every_file_is_listed() {
    let files: BTreeSet<String> = fs::read_dir(root().join("src/annotate/rules"))
        .expect("the rules are in the tree")
        .map(|entry| entry.expect("a directory entry").file_name().into_string().expect("a plain name"))
        .filter(|name| name != "mod.rs")
        .collect();
    let listed: BTreeSet<String> = RULES.iter().map(|rule| format!("{}.rs", rule.name.replace('-', "_"))).collect();
    assert_eq!(files, listed);
}

#[test]
fn the_rules_are_in_the_order_of_choice() {
    let place =
        |name: &str| RULES.iter().position(|rule| rule.name == name).unwrap_or_else(|| panic!("no rule {name}"));
    let order = [
        &[
            "rst-refused",
            "rst-after-close",
            "rst-no-connection",
            "rst-timeout",
            "connection-aborted",
            "rst-unread",
            "rst-abort",
        ][..],
        &["simultaneous-open", "port-reuse", "syn-retransmission", "syn", "syn-ack", "syn-options"],
        &["fin-ack-merged", "simultaneous-close", "fin-second", "fin-first", "half-close-begins", "half-close-data"],
        &["zero-window-probe"],
        &["keep-alive"],
        &[
            "fast-retransmission",
            "retransmission-rto",
            "tail-loss-probe",
            "captured-twice",
            "retransmission-unclear",
            "out-of-order",
        ],
        &["app-close-message", "http-request", "http-response", "http-body-ends-with-fin"],
        &["data-psh", "data-no-psh", "piggybacked-ack"],
        &["spurious-dsack", "keep-alive-ack", "dup-ack", "sack", "window-update"],
        &["handshake-ack", "delayed-ack", "pure-ack"],
    ];
    for pair in order.windows(2) {
        let last = pair[0].iter().map(|name| place(name)).max();
        let first = pair[1].iter().map(|name| place(name)).min();
        assert!(last < first, "{:?} come before {:?}", pair[0], pair[1]);
    }
    assert!(place("connection-aborted") < place("rst-unread"), "the common part is the main annotation");
    assert!(place("syn-retransmission") < place("syn") && place("syn") < place("syn-options"));
    assert!(place("syn-ack") < place("syn-options") && place("delayed-ack") < place("pure-ack"));
    assert!(place("half-close-begins") < place("half-close-data") && place("last-ack") < place("delayed-ack"));
}

/// Every event of the catalogue of explanations that this version promises.
#[test]
fn every_promised_event_has_its_number_and_name() {
    let promised = [
        (1, "syn"),
        (2, "syn-options"),
        (3, "syn-ack"),
        (4, "handshake-ack"),
        (5, "syn-retransmission"),
        (6, "simultaneous-open"),
        (7, "port-reuse"),
        (8, "data-psh"),
        (9, "data-no-psh"),
        (10, "app-close-message"),
        (11, "pure-ack"),
        (12, "delayed-ack"),
        (13, "piggybacked-ack"),
        (14, "nagle-hold"),
        (15, "fin-first"),
        (16, "half-close-begins"),
        (17, "half-close-data"),
        (18, "fin-second"),
        (19, "fin-ack-merged"),
        (20, "fin-with-data"),
        (21, "last-ack"),
        (22, "simultaneous-close"),
        (23, "time-wait-reack"),
        (24, "rst-refused"),
        (25, "rst-unread"),
        (26, "rst-abort"),
        (27, "rst-after-close"),
        (28, "rst-no-connection"),
        (29, "rst-timeout"),
        (30, "challenge-ack"),
        (31, "retransmission-rto"),
        (32, "tail-loss-probe"),
        (33, "dup-ack"),
        (34, "sack"),
        (35, "fast-retransmission"),
        (36, "spurious-dsack"),
        (37, "out-of-order"),
        (38, "zero-window"),
        (39, "zero-window-probe"),
        (40, "window-update"),
        (41, "keep-alive"),
        (42, "keep-alive-ack"),
        (43, "urgent"),
        (44, "udp-datagram"),
        (45, "udp-other-port"),
        (46, "icmp-port-unreachable"),
        (47, "http-request"),
        (48, "http-response"),
        (49, "http-body-ends-with-fin"),
    ];
    for (number, name) in promised {
        assert!(RULES.iter().any(|rule| (rule.number, rule.name) == (number, name)), "E{number:02} {name}");
    }
}

#[test]
fn the_pages_are_made_from_the_catalogue() {
    for (lang, file) in [(Lang::En, "docs/rules.md"), (Lang::Id, "docs/rules.id.md")] {
        let path = root().join(file);
        let page = rules_markdown(lang);
        if env::var_os("NETSCOPE_BLESS").is_some() {
            fs::create_dir_all(path.parent().expect("docs")).expect("docs can be made");
            fs::write(&path, &page).expect("the page can be written");
        }
        let stored = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            stored == page,
            "{file} is not what the catalogue says; run NETSCOPE_BLESS=1 cargo test --test catalogue_rules"
        );
    }
}
