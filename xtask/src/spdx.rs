//! SPDX licence expressions (SPDX specification 2.3, annex D), as far as package manifests use them.

/// True when `expression` lets us use the package under licences of `allowed` alone.
///
/// `A OR B` is a choice, `A AND B` binds us to both, `A WITH exception` is looked up whole, and then as `A`: an
/// exception only ever permits more. The old `A/B` of Cargo manifests means `OR`.
///
/// # Errors
/// When it is no expression.
pub fn permits(expression: &str, allowed: &[String]) -> Result<bool, String> {
    let words = words(expression);
    let mut parser = Parser {
        words: &words,
        allowed,
    };
    let permitted = parser
        .either()
        .ok_or_else(|| format!("{expression:?} is no SPDX expression"))?;
    if parser.words.is_empty() {
        Ok(permitted)
    } else {
        Err(format!("{expression:?} is no SPDX expression"))
    }
}

fn words(expression: &str) -> Vec<String> {
    let spaced = expression
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('/', " OR ");
    spaced.split_whitespace().map(str::to_owned).collect()
}

/// Each rule gives `None` for a mistake; AND binds closer than OR, WITH closer than AND.
struct Parser<'a> {
    words: &'a [String],
    allowed: &'a [String],
}

impl Parser<'_> {
    fn either(&mut self) -> Option<bool> {
        let mut permitted = self.both()?;
        while self.take("OR") {
            permitted |= self.both()?;
        }
        Some(permitted)
    }

    fn both(&mut self) -> Option<bool> {
        let mut permitted = self.one()?;
        while self.take("AND") {
            permitted &= self.one()?;
        }
        Some(permitted)
    }

    fn one(&mut self) -> Option<bool> {
        if self.take("(") {
            let permitted = self.either()?;
            return self.take(")").then_some(permitted);
        }
        let licence = self.name()?;
        if !self.take("WITH") {
            return Some(self.allows(&licence));
        }
        let exception = self.name()?;
        Some(self.allows(&format!("{licence} WITH {exception}")) || self.allows(&licence))
    }

    fn name(&mut self) -> Option<String> {
        let (first, rest) = self.words.split_first()?;
        let is_name = !["AND", "OR", "WITH"].contains(&first.as_str())
            && first
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-.+:".contains(c));
        self.words = rest;
        is_name.then(|| first.clone())
    }

    fn take(&mut self, word: &str) -> bool {
        match self.words.split_first() {
            Some((first, rest)) if first == word => {
                self.words = rest;
                true
            }
            _ => false,
        }
    }

    fn allows(&self, licence: &str) -> bool {
        self.allowed.iter().any(|allowed| allowed == licence)
    }
}

#[cfg(test)]
mod tests {
    use super::permits;

    fn with(expression: &str) -> Result<bool, String> {
        permits(
            expression,
            &["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"].map(str::to_owned),
        )
    }

    #[test]
    fn one_choice_is_enough_and_every_duty_counts() {
        for good in [
            "MIT",
            "GPL-2.0 OR MIT",
            "GPL-2.0/MIT",
            "MIT AND ISC",
            "(X OR MIT) AND ISC",
            "X AND Y OR MIT",
        ] {
            assert_eq!(with(good), Ok(true), "{good}");
        }
        for bad in [
            "GPL-2.0",
            "MIT AND GPL-2.0",
            "(MIT OR X) AND Y",
            "X AND MIT OR Y",
            "mit",
        ] {
            assert_eq!(with(bad), Ok(false), "{bad}");
        }
    }

    #[test]
    fn an_exception_belongs_to_its_licence() {
        assert_eq!(with("Apache-2.0 WITH LLVM-exception"), Ok(true));
        assert_eq!(with("Apache-2.0"), Ok(false));
        assert_eq!(with("MIT WITH Some-exception"), Ok(true));
        assert_eq!(with("X WITH LLVM-exception"), Ok(false));
    }

    #[test]
    fn what_is_no_expression_is_an_error() {
        for wrong in [
            "", "MIT OR", "AND MIT", "(MIT", "MIT)", "MIT ISC", "MIT WITH", "OR", "MIT, ISC", "()",
        ] {
            assert!(with(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn nesting_is_followed() {
        assert_eq!(with("((X AND (Y OR Z)) OR (MIT AND (ISC OR X)))"), Ok(true));
        assert_eq!(with("((MIT AND (Y OR Z)) OR (X AND (ISC OR MIT)))"), Ok(false));
    }
}
