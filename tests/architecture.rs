//! Holds the shape of the program against its source: which module may use which, and where effects are allowed.
#![allow(clippy::disallowed_methods, reason = "reads the project's own source")]

use std::fs;
use std::path::{Path, PathBuf};

/// Who may use what: a module of the crate, and the paths below `crate::` that its files may name. A path allows
/// everything below it. What is not here is not allowed; nothing may use `cli`.
const ALLOWED: &[(&str, &[&str])] = &[
    ("frame", &[]),
    ("language", &["track::Side"]),
    ("failure", &["language"]),
    ("decode", &["frame", "track::Seq", "track::Proto"]),
    ("track", &["frame", "decode"]),
    ("timeline", &["annotate", "decode", "frame", "language", "track"]),
    ("calls", &["annotate", "decode", "frame", "language", "report", "timeline", "track"]),
    ("beside", &["analysis", "calls", "decode::plain", "frame", "report::Settings", "timeline", "track::Side"]),
    ("annotate", &["decode", "language", "timeline::EventRef", "track"]),
    (
        "report",
        &["annotate", "decode", "frame", "language", "scenario::Claim", "scenario::Question", "timeline", "track"],
    ),
    ("script", &["decode", "frame"]),
    ("analysis", &["annotate", "decode", "failure", "frame", "report", "timeline", "track"]),
    ("scenario", &["language", "track::Side", "track::State"]),
    ("check", &["decode", "frame", "language", "report", "scenario", "timeline", "track"]),
    ("file", &["decode::plain", "failure", "frame", "language"]),
    (
        "live",
        &[
            "calls::source",
            "calls::text",
            "decode::plain",
            "failure",
            "frame",
            "language",
            "report::Settings",
            "scenario",
            "timeline",
            "track",
        ],
    ),
    (
        "cli",
        &[
            "analysis", "annotate", "beside", "check", "failure", "file", "frame", "language", "live", "report",
            "scenario", "timeline", "track",
        ],
    ),
    ("main", &[]),
    ("lib", &[]),
];

/// Where the ban on effects may be lifted: these files and everything below these folders.
const EDGES: &[&str] = &[
    "build.rs",
    "src/main.rs",
    "src/cli/",
    "src/live/",
    "src/file/ahead.rs",
    "src/file/open.rs",
    "src/file/output.rs",
    "src/file/scout.rs",
    "tests/",
];

/// What `clippy.toml` must ban at the least.
const BANNED: &[&str] = &[
    "std::time::SystemTime::now",
    "std::time::Instant::now",
    "std::thread::sleep",
    "tokio::time::sleep",
    "std::fs::File::open",
    "std::fs::File::create",
    "std::fs::read",
    "std::fs::read_to_string",
    "std::fs::write",
    "std::fs::rename",
    "std::fs::remove_file",
    "std::env::var",
    "std::env::var_os",
    "std::env::args",
    "std::env::args_os",
    "std::process::Command::new",
    "std::process::exit",
    "std::net::TcpListener::bind",
    "std::net::TcpStream::connect",
    "std::net::UdpSocket::bind",
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file below a folder of the project, by its path from the root.
fn rust_files(below: &str) -> Vec<(String, String)> {
    let mut files = Vec::new();
    let mut folders = vec![root().join(below)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let name = path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
                files.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    files.sort();
    assert!(!files.is_empty(), "no Rust file below {below}");
    files
}

/// `src/track/seq.rs` → `["track", "seq"]`; the root files are `["main"]` and `["lib"]`.
fn module_of(file: &str) -> Vec<String> {
    let path = Path::new(file).strip_prefix("src").unwrap().with_extension("");
    let mut parts: Vec<String> = path.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
    if parts.last().is_some_and(|last| last == "mod") {
        parts.pop();
    }
    parts
}

/// The source without comments, strings, and its tests, which stand at the end of a file and may use everything.
fn production_code(source: &str) -> String {
    let inline = source.match_indices("#[cfg(test)]\n").find(|(at, marker)| {
        let next = source[at + marker.len()..].lines().next().unwrap_or_default();
        next.contains("mod ") && next.ends_with('{')
    });
    let source = inline.map_or(source, |(at, _)| &source[..at]);
    let mut out = String::new();
    for line in source.lines() {
        let mut in_string = false;
        let mut before = ' ';
        let mut chars = line.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '"' if before != '\\' && before != '\'' => in_string = !in_string,
                '/' if !in_string && chars.peek() == Some(&'/') => break,
                _ if in_string => {}
                _ => out.push(c),
            }
            before = c;
        }
        out.push('\n');
    }
    out
}

