//! From figures to places, and the labels of axes.

/// A logarithmic axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Log {
    low: f64,
    high: f64,
    from: f64,
    to: f64,
}

impl Log {
    /// An axis that shows all of `values` (above 0) between the places `from` and `to`, with a
    /// little room at either end.
    pub fn around(values: impl IntoIterator<Item = f64>, from: f64, to: f64) -> Self {
        let (mut low, mut high) = (f64::INFINITY, 0.0_f64);
        for value in values.into_iter().filter(|value| value.is_finite() && *value > 0.0) {
            low = low.min(value);
            high = high.max(value);
        }
        if !low.is_finite() {
            (low, high) = (1.0, 10.0);
        }
        Self { low: low / 1.25, high: high * 1.25, from, to }
    }

    /// The place of a value.
    pub fn at(&self, value: f64) -> f64 {
        let share = (value.max(f64::MIN_POSITIVE) / self.low).ln() / (self.high / self.low).ln();
        self.from + share * (self.to - self.from)
    }

    /// Round values on the axis, about `wanted` of them: powers of ten, and 2 and 5 times them
    /// where there is room.
    pub fn ticks(&self, wanted: usize) -> Vec<f64> {
        let all = |steps: &[f64]| -> Vec<f64> {
            let first = self.low.log10().floor();
            let decades = (self.high.log10() - first).ceil().max(0.0);
            let mut ticks = vec![];
            let mut decade = 0.0;
            while decade <= decades && ticks.len() < 1000 {
                let power = 10_f64.powf(first + decade);
                ticks.extend(steps.iter().map(|step| step * power));
                decade += 1.0;
            }
            ticks.retain(|tick| (self.low..=self.high).contains(tick));
            ticks
        };
        for steps in [&[1.0, 2.0, 5.0][..], &[1.0, 3.0], &[1.0]] {
            let ticks = all(steps);
            if ticks.len() <= wanted {
                return ticks;
            }
        }
        let ticks = all(&[1.0]);
        let every = ticks.len().div_ceil(wanted.max(1));
        ticks.into_iter().step_by(every).collect()
    }
}

/// A linear axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Linear {
    /// The lowest value shown.
    pub low: f64,
    /// The highest value shown.
    pub high: f64,
    /// Place of the lowest.
    pub from: f64,
    /// Place of the highest.
    pub to: f64,
}

impl Linear {
    /// The place of a value.
    pub fn at(&self, value: f64) -> f64 {
        let span = if self.high > self.low { self.high - self.low } else { 1.0 };
        self.from + (value - self.low) / span * (self.to - self.from)
    }

    /// Round values on the axis, at most about `wanted`.
    pub fn ticks(&self, wanted: usize) -> Vec<f64> {
        let mut step = 10_f64.powf(((self.high - self.low).max(1e-9)).log10().floor() - 1.0);
        let wanted = f64::from(u32::try_from(wanted).unwrap_or(10));
        for factor in [2.0, 2.5, 2.0, 2.0, 2.5, 2.0] {
            if (self.high - self.low) / step <= wanted {
                break;
            }
            step *= factor;
        }
        let mut ticks = vec![];
        let mut tick = (self.low / step).ceil() * step;
        while tick <= self.high + step * 1e-9 && ticks.len() < 100 {
            ticks.push(tick);
            tick += step;
        }
        ticks
    }
}

/// A rate in SI units: `1.5 GB/s`, `340 MB/s`, `12 k/s`.
pub fn rate(value: f64, unit: &str) -> String {
    let steps = [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")];
    let (divisor, prefix) =
        steps.into_iter().find(|(step, _)| value >= step * 0.9995).unwrap_or((1.0, ""));
    let scaled = value / divisor;
    let digits = match scaled {
        scaled if scaled >= 99.95 => 0,
        scaled if scaled >= 9.995 => 1,
        _ => 2,
    };
    let text = format!("{scaled:.digits$}");
    let text =
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    format!("{text} {prefix}{unit}")
}

/// A change with a real minus sign: `−5.1`.
pub fn signed(value: f64) -> String {
    let text = format!("{:+.1}", value + 0.0);
    match text.strip_prefix('-') {
        Some("0.0") => "0.0".to_owned(),
        Some(rest) => format!("\u{2212}{rest}"),
        None if text == "+0.0" => "0.0".to_owned(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_have_three_digits_and_a_decimal_prefix() {
        let shown = [0.5, 12.0, 999.4, 1000.0, 1_234_567.0, 99_960_000.0, 2.5e9];
        let expected =
            ["0.5 B/s", "12 B/s", "999 B/s", "1 kB/s", "1.23 MB/s", "100 MB/s", "2.5 GB/s"];
        assert_eq!(shown.map(|value| rate(value, "B/s")), expected);
    }

    #[test]
    fn changes_have_a_sign_unless_they_are_none() {
        assert_eq!([-5.06, 0.04, -0.04, 12.0].map(signed), ["\u{2212}5.1", "0.0", "0.0", "+12.0"]);
    }

    #[test]
    fn a_log_axis_puts_equal_ratios_at_equal_distances() {
        let axis = Log::around([1.0, 100.0], 0.0, 100.0);
        let gap = axis.at(10.0) - axis.at(1.0);
        assert!((axis.at(100.0) - axis.at(10.0) - gap).abs() < 1e-9);
        assert_eq!(axis.ticks(3), [1.0, 10.0, 100.0]);
        assert!(axis.at(0.8) < 1e-9 && (axis.at(125.0) - 100.0).abs() < 1e-9);
    }

    #[test]
    fn nothing_to_show_is_still_an_axis() {
        assert!(Log::around([f64::NAN, -1.0], 0.0, 1.0).at(5.0).is_finite());
        let flat = Linear { low: 0.0, high: 0.0, from: 0.0, to: 1.0 };
        assert!(flat.at(0.0).is_finite() && !flat.ticks(5).is_empty());
    }

    #[test]
    fn a_linear_axis_has_round_ticks() {
        let axis = Linear { low: -7.0, high: 7.0, from: 0.0, to: 1.0 };
        assert_eq!(axis.ticks(8), [-6.0, -4.0, -2.0, 0.0, 2.0, 4.0, 6.0]);
    }
}
