//! The one stylesheet, and the sign of the site. The stylesheet's name changes with its content, so that it can be kept
//! for good.

use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;
use axum::routing::get;
use bauta_service::App;
use bytes::Bytes;

pub const STYLE: &str = include_str!("../assets/style.css");

/// Where the stylesheet is.
pub static STYLE_PATH: LazyLock<String> =
    LazyLock::new(|| format!("/assets/style-{:08x}.css", fingerprint(STYLE)));

/// The stylesheet's route.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route(&STYLE_PATH, get(style))
        .route("/assets/icon-32.png", get(async || icon(&ICON_32)))
        .route("/assets/icon-180.png", get(async || icon(&ICON_180)))
        .route("/favicon.ico", get(async || icon(&ICON_32)))
}

static ICON_32: LazyLock<Bytes> = LazyLock::new(|| Bytes::from(bauta_media::icon(32)));
static ICON_180: LazyLock<Bytes> = LazyLock::new(|| Bytes::from(bauta_media::icon(180)));

fn icon(png: &Bytes) -> impl IntoResponse + use<> {
    (
        [
            (CONTENT_TYPE, "image/png"),
            (CACHE_CONTROL, "public, max-age=604800"),
        ],
        png.clone(),
    )
}

async fn style() -> impl IntoResponse {
    (
        [
            (CONTENT_TYPE, "text/css; charset=utf-8"),
            (CACHE_CONTROL, "public, max-age=31536000, immutable"),
        ],
        STYLE,
    )
}

/// FNV-1a: a name, not a proof.
fn fingerprint(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stylesheet_is_small_and_loads_nothing() {
        assert!(STYLE.len() < 20_000);
        for word in ["url(", "@import", "@font-face", "http:", "https:"] {
            assert!(!STYLE.contains(word), "{word}");
        }
    }
}
