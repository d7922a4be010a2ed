//! Finds who is to hear of what happened.

use std::sync::Arc;

use bauta_model::{AccountId, NotificationId};
use bauta_timeline::Reader;

use super::{Channel, Happening, Heard, News, Said, Streams};
use crate::App;
use crate::reading::reader;

/// Hands out what happens, in its order, for as long as the process runs.
pub(crate) async fn run(app: &App) {
    let Some(mut happenings) = app.streams.handed_out.lock().take() else {
        return;
    };
    while let Some(happening) = happenings.recv().await {
        match happening {
            Happening::Posted(said) => tell_of(app, &said, News::Posted(said.entry.id)).await,
            Happening::Edited(said) => tell_of(app, &said, News::Edited(said.entry.id)).await,
            Happening::Deleted(said) => tell_of(app, &said, News::Deleted(said.entry.id)).await,
            Happening::Told(account, notification) => app.streams.tell(account, notification),
            Happening::ForAll(news) => app.streams.tell_all(&news),
        }
    }
}

async fn tell_of(app: &App, said: &Said, news: News) {
    for account in app.streams.listening() {
        // An account that is gone, or a store that fails: there is nobody to tell.
        if let Ok(reader) = reader(app, account).await {
            app.streams.hand_out(app, account, &reader, said, &news);
        }
    }
}

impl Streams {
    fn listening(&self) -> Vec<AccountId> {
        self.listeners.read().keys().copied().collect()
    }

    fn hand_out(&self, app: &App, account: AccountId, reader: &Reader, said: &Said, news: &News) {
        let mut listeners = self.listeners.write();
        for listener in listeners.get_mut(&account).into_iter().flatten() {
            let carrying: Vec<_> = listener
                .channels
                .iter()
                .filter(|channel| channel.carries(&app.timelines, reader, listener.circle(channel), said))
                .map(Arc::clone)
                .collect();
            for channel in carrying {
                if let Some(news) = on_channel(&channel, news) {
                    listener.hand(Heard::News(channel, news));
                }
            }
        }
    }

    /// Announcements come where home timelines do.
    fn tell_all(&self, news: &News) {
        let mut listeners = self.listeners.write();
        for listener in listeners.values_mut().flatten() {
            let home = listener
                .channels
                .iter()
                .find(|channel| ***channel == Channel::User);
            if let Some(home) = home.map(Arc::clone) {
                listener.hand(Heard::News(home, news.clone()));
            }
        }
    }

    fn tell(&self, account: AccountId, notification: NotificationId) {
        let mut listeners = self.listeners.write();
        for listener in listeners.get_mut(&account).into_iter().flatten() {
            let telling: Vec<_> = listener
                .channels
                .iter()
                .filter(|channel| channel.tells(&listener.speaker.scopes))
                .map(Arc::clone)
                .collect();
            for channel in telling {
                listener.hand(Heard::News(channel, News::Told(notification)));
            }
        }
    }
}

/// What a channel says of it: conversations are told of as a whole, and only when something new is said.
fn on_channel(channel: &Channel, news: &News) -> Option<News> {
    match (channel, news) {
        (Channel::Direct, News::Posted(id)) => Some(News::Conversed(*id)),
        (Channel::Direct, _) => None,
        _ => Some(news.clone()),
    }
}
