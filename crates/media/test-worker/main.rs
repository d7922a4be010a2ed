//! The child of this crate's tests: does what `bauta worker` does.

use std::process::ExitCode;

fn main() -> ExitCode {
    bauta_media::worker_main()
}
