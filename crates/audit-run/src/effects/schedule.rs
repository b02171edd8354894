//! Runs the checks of a suite side by side.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;

use audit_run::document::Outcome;
use audit_run::plan::Decision;
use audit_run::queue::{Next, Queue};
use audit_run::suite::Check;
use contract::CheckStatus;
use contract::audit::Exclusion;
use plumb::Failure;

use super::runner::Runner;

const INTERRUPTED: &str = "the run was interrupted";

/// What came of the check at that place of the suite.
type Done = Result<(usize, Outcome), Failure>;

/// What the jobs share.
struct Board {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    queue: Queue,
    /// Why the checks that are left are not run.
    early_end: Option<String>,
    /// Nobody wants to know any more.
    abandoned: bool,
}

impl Runner<'_> {
    /// Runs what `decisions` say. `keep` is handed each outcome as soon as it is there; when it
    /// fails, the run ends.
    pub fn run(
        &self,
        decisions: &[Decision],
        mut keep: impl FnMut(&Check, &Outcome) -> Result<(), Failure>,
    ) -> Result<Vec<Outcome>, Failure> {
        let progress = self.run.progress(decisions.len() as u64);
        let board = Board::new(Queue::new(self.suite));
        let mut outcomes: Vec<Option<Outcome>> = vec![None; decisions.len()];
        let (send, receive) = mpsc::channel();
        thread::scope(|scope| {
            for _ in 0..self.jobs.min(decisions.len()) {
                let (send, board) = (send.clone(), &board);
                scope.spawn(move || self.work(decisions, board, &send));
            }
            drop(send);
            // Leaving early closes the channel, and each job ends with the check it is at.
            for done in receive {
                let (index, outcome) = done?;
                let check = &self.suite.checks[index];
                progress.at(&check.id);
                progress.step();
                keep(check, &outcome)?;
                outcomes[index] = Some(outcome);
            }
            Ok::<(), Failure>(())
        })?;
        Ok(outcomes.into_iter().flatten().collect())
    }

    /// One job: a check after the other, until none is left.
    fn work(&self, decisions: &[Decision], board: &Board, send: &mpsc::Sender<Done>) {
        while let Some((index, control)) = board.take() {
            let done = self.one(index, &decisions[index], control, board);
            board.end(index, done.as_ref().map_or(CheckStatus::Unknown, |outcome| outcome.status));
            if send.send(done.map(|outcome| (index, outcome))).is_err() {
                board.abandon();
            }
        }
    }

    fn one(
        &self,
        index: usize,
        decision: &Decision,
        control: Option<CheckStatus>,
        board: &Board,
    ) -> Result<Outcome, Failure> {
        let check = &self.suite.checks[index];
        let now = self.run.now_ms()?;
        if self.interrupt.asked() {
            board.end_early(INTERRUPTED.to_owned());
        }
        let outcome = match (decision, board.early_end()) {
            (Decision::Run, Some(why)) => excluded(Exclusion::EarlyEnd, &why, now),
            (Decision::Run, None) => match uncontrolled(check, control, now) {
                Some(outcome) => outcome,
                None => self.check(check, now),
            },
            (Decision::Skip { reason, remedy }, _) => Outcome {
                remedy: Some(remedy.clone()),
                ..Outcome::without_a_run(CheckStatus::Skipped, reason.clone(), now)
            },
            (Decision::Exclude { by, reason }, _) => excluded(*by, reason, now),
        };
        let stopping = matches!(outcome.status, CheckStatus::Failed | CheckStatus::Broken);
        if self.interrupt.asked() {
            board.end_early(INTERRUPTED.to_owned());
        } else if self.fail_fast && stopping {
            board.end_early(format!("the run ended with {} (--fail-fast)", check.id));
        }
        Ok(outcome)
    }
}

impl Board {
    fn new(queue: Queue) -> Self {
        let state = State { queue, early_end: None, abandoned: false };
        Self { state: Mutex::new(state), changed: Condvar::new() }
    }

    /// What is behind the lock is whole between any two of its changes: a job that panicked with it
    /// leaves nothing half done.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next check and the status of its control; waits where one has to end first.
    fn take(&self) -> Option<(usize, Option<CheckStatus>)> {
        let mut state = self.lock();
        loop {
            if state.abandoned {
                return None;
            }
            match state.queue.take() {
                Next::Check(index, control) => return Some((index, control)),
                Next::Done => return None,
                Next::Wait => {
                    state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
                }
            }
        }
    }

    fn end(&self, index: usize, status: CheckStatus) {
        self.lock().queue.end(index, status);
        self.changed.notify_all();
    }

    fn abandon(&self) {
        self.lock().abandoned = true;
        self.changed.notify_all();
    }

    /// The first reason stays.
    fn end_early(&self, why: String) {
        self.lock().early_end.get_or_insert(why);
    }

    fn early_end(&self) -> Option<String> {
        self.lock().early_end.clone()
    }
}

/// A check whose control did not pass proves nothing, whatever it would do.
fn uncontrolled(check: &Check, control: Option<CheckStatus>, now: u64) -> Option<Outcome> {
    let id = check.control.as_deref()?;
    let status = control.unwrap_or(CheckStatus::Unknown);
    let (own, what) = match status {
        CheckStatus::Passed => return None,
        CheckStatus::Skipped | CheckStatus::NotRun => (CheckStatus::Skipped, "did not run"),
        _ => (CheckStatus::Broken, "did not pass"),
    };
    let reason = format!("its control {id} {what} ({status}): a refusal would prove nothing");
    let remedy = format!("look at {id} first");
    Some(Outcome { remedy: Some(remedy), ..Outcome::without_a_run(own, reason, now) })
}

fn excluded(by: Exclusion, reason: &str, now: u64) -> Outcome {
    let outcome = Outcome::without_a_run(CheckStatus::NotRun, reason.to_owned(), now);
    Outcome { excluded: Some(by), ..outcome }
}
