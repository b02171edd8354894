//! Which points of a document were printed by a test.

use std::collections::BTreeSet;

use super::point::Point;

/// Keeps, of the points that bear a number, those that can be the run's own: numbers of the plan,
/// each once and rising. Of several with one number the last before the next number is it, as a
/// test prints before its own point comes.
pub fn drop_printed(points: &mut Vec<Point>, plan: u64, planned: u64) {
    // Those of one style that are the plan, one by one, are the run's own.
    for style in points.iter().map(|point| point.style).collect::<BTreeSet<_>>() {
        let own = points.iter().filter(|point| point.style == style).map(|point| point.number);
        if plan > 0 && own.eq((1..=plan).map(Some)) {
            return points.retain(|point| point.style == style);
        }
    }
    let mut next = plan.saturating_add(1);
    let rising = points.iter().filter_map(|point| point.number).is_sorted_by(|a, b| a < b);
    let mut keep = vec![true; points.len()];
    let mut seen = BTreeSet::new();
    for (index, point) in points.iter().enumerate().rev() {
        let Some(number) = point.number else { continue };
        let own = number >= 1 && number <= plan && (rising || number < next) && seen.insert(number);
        // A number that skips back too far would cost more points than it keeps.
        let own = own && (rising || next - number == 1 || !reaches(&points[..index], number, next));
        keep[index] = own;
        if own {
            next = number;
        }
    }
    // Mocha gives a failed hook and the test after it one number; where the plan, written at the
    // end, has room for both, both are.
    let mut room = plan.saturating_sub(keep.iter().filter(|keep| **keep).count() as u64);
    let mut after = None;
    for (index, point) in points.iter().enumerate().rev() {
        let twin = point.number.is_some() && point.number == after;
        if !keep[index]
            && twin
            && room > 0
            && point.entry.line < Some(planned)
            && planned_last(points, planned)
        {
            keep[index] = true;
            room -= 1;
        } else if keep[index] {
            after = point.number;
        }
    }
    let mut keep = keep.into_iter();
    points.retain(|_| keep.next().unwrap_or(true));
}

fn planned_last(points: &[Point], planned: u64) -> bool {
    points.iter().all(|point| point.entry.line < Some(planned))
}

/// Whether a number between `from` and `to` stands further up: then `from` is not the one before
/// `to`.
fn reaches(points: &[Point], from: u64, to: u64) -> bool {
    points.iter().filter_map(|point| point.number).any(|number| number > from && number < to)
}
