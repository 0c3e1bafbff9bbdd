//! A key that is small enough to be copied as a number is.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// The longest short key, in bytes.
pub const SHORT_KEY_BYTES_MAX: usize = 24;

/// A key of at most 24 bytes; it may be empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShortKey {
    /// Zeros behind its end.
    bytes: [u8; SHORT_KEY_BYTES_MAX],
    length: u8,
}

/// That a key is too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the key of a record that is injected has at most {SHORT_KEY_BYTES_MAX} bytes")]
pub struct KeyTooLong;

impl ShortKey {
    /// Its text.
    pub fn as_str(&self) -> &str {
        // It was a text when it was put in.
        std::str::from_utf8(&self.bytes[..usize::from(self.length)]).unwrap_or_default()
    }
}

impl FromStr for ShortKey {
    type Err = KeyTooLong;

    fn from_str(text: &str) -> Result<ShortKey, KeyTooLong> {
        let mut bytes = [0; SHORT_KEY_BYTES_MAX];
        bytes.get_mut(..text.len()).ok_or(KeyTooLong)?.copy_from_slice(text.as_bytes());
        let length = u8::try_from(text.len()).map_err(|_| KeyTooLong)?;
        Ok(ShortKey { bytes, length })
    }
}

impl fmt::Display for ShortKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for ShortKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for ShortKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<ShortKey, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_kept_whole_or_refused() {
        for text in ["", "TeamX", "ключ", "123456789012345678901234"] {
            assert_eq!(text.parse::<ShortKey>().unwrap().as_str(), text);
        }
        assert_eq!("1234567890123456789012345".parse::<ShortKey>(), Err(KeyTooLong));
    }
}
