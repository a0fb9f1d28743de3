//! Says which package brings libpcap before the linker fails with a message that names none.
#![allow(
    clippy::disallowed_methods,
    reason = "a build script asks the machine: environment, /etc/os-release, the linker"
)]

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    for name in ["LIBPCAP_LIBDIR", "PKG_CONFIG_PATH", "CC"] {
        println!("cargo::rerun-if-env-changed={name}");
    }
    let wanted = env::var_os("CARGO_FEATURE_LIBPCAP").is_some();
    // A cross build links with another linker and another set of libraries; nothing here can speak for them.
    let cross = env::var_os("TARGET") != env::var_os("HOST");
    if !wanted || cross || env::var_os("DOCS_RS").is_some() || links() {
        return;
    }
    let os_release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    for line in advice(&os_release, cfg!(target_os = "macos")) {
        println!("cargo::error={line}");
    }
}

/// True when the C compiler that Rust links with finds libpcap.
fn links() -> bool {
    let Some(out) = env::var_os("OUT_DIR").map(PathBuf::from) else { return true };
    let source = out.join("probe.c");
    if std::fs::write(&source, "char *pcap_lib_version(void);\nint main(void) { return !pcap_lib_version(); }\n")
        .is_err()
    {
        return true;
    }
    let compiler = env::var("CC").unwrap_or_else(|_| "cc".to_owned());
    let mut words = compiler.split_whitespace();
    let Some(program) = words.next() else { return true };
    let mut command = Command::new(program);
    command.args(words).arg(&source).arg("-o").arg(out.join("probe")).args(search_paths()).arg("-lpcap");
    // Without a compiler this check can tell nothing: Rust itself will complain about the linker.
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().map_or(true, |status| status.success())
}

/// Where else to look: `LIBPCAP_LIBDIR`, then what pkg-config knows.
fn search_paths() -> Vec<String> {
    if let Some(dir) = env::var("LIBPCAP_LIBDIR").ok().filter(|dir| Path::new(dir).is_dir()) {
        return vec![format!("-L{dir}")];
    }
    let found = Command::new("pkg-config").args(["--libs-only-L", "libpcap"]).stderr(Stdio::null()).output();
    let Ok(found) = found else { return Vec::new() };
    let paths: Vec<String> = String::from_utf8_lossy(&found.stdout).split_whitespace().map(str::to_owned).collect();
    for path in &paths {
        // The probe may only succeed where the real link will.
        println!("cargo::rustc-link-search=native={}", path.trim_start_matches("-L"));
    }
    paths
}

/// The package and the command for this system, and the way without.
fn advice(os_release: &str, macos: bool) -> Vec<String> {
    let (package, command) =
        if macos { ("the Xcode command line tools", "xcode-select --install") } else { package(os_release) };
    vec![
        format!("netscope needs libpcap, and the linker does not find it. It comes with {package}: {command}"),
        "If it is somewhere else, name its directory in LIBPCAP_LIBDIR.".to_owned(),
        "Without filters and live capture on real interfaces, netscope builds without it: \
         cargo build --no-default-features"
            .to_owned(),
    ]
}

/// What the distribution calls the package, by `ID` and `ID_LIKE` of os-release.
fn package(os_release: &str) -> (&'static str, &'static str) {
    let ids: Vec<&str> = os_release
        .lines()
        .filter_map(|line| line.strip_prefix("ID=").or_else(|| line.strip_prefix("ID_LIKE=")))
        .flat_map(|value| value.trim_matches('"').split(' '))
        .collect();
    let known = [
        (["debian", "ubuntu"].as_slice(), ("libpcap-dev", "sudo apt-get install libpcap-dev")),
        (&["fedora", "rhel", "centos"], ("libpcap-devel", "sudo dnf install libpcap-devel")),
        (&["arch"], ("libpcap", "sudo pacman -S libpcap")),
        (&["alpine"], ("libpcap-dev", "sudo apk add libpcap-dev")),
        (&["opensuse", "suse", "sles", "opensuse-tumbleweed"], ("libpcap-devel", "sudo zypper install libpcap-devel")),
    ];
    known
        .into_iter()
        .find(|(names, _)| ids.iter().any(|id| names.contains(id)))
        .map_or(("your system's libpcap development package", "see its package manager"), |(_, found)| found)
}
