//! Measures netscope beside the programs that people use, in one run, and prints the ratios as a Markdown table.
//!
//! `make bench`, or `cargo build --release && cargo run --release --example compare -- --mb 1024`.
#![allow(missing_docs, reason = "a program for measuring, no interface")]
#![allow(unsafe_code, reason = "only wait4 tells what memory a finished child had used")]
#![allow(clippy::disallowed_methods, reason = "measuring needs files and the clock")]

#[path = "shapes.rs"]
mod shapes;

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use shapes::Shape;

const USAGE: &str =
    "usage: compare [--mb N] [--runs N] [--dir DIR] [--shape many|bulk|tiny|flood|open] [--slow yes|no]";

/// The fields of tshark that answer to the keys of a packet record.
const FIELDS: &str = "frame.number frame.time_epoch frame.time_relative frame.interface_id _ws.col.Protocol tcp.stream ip.src tcp.srcport \
    ip.dst tcp.dstport frame.cap_len frame.len tcp.len tcp.payload tcp.flags tcp.seq tcp.ack tcp.seq_raw tcp.ack_raw \
    tcp.window_size_value tcp.window_size tcp.options.mss_val tcp.options.wscale.shift tcp.options.timestamp.tsval \
    tcp.options.timestamp.tsecr _ws.col.Info";

struct Settings {
    megabytes: u64,
    runs: u32,
    dir: PathBuf,
    shapes: Vec<(&'static str, Shape)>,
    slow: bool,
}

/// A program that reads a capture.
struct Tool {
    name: &'static str,
    program: PathBuf,
    arguments: Vec<String>,
    /// It takes so long that one run must do.
    slow: bool,
}

/// What a run took.
#[derive(Clone, Copy)]
struct Cost {
    seconds: f64,
    /// Of the program itself and of the system for it: what a busy machine distorts least.
    cpu: f64,
    peak_kib: i64,
}

fn main() -> ExitCode {
    match compare() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(2)
        }
    }
}

fn compare() -> Result<(), String> {
    let settings = settings().ok_or(USAGE)?;
    fs::create_dir_all(&settings.dir).map_err(|error| error.to_string())?;
    for (name, shape) in &settings.shapes {
        let path = settings.dir.join(format!("{name}-{}.pcap", settings.megabytes));
        let (packets, connections) = generate(&path, *shape, settings.megabytes).map_err(|error| error.to_string())?;
        let size = fs::metadata(&path).map_err(|error| error.to_string())?.len();
        println!("### {name}: {} MB, {packets} packets, {connections} connections\n", size >> 20);
        println!("| command | seconds | CPU seconds | × cat | × `open --connections` | peak memory |");
        println!("| --- | --- | --- | --- | --- | --- |");
        table(&path, &settings);
        println!();
        fs::remove_file(&path).map_err(|error| error.to_string())?;
    }
    Ok(())
}

fn settings() -> Option<Settings> {
    let dir = std::env::temp_dir().join("netscope-bench");
    let shapes = Shape::ALL.into_iter().take(3).collect();
    let mut settings = Settings { megabytes: 1_024, runs: 3, dir, shapes, slow: true };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let value = arguments.next()?;
        match argument.as_str() {
            "--mb" => settings.megabytes = value.parse().ok()?,
            "--runs" => settings.runs = value.parse().ok().filter(|runs| *runs > 0)?,
            "--dir" => settings.dir = value.into(),
            "--shape" => settings.shapes = vec![Shape::ALL.into_iter().find(|(name, _)| *name == value)?],
            "--slow" => settings.slow = value == "yes",
            _ => return None,
        }
    }
    Some(settings)
}

fn generate(path: &Path, shape: Shape, megabytes: u64) -> io::Result<(u64, u64)> {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
    let counts = shapes::write(shape, megabytes, &mut out)?;
    out.flush()?;
    Ok(counts)
}

