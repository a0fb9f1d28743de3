//! Which source is the user's own, and how a file and a line are called.

use std::collections::{BTreeMap, BTreeSet};

/// Folders that hold what was installed, not what the user wrote. As part of a path: the libraries of Python and Rust
/// lie where the installation is.
const INSTALLED: &[&str] =
    &["/lib/python3", "/site-packages/", "/dist-packages/", "/rustc/", "/rustlib/src/", "/.cargo/", "/registry/src/"];

/// The same as the beginning of a path. Sources that a user may have put below `/usr` are in [`WRITTEN`].
const SYSTEM: &[&str] = &["/usr/", "/lib/", "/lib64/", "/build/", "<frozen "];
const WRITTEN: &[&str] = &["/usr/src/", "/usr/local/src/"];

/// Paths without a folder of their own that C libraries are built from.
const RELATIVE: &[&str] = &["../sysdeps/", "./nptl/", "./socket/", "./io/", "./csu/", "../csu/"];

/// Whether this file is the user's own source, and not a library's.
#[must_use]
pub fn is_own(path: &str) -> bool {
    let installed = INSTALLED.iter().any(|part| path.contains(part));
    let system = SYSTEM.iter().any(|start| path.starts_with(start)) && !WRITTEN.iter().any(|own| path.starts_with(own));
    !path.is_empty() && !installed && !system && !RELATIVE.iter().any(|start| path.starts_with(start))
}

/// A short name for every path: the last part, with as many folders before it as tell it from the others.
#[must_use]
pub fn short<'a>(paths: impl IntoIterator<Item = &'a str>) -> BTreeMap<&'a str, String> {
    let all: BTreeSet<&str> = paths.into_iter().collect();
    all.iter()
        .map(|path| {
            let parts: Vec<&str> = path.split('/').collect();
            let named = (1..=parts.len()).map(|keep| parts[parts.len() - keep..].join("/")).find(|name| {
                let ending = format!("/{name}");
                all.iter().filter(|other| *other == name || other.ends_with(&ending)).count() == 1
            });
            (*path, named.unwrap_or_else(|| (*path).to_owned()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{is_own, short};

    #[test]
    fn own_source_is_told_from_libraries() {
        for own in ["server.py", "/home/ani/tugas/server.py", "/root/net.c", "<string>", "<stdin>", "/usr/src/mine/a.c"]
        {
            assert!(is_own(own), "{own}");
        }
        for other in [
            "",
            "/usr/lib/python3.11/socketserver.py",
            "/root/.pyenv/versions/3.12.1/lib/python3.12/asyncio/selector_events.py",
            "/home/ani/tugas/.venv/lib/python3.11/site-packages/requests/api.py",
            "<frozen importlib._bootstrap>",
            "/rustc/4d91de4e48198da2e33413efdcd9cd2cc0c46688/library/std/src/net/tcp.rs",
            "/home/ani/.cargo/registry/src/index-1949cf8c6b5b557f/mio-1.0.0/src/net/tcp/stream.rs",
            "../sysdeps/unix/sysv/linux/connect.c",
            "/usr/local/go/src/net/fd_unix.go",
        ] {
            assert!(!is_own(other), "{other}");
        }
    }

    #[test]
    fn names_are_short_and_tell_files_apart() {
        let names = short(["/a/server.py", "/a/util/net.py", "/a/tool/net.py", "net.py", "/a/server.py"]);
        let names: Vec<(&str, &str)> = names.iter().map(|(path, name)| (*path, name.as_str())).collect();
        assert_eq!(
            names,
            [
                ("/a/server.py", "server.py"),
                ("/a/tool/net.py", "tool/net.py"),
                ("/a/util/net.py", "util/net.py"),
                // Every other path ends like it: it stays what it is.
                ("net.py", "net.py"),
            ]
        );
    }
}
