//! The median: what lies in the middle of all.

/// The median of values in order: the one in the middle, or half-way between the two that are there, rounded down
/// to a whole number; nothing of nothing.
///
/// ```
/// use millrace::base::median::median;
///
/// assert_eq!(median(&[-2, 4, 7, 9]), Some(5));
/// ```
pub fn median<T: Copy + Into<i128> + TryFrom<i128>>(sorted: &[T]) -> Option<T> {
    let (lower, upper) = middle(sorted.len())?;
    let sum = (*sorted.get(lower)?).into() + (*sorted.get(upper)?).into();
    T::try_from(sum.div_euclid(2)).ok()
}

/// The places of the two in the middle of so many, which are one where these are odd; nothing of none.
pub fn middle(count: usize) -> Option<(usize, usize)> {
    Some((count.checked_sub(1)? / 2, count / 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_in_the_middle_it_is_half_way() {
        assert_eq!(median::<i64>(&[]), None);
        assert_eq!(median(&[5_i64]), Some(5));
        assert_eq!(median(&[1_u64, 8, 31]), Some(8));
        assert_eq!(median(&[-3_i64, -2]), Some(-3));
        assert_eq!(median(&[u64::MAX, u64::MAX]), Some(u64::MAX));
    }
}
