//! Logs in UTF-16, as Windows shells write them.

/// Makes UTF-8 of a stream that says by its first bytes that it is UTF-16; leaves others alone.
#[derive(Debug, Default)]
pub struct Decoder {
    state: State,
    /// The half of a unit that ended a chunk.
    half: Option<u8>,
    /// The half of a pair that ended a chunk.
    high: Option<u16>,
    text: Vec<u8>,
}

#[derive(Clone, Copy, Debug, Default)]
enum State {
    #[default]
    Start,
    Other,
    Little,
    Big,
}

impl Decoder {
    /// The text of a chunk. The first chunk has at least two bytes, if the stream has.
    pub fn utf8<'a>(&'a mut self, chunk: &'a [u8]) -> &'a [u8] {
        let (state, chunk) = match (self.state, chunk) {
            (State::Start, [0xff, 0xfe, rest @ ..]) => (State::Little, rest),
            (State::Start, [0xfe, 0xff, rest @ ..]) => (State::Big, rest),
            (State::Start, _) => (State::Other, chunk),
            (state, _) => (state, chunk),
        };
        self.state = state;
        let unit = match state {
            State::Little => u16::from_le_bytes,
            State::Big => u16::from_be_bytes,
            State::Start | State::Other => return chunk,
        };
        self.text.clear();
        let mut bytes = self.half.take().into_iter().chain(chunk.iter().copied());
        let mut units: Vec<u16> = self.high.take().into_iter().collect();
        while let Some(first) = bytes.next() {
            match bytes.next() {
                Some(second) => units.push(unit([first, second])),
                None => self.half = Some(first),
            }
        }
        if let Some(last) = units.last().copied()
            && (0xd800..0xdc00).contains(&last)
        {
            self.high = units.pop();
        }
        for found in char::decode_utf16(units) {
            let found = found.unwrap_or(char::REPLACEMENT_CHARACTER);
            self.text.extend_from_slice(found.encode_utf8(&mut [0; 4]).as_bytes());
        }
        &self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8], size: usize) -> Vec<u8> {
        let mut decoder = Decoder::default();
        bytes.chunks(size).flat_map(|chunk| decoder.utf8(chunk).to_vec()).collect()
    }

    #[test]
    fn both_orders_are_read_however_the_bytes_come() {
        let text = "version: 3.0.19 é 😀\r\n";
        let units: Vec<u16> = text.encode_utf16().collect();
        let mut little = vec![0xff, 0xfe];
        little.extend(units.iter().flat_map(|unit| unit.to_le_bytes()));
        let mut big = vec![0xfe, 0xff];
        big.extend(units.iter().flat_map(|unit| unit.to_be_bytes()));
        for size in 2..20 {
            assert_eq!(decoded(&little, size), text.as_bytes());
            assert_eq!(decoded(&big, size), text.as_bytes());
        }
    }

    #[test]
    fn other_text_is_left_alone() {
        for text in [&b"\xef\xbb\xbfDoing"[..], b"\xff", b"", b"a\xff\xfeb"] {
            assert_eq!(decoded(text, 2), text);
        }
    }
}