/// Every path below `crate::` that the code names, groups taken apart; `super::` is followed up to the root.
fn uses(module: &[String], source: &str) -> Vec<String> {
    let code = production_code(source);
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let before = code[..at].chars().next_back();
        if !before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
            expand(&code[at + "crate::".len()..], "", &mut found);
        }
    }
    for (at, _) in code.match_indices("super::") {
        let before = &code[..at];
        if before.ends_with("super::") || before.ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let mut rest = &code[at..];
        let mut depth = 0;
        while let Some(next) = rest.strip_prefix("super::") {
            rest = next;
            depth += 1;
        }
        let Some(left) = module.len().checked_sub(depth) else { continue };
        let prefix = module[..left].join("::");
        expand(rest, &prefix, &mut found);
    }
    found
}

/// `a::{b, c::d}` → `a::b`, `a::c::d`.
fn expand(text: &str, prefix: &str, found: &mut Vec<String>) {
    let text = text.trim_start();
    let join = |name: &str| if prefix.is_empty() { name.to_owned() } else { format!("{prefix}::{name}") };
    if let Some(group) = text.strip_prefix('{') {
        let mut depth = 0;
        let mut begin = 0;
        for (at, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth > 0 => depth -= 1,
                ',' | '}' if depth == 0 => {
                    if !group[begin..at].trim().is_empty() {
                        expand(&group[begin..at], prefix, found);
                    }
                    begin = at + 1;
                    if c == '}' {
                        return;
                    }
                }
                _ => {}
            }
        }
        return;
    }
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    let path = if end == 0 { prefix.to_owned() } else { join(&text[..end]) };
    match text[end..].strip_prefix("::") {
        Some(rest) if end > 0 => expand(rest, &path, found),
        _ => found.push(path),
    }
}

/// The module paths that are only compiled for tests: declared as `#[cfg(test)] mod NAME;`.
fn test_modules(files: &[(String, String)]) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for (file, source) in files {
        let lines: Vec<&str> = source.lines().map(str::trim).collect();
        for pair in lines.windows(2).filter(|pair| pair[0] == "#[cfg(test)]") {
            let Some(name) = pair[1].strip_suffix(';').and_then(|line| line.rsplit_once("mod ")) else { continue };
            let mut module = module_of(file);
            if module == ["lib"] {
                module.clear();
            }
            module.push(name.1.to_owned());
            found.push(module);
        }
    }
    found
}

/// The files that are part of the program.
fn program_files() -> Vec<(String, String)> {
    let mut files = rust_files("src");
    let tests = test_modules(&files);
    files.retain(|(file, _)| !tests.iter().any(|test| module_of(file).starts_with(test)));
    files
}

/// What a file uses and may not.
fn violations(file: &str, source: &str) -> Vec<String> {
    let module = module_of(file);
    let Some((_, allowed)) = ALLOWED.iter().find(|(name, _)| *name == module[0]) else {
        return vec![format!("{file}: module {} is not in the table", module[0])];
    };
    uses(&module, source)
        .into_iter()
        .filter(|path| path != "self" && !path.is_empty())
        .filter(|path| path.split("::").next() != Some(module[0].as_str()))
        .filter(|path| !allowed.iter().any(|allowed| path == allowed || path.starts_with(&format!("{allowed}::"))))
        .map(|path| format!("{file}: {} may not use crate::{path}", module[0]))
        .collect()
}

