//! `bauta demo`: plays the story of the case, with a made-up cast, into a fresh data directory and serves it on loopback.
//!
//! Facts and dates are those of the case behind the product; the people, the office and the words are invented, and every
//! page says so. The demand and the case join the story with the desk.

mod article;
mod crowd;
mod story;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bauta_service::App;

use crate::cli::{DemoArgs, Settings};
use crate::config::Config;
use crate::failure::{Failure, Outcome};
use crate::{output, serve};

/// Plays the story, serves it, and prints a tour of links.
pub fn run(args: &DemoArgs) -> Outcome<()> {
    let data = fresh(args.data.as_deref())?;
    let listen = args.listen.clone().unwrap_or_else(|| "127.0.0.1:8080".to_owned());
    let mut config = Config::load(&Settings {
        data: Some(data.clone()),
        listen: Some(listen),
        ..Settings::default()
    })?;
    if !config.site.is_loopback() {
        return Err(Failure::new(
            "the demo is for this machine only; leave --domain and BAUTA_DOMAIN out",
        ));
    }
    config.site.made_up = true;
    config.site.title = String::from("River notes");
    config.site.description =
        String::from("A made-up server for people who measure rivers and say what they find.");
    let runtime = serve::runtime()?;
    let (app, lock) = serve::open(&config)?;
    let app = Arc::new(app);
    let cast = runtime.block_on(play(&app, args.followers))?;
    app.clock.release();
    if args.no_serve {
        output::line(&format!("the story is in {}", data.display()));
        return Ok(());
    }
    print_tour(&app, &cast);
    let base = config.site.base_url.clone();
    serve::with_app(&config, runtime, app, lock, async move |router| {
        article::join(router, &base, &cast).await
    })
}

async fn play(app: &Arc<App>, followers: u32) -> Outcome<story::Cast> {
    output::note("A made-up story is being played:");
    let cast = story::cast(app).await?;
    crowd::gather(app, cast.engineers.account, followers).await?;
    let cast = story::speak(app, cast).await?;
    output::note("  … the account, its followers, counsel, the newspaper and their posts are there.");
    Ok(cast)
}

/// A directory that is not there yet or is empty: a story is not played over somebody's data.
fn fresh(wanted: Option<&Path>) -> Outcome<PathBuf> {
    let data = match wanted {
        Some(path) => path.to_owned(),
        None => std::env::temp_dir().join(format!("bauta-demo-{}", std::process::id())),
    };
    let empty = std::fs::read_dir(&data).map_or(true, |mut entries| entries.next().is_none());
    if empty {
        Ok(data)
    } else {
        Err(Failure::new(format!(
            "{} is not empty; name a new directory",
            data.display()
        )))
    }
}

fn print_tour(app: &App, cast: &story::Cast) {
    let base = &app.site.base_url;
    let statement = cast.statement;
    output::line("A tour of the story; nobody in it is real:");
    for (link, what) in [
        (
            format!("{base}/@{}", cast.engineers.handle),
            "the account, and everybody who reads it",
        ),
        (
            format!("{base}/@{}/{statement}", cast.engineers.handle),
            "the post on the day the demand was withdrawn",
        ),
        (
            format!("{base}/demo/article"),
            "a newspaper's article that embeds two posts",
        ),
        (format!("{base}/privacy"), "what this server holds"),
        (
            format!("{base}/sign-in"),
            "sign in as the engineers, with the passphrase below",
        ),
    ] {
        output::line(&format!("  {link}\n      {what}"));
    }
    output::line(&format!(
        "  @{}: {}",
        cast.engineers.handle,
        cast.engineers.passphrase.expose()
    ));
}
