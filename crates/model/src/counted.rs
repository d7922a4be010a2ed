//! How a number of things is said: the digits in groups, and the noun in its form.

/// `1 row`, `153,000 rows`. A number that is below zero counts as none.
pub fn counted(number: impl TryInto<u64>, one: &str, many: &str) -> String {
    let number = number.try_into().unwrap_or(0);
    format!("{} {}", grouped(number), form(number, one, many))
}

/// The form of the noun alone, where the number stands elsewhere.
pub fn form<'a>(number: impl TryInto<u64>, one: &'a str, many: &'a str) -> &'a str {
    match number.try_into() {
        Ok(1) => one,
        _ => many,
    }
}

/// `153,000`. A number that is below zero counts as none.
pub fn grouped(number: impl TryInto<u64>) -> String {
    let digits = number.try_into().unwrap_or(0).to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped() {
        let counts = [-5, 0, 999, 1000, 153_000, 1_234_567].map(|number: i64| grouped(number));
        assert_eq!(counts, ["0", "0", "999", "1,000", "153,000", "1,234,567"]);
    }

    #[test]
    fn one_thing_is_not_said_as_many() {
        let rows = [0, 1, 2, 1000].map(|number: u64| counted(number, "row", "rows"));
        assert_eq!(rows, ["0 rows", "1 row", "2 rows", "1,000 rows"]);
        assert_eq!(form(1_u8, "row", "rows"), "row");
    }
}
