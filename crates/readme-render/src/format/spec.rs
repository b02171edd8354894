//! One number or text in a given width, sign and precision.

use crate::ops::Number;
use crate::text;
use crate::value::Val;

/// Widest field, so that a template cannot ask for gigabytes.
const WIDEST: usize = 1 << 16;

/// How one value is written.
#[derive(Clone, Debug, Default)]
pub(super) struct Spec {
    pub fill: Option<char>,
    pub align: Option<char>,
    pub sign: Option<char>,
    pub alternate: bool,
    pub zero: bool,
    pub width: usize,
    pub grouping: Option<char>,
    pub precision: Option<usize>,
    pub kind: Option<char>,
}

impl Spec {
    /// `val` written so; `Err` says what does not fit.
    pub fn write(&self, val: &Val) -> Result<String, String> {
        if self.width > WIDEST || self.precision.is_some_and(|p| p > 512) {
            return Err(format!("a field wider than {WIDEST} characters"));
        }
        match Number::of(val) {
            Some(number) if self.kind != Some('s') => self.number(number, val),
            _ => self.text(val),
        }
    }

    fn text(&self, val: &Val) -> Result<String, String> {
        if !matches!(self.kind, None | Some('s')) {
            return Err(format!("expected a number, found {}", val.type_name()));
        }
        let mut text = text::display(val)?;
        if let Some(precision) = self.precision {
            text = text.chars().take(precision).collect();
        }
        Ok(self.pad("", &text, '<'))
    }

    fn number(&self, number: Number, val: &Val) -> Result<String, String> {
        let negative = match number {
            Number::Int(value) => value < 0,
            Number::Float(value) => value.is_sign_negative() && !value.is_nan(),
        };
        let sign = match (negative, self.sign) {
            (true, _) => "-",
            (false, Some('+')) => "+",
            (false, Some(' ')) => " ",
            _ => "",
        };
        let (prefix, digits) = self.digits(number, val)?;
        let digits = self.grouping.map_or(digits.clone(), |mark| group(&digits, mark));
        Ok(self.pad(&format!("{sign}{prefix}"), &digits, '>'))
    }

    /// The digits without a sign, and the prefix of another base.
    fn digits(&self, number: Number, val: &Val) -> Result<(&'static str, String), String> {
        let alternate = |prefix| if self.alternate { prefix } else { "" };
        match (self.kind, number) {
            (None | Some('d' | 'n'), Number::Int(value))
                if !(self.kind.is_none() && matches!(val, Val::Bool(_)) && self.width == 0) =>
            {
                Ok(("", value.unsigned_abs().to_string()))
            }
            (None, Number::Int(_)) => Ok(("", text::display(val)?)),
            (Some('x'), Number::Int(value)) => {
                Ok((alternate("0x"), format!("{:x}", value.unsigned_abs())))
            }
            (Some('X'), Number::Int(value)) => {
                Ok((alternate("0X"), format!("{:X}", value.unsigned_abs())))
            }
            (Some('o'), Number::Int(value)) => {
                Ok((alternate("0o"), format!("{:o}", value.unsigned_abs())))
            }
            (Some('b'), Number::Int(value)) => {
                Ok((alternate("0b"), format!("{:b}", value.unsigned_abs())))
            }
            (None | Some('f' | 'F' | '%' | 'e' | 'E' | 'g' | 'G'), number) => {
                Ok(("", self.float(number.float().abs())))
            }
            (Some(kind), _) => Err(format!("the format {kind:?} does not fit {}", val.type_name())),
        }
    }

    fn float(&self, value: f64) -> String {
        if !value.is_finite() {
            return text::float(value);
        }
        let precision = self.precision.unwrap_or(6);
        match self.kind {
            Some('%') => format!("{:.precision$}%", value * 100.0),
            Some('e') => exponent(&format!("{value:.precision$e}")),
            Some('E') => exponent(&format!("{value:.precision$e}")).to_uppercase(),
            Some('g') => general(value, precision.max(1), self.alternate),
            Some('G') => general(value, precision.max(1), self.alternate).to_uppercase(),
            None if self.precision.is_none() => text::float(value),
            None => {
                let text = general(value, precision.max(1), false);
                if text.contains(['.', 'e']) || text.len() >= precision {
                    text
                } else {
                    text + ".0"
                }
            }
            _ => format!("{value:.precision$}"),
        }
    }

    fn pad(&self, sign: &str, body: &str, default: char) -> String {
        let length = sign.chars().count() + body.chars().count();
        let missing = self.width.saturating_sub(length);
        let align = self.align.unwrap_or(if self.zero && default == '>' { '=' } else { default });
        let fill = self.fill.unwrap_or(if self.zero { '0' } else { ' ' });
        let pad = |count: usize| fill.to_string().repeat(count);
        match align {
            '<' => format!("{sign}{body}{}", pad(missing)),
            '^' => format!("{}{sign}{body}{}", pad(missing / 2), pad(missing - missing / 2)),
            '=' => format!("{sign}{}{body}", pad(missing)),
            _ => format!("{}{sign}{body}", pad(missing)),
        }
    }
}

/// `1e5` as `1e+05`.
fn exponent(text: &str) -> String {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let (sign, digits) = match exponent.strip_prefix('-') {
        Some(digits) => ('-', digits),
        None => ('+', exponent),
    };
    format!("{mantissa}e{sign}{digits:0>2}")
}

/// C's `%g`.
fn general(value: f64, precision: usize, keep_zeros: bool) -> String {
    let scientific = format!("{value:.*e}", precision - 1);
    let power: i32 = scientific.split_once('e').and_then(|(_, e)| e.parse().ok()).unwrap_or(0);
    let trim = |text: String| {
        if keep_zeros || !text.contains('.') {
            return text;
        }
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    let limit = i32::try_from(precision).unwrap_or(i32::MAX);
    if power < -4 || power >= limit {
        let (mantissa, tail) = scientific.split_once('e').unwrap_or((&scientific, "0"));
        return exponent(&format!("{}e{tail}", trim(mantissa.to_owned())));
    }
    let decimals = usize::try_from(limit - 1 - power).unwrap_or(0);
    trim(format!("{value:.decimals$}"))
}

/// `1234567.5` as `1,234,567.5`.
fn group(digits: &str, mark: char) -> String {
    let whole = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    let mut out = String::new();
    for (place, c) in digits[..whole].chars().enumerate() {
        if place > 0 && (whole - place).is_multiple_of(3) {
            out.push(mark);
        }
        out.push(c);
    }
    out + &digits[whole..]
}
