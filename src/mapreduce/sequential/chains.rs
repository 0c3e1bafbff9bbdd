//! The stages of the chains: a round of PageRank, and the three jobs of TF-IDF.

use super::{Oracle, Place, fields, spread};
use crate::base::logarithm::ln_millionths;
use crate::mapreduce::{JobConfig, Split};
use std::collections::BTreeMap;

/// What a page was given in this round, and the pages that it links to.
#[derive(Debug, Default)]
pub(super) struct Ranks(BTreeMap<String, (u64, String)>);

/// How often each term is in each document, by term and document as one text.
#[derive(Debug, Default)]
pub(super) struct Terms(BTreeMap<String, u64>);

/// The terms of each document, with their counts.
#[derive(Debug, Default)]
pub(super) struct Sizes(BTreeMap<String, Vec<(String, u64)>>);

/// The documents of each term, as text: document, count, terms of the document.
#[derive(Debug)]
pub(super) struct Weights {
    documents: u64,
    terms: BTreeMap<String, Vec<[String; 3]>>,
}

fn number(text: &str) -> u64 {
    text.parse().unwrap_or(0)
}

fn six_places(millionths: u64) -> String {
    format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000)
}

impl Oracle for Ranks {
    fn line(&mut self, _: Place, line: &[u8]) {
        let fields = fields(line, '\t');
        let (rank, links) = match &fields[1..] {
            [links] => (1_000_000, links.clone()),
            [rank, links @ ..] => (number(&rank.replace('.', "")), links.join("\t")),
            [] => return,
        };
        let targets: Vec<&str> = links.split(',').filter(|link| !link.is_empty()).collect();
        for target in &targets {
            let given = rank / targets.len() as u64;
            self.0.entry((*target).to_owned()).or_default().0 += given;
        }
        let page = self.0.entry(fields[0].clone()).or_default();
        page.1 = page.1.clone().max(links.clone());
    }

    fn parts(&self, config: &JobConfig, _: &[Split]) -> Vec<Vec<u8>> {
        let line = |page: &str, (given, links): &(u64, String)| {
            let rank = six_places(150_000 + given * 85 / 100);
            format!("{page}\t{rank}\t{links}\n").into_bytes()
        };
        spread(config, self.0.iter().map(|(page, of)| (page.as_bytes(), line(page, of))))
    }
}

impl Oracle for Terms {
    fn line(&mut self, _: Place, line: &[u8]) {
        let fields = fields(line, '\t');
        let text = fields[1..].join("\t").to_lowercase();
        for word in text.split(|letter: char| !letter.is_ascii_lowercase()) {
            if !word.is_empty() {
                *self.0.entry(format!("{word}\t{}", fields[0])).or_default() += 1;
            }
        }
    }

    fn parts(&self, config: &JobConfig, _: &[Split]) -> Vec<Vec<u8>> {
        let line = |key: &str, count| format!("{key}\t{count}\n").into_bytes();
        spread(config, self.0.iter().map(|(key, count)| (key.as_bytes(), line(key, count))))
    }
}

impl Oracle for Sizes {
    fn line(&mut self, _: Place, line: &[u8]) {
        if let [term, document, count] = &fields(line, '\t')[..] {
            self.0.entry(document.clone()).or_default().push((term.clone(), number(count)));
        }
    }

    fn parts(&self, config: &JobConfig, _: &[Split]) -> Vec<Vec<u8>> {
        let lines = |document: &str, terms: &[(String, u64)]| {
            let sum: u64 = terms.iter().map(|(_, count)| count).sum();
            let mut values: Vec<String> =
                terms.iter().map(|(term, count)| format!("{term}\t{count}")).collect();
            values.sort();
            let with = |value: &String| value.replacen('\t', &format!("\t{document}\t"), 1);
            let lines = values.iter().map(|value| format!("{}\t{sum}\n", with(value)));
            lines.collect::<String>().into_bytes()
        };
        spread(
            config,
            self.0.iter().map(|(document, of)| (document.as_bytes(), lines(document, of))),
        )
    }
}

impl Weights {
    pub(super) fn new(documents: u64) -> Weights {
        Weights { documents, terms: BTreeMap::new() }
    }
}

impl Oracle for Weights {
    fn line(&mut self, _: Place, line: &[u8]) {
        if let [term, document, count, sum] = &fields(line, '\t')[..] {
            let posting = [document.clone(), count.clone(), sum.clone()];
            self.terms.entry(term.clone()).or_default().push(posting);
        }
    }

    fn parts(&self, config: &JobConfig, _: &[Split]) -> Vec<Vec<u8>> {
        let lines = |term: &str, postings: &[[String; 3]]| {
            let seldom = ln_millionths(self.documents, postings.len() as u64);
            let mut sorted: Vec<&[String; 3]> = postings.iter().collect();
            sorted.sort_by_key(|posting| posting.join("\t"));
            let lines = sorted.iter().map(|[document, count, sum]| {
                let weight = u128::from(number(count)) * u128::from(seldom);
                let weight = weight / u128::from(number(sum).max(1));
                let weight = six_places(u64::try_from(weight).unwrap_or(u64::MAX));
                format!("{term}\t{document}\t{weight}\n")
            });
            lines.collect::<String>().into_bytes()
        };
        spread(config, self.terms.iter().map(|(term, of)| (term.as_bytes(), lines(term, of))))
    }
}
