//! Whether bytes are a text that Millrace takes, told in one pass that can pause anywhere.
//!
//! Lines and words are counted as Hadoop's `LineRecordReader` and Java's `StringTokenizer` see
//! them: `\n`, `\r\n` and `\r` end a line; blank, tab, line ends and form feed part words.

use xxhash_rust::xxh3::xxh3_64;

/// The most bytes that an input has: 50 MB.
pub const INPUT_BYTES_MAX: u64 = 50_000_000;

/// The most bytes that a line has: 1 MiB.
pub const LINE_BYTES_MAX: u64 = 1 << 20;

/// Bytes that one step of a scan looks at within a few milliseconds, in a browser too.
pub const STEP_BYTES: usize = 1 << 18;

/// How far from the beginning a zero byte tells a binary file, before its other bytes are judged.
const SNIFFED_BYTES: usize = 8_000;

/// A text, described.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InputFacts {
    /// Its length.
    pub bytes: u64,
    /// Its lines; the last need not end in a line end.
    pub lines: u64,
    /// Its words.
    pub words: u64,
    /// Whether it begins with UTF-8's byte order mark, which is no part of its first word.
    pub byte_order_mark: bool,
}

/// Why bytes are not a text that Millrace takes, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InputError {
    /// There is nothing.
    #[error("the text is empty, so there is nothing to count: give it a line at least")]
    Empty,
    /// More bytes than are taken.
    #[error(
        "the text has {bytes} bytes ({} MB), and at most {INPUT_BYTES_MAX} (50 MB) are taken: \
         use a part of it",
        megabytes(*bytes)
    )]
    TooLarge {
        /// Its length.
        bytes: u64,
    },
    /// A byte that UTF-8 does not have there.
    #[error(
        "the text is not UTF-8: the byte 0x{byte:02x} at offset {offset} (line {line}) does not \
         belong there; save the text as UTF-8 in your editor, and try again"
    )]
    NotUtf8 {
        /// The byte's place, from 0.
        offset: u64,
        /// The line that it stands in, from 1.
        line: u64,
        /// The byte.
        byte: u8,
    },
    /// The byte order mark of UTF-16.
    #[error(
        "the text is in UTF-16, as its first two bytes say; save it as UTF-8 in your editor, and \
         try again"
    )]
    Utf16,
    /// A zero byte.
    #[error(
        "this looks like a binary file, not a text: it has a zero byte at offset {offset}; choose \
         a plain text file"
    )]
    Binary {
        /// The zero byte's place, from 0.
        offset: u64,
    },
    /// Bytes that gzip does not write.
    #[error(
        "the file is called gzip, but is not: {what} at byte {offset}; compress it anew, or give it \
         as it is, without .gz in its name"
    )]
    Gzip {
        /// The byte's place, from 0.
        offset: u64,
        /// What is wrong there.
        what: &'static str,
    },
    /// A line longer than is taken.
    #[error(
        "line {line} has {bytes} bytes, and a line has at most {LINE_BYTES_MAX} (1 MiB): break it \
         into several lines"
    )]
    LongLine {
        /// The line, from 1.
        line: u64,
        /// Its length without the line end.
        bytes: u64,
    },
}

/// The hash that a scenario names a file's bytes by: XXH3, 64 bits, as 16 hexadecimal digits.
pub fn content_hash(bytes: &[u8]) -> String {
    format!("{:016x}", xxh3_64(bytes))
}

/// Looks at the size alone, so that a file that is too large need not be read.
///
/// # Errors
/// When it is 0 or above the limit.
pub fn check_size(bytes: u64) -> Result<(), InputError> {
    match bytes {
        0 => Err(InputError::Empty),
        1..=INPUT_BYTES_MAX => Ok(()),
        _ => Err(InputError::TooLarge { bytes }),
    }
}

/// Looks at a whole text in one call.
///
/// # Errors
/// When it is not a text that Millrace takes.
pub fn check_input(bytes: &[u8]) -> Result<InputFacts, InputError> {
    let mut scan = InputScan::begin(bytes)?;
    loop {
        if let Some(facts) = scan.step(bytes, bytes.len())? {
            return Ok(facts);
        }
    }
}

