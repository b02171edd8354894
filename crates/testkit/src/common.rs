//! What every tool has to keep, whatever it does.

use std::fs;
use std::os::unix::ffi::OsStrExt;

use libtest_mimic::Trial;
use serde_json::Value;

use crate::process::Reads;
use crate::{Outcome, Tool};

type Check = fn(&Tool) -> Outcome;
type ReadCheck = fn(&Tool, &Reads) -> Outcome;

const TERMINAL: &str = "a_terminal_without_operands_is_usage_and_not_a_wait";

const CHECKS: [(&str, Check); 6] = [
    ("help_ends_with_the_exit_status", help),
    ("version_is_one_line", version),
    ("schema_is_a_json_schema", schema),
    ("an_unknown_option_is_one_line_and_status_2", unknown_option),
    ("diagnostics_can_be_json_lines", json_diagnostics),
    (TERMINAL, terminal),
];

const READ_CHECKS: [(&str, ReadCheck); 5] = [
    ("a_closed_pipe_ends_quietly_with_the_answer_s_status", closed_pipe),
    ("a_name_that_is_not_utf8_is_kept", odd_name),
    ("output_is_written_whole_or_not_at_all", output),
    ("a_device_is_written_and_not_replaced", device),
    ("the_same_input_gives_the_same_bytes", deterministic),
];

pub(crate) fn trials(tool: &Tool) -> Vec<Trial> {
    let mut trials = Vec::new();
    for (name, check) in CHECKS {
        if name == TERMINAL && !tool.needs_operands {
            continue;
        }
        let tool = tool.clone();
        trials.push(Trial::test(format!("{}::contract::{name}", tool.name), move || check(&tool)));
    }
    let Some(reads) = tool.reads else { return trials };
    for (name, check) in READ_CHECKS {
        let tool = tool.clone();
        trials.push(Trial::test(format!("{}::contract::{name}", tool.name), move || {
            check(&tool, &reads)
        }));
    }
    trials
}

fn help(tool: &Tool) -> Outcome {
    let folder = tempfile::tempdir()?;
    let ran = tool.run(folder.path(), ["--help"], b"", &[]);
    ran.expect_status(0)?;
    let text = String::from_utf8_lossy(&ran.stdout).into_owned();
    let tail =
        "2  the job could not be done (usage, unreadable or foreign input, the system refused)";
    if !text.trim_end().ends_with(tail) {
        return Err(ran.fail("expected the exit status at the end"));
    }
    match text.lines().find(|line| line.chars().count() > 120) {
        Some(line) => Err(ran.fail(format!("a line of help is too wide to read: {line}"))),
        None => Ok(()),
    }
}

fn version(tool: &Tool) -> Outcome {
    let folder = tempfile::tempdir()?;
    let ran = tool.run(folder.path(), ["--version"], b"", &[]);
    ran.expect_status(0)?;
    let expected = format!("{} {}\n", tool.name, env!("CARGO_PKG_VERSION"));
    if ran.stdout == expected.as_bytes() { Ok(()) } else { Err(ran.fail(expected)) }
}

fn schema(tool: &Tool) -> Outcome {
    let folder = tempfile::tempdir()?;
    let ran = tool.run(folder.path(), ["--schema"], b"", &[]);
    ran.expect_status(0)?;
    let schema: Value = serde_json::from_slice(&ran.stdout)?;
    jsonschema::draft202012::meta::validate(&schema)
        .map_err(|error| ran.fail(format!("not a JSON Schema: {error}")))?;
    let id = schema.pointer("/properties/schema/const").and_then(Value::as_str);
    match id {
        Some(id) if id.starts_with("proofline/") => Ok(()),
        other => Err(ran.fail(format!("expected a document's schema, found the id {other:?}"))),
    }
}

fn unknown_option(tool: &Tool) -> Outcome {
    let folder = tempfile::tempdir()?;
    let ran = tool.run(folder.path(), ["--no-such-option"], b"", &[]);
    ran.expect_status(2)?;
    let named = ran.stderr.starts_with(&format!("{}: ", tool.name));
    if !named || ran.stderr.lines().count() != 1 || !ran.stdout.is_empty() {
        return Err(ran.fail("expected one line on stderr that begins with the tool's name"));
    }
    Ok(())
}

fn json_diagnostics(tool: &Tool) -> Outcome {
    let folder = tempfile::tempdir()?;
    let args = ["--no-such-option", "--log-format", "json"];
    let env = [("PROOFLINE_RUN_ID".to_owned(), "run-7".to_owned())];
    let ran = tool.run(folder.path(), args, b"", &env);
    ran.expect_status(2)?;
    let line: Value = serde_json::from_str(&ran.stderr)
        .map_err(|error| ran.fail(format!("expected a JSON line on stderr: {error}")))?;
    let expected =
        [("run_id", "run-7"), ("operation", tool.name), ("event", "failure"), ("level", "error")];
    for (key, value) in expected {
        if line.get(key).and_then(Value::as_str) != Some(value) {
            return Err(ran.fail(format!("expected {key:?} to be {value:?}")));
        }
    }
    Ok(())
}

