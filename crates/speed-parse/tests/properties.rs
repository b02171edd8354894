//! Whatever the bytes, the parser ends with a document, and the same however they come.

#![allow(clippy::unwrap_used)]

use contract::Generator;
use contract::speed::Speed;
use proptest::prelude::*;
use speed_parse::{Document, Item, Lines, Parser};

const LOG: &str = include_str!(
    "../../../fixtures/speed-parse/openssl-1.1.1-children-of-multi-name-the-row-evp/stdin"
);

fn parse(input: &[u8], chunk: usize) -> Speed {
    let mut document = Document::new(Generator::new("test", "0"), None);
    let (mut parser, mut lines) = (Parser::default(), Lines::default());
    parser.begin(0);
    for part in input.chunks(chunk) {
        let sink = &mut |item: Item<'_>| document.add(item);
        lines.push(part, |line| parser.line(line, false, sink)).unwrap();
    }
    if let Some(rest) = lines.rest() {
        parser.line(rest.as_slice().into(), true, &mut |item| document.add(item));
    }
    parser.end(&mut |item| document.add(item));
    document.finish()
}

proptest! {
    #[test]
    fn any_bytes_end_with_a_document(input in proptest::collection::vec(any::<u8>(), 0..2000)) {
        parse(&input, 512);
    }

    #[test]
    fn a_damaged_log_ends_with_a_document(at in 0..LOG.len(), length in 0..200_usize, byte: u8) {
        let mut input = LOG.as_bytes().to_vec();
        let end = (at + length).min(input.len());
        input.splice(at..end, [byte]);
        let document = parse(&input, 4096);
        let runs = document.runs.len() as u64;
        prop_assert!(document.records.iter().all(|record| record.run < runs));
    }

    #[test]
    fn a_log_cut_anywhere_has_no_figure_that_the_whole_has_not(at in 0..LOG.len()) {
        let whole = parse(LOG.as_bytes(), 4096);
        let cut = parse(&LOG.as_bytes()[..at], 4096);
        for record in &cut.records {
            let same = |other: &&contract::speed::Record| {
                other.id == record.id && other.bytes_per_second == record.bytes_per_second
            };
            let sum_of_children = record.source == contract::speed::Source::Mr;
            prop_assert!(sum_of_children || whole.records.iter().find(same).is_some(), "{record:?}");
        }
    }

    #[test]
    fn chunks_do_not_matter(chunk in 1..300_usize) {
        prop_assert_eq!(parse(LOG.as_bytes(), chunk), parse(LOG.as_bytes(), 1 << 20));
    }
}
