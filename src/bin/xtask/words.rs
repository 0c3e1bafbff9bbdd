//! What the benchmark counts and sorts: made up or put together, but always the same.

use std::{fmt::Write as _, fs, path::Path};

use rand_xoshiro::{
    Xoshiro256PlusPlus,
    rand_core::{Rng, SeedableRng},
};

use crate::step::{Outcome, at, say};

/// Tells the benchmarks in which folder the files are.
pub(crate) const VARIABLE: &str = "MILLRACE_BENCH_TEXTS";

/// Long enough that starting up does not count, short enough for a tab.
const TEXT_BYTES: usize = 64_000_000;

/// How many different words the Zipf text has.
const VOCABULARY: u64 = 20_000;

/// Records to sort, of 100 bytes each with the line end.
const RECORDS: usize = 1_000_000;
const RECORD_BYTES: usize = 100;

const SYLLABLES: [&str; 16] = [
    "ka", "lo", "mi", "ne", "ru", "sa", "ti", "vo", "ber", "dan", "fel", "gor", "hin", "jus",
    "pen", "wal",
];

/// The novels that the page carries, for prose.
const NOVELS: [&str; 3] = ["alice.txt", "persuasion.txt", "pride.txt"];
const NOVELS_FOLDER: &str = "src/scenario/texts";

/// Writes the files that are not there.
///
/// # Errors
///
/// When one cannot be written, or a novel cannot be read.
pub(crate) fn write(folder: &Path) -> Outcome {
    fs::create_dir_all(folder).map_err(at(folder, "make"))?;
    keep(folder, "zipf.txt", TEXT_BYTES, || Ok(zipf(TEXT_BYTES)))?;
    keep(folder, "prose.txt", TEXT_BYTES, || prose(TEXT_BYTES))?;
    keep(folder, "records.txt", RECORDS * RECORD_BYTES, || Ok(records(RECORDS)))
}

fn keep(
    folder: &Path,
    name: &str,
    bytes: usize,
    make: impl FnOnce() -> Outcome<String>,
) -> Outcome {
    let file = folder.join(name);
    if fs::metadata(&file).is_ok_and(|found| found.len() == bytes as u64) {
        return Ok(());
    }
    say(format!("make {name}, {} MB (some seconds)", bytes / 1_000_000));
    fs::write(&file, make()?).map_err(at(&file, "write"))
}

/// Lines of 10 words, cut off at exactly `bytes` bytes. The word of rank k comes as often as 1/k asks.
fn zipf(bytes: usize) -> String {
    let mut sum = 0.0;
    let sums: Vec<f64> = (1..=VOCABULARY)
        .map(|rank| {
            sum += 1.0 / rank as f64;
            sum
        })
        .collect();
    let mut random = Xoshiro256PlusPlus::seed_from_u64(1);
    let mut text = String::with_capacity(bytes + 64);
    let mut words = 0_u32;
    while text.len() < bytes {
        let drawn = (random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64 * sum;
        push_word(&mut text, sums.partition_point(|sum| *sum <= drawn));
        words += 1;
        text.push(if words.is_multiple_of(10) { '\n' } else { ' ' });
    }
    text.truncate(bytes);
    text
}

/// A number's word, one syllable for each of its hexadecimal digits.
fn push_word(text: &mut String, mut number: usize) {
    loop {
        text.push_str(SYLLABLES[number % 16]);
        number /= 16;
        if number == 0 {
            return;
        }
    }
}

/// The novels, again and again, cut off at exactly `bytes` bytes or a character before.
fn prose(bytes: usize) -> Outcome<String> {
    let mut novels = String::new();
    for novel in NOVELS {
        let file = Path::new(NOVELS_FOLDER).join(novel);
        novels += &fs::read_to_string(&file).map_err(at(&file, "read"))?;
    }
    let mut text = novels.repeat(bytes.div_ceil(novels.len()));
    let end = (0..=bytes).rev().find(|end| text.is_char_boundary(*end));
    text.truncate(end.unwrap_or(0));
    // To its length, which says whether the file is whole.
    text.extend(std::iter::repeat_n('\n', bytes - text.len()));
    Ok(text)
}

/// Records with a key of 20 random digits, and filler.
fn records(records: usize) -> String {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(2);
    let mut text = String::with_capacity(records * RECORD_BYTES);
    let filler = "x".repeat(RECORD_BYTES - 21);
    for _ in 0..records {
        let written = writeln!(text, "{:020}{filler}", random.next_u64());
        assert!(written.is_ok(), "text is written to memory");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_always_the_same_and_follows_zipf() {
        let made = zipf(400_000);
        assert_eq!(made.len(), 400_000);
        assert_eq!(made, zipf(400_000));
        let count = |word: &str| made.split_whitespace().filter(|other| *other == word).count();
        let [first, second, tenth] = ["ka", "lo", "dan"].map(count);
        assert!((18..23).contains(&(first * 10 / second)), "{first} {second}");
        assert!((80..120).contains(&(first * 10 / tenth)), "{first} {tenth}");
    }

    #[test]
    fn records_have_100_bytes_and_come_in_no_order() {
        let made = records(100);
        assert_eq!(made.len(), 100 * RECORD_BYTES);
        let lines: Vec<&str> = made.lines().collect();
        assert!(lines.len() == 100 && !lines.is_sorted());
    }
}
