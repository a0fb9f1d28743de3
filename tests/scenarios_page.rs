//! The pages about scenarios against what they are made from. `NETSCOPE_BLESS=1` writes them anew.
#![allow(clippy::disallowed_methods, reason = "reads the project's own files")]

use std::path::{Path, PathBuf};
use std::{env, fs};

use netscope::language::Lang;
use netscope::scenario::page::markdown;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn hold(file: &str, page: &str) {
    let path = root().join(file);
    if env::var_os("NETSCOPE_BLESS").is_some() {
        fs::write(&path, page).expect("the page can be written");
    }
    let stored = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        stored == page,
        "{file} is not what the source says; run NETSCOPE_BLESS=1 cargo test --test scenarios_page"
    );
}

#[test]
fn the_pages_are_made_from_the_catalogue() {
    for (lang, file) in [(Lang::En, "docs/scenarios.md"), (Lang::Id, "docs/scenarios.id.md")] {
        hold(file, &markdown(lang));
    }
}

/// The file that docs/contributing.md adds as its example.
const EXAMPLE: &str = "src/scenario/close_wait_leak.rs";

#[test]
fn the_worked_example_is_the_scenario_as_it_is() {
    let page = read("docs/contributing.md");
    let (before, rest) = page.split_once("```rust\n").expect("a block of Rust");
    let (_, after) = rest.split_once("```\n").expect("the end of the block");
    hold("docs/contributing.md", &format!("{before}```rust\n{}```\n{after}", read(EXAMPLE)));
    let list = read("src/scenario/mod.rs");
    for line in ["mod close_wait_leak;", "&close_wait_leak::SCENARIO,"] {
        assert!(page.contains(line) && list.contains(line), "{line}");
    }
}
