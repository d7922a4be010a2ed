//! Dates of HTTP (IMF-fixdate), from and to the seconds of a slot.

use bauta_model::{CoarseTime, Day};

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// Of 1 January 1970 and the days after.
const WEEKDAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];

/// `Tue, 20 Apr 2021 02:07:00 GMT`.
pub fn write(time: CoarseTime) -> String {
    let seconds = time.unix_seconds();
    let day = time.day();
    let (year, month, of_month) = day.civil();
    let weekday = WEEKDAYS[day.get().rem_euclid(7) as usize];
    let in_day = seconds.rem_euclid(86_400);
    format!(
        "{weekday}, {of_month:02} {} {year:04} {:02}:{:02}:{:02} GMT",
        MONTHS[month as usize - 1],
        in_day / 3600,
        in_day / 60 % 60,
        in_day % 60
    )
}

/// Reads what [`write`] writes, as seconds since 1970. The weekday is not looked at.
pub fn read(text: &str) -> Option<i64> {
    let (_, rest) = text.split_once(", ")?;
    let mut parts = rest.split(' ');
    let day = parts.next()?.parse().ok()?;
    let month = parts.next()?;
    let month = MONTHS.iter().position(|known| *known == month)? as u32 + 1;
    let year = parts.next()?.parse().ok()?;
    let mut time = parts.next()?.split(':').map(|part| part.parse::<i64>().ok());
    let (hour, minute, second) = (time.next()??, time.next()??, time.next()??);
    let fits = (0..24).contains(&hour) && (0..60).contains(&minute) && (0..61).contains(&second);
    if !fits || time.next().is_some() || parts.next() != Some("GMT") || parts.next().is_some() {
        return None;
    }
    let day = Day::from_civil(year, month, day)?;
    Some(i64::from(day.get()) * 86_400 + hour * 3600 + minute * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dates_are_those_of_the_rfc() {
        assert_eq!(read("Tue, 20 Apr 2021 02:07:55 GMT"), Some(1_618_884_475));
        assert_eq!(
            write(CoarseTime::from_unix_seconds(1_618_884_475)),
            "Tue, 20 Apr 2021 02:07:55 GMT"
        );
        for text in [
            "",
            "Tue, 31 Feb 2021 02:07:55 GMT",
            "Tue, 20 Apr 2021 25:07:55 GMT",
            "Tue, 20 Apr 2021 02:07:55 CET",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(seconds in 0i64..4_000_000_000) {
            prop_assert_eq!(read(&write(CoarseTime::from_unix_seconds(seconds))), Some(seconds));
        }

        #[test]
        fn any_text_is_a_date_or_none(text in "\\PC{0,40}") {
            read(&text);
        }
    }
}
