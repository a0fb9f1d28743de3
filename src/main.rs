//! The program.

use std::process::ExitCode;

fn main() -> ExitCode {
    #[cfg(target_os = "linux")]
    if std::env::args().nth(1).as_deref() == Some(netscope::live::HELPER_COMMAND) {
        return netscope::live::helper_main();
    }
    ExitCode::from(2)
}
