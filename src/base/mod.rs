//! Plain types that every room may use: time, ids, records, hashes, keyed randomness.
