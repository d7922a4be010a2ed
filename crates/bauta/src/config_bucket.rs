//! Settings of `[bucket]`: an S3 bucket that media are carried to.

use std::path::PathBuf;

use bauta_bucket::{Bucket, Setup};
use bauta_model::Secret;
use bauta_outbound::Authorities;
use bauta_service::App;
use serde::Deserialize;
use url::Url;
use zeroize::Zeroizing;

use crate::config::Config;
use crate::failure::{Failure, Outcome};

/// Keys of the section.
pub const BUCKET_KEYS: &[&str] = &["endpoint", "region", "name", "key", "path_style", "authorities"];

/// The section as it is written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BucketFile {
    endpoint: String,
    region: Option<String>,
    name: String,
    key: PathBuf,
    path_style: Option<bool>,
    authorities: Option<PathBuf>,
}

/// Refuses the section where the program has no S3 in it.
pub fn checked(file: Option<BucketFile>) -> Outcome<Option<BucketFile>> {
    if file.is_some() && !bauta_bucket::BUILT {
        return Err(Failure::new(bauta_bucket::SetupError::NotBuilt.to_string()));
    }
    Ok(file)
}

/// The bucket of the configuration; nothing where none is named. The data directory has to be there.
pub fn open(config: &Config) -> Outcome<Option<Bucket>> {
    let Some(named) = config.bucket.clone() else {
        return Ok(None);
    };
    let wrong =
        |error: &dyn std::fmt::Display| Failure::new(format!("bucket.key: {}: {error}", named.key.display()));
    let text = Zeroizing::new(std::fs::read_to_string(&named.key).map_err(|error| wrong(&error))?);
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let (Some(key_id), Some(key), None) = (lines.next(), lines.next(), lines.next()) else {
        return Err(wrong(
            &"write the access key on one line, and its secret on the next",
        ));
    };
    let endpoint = Url::parse(&named.endpoint)
        .map_err(|_| Failure::new("bucket.endpoint: write an http:// or https:// URL without a path"))?;
    let folder = config.data.join("bucket-folder");
    let setup = Setup {
        endpoint,
        region: named.region.unwrap_or_else(|| "us-east-1".to_owned()),
        bucket: named.name,
        in_path: named.path_style.unwrap_or(true),
        key_id: key_id.to_owned(),
        key: Secret::new(key.to_owned()),
        folder: bauta_bucket::folder(&folder)
            .map_err(|error| Failure::new(format!("{}: {error}", folder.display())))?,
        proxy: config.peers.proxy(),
        authorities: named.authorities.map_or(Authorities::System, Authorities::File),
    };
    Bucket::open(setup)
        .map(Some)
        .map_err(|error| Failure::new(error.to_string()))
}

/// Refuses to serve where media lie in a bucket that nobody named.
pub async fn refuse_without(app: &App) -> Outcome<()> {
    let misses = bauta_service::depot::misses_its_bucket(app).await;
    if misses.map_err(|error| Failure::new(error.to_string()))? {
        return Err(Failure::new(
            "media of this server lie in a bucket, and the configuration names none: bring [bucket] back",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECTION: &str = "endpoint = 'http://10.0.0.9:9000'\nname = 'media'\nkey = '/etc/bauta/bucket.key'";

    #[test]
    fn a_bucket_needs_its_address_and_a_program_that_can_use_it() {
        let read: BucketFile = toml::from_str(SECTION).expect("a section");
        assert_eq!(checked(Some(read)).is_ok(), bauta_bucket::BUILT);
        assert!(checked(None).is_ok());
        for wrong in ["endpoint = 7", "name = 'media'", "secret = 'x'"] {
            assert!(toml::from_str::<BucketFile>(wrong).is_err(), "{wrong}");
        }
    }
}
