//! The child of the tests that bring pictures: the program's own `bauta worker` is not built yet when this crate is
//! tested.

fn main() -> std::process::ExitCode {
    bauta_media::worker_main()
}
