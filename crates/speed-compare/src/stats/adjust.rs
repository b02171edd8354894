//! Many cells, few false alarms: p values adjusted for how many were looked at.

/// How p values are adjusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Correction {
    /// Holm (1979): the chance of even one false alarm stays below the level.
    Holm,
    /// Benjamini and Hochberg (1995): the expected share of false alarms among the alarms does.
    BenjaminiHochberg,
    /// Not at all.
    None,
}

/// The adjusted p values, in the order given.
#[must_use]
pub fn adjust(p: &[f64], correction: Correction) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|a, b| p[*a].total_cmp(&p[*b]).then(a.cmp(b)));
    let mut adjusted = p.to_vec();
    match correction {
        Correction::None => {}
        Correction::Holm => {
            let mut largest = 0.0_f64;
            for (rank, cell) in order.iter().enumerate() {
                largest = largest.max(p[*cell] * super::count(p.len() - rank)).min(1.0);
                adjusted[*cell] = largest;
            }
        }
        Correction::BenjaminiHochberg => {
            let mut smallest = 1.0_f64;
            for (rank, cell) in order.iter().enumerate().rev() {
                let scaled = p[*cell] * super::count(p.len()) / super::count(rank + 1);
                smallest = smallest.min(scaled);
                adjusted[*cell] = smallest;
            }
        }
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;

    const P: [f64; 6] = [0.01, 0.04, 0.03, 0.005, 0.5, 0.03];

    fn close(found: &[f64], expected: &[f64]) {
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-12, "{found} is not {expected}");
        }
    }

    /// By hand: sorted .005 .01 .03 .03 .04 .5, times 6 5 4 3 2 1, never falling.
    #[test]
    fn holm() {
        close(&adjust(&P, Correction::Holm), &[0.05, 0.12, 0.12, 0.03, 0.5, 0.12]);
    }

    /// scipy 1.x: `stats.false_discovery_control(P, method="bh")`.
    #[test]
    fn benjamini_hochberg() {
        close(&adjust(&P, Correction::BenjaminiHochberg), &[0.03, 0.048, 0.045, 0.03, 0.5, 0.045]);
    }

    #[test]
    fn nothing_is_adjusted_to_nothing() {
        assert!(adjust(&[], Correction::Holm).is_empty());
        close(&adjust(&P, Correction::None), &P);
    }
}
