//! Chance that nobody can guess: numbers and orders from the operating system's randomness.

/// A number below `bound`, each as likely as any other; 0 where `bound` is 0.
///
/// # Panics
/// When the operating system has no randomness to give.
pub fn below(bound: u64) -> u64 {
    let bound = bound.max(1);
    // What is above the last whole multiple would make small numbers likelier.
    let most = u64::MAX - u64::MAX % bound;
    loop {
        let drawn = getrandom::u64().expect("the operating system has randomness");
        if drawn < most {
            return drawn % bound;
        }
    }
}

/// Puts a list into an order that says nothing of the one before (Fisher and Yates).
pub fn shuffle<T>(list: &mut [T]) {
    for at in (1..list.len()).rev() {
        let other = below(at as u64 + 1);
        list.swap(at, usize::try_from(other).unwrap_or(at));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_number_stays_below_its_bound(bound in 1..=u64::MAX) {
            prop_assert!(below(bound) < bound);
        }

        #[test]
        fn shuffling_loses_nothing(list in proptest::collection::vec(0_u8..9, 0..60)) {
            let (mut before, mut after) = (list.clone(), list);
            shuffle(&mut after);
            before.sort_unstable();
            after.sort_unstable();
            prop_assert_eq!(before, after);
        }
    }

    #[test]
    fn every_number_and_every_place_is_as_likely_as_any_other() {
        const ROUNDS: u32 = 7_000;
        let mut drawn = [0_u32; 7];
        let mut first = [0_u32; 7];
        for _ in 0..ROUNDS {
            drawn[below(7) as usize] += 1;
            let mut list = [0, 1, 2, 3, 4, 5, 6];
            shuffle(&mut list);
            first[list[0]] += 1;
        }
        // A thousand each; eight standard deviations are 234.
        for count in drawn.into_iter().chain(first) {
            assert!((766..=1234).contains(&count), "{drawn:?} {first:?}");
        }
        assert_eq!(below(0), 0);
    }
}
