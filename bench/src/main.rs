//! Side-by-side benchmarks: every figure is a ratio of two things measured in one run on the same machine.
//!
//! `cargo xtask bench [--json] [NAME…]`. Loads run on loopback only, are bounded in time, and stop by themselves.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![expect(clippy::cast_precision_loss, reason = "figures are printed with two digits")]

mod bare;
mod figures;
mod load;
mod process;
mod seed;
mod signed;
mod sink;

use figures::Figure;

/// A benchmark: its name, and what measures it.
type Bench = (&'static str, fn() -> Vec<Figure>);

/// Every benchmark.
const BENCHES: &[Bench] = &[
    ("home_vs_axum", figures::home::run),
    ("home_growth", figures::home::growth),
    ("page_vs_axum", figures::page::run),
    ("post_153k_vs_0", figures::post::followers),
    ("durable_vs_batched", figures::post::durable),
    ("log_append_vs_fsync", figures::log::append),
    ("verify_vs_sha256", figures::record::check),
    ("holdings_ms", figures::record::held),
    ("sealed_vs_plain_home", figures::sealed::home),
    ("sealed_vs_plain_post", figures::sealed::post),
    ("image_vs_codec", figures::picture::run),
    ("deliveries_vs_rsa", figures::deliveries::run),
    ("hand_1000_hosts_vs_bare", figures::deliveries::hand_over),
    ("inbox_vs_axum", figures::inbox::run),
    ("idle_stream_kib", figures::stream::run),
    ("resident_mib", figures::start::resident),
    ("second_start_ms", figures::start::second),
];

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if args.first().is_some_and(|first| first == "bare") {
        let bytes = args.get(1).and_then(|text| text.parse().ok()).unwrap_or(1024);
        return bare::serve(bytes);
    }
    if args.first().is_some_and(|first| first == "bare-inbox") {
        return bare::serve_inbox();
    }
    let json = args.iter().any(|arg| arg == "--json");
    let wanted: Vec<&String> = args.iter().filter(|arg| !arg.starts_with("--")).collect();
    for (name, run) in BENCHES {
        if wanted.is_empty() || wanted.iter().any(|w| *w == name) {
            for figure in run() {
                println!("{}", if json { figure.json() } else { figure.line() });
            }
        }
    }
}
