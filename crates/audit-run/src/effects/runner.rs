//! Runs one check.

use std::io::{self, Read};
use std::time::Duration;

use audit_run::document::{Outcome, StepOutcome};
use audit_run::judge;
use audit_run::mask::Mask;
use audit_run::ran::{Captured, End, Ran};
use audit_run::suite::{Check, Known, Stdin, Step, Suite, WORK, written};
use contract::CheckStatus;
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
    pub known: &'a Known,
    /// What is said of a command while it runs is masked as well.
    pub mask: &'a Mask,
    /// Brings the target up once more, for a check that wants it to itself.
    pub fresh: &'a (dyn Fn() -> Result<Target, Failure> + Sync),
}

/// Where a check is run.
#[derive(Clone, Copy)]
struct Site<'a> {
    target: &'a Target,
    work: &'a Work,
}

impl Runner<'_> {
    /// Runs a check that nothing speaks against.
    pub fn check(&self, check: &Check, started_ms: u64) -> Outcome {
        let outcome = |status, reason, steps| Outcome {
            status,
            reason,
            remedy: None,
            excluded: None,
            started_ms,
            steps,
        };
        if let Some(objection) = judge::fact_objection(check, self.known) {
            return outcome(objection.status, Some(objection.reason), vec![]);
        }
        let own = match check.isolate.then(|| (self.fresh)()).transpose() {
            Ok(own) => own,
            Err(failure) => {
                let reason = format!("its own container could not be made: {}", failure.message);
                return outcome(CheckStatus::Broken, Some(reason), vec![]);
            }
        };
        let target = own.as_ref().unwrap_or(self.target);
        let work = match lay_out(target, check) {
            Ok(work) => work,
            Err(error) => {
                let reason = format!("its private folder could not be made: {error}");
                return outcome(CheckStatus::Broken, Some(reason), vec![]);
            }
        };
        let steps = self.steps(check, Site { target, work: &work });
        drop(work);
        drop(own);
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

    /// Runs the steps up to the first that objects. Servers are ended with the check, and speak
    /// last.
    fn steps(&self, check: &Check, site: Site<'_>) -> Vec<StepOutcome> {
        let mut done: Vec<StepOutcome> = Vec::with_capacity(check.steps.len());
        let mut servers: Vec<(usize, Running)> = Vec::new();
        for (index, step) in check.steps.iter().enumerate() {
            let argv: Vec<String> = step.argv.iter().map(|arg| fill(arg, site.work)).collect();
            let (ran, server) = self.step(check, step, &argv, &done, site);
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
        site: Site<'_>,
    ) -> (Ran, Option<Running>) {
        let shown: Vec<String> = argv.iter().map(|arg| self.mask.apply(arg).text).collect();
        self.run.say(&Event::ChildStarted { argv: &shown });
        let started = self.start(check, step, argv, done, site);
        let (ran, server) = match (started, &step.ready) {
            (Err(why), _) => (never(End::NotStarted(why)), None),
            (Ok((running, token)), None) => (answer(running.finish(), token.as_deref()), None),
            (Ok((running, token)), Some(ready)) => match running.until_ready(ready) {
                Ok(server) => (never(End::Served), Some(server)),
                Err(ran) => (answer(*ran, token.as_deref()), None),
            },
        };
        let command = argv.first().map(String::as_str).unwrap_or_default();
        let outcome = ran.end.to_string();
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
        site: Site<'_>,
    ) -> Result<(Running, Option<String>), String> {
        let Site { target, work } = site;
        let stdin = match &step.stdin {
            Stdin::Empty => None,
            Stdin::Bytes(bytes) => Some(anonymous(bytes)),
            Stdin::File(path) => Some(target.file(&fill(path, work), work)),
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
        let (command, token) = target.command(wanted, work)?.into_parts();
        let running = command.start(self.interrupt).map_err(|error| error.to_string())?;
        Ok((running, token))
    }
}

/// The private folder of a check, with its files in it.
fn lay_out(target: &Target, check: &Check) -> io::Result<Work> {
    let work = target.work()?;
    for (name, content) in &check.files {
        work.lay(name, fill(content, &work).as_bytes())?;
    }
    for (name, copy) in &check.copies {
        let mut content = Vec::new();
        let file = target.file(&fill(&copy.from, &work), &work);
        file.and_then(|file| file.take(COPY_LIMIT).read_to_end(&mut content))
            .map_err(|error| io::Error::other(format!("{}: {error}", copy.from)))?;
        let content = copy.apply(content).map_err(|why| io::Error::other(why.to_string()))?;
        work.lay(name, &content)?;
    }
    Ok(work)
}

/// Standard output of the steps that are done, for the next one to be compared with.
fn earlier(done: &[StepOutcome]) -> Vec<&Captured> {
    done.iter().map(|step| &step.ran.stdout).collect()
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
