//! The partitioner's formula with a key's numbers in it.

/// How a key's hash leads to its partition, in numbers: Hadoop's rule without the sign bit, or the
/// remainder that is never negative, whichever gives this partition.
pub fn formula(hash: i64, reducers: u64, partition: u64) -> String {
    let reducers = i64::try_from(reducers.max(1)).unwrap_or(i64::MAX);
    let masked = hash & 0x7fff_ffff;
    let wanted = i64::try_from(partition).unwrap_or(i64::MAX);
    if masked % reducers == wanted {
        if masked == hash {
            return format!("{hash} % {reducers} = {partition}");
        }
        return format!("({hash} & 0x7fffffff) % {reducers} = {masked} % {reducers} = {partition}");
    }
    if hash.rem_euclid(reducers) == wanted {
        return format!("floorMod({hash}, {reducers}) = {partition}");
    }
    format!("hash {hash} → partition {partition}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_in_the_formula_are_right() {
        assert_eq!(formula(145_874, 2, 0), "145874 % 2 = 0");
        assert_eq!(formula(-7, 4, 1), "(-7 & 0x7fffffff) % 4 = 2147483641 % 4 = 1");
        assert_eq!(formula(-7, 3, 2), "floorMod(-7, 3) = 2");
        assert_eq!(formula(5, 3, 0), "hash 5 → partition 0");
    }
}
