//! Runs tests of this program once more as an ordinary user, and in an environment that forbids everything.

use crate::{check_tcp, program, request, run};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

const NOBODY: u32 = 65534;

pub(crate) fn is_root() -> bool {
    std::fs::read_to_string("/proc/self/status")
        .is_ok_and(|status| status.lines().any(|line| line.starts_with("Uid:\t0\t0")))
}

/// A copy of a program where every user can execute it.
struct Copy {
    _directory: tempfile::TempDir,
    path: PathBuf,
}

impl Copy {
    fn of(program: &Path) -> Copy {
        let directory = tempfile::tempdir_in("/tmp").expect("a directory");
        std::fs::set_permissions(directory.path(), std::fs::Permissions::from_mode(0o755)).expect("ours");
        let path = directory.path().join(program.file_name().expect("a name"));
        std::fs::copy(program, &path).expect("copied");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("ours");
        Copy { _directory: directory, path }
    }
}

/// The output of one ignored test below, run by an ordinary user from copies of both programs.
pub(crate) fn ordinary_user(test: &str, wrapper: &[&str]) -> (bool, String) {
    let tests = Copy::of(&std::env::current_exe().expect("this test program"));
    let program = Copy::of(program());
    let mut words: Vec<&str> = wrapper.to_vec();
    words.push(tests.path.to_str().expect("a plain path"));
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).args(["--exact", test, "--ignored", "--nocapture"]);
    command.env("NETSCOPE_TEST_HELPER", &program.path).current_dir("/");
    if is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    let output = command.output().expect("this test program starts");
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    (output.status.success(), said)
}

fn helper() -> PathBuf {
    std::env::var_os("NETSCOPE_TEST_HELPER").map(PathBuf::from).expect("set by the test that starts this one")
}

#[test]
#[ignore = "started by an_ordinary_user_may_run_an_exchange"]
fn run_one() {
    let recording = match run(&request("tcp", "default"), &helper()) {
        Ok(recording) => recording,
        Err(failure) => {
            println!("refused with {}: {failure}", failure.exit.code());
            return;
        }
    };
    check_tcp(&recording);
    match recording.notice {
        Some(notice) if recording.on_host => println!("ran one exchange on the host: {}", notice.name),
        _ => println!("ran one exchange"),
    }
}

#[test]
#[ignore = "started by a_forbidden_machine_is_exit_code_3"]
fn doctor() {
    for ability in netscope::live::doctor::examine(&helper()) {
        match &ability.obstacle {
            None => println!("{}: allowed", ability.name),
            Some(obstacle) => {
                let lang = netscope::language::Lang::En;
                println!("{}: {} / {}", ability.name, obstacle.reason(lang), obstacle.cure(lang).unwrap_or_default());
            }
        }
    }
}
