//! Scenarios in links: the fragment of the page's address.
//!
//! `#first-steps` is a preset. `#r=1.…` is any other scenario: the codec's version, then the
//! scenario as compact JSON in URL-safe base64. A file of the reader's is named in a link and
//! never carried.

use super::nearest::nearest;
use super::{Content, Input, Scenario, ScenarioError, presets};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The most bytes of an own text that a link carries.
pub const LINK_TEXT_BYTES_MAX: usize = 2_048;

/// The longest fragment that is read; what `encode` writes is shorter.
pub const FRAGMENT_BYTES_MAX: usize = 131_072;

const PREFIX: &str = "r=";
const CODEC_VERSION: &str = "1";

/// Why a scenario has no link, or a link no scenario.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// The text is too long for a link.
    #[error(
        "the text has {bytes} bytes, and a link carries at most {LINK_TEXT_BYTES_MAX}: shorten it, \
         or share it as a file"
    )]
    TextTooLong {
        /// Its length.
        bytes: usize,
    },
    /// The names of files and whatever else it says are too long for a link.
    #[error("the link would have {bytes} bytes, and has at most {FRAGMENT_BYTES_MAX}")]
    TooLong {
        /// Its length.
        bytes: usize,
    },
    /// No preset has this name.
    #[error(
        "the link names the scenario \"{name}\", and there is none of that name; the picker lists \
         all that there are{near}"
    )]
    UnknownPreset {
        /// The name.
        name: String,
        /// The nearest names, as the end of a sentence; empty where none is near.
        near: String,
    },
    /// A codec that this build does not know.
    #[error("the link was made by a newer Millrace: reload the page, or ask for a new link")]
    Newer,
    /// What a link never is.
    #[error("the link is damaged ({problem}): copy it again, whole")]
    Damaged {
        /// What was found.
        problem: String,
    },
    /// The link is whole, but its scenario is not allowed.
    #[error("the link's scenario can't be run: {0}")]
    Scenario(ScenarioError),
}

/// The fragment that leads to this scenario, with its `#`.
///
/// # Errors
/// When its text is too long for a link.
pub fn encode(scenario: &Scenario) -> Result<String, LinkError> {
    if let Some(preset) = presets::of(scenario) {
        return Ok(format!("#{}", preset.name));
    }
    let bytes = carried_bytes(&scenario.input);
    if bytes > LINK_TEXT_BYTES_MAX {
        return Err(LinkError::TextTooLong { bytes });
    }
    let json = serde_json::to_vec(scenario)
        .map_err(|error| LinkError::Damaged { problem: error.to_string() })?;
    let link = format!("#{PREFIX}{CODEC_VERSION}.{}", URL_SAFE_NO_PAD.encode(json));
    if link.len() > FRAGMENT_BYTES_MAX {
        return Err(LinkError::TooLong { bytes: link.len() });
    }
    Ok(link)
}

/// Bytes of texts that a link to an input carries.
fn carried_bytes(input: &Input) -> usize {
    match input {
        Input::Text(text) => text.len(),
        Input::Files(files) => files
            .iter()
            .map(|file| match &file.content {
                Content::Text(text) => text.len() + file.name.len(),
                Content::Builtin(_) | Content::File { .. } => 0,
            })
            .sum(),
        Input::Builtin(_) | Input::File { .. } | Input::Made(_) | Input::Events(_) => 0,
    }
}

/// The scenario that a fragment leads to, with or without its `#`; nothing for an empty one.
///
/// # Errors
/// When it names no preset, is damaged, newer than this build, or leads to a scenario that is not
/// allowed.
pub fn decode(fragment: &str) -> Result<Option<Scenario>, LinkError> {
    let fragment = fragment.trim().strip_prefix('#').unwrap_or(fragment.trim());
    if fragment.is_empty() {
        return Ok(None);
    }
    if fragment.len() > FRAGMENT_BYTES_MAX {
        let problem = format!("it has {} bytes", fragment.len());
        return Err(LinkError::Damaged { problem });
    }
    match fragment.strip_prefix(PREFIX) {
        Some(rest) => decode_scenario(rest).map(Some),
        None => decode_preset(fragment).map(Some),
    }
}

fn decode_preset(name: &str) -> Result<Scenario, LinkError> {
    presets::named(name).map(presets::Preset::scenario).ok_or_else(|| {
        let all = presets::PRESETS.iter().chain(&presets::STREAM_PRESETS);
        let near = nearest(name, all.map(|preset| preset.name));
        let near = match near.split_last() {
            None => String::new(),
            Some((only, [])) => format!("; did it mean {only}?"),
            Some((last, others)) => format!("; did it mean {} or {last}?", others.join(", ")),
        };
        // A long name is no help in a sentence.
        LinkError::UnknownPreset { name: name.chars().take(60).collect(), near }
    })
}

