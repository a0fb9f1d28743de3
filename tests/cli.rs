//! The program from outside: messages, exit codes and streams, in both languages.
#![allow(clippy::disallowed_methods, reason = "runs the program")]

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use netscope::script::Script;

fn netscope(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_netscope"));
    command.args(args).env_remove("LC_ALL").env_remove("LC_MESSAGES").env_remove("LANG").env_remove("COLUMNS");
    command.stdin(Stdio::null());
    command
}

fn run(args: &[&str]) -> Output {
    netscope(args).output().expect("netscope runs")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("standard output is UTF-8")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("standard error is UTF-8")
}

/// A small exchange: one TCP connection, closed properly.
const EXCHANGE: &str = r#"
    C>S SYN mss=1460
    S>C SYN,ACK mss=1460
    C>S ACK
    C>S PSH,ACK "halo"
    S>C ACK
    C>S FIN,ACK
    S>C FIN,ACK
    C>S ACK
"#;

/// The exchange as a classic pcap file, raw IP, microseconds.
fn pcap() -> Vec<u8> {
    let script = Script::parse(EXCHANGE).expect("the script is sound");
    let frames = script.frames();
    let link = u32::from(frames[0].link.0);
    let mut bytes = Vec::new();
    for word in [0xa1b2_c3d4_u32, 0x0004_0002, 0, 0, 65535, link] {
        bytes.extend(word.to_le_bytes());
    }
    for frame in frames {
        let nanos = frame.time.map_or(0, |time| time.0);
        let seconds = u32::try_from(nanos / 1_000_000_000).unwrap();
        let micros = u32::try_from(nanos % 1_000_000_000 / 1000).unwrap();
        let length = u32::try_from(frame.bytes.len()).unwrap();
        for word in [seconds, micros, length, frame.wire_len] {
            bytes.extend(word.to_le_bytes());
        }
        bytes.extend(&frame.bytes);
    }
    bytes
}

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Folder(tempfile::tempdir().expect("a temporary folder"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn file(&self, name: &str, content: &[u8]) -> String {
        let path = self.path(name);
        fs::write(&path, content).expect("the file can be written");
        path.to_str().expect("a plain name").to_owned()
    }
}

/// Runs in both languages and checks the exit code and that standard error holds the fragments, and no panic.
fn both(args: &[&str], code: i32, en: &[&str], id: &[&str]) {
    for (lang, fragments) in [("en", en), ("id", id)] {
        let mut all = args.to_vec();
        all.extend(["--lang", lang]);
        let output = run(&all);
        let text = stderr(&output);
        assert_eq!(output.status.code(), Some(code), "{args:?} {lang}: {text}");
        for fragment in fragments {
            assert!(text.contains(fragment), "{args:?} {lang}: {fragment:?} is not in {text}");
        }
        assert!(text.starts_with(if lang == "en" { "error: " } else { "galat: " }) || code == 0 || text.contains(": "));
        for never in ["panicked", "RUST_BACKTRACE", "{file}", "{value}", "{reason}"] {
            assert!(!text.contains(never), "{args:?} {lang}: {text}");
        }
    }
}

#[test]
fn an_empty_file_is_told() {
    let folder = Folder::new();
    let file = folder.file("empty.pcap", b"");
    both(&["open", &file], 2, &["error: ", "empty.pcap", "empty"], &["galat: ", "empty.pcap", "kosong"]);
}

#[test]
fn a_text_file_is_told() {
    let folder = Folder::new();
    let file = folder.file("notes.pcap", b"These are my notes of the lab.\nThey are no capture.\n");
    both(&["open", &file], 2, &["notes.pcap", "text file"], &["notes.pcap", "berkas teks"]);
}

#[test]
fn a_directory_and_a_missing_file_are_told() {
    let folder = Folder::new();
    let directory = folder.path("").to_str().unwrap().to_owned();
    both(&["open", &directory], 2, &["directory"], &["direktori"]);
    let missing = folder.path("no-such.pcap").to_str().unwrap().to_owned();
    both(&["open", &missing], 2, &["no-such.pcap", "no such file"], &["no-such.pcap", "tidak ditemukan"]);
}

#[test]
fn a_capture_cut_in_a_record_is_shown_up_to_there() {
    let folder = Folder::new();
    let whole = pcap();
    let file = folder.file("cut.pcap", &whole[..whole.len() - 7]);
    let offset = whole.len() - 7;
    assert!(offset > 24);
    both(&["open", &file], 2, &["warning: ", "frame 8", "byte"], &["peringatan: ", "frame 8", "byte"]);
    let output = run(&["open", &file, "--format", "jsonl"]);
    assert_eq!(output.status.code(), Some(2));
    let text = stdout(&output);
    assert_eq!(text.matches("\"kind\":\"packet\"").count(), 7, "everything before the damage");
    let last = text.lines().last().unwrap();
    assert!(last.contains("\"complete\":false") && last.contains("\"frame\":8"), "{last}");
}

#[test]
fn a_record_that_claims_4_gb_is_told_and_not_believed() {
    let folder = Folder::new();
    let mut bytes = pcap();
    let length_of_the_first = 24 + 8;
    bytes[length_of_the_first..length_of_the_first + 4].copy_from_slice(&u32::MAX.to_le_bytes());
    let file = folder.file("huge.pcap", &bytes);
    both(&["open", &file], 2, &["4294967295", "frame 1"], &["4294967295", "frame 1"]);
}

#[test]
fn with_damaged_input_the_file_holds_what_could_be_read() {
    let folder = Folder::new();
    let whole = pcap();
    let file = folder.file("cut.pcap", &whole[..whole.len() - 7]);
    let out = folder.path("out.csv");
    let output = run(&["open", &file, "-o", out.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(fs::read_to_string(&out).unwrap().lines().count(), 1 + 7);
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let folder = Folder::new();
    // Enough records that the pipe's buffer cannot take them all.
    let one = pcap();
    let mut bytes = one[..24].to_vec();
    for _ in 0..1500 {
        bytes.extend(&one[24..]);
    }
    let file = folder.file("many.pcap", &bytes);
    for format in ["jsonl", "csv"] {
        let mut child = netscope(&["open", &file, "--format", format])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("netscope runs");
        let mut first = [0; 16];
        child.stdout.as_mut().unwrap().read_exact(&mut first).expect("something comes");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert_eq!(stderr(&output), "");
    }
}

#[test]
fn an_output_that_cannot_be_written_is_told() {
    let folder = Folder::new();
    let file = folder.file("good.pcap", &pcap());
    let place = folder.path("no/such/folder/out.csv").to_str().unwrap().to_owned();
    both(&["open", &file, "-o", &place], 2, &["does not exist", "mkdir"], &["tidak ada", "mkdir"]);
    let directory = folder.path("").to_str().unwrap().to_owned();
    both(&["open", &file, "-o", &directory, "--format", "csv"], 2, &["directory"], &["direktori"]);
    assert!(!Path::new(&place).exists());
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    let folder = Folder::new();
    let file = folder.file("good.pcap", &pcap());
    for (lang, place) in [("en", "standard output"), ("id", "keluaran standar")] {
        for args in [vec!["open", file.as_str()], vec!["explain"], vec!["man"], vec!["open", "--help"]] {
            let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
            let output = netscope(&args).args(["--lang", lang]).stdout(full).output().unwrap();
            assert_eq!(output.status.code(), Some(2), "{args:?}");
            assert!(stderr(&output).contains(place), "{args:?}: {}", stderr(&output));
        }
    }
}

#[test]
fn a_connection_that_is_not_there_is_told() {
    let folder = Folder::new();
    let file = folder.file("good.pcap", &pcap());
    both(
        &["open", &file, "--conn", "999"],
        2,
        &["no connection 999", "one TCP connection"],
        &["tidak ada koneksi 999"],
    );
    both(&["open", &file, "--conn", "udp:0"], 2, &["no UDP connection"], &["tidak memuat koneksi UDP"]);
    let out = folder.path("out.csv");
    both(&["open", &file, "--conn", "7", "-o", out.to_str().unwrap()], 2, &["no connection 7"], &["koneksi 7"]);
    assert!(!out.exists(), "no file for a connection that is not there");
}

#[test]
fn the_text_of_one_conversation_is_followed() {
    let folder = Folder::new();
    let path = &folder.file("exchange.pcap", &pcap());
    let output = run(&["open", path, "--conn", "0", "--follow", "--lang", "en"]);
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(0), "C→S from frame 4\n  halo\n"));
    both(&["open", path, "--follow"], 2, &["one connection", "--conn N"], &["satu koneksi", "--conn N"]);
    both(&["open", path, "--follow", "--conn", "0", "--conn", "1"], 2, &["one connection"], &["satu koneksi"]);
    both(&["open", path, "--follow", "--conn", "7"], 2, &["no connection 7"], &["tidak ada koneksi 7"]);
    both(&["open", path, "--follow", "--conn", "0", "--format", "csv"], 2, &["exclude"], &["bersama"]);
}

#[cfg(feature = "libpcap")]
#[test]
fn a_filter_with_a_typing_error_is_told_before_anything_is_shown() {
    let folder = Folder::new();
    let file = folder.file("good.pcap", &pcap());
    let out = folder.path("out.csv");
    let args = ["open", &file, "tcp prot 80", "-o", out.to_str().unwrap()];
    both(&args, 2, &["tcp prot 80", "pcap-filter(7)"], &["tcp prot 80", "pcap-filter(7)"]);
    assert!(!out.exists());
}

#[cfg(feature = "libpcap")]
#[test]
fn a_filter_hides_frames_and_changes_nothing_else() {
    let folder = Folder::new();
    let file = folder.file("good.pcap", &pcap());
    let packets = |args: &[&str]| -> Vec<String> {
        let output = run(args);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        stdout(&output).lines().filter(|line| line.contains("\"kind\":\"packet\"")).map(str::to_owned).collect()
    };
    let all = packets(&["open", &file, "--format", "jsonl"]);
    let fins = packets(&["open", &file, "tcp[tcpflags] & tcp-fin != 0", "--format", "jsonl"]);
    assert_eq!(all.len(), 8);
    assert_eq!(fins, [all[5].clone(), all[6].clone()]);
    let none = run(&["open", &file, "udp", "--connections", "--format", "jsonl"]);
    assert!(!stdout(&none).contains("\"kind\":\"connection\""), "a connection without a visible packet is not listed");
}

#[test]
fn wrong_usage_is_told_with_exit_code_2() {
    both(&["opne", "x"], 2, &["no command \"opne\"", "open"], &["tidak ada perintah \"opne\"", "open"]);
    both(&["open", "x", "--formt", "csv"], 2, &["--formt", "--format"], &["--formt", "--format"]);
    both(&["open", "x", "--format", "pdf"], 2, &["\"pdf\"", "table", "jsonl"], &["\"pdf\"", "table", "jsonl"]);
    both(&["open", "x", "-o", "x.pdf"], 2, &[".pdf", ".csv", "--format"], &[".pdf", ".csv", "--format"]);
    both(&["open", "x", "-o", "x.pcapng"], 2, &["--save"], &["--save"]);
    both(&["open", "x", "--columns", "frame,colour"], 2, &["\"colour\"", "seq_raw"], &["\"colour\"", "seq_raw"]);
    both(&["explain", "fin-frist"], 2, &["fin-frist", "fin-first"], &["fin-frist", "fin-first"]);
    let output = run(&["man", "--lang", "fr"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("en, id"), "{}", stderr(&output));
}

#[test]
fn the_language_comes_from_the_option_then_from_the_locale() {
    let help = |lang: &[&str], variables: &[(&str, &str)]| {
        stdout(&netscope(lang).arg("--help").envs(variables.iter().copied()).output().unwrap())
    };
    assert!(help(&[], &[]).contains("Usage:"));
    assert!(help(&[], &[("LANG", "id_ID.UTF-8")]).contains("Pemakaian:"));
    assert!(help(&[], &[("LANG", "id_ID.UTF-8"), ("LC_ALL", "C")]).contains("Usage:"));
    assert!(help(&["--lang", "en"], &[("LC_ALL", "id_ID.UTF-8")]).contains("Usage:"));
    assert!(help(&["open", "--lang=id"], &[]).contains("Pemakaian: netscope open"));
}

#[test]
fn colour_is_used_only_when_asked_for() {
    let folder = Folder::new();
    let file = folder.file("good.pcap", &pcap());
    let colored = |args: &[&str], variables: &[(&str, &str)]| {
        stdout(&netscope(args).envs(variables.iter().copied()).output().unwrap()).contains('\u{1b}')
    };
    assert!(!colored(&["open", &file], &[]), "not on a pipe");
    assert!(colored(&["open", &file, "--color", "always"], &[]));
    assert!(colored(&["open", &file, "--color", "always"], &[("NO_COLOR", "1")]));
    assert!(!colored(&["open", &file, "--color", "never"], &[]));
}

#[test]
fn the_table_keeps_to_the_columns() {
    let folder = Folder::new();
    let file = folder.file("good.pcap", &pcap());
    for columns in ["60", "80", "132"] {
        for lang in ["en", "id"] {
            let output = netscope(&["open", &file, "--lang", lang]).env("COLUMNS", columns).output().unwrap();
            let width: usize = columns.parse().unwrap();
            for line in stdout(&output).lines() {
                assert!(line.chars().count() <= width, "{columns} {lang}: {line}");
            }
        }
    }
}

#[test]
fn the_ending_picks_the_format() {
    let folder = Folder::new();
    let file = folder.file("good.pcap", &pcap());
    let cases = [("csv", "kind,frame,"), ("json", "[{"), ("jsonl", "{\"kind\":\"capture\""), ("md", "| --")];
    for (ending, typical) in cases {
        let out = folder.path(&format!("out.{ending}"));
        let output = run(&["open", &file, "-o", out.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert_eq!(stdout(&output), "");
        let text = fs::read_to_string(&out).unwrap();
        assert!(text.replace('\n', "").contains(typical) || text.contains(typical), "{ending}: {text}");
    }
}

#[test]
fn a_capture_comes_from_standard_input_too() {
    let mut child =
        netscope(&["open", "-", "--format", "jsonl"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(&pcap()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(stdout(&output).matches("\"kind\":\"packet\"").count(), 8);
}

#[cfg(unix)]
#[test]
fn ctrl_c_shows_what_was_read_and_gives_130() {
    let bytes = pcap();
    let mut child = netscope(&["open", "-", "--format", "jsonl"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // Until the first record is out the reading has begun and the signal is watched for.
    let feeder = std::thread::spawn(move || {
        stdin.write_all(&bytes).unwrap();
        let records = &bytes[24..];
        while stdin.write_all(records).is_ok() {}
    });
    let mut first = [0; 1];
    child.stdout.as_mut().unwrap().read_exact(&mut first).unwrap();
    // The shell's own kill: not every machine has the program.
    let kill = format!("kill -INT {}", child.id());
    assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    feeder.join().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", stderr(&output));
    assert!(stdout(&output).lines().last().unwrap().contains("\"complete\":false"));
    assert!(stderr(&output).contains("interrupted"), "{}", stderr(&output));
}

#[test]
fn standard_error_says_as_much_as_asked_for() {
    let folder = Folder::new();
    let file = folder.file("good.pcap", &pcap());
    assert_eq!(stderr(&run(&["open", &file])), "");
    assert!(stderr(&run(&["open", &file, "-v"])).contains("8 packets read from"));
    assert!(stderr(&run(&["open", &file, "-v", "--lang", "id"])).contains("8 paket terbaca dari"));
    let cut = folder.file("cut.pcap", &pcap()[..pcap().len() - 7]);
    assert!(stderr(&run(&["open", &cut, "-q"])).contains("warning: "), "the cause of exit code 2 is always told");
}

/// The words of a text, however it is broken into lines.
#[cfg(target_os = "linux")]
fn unwrapped(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(target_os = "linux")]
#[test]
fn the_scenarios_are_listed_in_both_languages() {
    for args in [["demo"].as_slice(), &["demo", "--list"]] {
        let output = run(args);
        assert_eq!(output.status.code(), Some(0));
        let listed = unwrapped(&stdout(&output));
        for scenario in netscope::scenario::SCENARIOS {
            assert!(listed.contains(scenario.title.en), "{}", scenario.name);
        }
    }
    let listed = stdout(&run(&["demo", "--list", "--lang", "id"]));
    assert!(listed.lines().all(|line| line.chars().count() <= 80), "{listed}");
    let listed = unwrapped(&listed);
    assert!(netscope::scenario::SCENARIOS.iter().all(|scenario| listed.contains(scenario.title.id)));
    both(&["demo", "half-clsoe"], 2, &["half-clsoe", "half-close", "tcp"], &["half-clsoe", "half-close", "tcp"]);
    both(&["demo", "half-close", "--variant", "x"], 2, &["half-close", "no variants"], &["tidak mempunyai varian"]);
    both(&["demo", "connection-refused", "--message", "x"], 2, &["--message"], &["--message"]);
}

#[test]
fn every_shell_gets_its_completions() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let output = run(&["completions", shell]);
        assert_eq!(output.status.code(), Some(0), "{shell}");
        assert!(stdout(&output).contains("netscope"), "{shell}");
    }
}
