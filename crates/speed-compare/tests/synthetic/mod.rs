//! Series of runs with known truth: what is slower is decided here, and what the machine does to
//! the figures is made up from a seed.

#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
#![allow(missing_docs)]

use contract::speed::{Key, Kind, Pairing, Record, Run, Source, Speed, Target};
use contract::{Generator, Tag};

/// Ten algorithms at six block sizes.
pub const ALGORITHMS: [&str; 10] = [
    "aes-128-cbc",
    "aes-256-cbc",
    "aes-128-gcm",
    "aes-256-gcm",
    "aes-256-ctr",
    "chacha20-poly1305",
    "sha256",
    "sha512",
    "sha3-256",
    "hmac(sha256)",
];
/// The sizes.
pub const SIZES: [u64; 6] = [16, 64, 256, 1024, 8192, 16384];
/// How many cells that makes.
pub const CELLS: usize = ALGORITHMS.len() * SIZES.len();

/// What the machine does, as standard deviations of shares.
#[derive(Clone, Copy, Debug)]
pub struct Noise {
    /// Of one figure, on its own.
    pub figure: f64,
    /// Which share of the figures has how many times as much.
    pub wild: (f64, f64),
    /// Of all figures of an algorithm in a run.
    pub row: f64,
    /// Of the machine's mood from run to run: a random walk.
    pub drift: f64,
    /// Of the machine's mood from figure to figure within a run: a random walk.
    pub within: f64,
    /// What the log says of the time that was measured.
    pub clock: Clock,
}

/// How the timer reads.
#[derive(Clone, Copy, Debug)]
pub enum Clock {
    /// A little above 3 s, cut to ticks of 10 ms.
    Ticks,
    /// 1.00 s every time.
    Still,
    /// The log has tables only.
    Silent,
}

/// A machine that nobody else uses.
pub const QUIET: Noise = Noise {
    figure: 0.009,
    wild: (0.02, 5.0),
    row: 0.003,
    drift: 0.02,
    within: 0.000_5,
    clock: Clock::Ticks,
};
/// The same, with logs that hold tables only.
pub const TABLES: Noise = Noise { clock: Clock::Silent, ..QUIET };
/// The same, measured for a second each.
pub const SECOND: Noise = Noise { clock: Clock::Still, ..QUIET };
/// One on which something else runs now and then.
pub const BURSTS: Noise = Noise { figure: 0.008, wild: (0.05, 8.0), ..QUIET };
/// One like a hosted runner.
pub const BUSY: Noise = Noise { figure: 0.02, row: 0.01, drift: 0.05, within: 0.002, ..QUIET };

/// In which order the runs are made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Order {
    /// ABBA, marked.
    Interleaved,
    /// All of one side, then all of the other, in two documents without marks.
    Blocked,
}

/// A seeded source of random numbers (PCG's output function over a linear congruence).
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x2545_f491_4f6c_dd1d).wrapping_add(99))
    }

    fn uniform(&mut self) -> f64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let word = ((self.0 >> 22) ^ self.0) >> ((self.0 >> 61) + 22);
        (f64::from(u32::try_from(word & 0xffff_ffff).unwrap_or(0)) + 0.5) / 4_294_967_296.0
    }

    fn normal(&mut self, deviation: f64) -> f64 {
        let (u, v) = (self.uniform(), self.uniform());
        deviation * (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
    }
}

/// A series of `pairs` pairs; `effect` is the true log-ratio of each cell.
pub fn series(
    pairs: u64,
    noise: Noise,
    order: Order,
    seed: u64,
    effect: impl Fn(usize) -> f64,
) -> (Speed, Option<Speed>) {
    let mut random = Random::new(seed);
    let mut mood = 0.0;
    let mut one = empty();
    let mut other = empty();
    let targets: Vec<(u64, Target)> = match order {
        Order::Interleaved => (1..=pairs)
            .flat_map(|pair| {
                let (first, second) =
                    if pair % 2 == 1 { (Target::A, Target::B) } else { (Target::B, Target::A) };
                [(pair, first), (pair, second)]
            })
            .collect(),
        Order::Blocked => [Target::A, Target::B]
            .into_iter()
            .flat_map(|target| (1..=pairs).map(move |pair| (pair, target)))
            .collect(),
    };
    for (pair, target) in targets {
        mood += random.normal(noise.drift);
        let document =
            if order == Order::Blocked && target == Target::B { &mut other } else { &mut one };
        let pairing = (order == Order::Interleaved).then(|| Pairing {
            round: pair,
            pair,
            target,
            label: format!("target {target}"),
            argv: vec!["openssl".into(), "speed".into()],
        });
        document.runs.push(Run { pairing, complete: true, ..Run::default() });
        measure(document, noise, mood, target, &mut random, &effect);
    }
    (one, (order == Order::Blocked).then_some(other))
}

fn measure(
    document: &mut Speed,
    noise: Noise,
    mut mood: f64,
    target: Target,
    random: &mut Random,
    effect: &impl Fn(usize) -> f64,
) {
    for (row, algorithm) in ALGORITHMS.iter().enumerate() {
        let of_row = random.normal(noise.row);
        for (column, size) in SIZES.iter().enumerate() {
            let cell = row * SIZES.len() + column;
            mood += random.normal(noise.within);
            let wild = if random.uniform() < noise.wild.0 { noise.wild.1 } else { 1.0 };
            let own = random.normal(noise.figure * wild);
            let change = if target == Target::B { effect(cell) } else { 0.0 };
            let truth = 1e8 * (1.0 + row as f64) * (1.0 + column as f64);
            let rate = truth * (mood + of_row + own + change).exp();
            // The count is exact; the time is read off a clock that ticks at 10 ms.
            let elapsed = 3.0 + 0.02 * random.uniform();
            let (elapsed, seconds) = match noise.clock {
                Clock::Ticks => (elapsed, Some((elapsed * 100.0).floor() / 100.0)),
                Clock::Still => (1.0, Some(1.0)),
                Clock::Silent => (3.0, None),
            };
            document.records.push(record(
                document.runs.len() as u64 - 1,
                algorithm,
                *size,
                rate * elapsed / seconds.unwrap_or(elapsed),
                seconds,
            ));
        }
    }
}

fn record(run: u64, algorithm: &str, size: u64, rate: f64, seconds: Option<f64>) -> Record {
    let key = Key {
        kind: Kind::Throughput,
        family: algorithm.to_owned(),
        curve: None,
        bits: None,
        operation: None,
        block_size_bytes: Some(size),
    };
    Record {
        id: key.to_string(),
        kind: Kind::Throughput,
        algorithm: algorithm.to_owned(),
        key,
        operation: None,
        block_size_bytes: Some(size),
        bytes_per_second: Some(rate.round() as u64),
        ops_per_second: None,
        count: None,
        seconds,
        resolution: seconds.map(|seconds| 0.01 / seconds),
        run,
        line: 1,
        source: Source::Table,
    }
}

fn empty() -> Speed {
    Speed {
        schema: Tag::new(),
        generator: Generator::new("synthetic", "0"),
        inputs: vec![],
        host: None,
        runs: vec![],
        records: vec![],
        failed: vec![],
        ambiguous: vec![],
        disagreements: vec![],
    }
}
