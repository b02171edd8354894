//! Mutates logs for a while and holds what comes of them against the promises of the document.
//!
//! `cargo run --release -p speed-parse --example fuzz -- SECONDS LOG...`; a broken promise panics
//! and leaves the input behind in the temporary folder.

#![allow(clippy::expect_used, clippy::print_stdout, clippy::cast_possible_truncation)]

use std::time::{Duration, Instant};

use contract::Generator;
use contract::speed::Speed;
use speed_parse::{Document, Lines, Parser};

fn main() {
    let mut args = std::env::args().skip(1);
    let seconds = args.next().and_then(|text| text.parse().ok()).expect("SECONDS LOG...");
    let corpus: Vec<Vec<u8>> = args.filter_map(|path| std::fs::read(path).ok()).collect();
    assert!(!corpus.is_empty(), "expected logs, found none");
    let path = std::env::temp_dir().join("speed-parse-fuzz-input");
    let end = Instant::now() + Duration::from_secs(seconds);
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let (mut count, mut bytes, mut slowest) = (0_u64, 0_usize, Duration::ZERO);
    while Instant::now() < end {
        let input = mutate(&mut random, &corpus);
        std::fs::write(&path, &input).expect("a temporary folder");
        let start = Instant::now();
        hold(&parse(&input, 1 + random.below(4096)));
        slowest = slowest.max(start.elapsed());
        count += 1;
        bytes += input.len();
    }
    println!("{count} inputs, {bytes} bytes, slowest {slowest:?}");
}

/// A generator of numbers that is the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end.max(1) as u64) as usize
    }
}

/// Pieces that logs are made of, and numbers that no log should have.
const PIECES: [&[u8]; 24] = [
    b"\n",
    b"\r\n",
    b":",
    b" ",
    b"k",
    b"s",
    b"0.00",
    b"-1.00k",
    b"inf",
    b"nan",
    b"1e999k",
    b"+F9:0:",
    b"+F2:2:2048:",
    b"Got: +F:6:sha256:1.00 from 0\n",
    b"Forked child 0\n",
    b"version: 3.5.0\n",
    b"type             16 bytes     64 bytes\n",
    b"Doing md5 for 3s on 16 size blocks: ",
    b"\xff\xfe\0",
    b"\x1b[31m",
    b"99999999999999999999",
    b" from 18446744073709551615\n",
    b"|",
    b"# proofline speed-run {\"round\":1,\"pair\":1,\"target\":\"a\",\"label\":\"\",\"argv\":[]}\n",
];

fn mutate(random: &mut Random, corpus: &[Vec<u8>]) -> Vec<u8> {
    let mut input = corpus[random.below(corpus.len())].clone();
    for _ in 0..=random.below(8) {
        let at = random.below(input.len() + 1);
        let end = (at + random.below(80)).min(input.len());
        match random.below(7) {
            0 => input.truncate(at),
            1 => drop(input.drain(at..end)),
            2 => {
                let copy = input[at..end].to_vec();
                let to = random.below(input.len() + 1);
                input.splice(to..to, copy);
            }
            3 => {
                let other = &corpus[random.below(corpus.len())];
                let from = random.below(other.len() + 1);
                input.splice(at..end, other[from..].iter().copied().take(2000));
            }
            4 if at < input.len() => input[at] = random.below(256) as u8,
            5 => {
                let other = &corpus[random.below(corpus.len())];
                input.extend_from_slice(other);
            }
            _ => {
                let piece = PIECES[random.below(PIECES.len())];
                input.splice(at..at, piece.iter().copied());
            }
        }
    }
    input
}

fn parse(input: &[u8], chunk: usize) -> Speed {
    let mut document = Document::new(Generator::new("fuzz", "0"), None);
    let mut parser = Parser::default();
    let mut lines = Lines::default();
    parser.begin(0);
    for part in input.chunks(chunk) {
        let sink = &mut |item: speed_parse::Item<'_>| document.add(item);
        if lines.push(part, |line| parser.line(line, false, sink)).is_err() {
            return document.finish();
        }
    }
    if let Some(rest) = lines.rest() {
        parser.line(rest.as_slice().into(), true, &mut |item| document.add(item));
    }
    parser.end(&mut |item| document.add(item));
    document.finish()
}

/// What every document promises.
fn hold(document: &Speed) {
    let runs = document.runs.len() as u64;
    for record in &document.records {
        assert!(record.run < runs && record.line > 0, "{record:?}");
        assert!(record.bytes_per_second.is_some() != record.ops_per_second.is_some(), "{record:?}");
        assert!(
            record.ops_per_second.is_none_or(|rate| rate.is_finite() && rate > 0.0),
            "{record:?}"
        );
        assert_eq!(record.id, record.key.to_string());
    }
    for failed in &document.failed {
        assert!(
            !failed.reason.is_empty() && failed.run.is_some_and(|run| run < runs),
            "{failed:?}"
        );
    }
    assert!(document.runs.iter().all(|run| run.complete == run.incomplete.is_none()));
    assert!(document.ambiguous.iter().all(|line| line.candidates.len() >= 2));
    let text = serde_json::to_vec(document).expect("JSON");
    let again: Speed = serde_json::from_slice(&text).expect("the same document");
    assert_eq!(&again, document);
    speed_parse::csv::long(document).expect("a table");
    speed_parse::csv::wide(document).expect("a table");
}
