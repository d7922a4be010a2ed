//! What `bauta doctor` says of a bucket: whether it answers, and what it keeps that nobody asked it to keep.

use super::doctor::{Finding, State, finding};
use crate::config::Config;
use crate::{config_bucket, keys, serve};

/// Looks at the bucket; nothing where none is named.
pub fn bucket(config: &Config) -> Option<Finding> {
    let what = "bucket";
    config.bucket.as_ref()?;
    if !config.data.is_dir() {
        return Some(finding(
            State::Ok,
            what,
            "it is asked once there is a data directory",
        ));
    }
    let opened = config_bucket::open(config).and_then(|bucket| Ok((bucket, serve::runtime()?)));
    let (bucket, runtime) = match opened {
        Ok((Some(bucket), runtime)) => (bucket, runtime),
        Ok((None, _)) => return None,
        Err(failure) => return Some(finding(State::Fail, what, failure.0)),
    };
    if runtime.block_on(bucket.page(None)).is_err() {
        return Some(finding(
            State::Fail,
            what,
            "it does not answer, or refuses the key: media wait in the data directory",
        ));
    }
    let Ok(habits) = runtime.block_on(bucket.habits()) else {
        return Some(finding(
            State::Warn,
            what,
            "it does not say whether it keeps versions or a log: see to it that it keeps neither",
        ));
    };
    if habits.versions {
        return Some(finding(
            State::Warn,
            what,
            "it keeps, or kept, versions: what is deleted stays there; take a bucket that never kept any",
        ));
    }
    if habits.log {
        return Some(finding(
            State::Warn,
            what,
            "it logs who asks for what; switch its access log off",
        ));
    }
    if !bauta_seal::has_keys(&keys::folder(config)) {
        return Some(finding(
            State::Warn,
            what,
            "nothing is sealed: whoever runs the bucket sees the media; see bauta seal",
        ));
    }
    Some(finding(
        State::Ok,
        what,
        "it keeps no versions and no log, and what lies there is sealed",
    ))
}
