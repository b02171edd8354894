//! Times over the tests shown.

use contract::allure::Times;

use crate::result::View;

/// As Allure 2 sums them up (`GroupTime.java`): a test without one of its times has no duration, a
/// stop before its start makes one below zero, and the latest stop is never before the epoch.
pub(super) fn allure2(views: &[&View]) -> Times {
    let starts = views.iter().filter_map(|view| view.start);
    let stops = views.iter().filter_map(|view| view.stop);
    let durations: Vec<i64> =
        views.iter().filter_map(|view| Some(view.stop?.wrapping_sub(view.start?))).collect();
    let (start, stop) = (starts.min(), stops.max().map(|stop| stop.max(0)));
    Times {
        start_ms: start,
        stop_ms: stop,
        duration_ms: start.zip(stop).map(|(start, stop)| stop.wrapping_sub(start)),
        min_duration_ms: durations.iter().copied().min(),
        max_duration_ms: durations.iter().copied().max().map(|longest| longest.max(0)),
        sum_duration_ms: sum(&durations),
    }
}

/// As Allure 3 sums them up (`plugin-api/utils/summary.js`). A test has both of its times or none.
pub(super) fn allure3(views: &[&View]) -> Times {
    let durations: Vec<i64> =
        views.iter().filter_map(|view| Some(view.stop?.saturating_sub(view.start?))).collect();
    let (start, stop) = (
        views.iter().filter_map(|view| view.start).min(),
        views.iter().filter_map(|view| view.stop).max(),
    );
    Times {
        start_ms: start,
        stop_ms: stop,
        duration_ms: start.zip(stop).map(|(start, stop)| stop.saturating_sub(start).max(0)),
        min_duration_ms: durations.iter().copied().min(),
        max_duration_ms: durations.iter().copied().max(),
        sum_duration_ms: sum(&durations),
    }
}

fn sum(durations: &[i64]) -> Option<i64> {
    let sum = durations.iter().fold(0_i64, |sum, duration| sum.wrapping_add(*duration));
    (!durations.is_empty()).then_some(sum)
}
