//! How far long work has come; shown on a terminal only.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A progress bar on stderr, or nothing where nobody watches.
pub struct Progress(ProgressBar);

impl Progress {
    pub(crate) fn new(total: u64, shown: bool) -> Self {
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::hidden());
        if shown {
            bar.set_draw_target(ProgressDrawTarget::stderr());
            if let Ok(style) = ProgressStyle::with_template("{pos}/{len} {bar:24} {eta} left {msg}")
            {
                bar.set_style(style.progress_chars("=> "));
            }
        }
        Self(bar)
    }

    /// Says what is being worked on.
    pub fn at(&self, what: &str) {
        self.0.set_message(escape::terminal::line(what).into_owned());
    }

    /// One more is done.
    pub fn step(&self) {
        self.0.inc(1);
    }

    /// So many more are done.
    pub fn steps(&self, count: u64) {
        self.0.inc(count);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
