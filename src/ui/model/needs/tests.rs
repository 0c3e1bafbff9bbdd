//! What a run needs of texts, and how files of the reader's are known.

use super::*;
use crate::scenario::{Content, FileInput};

fn data(text: &str) -> Data {
    Same::new(Bytes::from(text.to_owned()))
}

fn file(name: &str, text: Option<&str>) -> FileInput {
    let hash = text.map(|text| content_hash(text.as_bytes()));
    let bytes = text.map(|text| text.len() as u64);
    FileInput { name: name.to_owned(), content: Content::File { hash, bytes }, gzip: false }
}

fn needs(files: Vec<FileInput>) -> Needs {
    Needs::of(&Input::Files(files), &BTreeMap::new())
}

fn missing(needs: &Needs) -> Vec<&str> {
    let missing = needs.files().filter(|wanted| wanted.is_missing_file());
    missing
        .filter_map(|wanted| match &wanted.source {
            Source::File { name, .. } => Some(name.as_str()),
            Source::Builtin(_) => None,
        })
        .collect()
}

#[test]
fn files_are_known_by_their_hash_in_any_order_and_under_any_name() {
    let mut needs =
        needs(vec![file("a", Some("one")), file("b", Some("two")), file("c", Some("one"))]);
    assert_eq!(missing(&needs), ["a", "b", "c"]);
    assert_eq!(needs.give("b (copy)", &data("two")), Ok(()));
    assert_eq!((missing(&needs), needs.all()), (vec!["a", "c"], None));
    assert_eq!(needs.give("a", &data("one")), Ok(()), "which is in both");
    let all = needs.all().unwrap();
    assert_eq!(*all, ["one", "two", "one"].map(Bytes::from), "in the input's order");
    assert_eq!(needs.give("a", &data("one")), Ok(()), "it is here already");
}

#[test]
fn a_file_of_the_same_name_and_other_bytes_is_refused_by_its_hash() {
    let mut needs = needs(vec![file("a", Some("one")), file("b", Some("two"))]);
    let said = needs.give("a", &data("uno")).unwrap_err();
    for words in ["“a” is another file", &content_hash(b"uno"), &content_hash(b"one")] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let said = needs.give("z", &data("zero")).unwrap_err();
    assert!(said.contains("“z” is none of the files that are missing"), "{said}");
    assert_eq!(missing(&needs), ["a", "b"]);
    // What is here is not lost by what is wrong.
    needs.give("a", &data("one")).unwrap();
    let said = needs.give("z", &data("zero")).unwrap_err();
    assert!(said.contains("made with") && said.contains(&content_hash(b"two")), "{said}");
    assert_eq!(missing(&needs), ["b"]);
}

#[test]
fn without_a_hash_a_file_is_known_by_its_name_and_the_last_may_have_any() {
    let mut needs = needs(vec![file("a", None), file("b", None)]);
    assert!(needs.give("c", &data("three")).is_err());
    assert_eq!(needs.give("b", &data("two")), Ok(()));
    assert_eq!(needs.give("c", &data("one")), Ok(()), "only one is missing");
    assert_eq!(*needs.all().unwrap(), ["one", "two"].map(Bytes::from));
}

/// A text of Millrace's beside a file of the reader's: one is fetched, the other asked for.
#[test]
fn texts_and_files_are_found_each_in_its_way() {
    let carried = FileInput {
        name: "alice.txt".to_owned(),
        content: Content::Builtin("alice".to_owned()),
        gzip: false,
    };
    let again = FileInput { name: "again.txt".to_owned(), ..carried.clone() };
    let input = Input::Files(vec![carried, file("a", Some("one")), again]);
    let mut needs = Needs::of(&input, &BTreeMap::new());
    assert_eq!((needs.to_fetch(), missing(&needs)), (Some("alice"), vec!["a"]));
    needs.fetched("alice", &data("Alice was beginning"));
    assert_eq!(needs.to_fetch(), None);
    needs.give("a", &data("one")).unwrap();
    assert_eq!(*needs.all().unwrap(), ["Alice was beginning", "one"].map(Bytes::from));
    let fetched = BTreeMap::from([("alice".to_owned(), data("Alice"))]);
    assert_eq!(Needs::of(&input, &fetched).to_fetch(), None, "it was fetched before");
}

#[test]
fn a_text_that_travels_needs_nothing() {
    assert!(Needs::of(&Input::Text("to be".to_owned()), &BTreeMap::new()).is_empty());
}
