//! Runs the checks of a suite.

use std::io::{self, Read};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, mpsc};
use std::thread;
use std::time::Duration;

use audit_run::document::{Outcome, StepOutcome};
use audit_run::facts::Facts;
use audit_run::judge;
use audit_run::plan::{self, Decision};
use audit_run::ran::{Captured, End, Ran};
use audit_run::suite::{Check, Stdin, Step, Suite, WORK, written};
use contract::CheckStatus;
use contract::audit::Exclusion;
use plumb::{Event, Failure, Run};

use super::interrupt::Interrupt;
use super::process::Running;
use super::strays;
use super::target::{Target, Wanted, Work, anonymous, answer};

/// The largest file that is copied into a private folder.
const COPY_LIMIT: u64 = 64 << 20;

/// How checks are run.
pub struct Runner<'a> {
    pub suite: &'a Suite,
    pub target: &'a Target,
    pub interrupt: &'a Interrupt,
    pub run: &'a Run,
    /// Whether the first failure ends the run.
    pub fail_fast: bool,
    /// How many checks are run side by side.
    pub jobs: usize,
    pub facts: &'a Facts,
}

/// Why the checks that are left are not run.
type EarlyEnd = Mutex<Option<String>>;

impl Runner<'_> {
    /// Runs what `decisions` say. `keep` is handed each outcome as soon as it is there; when it
    /// fails, the run ends.
    pub fn run(
        &self,
        decisions: &[Decision],
        mut keep: impl FnMut(&Check, &Outcome) -> Result<(), Failure>,
    ) -> Result<Vec<Outcome>, Failure> {
        let progress = self.run.progress(decisions.len() as u64);
        let early_end = EarlyEnd::default();
        let mut outcomes: Vec<Option<Outcome>> = vec![None; decisions.len()];
        for wave in plan::waves(self.suite) {
            let mut kept = |index: usize, outcome: &Outcome| {
                let check = &self.suite.checks[index];
                progress.at(&check.id);
                progress.step();
                keep(check, outcome)
            };
            for (index, outcome) in self.wave(&wave, decisions, &outcomes, &early_end, &mut kept)? {
                outcomes[index] = Some(outcome);
            }
        }
        Ok(outcomes.into_iter().flatten().collect())
    }

    /// Runs the checks of one wave, as many side by side as there are jobs.
    fn wave(
        &self,
        wave: &[usize],
        decisions: &[Decision],
        earlier: &[Option<Outcome>],
        early_end: &EarlyEnd,
        keep: &mut impl FnMut(usize, &Outcome) -> Result<(), Failure>,
    ) -> Result<Vec<(usize, Outcome)>, Failure> {
        let next = AtomicUsize::new(0);
        let (send, receive) = mpsc::channel();
        thread::scope(|scope| {
            for _ in 0..self.jobs.min(wave.len()) {
                let (send, next) = (send.clone(), &next);
                scope.spawn(move || {
                    while let Some(&index) = wave.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let outcome = self.one(index, &decisions[index], earlier, early_end);
                        if send.send(outcome.map(|outcome| (index, outcome))).is_err() {
                            break;
                        }
                    }
                });
            }
            drop(send);
            let mut done = Vec::with_capacity(wave.len());
            // Leaving early closes the channel, and each job ends with the check it is at.
            for outcome in receive {
                let (index, outcome) = outcome?;
                keep(index, &outcome)?;
                done.push((index, outcome));
            }
            Ok(done)
        })
    }

    fn one(
        &self,
        index: usize,
        decision: &Decision,
        earlier: &[Option<Outcome>],
        early_end: &EarlyEnd,
    ) -> Result<Outcome, Failure> {
        let check = &self.suite.checks[index];
        let control = check.control.as_deref();
        let control = control.and_then(|id| self.suite.checks.iter().position(|c| c.id == id));
        let control = control.and_then(|control| earlier[control].as_ref());
        let now = self.run.now_ms()?;
        let ended = early_end.lock().map(|why| why.clone()).unwrap_or_default();
        let outcome = match (decision, ended) {
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
        let why = if self.interrupt.asked() {
            Some("the run was interrupted".to_owned())
        } else {
            let ends = self.fail_fast && stopping;
            ends.then(|| format!("the run ended with {} (--fail-fast)", check.id))
        };
        if let (Some(why), Ok(mut early_end)) = (why, early_end.lock()) {
            early_end.get_or_insert(why);
        }
        Ok(outcome)
    }

    fn check(&self, check: &Check, started_ms: u64) -> Outcome {
        let outcome = |status, reason, steps| Outcome {
            status,
            reason,
            remedy: None,
            excluded: None,
            started_ms,
            steps,
        };
        if let Some(objection) = judge::fact_objection(check, self.facts) {
            return outcome(objection.status, Some(objection.reason), vec![]);
        }
        let work = match self.lay_out(check) {
            Ok(work) => work,
            Err(error) => {
                let reason = format!("its private folder could not be made: {error}");
                return outcome(CheckStatus::Broken, Some(reason), vec![]);
            }
        };
        let steps = self.steps(check, &work);
        drop(work);
        // What one check left behind cannot be told from what another one is using.
        if self.jobs == 1 && !self.target.is_contained() {
            strays::end();
        }
        let objection = steps.iter().enumerate().find_map(|(index, step)| {
            let (status, reason) = step.objection.as_ref()?;
            let argv = step.argv.iter().take(2).cloned().collect::<Vec<_>>().join(" ");
            Some((*status, format!("step {} ({argv}): {reason}", index + 1)))
        });
        match objection {
            None => outcome(CheckStatus::Passed, None, steps),
            Some((status, reason)) => outcome(status, Some(reason), steps),
        }
    }

    fn lay_out(&self, check: &Check) -> io::Result<Work> {
        let work = self.target.work()?;
        for (name, content) in &check.files {
            work.lay(name, fill(content, &work).as_bytes())?;
        }
        for (name, copy) in &check.copies {
            let mut content = Vec::new();
            let file = self.target.file(&fill(&copy.from, &work), &work);
            file.and_then(|file| file.take(COPY_LIMIT).read_to_end(&mut content))
                .map_err(|error| io::Error::other(format!("{}: {error}", copy.from)))?;
            let content = copy.apply(content).map_err(|why| io::Error::other(why.to_string()))?;
            work.lay(name, &content)?;
        }
        Ok(work)
    }

    /// Runs the steps up to the first that objects. Servers are ended with the check, and speak
    /// last.
    fn steps(&self, check: &Check, work: &Work) -> Vec<StepOutcome> {
        let mut done: Vec<StepOutcome> = Vec::with_capacity(check.steps.len());
        let mut servers: Vec<(usize, Running)> = Vec::new();
        for (index, step) in check.steps.iter().enumerate() {
            let argv: Vec<String> = step.argv.iter().map(|arg| fill(arg, work)).collect();
            let (ran, server) = self.step(check, step, &argv, &done, work);
            let objection = match &server {
                Some(_) => None,
                None => judge::objection(step, &ran, check.timeout, &earlier(&done)),
            };
            servers.extend(server.map(|server| (index, server)));
            let objection = objection.map(|objection| (objection.status, objection.reason));
            let ends = objection.is_some();
            let argv = step.argv.iter().map(|arg| written(arg)).collect();
            done.push(StepOutcome { argv, ran, objection, attach: step.attach });
            if ends {
                break;
            }
        }
        for (index, server) in servers {
            let ran = server.dismiss();
            let objection = judge::objection(&check.steps[index], &ran, check.timeout, &[]);
            done[index].objection = objection.map(|o| (o.status, o.reason));
            done[index].ran = ran;
        }
        done
    }

    fn step(
        &self,
        check: &Check,
        step: &Step,
        argv: &[String],
        done: &[StepOutcome],
        work: &Work,
    ) -> (Ran, Option<Running>) {
        self.run.say(&Event::ChildStarted { argv });
        let started = self.start(check, step, argv, done, work);
        let (ran, server) = match (started, &step.ready) {
            (Err(why), _) => (never(End::NotStarted(why)), None),
            (Ok((running, token)), None) => (answer(running.finish(), token.as_deref()), None),
            (Ok((running, token)), Some(ready)) => match running.until_ready(ready) {
                Ok(server) => (never(End::Served), Some(server)),
                Err(ran) => (answer(*ran, token.as_deref()), None),
            },
        };
        let command = argv.first().map(String::as_str).unwrap_or_default();
        let outcome = format!("{:?}", ran.end);
        let duration_ms = ran.duration_ms;
        self.run.say(&Event::ChildEnded { command, outcome: &outcome, duration_ms });
        (ran, server)
    }

    fn start(
        &self,
        check: &Check,
        step: &Step,
        argv: &[String],
        done: &[StepOutcome],
        work: &Work,
    ) -> Result<(Running, Option<String>), String> {
        let stdin = match &step.stdin {
            Stdin::Empty => None,
            Stdin::Bytes(bytes) => Some(anonymous(bytes)),
            Stdin::File(path) => Some(self.target.file(&fill(path, work), work)),
            Stdin::Step(earlier) => {
                let stdout = done.get(*earlier).map(|step| step.ran.stdout.clone());
                let stdout = stdout.unwrap_or_default();
                if stdout.truncated {
                    return Err(format!("the output of step {} was cut off", earlier + 1));
                }
                Some(anonymous(&stdout.bytes))
            }
        };
        let stdin = stdin.transpose().map_err(|error| format!("its standard input: {error}"))?;
        let env = step.env.iter().map(|(k, v)| (k.clone(), fill(v, work))).collect();
        let wanted = Wanted { argv, env: &env, stdin, timeout: check.timeout };
        let (command, token) = self.target.command(wanted, work)?.into_parts();
        let running = command.start(self.interrupt).map_err(|error| error.to_string())?;
        Ok((running, token))
    }
}

/// Standard output of the steps that are done, for the next one to be compared with.
fn earlier(done: &[StepOutcome]) -> Vec<&Captured> {
    done.iter().map(|step| &step.ran.stdout).collect()
}

/// A check whose control did not pass proves nothing, whatever it would do.
fn uncontrolled(check: &Check, control: Option<&Outcome>, now: u64) -> Option<Outcome> {
    let id = check.control.as_deref()?;
    let status = control.map_or(CheckStatus::Unknown, |control| control.status);
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

fn never(end: End) -> Ran {
    let nothing = Captured::default;
    Ran { end, stdout: nothing(), stderr: nothing(), duration_ms: 0 }
}

fn fill(text: &str, work: &Work) -> String {
    text.replace(WORK, &work.path().display().to_string())
}

/// The time a whole run may have taken, in milliseconds.
pub fn elapsed_ms(since: std::time::Instant) -> u64 {
    let elapsed: Duration = since.elapsed();
    elapsed.as_millis().try_into().unwrap_or(u64::MAX)
}
