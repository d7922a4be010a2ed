//! Finds are ranges of the text, in order and apart; mending them one by one comes to an end.

use bauta_text::leaks::{find, mend};

/// Mends `text` until nothing is found.
pub fn check(text: &str) {
    let mut text = text.to_owned();
    let mut rounds = 0;
    loop {
        let finds = find(&text);
        assert!(
            finds.windows(2).all(|pair| pair[0].end <= pair[1].start),
            "{text:?}"
        );
        let Some(&first) = finds.first() else { break };
        let mended = mend(&text, first);
        assert_ne!(mended, text, "{first:?}");
        text = mended;
        rounds += 1;
        assert!(rounds <= 1000 + text.len(), "{text:?}");
    }
}
