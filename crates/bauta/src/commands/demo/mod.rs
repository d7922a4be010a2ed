//! `bauta demo`: plays the story of the case, with a made-up cast, into a fresh data directory and serves it on loopback.
//!
//! Facts and dates are those of the case behind the product; the people, the office and the words are invented, and every
//! page says so. The demand goes through the desk as `bauta desk …` would lead it, each day of the story by the clock, and the
//! server that follows lives in the time of the story: its log has the hours from the first day to now, and no others.

mod article;
mod case;
mod copy;
mod crowd;
mod story;
mod tour;

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
    if !config.site.is_loopback() || !bauta_model::is_loopback(&config.listen) {
        return Err(Failure::new(
            "the demo is for this machine only: listen on 127.0.0.1, and leave BAUTA_DOMAIN out",
        ));
    }
    config.site.made_up = true;
    config.site.title = String::from("River notes");
    config.site.description =
        String::from("A made-up server for people who measure rivers and say what they find.");
    let runtime = serve::runtime()?;
    let (app, lock) = serve::open(&config)?;
    let app = Arc::new(app);
    let (cast, office) = runtime.block_on(play(&config, &app, args.followers))?;
    app.clock.count_on();
    if args.no_serve {
        output::line(&format!("the story is in {}", data.display()));
        return Ok(());
    }
    tour::print(&app, &office);
    let shared = Arc::clone(&app);
    let base = config.site.base_url.clone();
    serve::with_app(&config, runtime, app, lock, async move |router| {
        let router = article::join(router, &base, &cast).await?;
        let pages = tour::demo(&shared, &data, &cast, &office).await?;
        Ok(bauta_web::demo::demo(Arc::clone(&shared), pages).merge(router))
    })
}

async fn play(config: &Config, app: &Arc<App>, followers: u32) -> Outcome<(story::Cast, case::Office)> {
    output::note("A made-up story is being played:");
    let mut cast = story::cast(app).await?;
    let officers = case::officers(app).await?;
    crowd::gather(app, cast.engineers.account, followers).await?;
    output::note("  … the account, its followers, counsel, the newspaper and the desk are there.");
    let log = serve::open_log(config, app)?.ok_or_else(|| Failure::new("the log could not be opened"))?;
    case::night(app, &log, (2017, 1, 21)).await?;
    story::before(app, &cast).await?;
    case::night(app, &log, (2017, 3, 2)).await?;
    let mut office = case::served(app, officers, &cast.engineers).await?;
    story::asked(app, &mut cast).await?;
    case::night(app, &log, (2017, 3, 14)).await?;
    case::answered(app, &office, &cast.engineers).await?;
    case::night(app, &log, (2017, 3, 20)).await?;
    case::challenged(app, &office).await?;
    story::filed(app, &mut cast).await?;
    case::night(app, &log, (2017, 4, 6)).await?;
    case::withdrawn(app, &office).await?;
    story::thanked(app, &mut cast).await?;
    case::night(app, &log, (2017, 4, 8)).await?;
    case::published(app, &office, &cast.engineers).await?;
    case::night(app, &log, (2017, 4, 10)).await?;
    case::noted(app, &office).await?;
    case::night(app, &log, (2017, 4, 21)).await?;
    case::renewed(app, &mut office).await?;
    story::asked_again(app, &mut cast).await?;
    case::night(app, &log, (2017, 5, 22)).await?;
    story::at(app, (2017, 5, 24), 9, 0);
    log.tick()
        .await
        .map_err(|error| Failure::new(error.to_string()))?;
    // What is over by then goes now: from here on, rows change by what a visitor does alone.
    bauta_service::housekeeping::keep(app).await?;
    output::note(
        "  … they have spoken; a demand came, was answered, fought and withdrawn; the record is signed.",
    );
    Ok((cast, office))
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
