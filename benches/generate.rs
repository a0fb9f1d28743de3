//! Writes a capture to measure with: `cargo run --release --example generate -- --shape many --mb 1024 -o FILE`.
#![allow(missing_docs, reason = "a program for measuring, no interface")]
#![allow(clippy::disallowed_methods, reason = "it writes the file that it is asked for")]

#[path = "shapes.rs"]
mod shapes;

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use shapes::Shape;

const USAGE: &str = "usage: generate [--shape many|bulk|tiny|flood|open] [--mb N] [-o FILE]";

fn main() -> ExitCode {
    match generate() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(2)
        }
    }
}

fn generate() -> Result<(), String> {
    let (mut shape, mut megabytes, mut path) = (Shape::Many, 1_024, None);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let value = arguments.next().ok_or(USAGE)?;
        match argument.as_str() {
            "--shape" => shape = Shape::ALL.iter().find(|(name, _)| *name == value).ok_or(USAGE)?.1,
            "--mb" => megabytes = value.parse().map_err(|_| USAGE)?,
            "-o" => path = Some(value),
            _ => return Err(USAGE.to_owned()),
        }
    }
    let out: Box<dyn Write> = match &path {
        Some(path) => Box::new(File::create(path).map_err(|error| format!("{path}: {error}"))?),
        None => Box::new(io::stdout().lock()),
    };
    let mut out = BufWriter::with_capacity(1 << 20, out);
    let (packets, connections) = shapes::write(shape, megabytes, &mut out)
        .and_then(|counts| out.flush().map(|()| counts))
        .map_err(|error| error.to_string())?;
    eprintln!("{packets} packets, {connections} connections");
    Ok(())
}
