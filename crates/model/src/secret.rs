//! Secrets: values that can be used but not shown.

use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// A value that must not leave the process by accident.
///
/// It has no `Debug`, `Display`, `Serialize` or `Clone`, and its memory is zero once it is dropped.
pub struct Secret<T: Zeroize>(T);

impl<T: Zeroize> Secret<T> {
    /// Takes a value in.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// Shows the value to the one place that needs it.
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl<T: Zeroize + AsRef<[u8]>> Secret<T> {
    /// Compares in a time that does not depend on where the two differ.
    pub fn is(&self, other: &[u8]) -> bool {
        self.0.as_ref().ct_eq(other).into()
    }
}

impl<T: Zeroize> Drop for Secret<T> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<T: Zeroize> ZeroizeOnDrop for Secret<T> {}

/// ```compile_fail
/// let secret = bauta_model::Secret::new(String::from("seven words"));
/// println!("{secret:?}");
/// ```
/// ```compile_fail
/// let secret = bauta_model::Secret::new(String::from("seven words"));
/// let copy = secret.clone();
/// ```
/// ```compile_fail
/// let secret = bauta_model::Secret::new(String::from("seven words"));
/// secret.to_string();
/// ```
#[cfg(doctest)]
pub struct SecretsCannotBeShown;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comparing_looks_at_the_whole_value() {
        let secret = Secret::new(String::from("correct"));
        assert!(secret.is(b"correct"));
        assert!(!secret.is(b"correcu"));
        assert!(!secret.is(b"correct horse"));
    }
}