#[test]
fn modules_use_only_what_the_table_allows() {
    let wrong: Vec<String> = program_files().iter().flat_map(|(file, source)| violations(file, source)).collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_table_has_no_module_that_is_gone() {
    for (module, _) in ALLOWED {
        let there =
            root().join("src").join(format!("{module}.rs")).exists() || root().join("src").join(module).exists();
        assert!(there, "{module}");
    }
}

#[test]
fn the_table_allows_nothing_that_is_not_used() {
    let files = program_files();
    let mut idle = Vec::new();
    for (module, allowed) in ALLOWED {
        let used: Vec<String> = files
            .iter()
            .map(|(file, source)| (module_of(file), source))
            .filter(|(path, _)| path[0] == *module)
            .flat_map(|(path, source)| uses(&path, source))
            .collect();
        for path in *allowed {
            if !used.iter().any(|used| used == path || used.starts_with(&format!("{path}::"))) {
                idle.push(format!("{module} does not use crate::{path} any more"));
            }
        }
    }
    assert!(idle.is_empty(), "\n{}", idle.join("\n"));
}

#[test]
fn a_wrong_import_is_found_in_every_spelling() {
    for source in [
        "use crate::live::exchange;",
        "use crate::{frame::Frame, live};",
        "use crate::{\n    decode::{self, Packet},\n    live::{exchange::run},\n};",
        "fn f() { crate::live::doctor::run(); }",
        "use super::super::live::doctor;",
        "pub(crate) use crate::live as kernel;",
    ] {
        let found = violations("src/track/tcp.rs", source);
        assert_eq!(found.len(), 1, "{source}: {found:?}");
        assert!(found[0].contains("track may not use crate::live"), "{found:?}");
    }
    assert_eq!(violations("src/report/mod.rs", "use crate::cli::main;").len(), 1);
    assert_eq!(violations("src/language/mod.rs", "use crate::track::{Side, Tracker};").len(), 1);
    assert_eq!(violations("src/novel/mod.rs", "").len(), 1);
}

#[test]
fn files_of_tests_are_told_from_files_of_the_program() {
    let declared = |file: &str, source: &str| test_modules(&[(file.to_owned(), source.to_owned())]);
    assert_eq!(declared("src/track/mod.rs", "mod tcp;\n#[cfg(test)]\nmod tests;\n"), [["track", "tests"]]);
    assert_eq!(declared("src/lib.rs", "#[cfg(test)]\npub(crate) mod kit;\n"), [["kit"]]);
    assert!(declared("src/track/mod.rs", "mod tests;\n#[cfg(test)]\nmod tests {}\n").is_empty());
    let program = program_files();
    assert!(program.iter().any(|(file, _)| file == "src/track/tcp.rs"));
    assert!(!program.iter().any(|(file, _)| file == "src/cli/tests.rs"));
}

#[test]
fn what_is_allowed_or_only_spoken_of_is_no_violation() {
    for source in [
        "use crate::frame::Time;",
        "use super::seq::Seq;",
        "// crate::live does that\nlet text = \"crate::live::x\";",
        "use crate::decode::{Packet, Transport};",
        "fn f() {}\n#[cfg(test)]\nmod tests {\n    use crate::script::Script;\n}",
        "use clap_crate::live::x;",
    ] {
        assert_eq!(violations("src/track/tcp.rs", source), Vec::<String>::new(), "{source}");
    }
}

/// Where the ban on effects is lifted although the file is no edge.
fn lifted(file: &str, source: &str) -> bool {
    let edge = EDGES.iter().any(|edge| file == *edge || (edge.ends_with('/') && file.starts_with(edge)));
    !edge && production_code(source).contains("disallowed_methods")
}

#[test]
fn effects_are_lifted_only_at_the_edges() {
    let mut files = program_files();
    files.push(("build.rs".to_owned(), fs::read_to_string(root().join("build.rs")).unwrap()));
    let wrong: Vec<&String> =
        files.iter().filter(|(file, source)| lifted(file, source)).map(|(file, _)| file).collect();
    assert!(wrong.is_empty(), "effects lifted in {wrong:?}");
    assert!(lifted("src/track/tcp.rs", "#![allow(clippy::disallowed_methods, reason = \"x\")]"));
    assert!(!lifted("src/live/mod.rs", "#![allow(clippy::disallowed_methods, reason = \"x\")]"));
}

#[test]
fn the_ban_names_every_effect_with_a_reason() {
    let text = fs::read_to_string(root().join("clippy.toml")).unwrap();
    for name in BANNED {
        let line = text.lines().find(|line| line.contains(&format!("\"{name}\""))).unwrap_or_else(|| panic!("{name}"));
        assert!(line.contains("reason = \""), "{name} has no reason");
    }
}

#[test]
fn files_and_their_tests_stay_readable() {
    for (file, source) in rust_files("src").iter().chain(&rust_files("tests")) {
        assert!(source.lines().count() <= 600, "{file} has {} lines", source.lines().count());
    }
}