/// The binary that was built with this example.
fn netscope() -> PathBuf {
    let own = std::env::current_exe().unwrap_or_default();
    own.parent().and_then(Path::parent).map_or_else(|| "netscope".into(), |dir| dir.join("netscope"))
}

fn tools(file: &str) -> Vec<Tool> {
    let tool = |name, program: &str, arguments: &str, slow| Tool {
        name,
        program: if program == "netscope" { netscope() } else { program.into() },
        arguments: arguments.split_whitespace().map(|word| word.replace("FILE", file)).collect(),
        slow,
    };
    let fields = FIELDS.split_whitespace().fold(String::new(), |all, field| all + " -e " + field);
    vec![
        tool("cat FILE", "cat", "FILE", false),
        tool("netscope open FILE --connections", "netscope", "open FILE --connections", false),
        tool("netscope open FILE --conn 3", "netscope", "open FILE --conn 3", false),
        tool("netscope open FILE --format jsonl", "netscope", "open FILE --format jsonl", false),
        tool("tcpdump -r FILE -w /dev/null", "tcpdump", "-r FILE -w /dev/null", false),
        tool("capinfos -c FILE", "capinfos", "-c FILE", false),
        tool("tcptrace -n FILE", "tcptrace", "-n FILE", true),
        tool("tshark -q -z conv,tcp", "tshark", "-r FILE -q -z conv,tcp", true),
        tool("tshark -T fields, the same fields", "tshark", &format!("-r FILE -T fields{fields}"), true),
    ]
}

fn table(path: &Path, settings: &Settings) {
    let mut cat = None;
    let mut connections = None;
    for tool in tools(&path.to_string_lossy()) {
        if tool.slow && !settings.slow {
            continue;
        }
        let runs = if tool.slow { 1 } else { settings.runs };
        let costs: Option<Vec<Cost>> = (0..runs).map(|_| run(&tool)).collect();
        let Some(best) = costs.and_then(|costs| costs.into_iter().min_by(|a, b| a.seconds.total_cmp(&b.seconds)))
        else {
            println!("| {} | not installed, or it failed | | | | |", tool.name);
            continue;
        };
        if tool.name.starts_with("cat") {
            cat = Some(best.seconds);
        } else if tool.name.ends_with("--connections") {
            connections = Some(best.seconds);
        }
        let ratio = |to: Option<f64>| to.map_or(String::new(), |to| format!("{:.2}", best.seconds / to));
        let mib = best.peak_kib / 1_024;
        println!(
            "| {} | {:.3} | {:.3} | {} | {} | {mib} MiB |",
            tool.name,
            best.seconds,
            best.cpu,
            ratio(cat),
            ratio(connections)
        );
    }
}

/// Runs a program once, its output thrown away; `None` when it is missing or fails.
fn run(tool: &Tool) -> Option<Cost> {
    let begin = Instant::now();
    let child = Command::new(&tool.program)
        .args(&tool.arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let pid = libc::pid_t::try_from(child.id()).ok()?;
    let mut status = 0;
    // SAFETY: all zeros is a value of this plain C structure.
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    // SAFETY: both pointers are to locals that outlive the call, and the child has not been waited for.
    let waited = unsafe { libc::wait4(pid, &raw mut status, 0, &raw mut usage) };
    let seconds = begin.elapsed().as_secs_f64();
    // Some tcptraces end with 1 on success.
    let ended = waited == pid && libc::WIFEXITED(status) && libc::WEXITSTATUS(status) < 2;
    let cpu = in_seconds(usage.ru_utime) + in_seconds(usage.ru_stime);
    ended.then_some(Cost { seconds, cpu, peak_kib: usage.ru_maxrss })
}

fn in_seconds(time: libc::timeval) -> f64 {
    #[allow(clippy::cast_precision_loss, reason = "no measurement lasts 2^52 microseconds")]
    let micros = (time.tv_sec * 1_000_000 + time.tv_usec) as f64;
    micros / 1e6
}