/// A look at a text that goes on where it paused. Each call is given the same bytes.
#[derive(Clone, Debug)]
pub struct InputScan {
    position: usize,
    lines_ended: u64,
    line_bytes: u64,
    words: u64,
    in_word: bool,
    after_return: bool,
}

impl InputScan {
    /// Begins a scan: looks at the size and at the first bytes.
    ///
    /// # Errors
    /// When these already tell that it is not a text that Millrace takes.
    pub fn begin(bytes: &[u8]) -> Result<InputScan, InputError> {
        InputScan::begin_up_to(bytes, INPUT_BYTES_MAX)
    }

    /// Begins a scan of a text of up to so many bytes.
    ///
    /// # Errors
    /// As `begin`.
    pub fn begin_up_to(bytes: &[u8], bytes_max: u64) -> Result<InputScan, InputError> {
        if bytes.len() as u64 > bytes_max || bytes.is_empty() {
            check_size(bytes.len() as u64)?;
        }
        if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
            return Err(InputError::Utf16);
        }
        let head = &bytes[..bytes.len().min(SNIFFED_BYTES)];
        if let Some(offset) = head.iter().position(|byte| *byte == 0) {
            return Err(InputError::Binary { offset: offset as u64 });
        }
        Ok(InputScan {
            position: 0,
            lines_ended: 0,
            line_bytes: 0,
            words: 0,
            in_word: false,
            after_return: false,
        })
    }

    /// How many bytes were looked at.
    pub fn position(&self) -> usize {
        self.position
    }

    /// Looks at about `budget` bytes more; gives the facts at the end of the text.
    ///
    /// # Errors
    /// When what it finds is not a text that Millrace takes.
    pub fn step(&mut self, bytes: &[u8], budget: usize) -> Result<Option<InputFacts>, InputError> {
        // A character has up to four bytes; with fewer a step might not get past one.
        let end = bytes.len().min(self.position.saturating_add(budget.max(4)));
        let (valid, broken) = match std::str::from_utf8(&bytes[self.position..end]) {
            Ok(text) => (text.len(), false),
            Err(error) => {
                let cut_by_budget = error.error_len().is_none() && end < bytes.len();
                (error.valid_up_to(), !cut_by_budget)
            }
        };
        self.read(&bytes[self.position..self.position + valid])?;
        if broken {
            let (offset, line) = (self.position as u64, self.lines_ended + 1);
            return Err(InputError::NotUtf8 { offset, line, byte: bytes[self.position] });
        }
        if self.position < bytes.len() {
            return Ok(None);
        }
        self.finish(bytes).map(Some)
    }

    fn read(&mut self, text: &[u8]) -> Result<(), InputError> {
        for byte in text {
            match byte {
                b'\n' if self.after_return => {}
                b'\n' | b'\r' => self.end_line()?,
                0 => return Err(InputError::Binary { offset: self.position as u64 }),
                _ => self.line_bytes += 1,
            }
            self.after_return = *byte == b'\r';
            let separates = matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0c);
            self.words += u64::from(self.in_word && separates);
            self.in_word = !separates;
            self.position += 1;
        }
        Ok(())
    }

    fn end_line(&mut self) -> Result<(), InputError> {
        self.lines_ended += 1;
        let bytes = std::mem::take(&mut self.line_bytes);
        if bytes > LINE_BYTES_MAX {
            return Err(InputError::LongLine { line: self.lines_ended, bytes });
        }
        Ok(())
    }

    fn finish(&mut self, bytes: &[u8]) -> Result<InputFacts, InputError> {
        if self.line_bytes > 0 {
            self.end_line()?;
        }
        Ok(InputFacts {
            bytes: bytes.len() as u64,
            lines: self.lines_ended,
            words: self.words + u64::from(self.in_word),
            byte_order_mark: bytes.starts_with("\u{feff}".as_bytes()),
        })
    }
}

