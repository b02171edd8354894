//! Names to try, the same in every run.

#![allow(dead_code, reason = "each test takes what it needs")]
#![allow(clippy::unwrap_used)]

/// A sequence of numbers that looks random (splitmix64).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.number() % end as u64).unwrap()
    }

    pub fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }

    /// Up to `most` of `pieces`, one after the other.
    pub fn text(&mut self, most: usize, pieces: &[&str]) -> String {
        (0..self.below(most + 1)).map(|_| self.pick(pieces)).collect()
    }

    /// Text of characters from everywhere in Unicode, ASCII most of all.
    pub fn unicode(&mut self, most: usize) -> String {
        (0..self.below(most + 1)).filter_map(|_| self.character()).collect()
    }

    fn character(&mut self) -> Option<char> {
        let end = [0x80, 0x80, 0x250, 0x3000, 0x11_0000][self.below(5)];
        char::from_u32(u32::try_from(self.below(end)).unwrap())
    }

    /// Something like a reference: most are right, many are wrong in one place.
    pub fn reference(&mut self) -> String {
        let mut text = match self.below(4) {
            0 => String::new(),
            1 => format!("{}/", self.pick(&REGISTRIES)),
            2 => {
                format!("{}/", self.text(4, &["a", "B", "0", "-", ".", ":", "_", "[", "]", "::1"]))
            }
            _ => format!("{}:{}/", self.pick(&REGISTRIES), self.text(2, &["5000", "1", "", "x"])),
        };
        let words = ["app", "o", "library", "x86"];
        for component in 0..=self.below(3) {
            if component > 0 {
                text.push('/');
            }
            text.push_str(self.pick(&words));
            if self.below(2) == 0 {
                text.push_str(self.pick(&["_", "__", ".", "-", "--", "/"]));
                text.push_str(self.pick(&words));
            }
            if self.below(8) == 0 {
                text.push_str(&self.text(2, &["_", ".", "-", "/", "A", " ", "é", "0"]));
            }
        }
        if self.below(2) == 0 {
            text.push(':');
            text.push_str(&self.text(4, &["v1", "2", "_", ".", "-", "RC", "latest", "x"]));
            text.push_str(self.pick(&["", "", "", "+"]));
        }
        if self.below(4) == 0 {
            text.push('@');
            text.push_str(
                self.pick(&["sha256:", "sha256:", "sha512:", "sha384:", "sha256", "md5:"]),
            );
            let length = [64, 64, 64, 96, 128, 63][self.below(6)];
            text.push_str(&self.pick(&["0", "9", "a", "f", "F"]).repeat(length));
        }
        text
    }
}

const REGISTRIES: [&str; 12] = [
    "ghcr.io",
    "docker.io",
    "index.docker.io",
    "localhost",
    "registry.example.com",
    "192.168.0.1",
    "[::1]",
    "[2001:db8::1]",
    "Host",
    "foo_bar.com",
    "plain",
    "-a.io",
];

/// Every text of at most `longest` of `pieces`.
pub fn all(longest: usize, pieces: &[&str]) -> Vec<String> {
    let mut texts = vec![String::new()];
    let mut last = 0;
    for _ in 0..longest {
        let end = texts.len();
        for at in last..end {
            for piece in pieces {
                texts.push(format!("{}{piece}", texts[at]));
            }
        }
        last = end;
    }
    texts
}
