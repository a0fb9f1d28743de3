//! What a program said last: which of its words tell why it ended, and which line of its source they name.

use crate::calls::source::names::is_own;

/// What only frames the words that matter.
const FRAMES: [&str; 7] = [
    "at ",
    "Caused by:",
    "Node.js v",
    "error: compilation failed",
    "compilation terminated",
    "error: aborting due to",
    "note: ",
];

/// Where the sources that programs are made of end.
const SOURCES: [&str; 12] =
    [".java:", ".js:", ".mjs:", ".cjs:", ".ts:", ".go:", ".rs:", ".c:", ".cpp:", ".rb:", ".kt:", ".cs:"];

/// The line that says what was wrong, else the last one: Python says it last, Node and Java before the frames, compilers
/// once for every mistake.
pub(super) fn last(output: &str) -> Option<&str> {
    let lines = || output.lines().map(str::trim).filter(|line| !line.is_empty());
    let frames = |line: &&str| FRAMES.iter().any(|frame| line.starts_with(frame));
    let telling = |line: &&str| {
        !frames(line) && ["Error", "error:", "Exception", "panic: "].iter().any(|word| line.contains(word))
    };
    let compiler = lines().find(|line| telling(line) && compiled(line));
    let own = || lines().rev().find(|line| !frames(line));
    compiler.or_else(|| lines().rev().find(telling)).or_else(own).or_else(|| lines().next_back())
}

/// A compiler's complaint: `Main.java:3: error: …`.
fn compiled(line: &str) -> bool {
    line.contains("error:") && named(line).is_some()
}

/// The innermost line of the program's own that its last words name.
pub(super) fn place(output: &str) -> Option<String> {
    // Python names the outermost first, all others the innermost.
    output.lines().rev().find_map(python).or_else(|| output.lines().find_map(named))
}

/// `File "server.py", line 3`
fn python(line: &str) -> Option<String> {
    let (file, rest) = line.trim().strip_prefix("File \"")?.split_once("\", line ")?;
    let number = digits(rest)?;
    is_own(file).then(|| format!("{}:{number}", short(file)))
}

/// `/home/ani/server.js:3`, `Server.java:7`, `at Server.main(Server.java:7)`
fn named(line: &str) -> Option<String> {
    let word = |word: &'_ str| {
        let (at, ending) = SOURCES.iter().find_map(|ending| Some((word.find(ending)?, *ending)))?;
        let file = word.get(..at + ending.len() - 1)?;
        let number = digits(word.get(at + ending.len()..)?)?;
        let begin = file.rfind(['(', '"', '\'']).map_or(0, |begin| begin + 1);
        let file = file.get(begin..)?;
        // Frames inside Node.
        let inside = file.starts_with("node:") || line.contains("java.base/");
        (is_own(file) && !inside).then(|| format!("{}:{number}", short(file)))
    };
    line.split_whitespace().find_map(word)
}

fn short(file: &str) -> &str {
    file.rsplit('/').next().unwrap_or(file)
}

/// The number at the beginning.
fn digits(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text.get(..end).filter(|digits| !digits.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{last, place};

    #[track_caller]
    fn told(output: &str, words: &str, source: Option<&str>) {
        assert_eq!((last(output), place(output).as_deref()), (Some(words), source));
    }

    #[test]
    fn the_words_that_tell_are_found() {
        told(
            "Traceback (most recent call last):\n  File \"/home/ani/server.py\", line 3, in <module>\n    main()\n  File \
             \"/home/ani/server.py\", line 1, in main\n  File \"/usr/lib/python3.11/socket.py\", line 9, in \
             bind\nValueError: no\n",
            "ValueError: no",
            Some("server.py:1"),
        );
        told(
            "/home/ani/server.js:2\nfunction (\n         ^\n\nSyntaxError: Function statements require a function name\n    \
             at wrapSafe (node:internal/modules/cjs/loader:1464:18)\n\nNode.js v20.20.2\n",
            "SyntaxError: Function statements require a function name",
            Some("server.js:2"),
        );
        told(
            "Exception in thread \"main\" java.lang.NullPointerException\n\tat \
             java.base/java.util.Objects.requireNonNull(Objects.java:209)\n\tat Server.main(Server.java:7)\n",
            "Exception in thread \"main\" java.lang.NullPointerException",
            Some("Server.java:7"),
        );
        told(
            "Server.java:1: error: ';' expected\nint x\n     ^\n1 error\nerror: compilation failed\n",
            "Server.java:1: error: ';' expected",
            Some("Server.java:1"),
        );
        told(
            "Error: Could not find or load main class Nope\nCaused by: java.lang.ClassNotFoundException: Nope\n",
            "Error: Could not find or load main class Nope",
            None,
        );
        told("/bin/sh: 1: ./nope: not found\n\n", "/bin/sh: 1: ./nope: not found", None);
        assert_eq!((last("\n \n"), place("")), (None, None));
    }
}