/// Megabytes with one digit, rounded up, so that what is too large also looks it.
fn megabytes(bytes: u64) -> String {
    let tenths = bytes.div_ceil(100_000);
    format!("{}.{}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::random::{Purpose, Random};

    fn facts(text: &str) -> (u64, u64) {
        let facts = check_input(text.as_bytes()).unwrap();
        assert_eq!(facts.bytes, text.len() as u64);
        (facts.lines, facts.words)
    }

    #[test]
    fn lines_and_words_are_counted() {
        assert_eq!(facts("to be"), (1, 2));
        assert_eq!(facts("to be\n"), (1, 2));
        assert_eq!(facts("to\r\nbe\ror\n\nnot\tto\u{c}be "), (5, 6));
        assert_eq!(facts("\n \n"), (2, 0));
        assert_eq!(
            facts("Łódź\u{a0}日本\u{2003}x"),
            (1, 1),
            "only Java's five separators part words"
        );
    }

    #[test]
    fn what_is_no_text_is_told_apart() {
        let refused = |bytes: &[u8]| check_input(bytes).unwrap_err();
        assert_eq!(refused(b""), InputError::Empty);
        assert_eq!(refused(b"\xff\xfea\0"), InputError::Utf16);
        assert_eq!(refused(b"\xfe\xff\0a"), InputError::Utf16);
        assert_eq!(refused(b"\x89PNG\r\n\x1a\n\0\0"), InputError::Binary { offset: 8 });
        let late = [&b"a\n".repeat(10_000)[..], b"\0"].concat();
        assert_eq!(refused(&late), InputError::Binary { offset: 20_000 });
        let latin = b"one\ncaf\xe9 noir\n";
        assert_eq!(refused(latin), InputError::NotUtf8 { offset: 7, line: 2, byte: 0xe9 });
        let cut = "né".as_bytes();
        assert_eq!(refused(&cut[..2]), InputError::NotUtf8 { offset: 1, line: 1, byte: 0xc3 });
        assert!(check_input("\u{feff}a".as_bytes()).unwrap().byte_order_mark);
    }

    #[test]
    fn size_and_line_length_are_bounded() {
        assert_eq!(check_size(INPUT_BYTES_MAX), Ok(()));
        let error = check_size(INPUT_BYTES_MAX + 1).unwrap_err();
        assert!(error.to_string().contains("50000001 bytes (50.1 MB)"), "{error}");
        let most = usize::try_from(LINE_BYTES_MAX).unwrap();
        let text = |length| format!("a\n{}\nb", "x".repeat(length));
        assert_eq!(facts(&text(most)), (3, 3));
        let long = InputError::LongLine { line: 2, bytes: LINE_BYTES_MAX + 1 };
        assert_eq!(check_input(text(most + 1).as_bytes()), Err(long));
        let unended = "x".repeat(most + 7);
        let long = InputError::LongLine { line: 1, bytes: LINE_BYTES_MAX + 7 };
        assert_eq!(check_input(unended.as_bytes()), Err(long));
    }

    #[test]
    fn however_a_scan_is_paused_it_finds_the_same() {
        let pieces: [&[u8]; 9] =
            [b"a", b" ", b"\n", b"\r", b"\r\n", "é".as_bytes(), "😀".as_bytes(), b"\xe9", b"\0"];
        for seed in 0..500 {
            let mut random = Random::keyed(seed, Purpose::Test, 0, 0);
            let kinds = if random.chance(700_000) { 7 } else { 9 };
            let bytes: Vec<u8> = (0..1 + random.below(30))
                .flat_map(|_| pieces[usize::try_from(random.below(kinds)).unwrap()])
                .copied()
                .collect();
            let whole = check_input(&bytes);
            for budget in 0..9 {
                let paused = InputScan::begin(&bytes).and_then(|mut scan| {
                    loop {
                        if let Some(facts) = scan.step(&bytes, budget)? {
                            break Ok(facts);
                        }
                    }
                });
                assert_eq!(paused, whole, "seed {seed}, budget {budget}: {bytes:?}");
            }
        }
    }
}