/// Alone at a terminal no tool waits for typing. The other end stays open: a tool that reads hangs.
fn terminal(tool: &Tool) -> Outcome {
    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
    let folder = tempfile::tempdir()?;
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY)?;
    grantpt(&master)?;
    unlockpt(&master)?;
    let name = ptsname(&master, Vec::new())?.into_string()?;
    let output = duct::cmd(tool.bin, std::iter::empty::<&str>())
        .dir(folder.path())
        .stdin_path(name)
        .stdout_capture()
        .stderr_capture()
        .unchecked()
        .run()?;
    drop(master);
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.code() == Some(2) && stderr.lines().count() == 1 && output.stdout.is_empty() {
        return Ok(());
    }
    Err(format!("expected status 2 and one line, found {}: {stderr}", output.status).into())
}

/// The arguments that make the tool read `file`.
pub(crate) fn args_for(reads: &Reads, file: &std::ffi::OsStr) -> Vec<std::ffi::OsString> {
    reads
        .args
        .iter()
        .map(|arg| if *arg == "{}" { file.to_owned() } else { (*arg).into() })
        .collect()
}

fn closed_pipe(tool: &Tool, reads: &Reads) -> Outcome {
    let folder = tempfile::tempdir()?;
    let sample = tool.sample(reads);
    let whole = tool.run(folder.path(), args_for(reads, sample.as_os_str()), b"", &[]);
    let folder = tempfile::tempdir()?;
    let (reader, writer) = std::io::pipe()?;
    drop(reader);
    let output = duct::cmd(tool.bin, args_for(reads, sample.as_os_str()))
        .dir(folder.path())
        .stdin_null()
        .stdout_file(writer)
        .stderr_capture()
        .unchecked()
        .run()?;
    let stderr = String::from_utf8_lossy(&output.stderr);
    if output.status.code() == whole.status && *stderr == whole.stderr {
        return Ok(());
    }
    let status = output.status;
    Err(whole.fail(format!("with stdout closed: {status}, stderr: {stderr}; with a reader:")))
}

fn odd_name(tool: &Tool, reads: &Reads) -> Outcome {
    let folder = tempfile::tempdir()?;
    let name = std::ffi::OsStr::from_bytes(b"odd-\xff\n name");
    fs::copy(tool.sample(reads), folder.path().join(name))?;
    let plain = tool.run(folder.path(), args_for(reads, tool.sample(reads).as_os_str()), b"", &[]);
    let ran = tool.run(folder.path(), args_for(reads, name), b"", &[]);
    if ran.status != plain.status {
        return Err(ran.fail(format!("expected the status of a plain name: {:?}", plain.status)));
    }
    let text = String::from_utf8_lossy(&ran.stdout);
    // base64 of the name: nothing of it is lost.
    if text.contains("\"path_bytes\":\"b2RkLf8KIG5hbWU=\"") {
        return Ok(());
    }
    Err(ran.fail("expected the name's bytes as `path_bytes`"))
}

fn output(tool: &Tool, reads: &Reads) -> Outcome {
    let folder = tempfile::tempdir()?;
    let sample = tool.sample(reads);
    let mut args = args_for(reads, sample.as_os_str());
    let plain = tool.run(folder.path(), args.clone(), b"", &[]);
    args.extend(["--output".into(), "out.json".into()]);
    let ran = tool.run(folder.path(), args.clone(), b"", &[]);
    let written = fs::read(folder.path().join("out.json")).unwrap_or_default();
    if written != plain.stdout || !ran.stdout.is_empty() || ran.status != plain.status {
        return Err(ran.fail("expected --output to hold what stdout held"));
    }
    args.pop();
    args.push("missing/out.json".into());
    let ran = tool.run(folder.path(), args, b"", &[]);
    ran.expect_status(2)?;
    crate::case::leftovers(folder.path()).map_err(|why| ran.fail(why))
}

/// `--output /dev/null` as root must not put a file in the device's place.
fn device(tool: &Tool, reads: &Reads) -> Outcome {
    use std::os::unix::fs::FileTypeExt;
    let folder = tempfile::tempdir()?;
    let mut args = args_for(reads, tool.sample(reads).as_os_str());
    args.extend(["--output".into(), "/dev/null".into()]);
    let ran = tool.run(folder.path(), args, b"", &[]);
    if fs::symlink_metadata("/dev/null")?.file_type().is_char_device() && ran.status != Some(2) {
        return Ok(());
    }
    Err(ran.fail("expected /dev/null to be written to, and still to be a device"))
}

fn deterministic(tool: &Tool, reads: &Reads) -> Outcome {
    let folder = tempfile::tempdir()?;
    let args = args_for(reads, tool.sample(reads).as_os_str());
    let env = [("SOURCE_DATE_EPOCH".to_owned(), "1700000000".to_owned())];
    let first = tool.run(folder.path(), args.clone(), b"", &env);
    let second = tool.run(folder.path(), args, b"", &env);
    if first.stdout == second.stdout && !first.stdout.is_empty() {
        return Ok(());
    }
    Err(second.fail(format!("expected twice:\n{}", String::from_utf8_lossy(&first.stdout))))
}