fn decode_scenario(rest: &str) -> Result<Scenario, LinkError> {
    let damaged =
        |problem: &dyn std::fmt::Display| LinkError::Damaged { problem: problem.to_string() };
    let Some((version, packed)) = rest.split_once('.') else {
        return Err(damaged(&"it has no version"));
    };
    if version != CODEC_VERSION {
        let number = version.bytes().all(|byte| byte.is_ascii_digit()) && !version.is_empty();
        return Err(if number { LinkError::Newer } else { damaged(&"it has no version") });
    }
    let json = URL_SAFE_NO_PAD.decode(packed).map_err(|error| damaged(&error))?;
    let json = String::from_utf8(json).map_err(|error| damaged(&error))?;
    Scenario::from_json(&json).map_err(LinkError::Scenario)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::random::{Purpose, Random};
    use crate::scenario::{Key, PRESETS};

    fn own(text: &str) -> Scenario {
        let mut scenario = PRESETS[0].scenario();
        scenario.input = Input::Text(text.to_owned());
        scenario
    }

    #[test]
    fn presets_are_linked_by_name() {
        for preset in &PRESETS {
            let link = encode(&preset.scenario()).unwrap();
            assert_eq!(link, format!("#{}", preset.name));
            assert_eq!(decode(&link), Ok(Some(preset.scenario())));
        }
        assert_eq!(decode(""), Ok(None));
        assert_eq!(decode("#"), Ok(None));
    }

    #[test]
    fn other_scenarios_come_back_as_they_went() {
        for preset in &PRESETS {
            let mut scenario = preset.scenario();
            scenario.parameters = scenario.parameters.with(Key::Seed, 77).with(Key::Partitioner, 3);
            assert_eq!(decode(&encode(&scenario).unwrap()), Ok(Some(scenario)));
        }
        let hash = Some("0".repeat(16));
        let file = Input::File { name: "maß.txt".to_owned(), hash, bytes: Some(7) };
        let texts = ["", "naïve 😀\r\n\t\"quoted\\\" \u{0}", &"x".repeat(LINK_TEXT_BYTES_MAX)];
        for input in texts.map(|text| Input::Text(text.to_owned())).into_iter().chain([file]) {
            let scenario = Scenario { input, ..own("") };
            let link = encode(&scenario).unwrap();
            assert!(link.len() < FRAGMENT_BYTES_MAX && link.is_ascii());
            assert_eq!(decode(&link), Ok(Some(scenario)));
        }
    }

    #[test]
    fn faults_travel_as_verbs() {
        let mut scenario = PRESETS[0].scenario();
        let verbs = ["crash node 3 at 12.4 s", "restart node 3 at 20 s", "poison byte 7 at 0 s"];
        scenario.faults = verbs.iter().map(|verb| verb.parse().unwrap()).collect();
        let link = encode(&scenario).unwrap();
        let (_, packed) = link.split_once('.').unwrap();
        let json = String::from_utf8(URL_SAFE_NO_PAD.decode(packed).unwrap()).unwrap();
        assert!(json.contains(verbs[0]), "{json}");
        assert_eq!(decode(&link), Ok(Some(scenario)));
    }

    /// Control characters take six bytes each in JSON: the longest link that there can be.
    #[test]
    fn the_longest_link_is_read_again() {
        let mut scenario = own(&"\u{1}".repeat(LINK_TEXT_BYTES_MAX));
        let longest = "slow processor of node 1 to 100 % at 86399.999999 s".parse().unwrap();
        scenario.faults = vec![longest; crate::scenario::FAULTS_MAX];
        let link = encode(&scenario).unwrap();
        assert!(link.len() < FRAGMENT_BYTES_MAX, "{} bytes", link.len());
        assert!(decode(&link) == Ok(Some(scenario)));
    }

    #[test]
    fn what_leads_nowhere_says_why() {
        let too_long = own(&"x".repeat(LINK_TEXT_BYTES_MAX + 1));
        assert_eq!(encode(&too_long), Err(LinkError::TextTooLong { bytes: 2_049 }));
        let error = |fragment: &str| decode(fragment).unwrap_err().to_string();
        assert!(error("#frist-steps").contains("did it mean first-steps"));
        assert!(error("#kill-node").contains("kill-a-node"));
        assert!(error("#zzzzzzzz").ends_with("all that there are"), "{}", error("#zzzzzzzz"));
        assert!(error("#r=2.abc").contains("newer"));
        assert!(error("#r=abc").contains("damaged"));
        assert!(error("#r=1.a*c").contains("damaged"));
        assert!(error(&format!("#{}", "x".repeat(FRAGMENT_BYTES_MAX + 1))).contains("damaged"));
        let packed = URL_SAFE_NO_PAD.encode(r#"{"version": 9}"#);
        assert!(error(&format!("#r=1.{packed}")).contains("newer Millrace"));
        let packed = URL_SAFE_NO_PAD.encode(encode_with_nodes(0));
        assert!(error(&format!("#r=1.{packed}")).contains("nodes = 0"));
    }

    fn encode_with_nodes(nodes: u64) -> String {
        format!(
            r#"{{"version": 1, "job": "word_count", "input": {{"text": "a"}}, "parameters": {{"nodes": {nodes}}}}}"#
        )
    }

    #[test]
    fn garbage_never_panics() {
        let link = encode(&own("to be")).unwrap();
        for seed in 0..2_000 {
            let mut random = Random::keyed(seed, Purpose::Test, 0, 0);
            let mut garbled: Vec<char> = link.chars().collect();
            for _ in 0..=random.below(4) {
                let place = usize::try_from(random.below(garbled.len() as u64)).unwrap();
                garbled[place] = ['A', '_', '.', 'é', '#', '=', '\0', '7'][place % 8];
            }
            garbled.truncate(usize::try_from(random.below(1 + garbled.len() as u64)).unwrap());
            let _ = decode(&garbled.into_iter().collect::<String>());
        }
    }
}
