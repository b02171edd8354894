//! Bad input that every tool meets: each ends with one line and leaves nothing behind.

use std::fs;
use std::io::Write;
use std::path::Path;

use libtest_mimic::Trial;

use crate::common::args_for;
use crate::process::Reads;
use crate::{Outcome, Ran, Tool};

/// Writes the bad input; `None` where the name alone is bad.
type Make = fn(&Path) -> std::io::Result<()>;

/// Kinds of bad input, the status they end with (unless [`Tool::except`] says otherwise), and how
/// to make them.
const KINDS: [(&str, Make); 9] = [
    ("empty", |path| fs::write(path, "")),
    ("binary", |path| fs::write(path, binary())),
    ("truncated_json", |path| fs::write(path, "{\"schema\":\"proofline/names/1\",\"gen")),
    ("truncated_xml", |path| {
        fs::write(path, "<?xml version=\"1.0\"?>\n<testsuite tests=\"2\"><testcase name=\"a")
    }),
    ("foreign_document", |path| fs::write(path, foreign("proofline/no-such-document/1"))),
    ("later_version", |path| fs::write(path, foreign("proofline/audit/99"))),
    ("many_lines", |path| fs::write(path, "x\n".repeat(100_000))),
    ("huge_line", |path| {
        let mut file = std::io::BufWriter::new(fs::File::create(path)?);
        let chunk = vec![b'x'; 1_000_000];
        for _ in 0..100 {
            file.write_all(&chunk)?;
        }
        file.flush()
    }),
    ("over_the_limit", |path| fs::write(path, "x".repeat(2048))),
];

/// Names that cannot be read at all.
const UNREADABLE: [(&str, &str); 3] =
    [("missing", "no/such/file"), ("directory", "."), ("unreadable", "/proc/self/mem")];

pub(crate) fn trials(tool: &Tool) -> Vec<Trial> {
    let Some(reads) = tool.reads else { return vec![] };
    let mut trials = Vec::new();
    for (kind, make) in KINDS {
        let tool = tool.clone();
        trials.push(Trial::test(format!("{}::bad_input::{kind}", tool.name), move || {
            let folder = tempfile::tempdir()?;
            make(&folder.path().join("input"))?;
            check(&tool, &reads, kind, "input", folder.path())
        }));
    }
    for (kind, name) in UNREADABLE {
        let tool = tool.clone();
        trials.push(Trial::test(format!("{}::bad_input::{kind}", tool.name), move || {
            check(&tool, &reads, kind, name, tempfile::tempdir()?.path())
        }));
    }
    trials
}

fn check(tool: &Tool, reads: &Reads, kind: &str, name: &str, folder: &Path) -> Outcome {
    let excepted = reads.except.iter().find(|(except, _)| *except == kind);
    let status = excepted.map_or(2, |(_, status)| *status);
    let mut args = args_for(reads, name.as_ref());
    if kind == "over_the_limit" {
        args.extend(["--max-input".into(), "1K".into()]);
    }
    let ran = tool.run(folder, args, b"", &[]);
    ran.expect_status(status)?;
    if status == 2 {
        one_line(tool, name, &ran)?;
    }
    let left: Vec<_> = fs::read_dir(folder)?
        .filter_map(Result::ok)
        .map(|entry| entry.file_name())
        .filter(|file| file != "input")
        .collect();
    if left.is_empty() { Ok(()) } else { Err(ran.fail(format!("left behind: {left:?}"))) }
}

/// One line that names the tool and the input.
fn one_line(tool: &Tool, name: &str, ran: &Ran) -> Outcome {
    let starts = ran.stderr.starts_with(&format!("{}: {name}", tool.name));
    if !starts || ran.stderr.lines().count() != 1 || ran.stderr.len() > 1000 {
        return Err(ran.fail("expected one short line that names the tool and the input"));
    }
    Ok(())
}

fn foreign(schema: &str) -> String {
    format!(
        "{{\"schema\":\"{schema}\",\"generator\":{{\"name\":\"x\",\"version\":\"1\"}},\"inputs\":[]}}\n"
    )
}

/// Bytes of every value, in no order that a format has.
fn binary() -> Vec<u8> {
    let mut state = 0x9e37_79b9_u32;
    (0..4096)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state.to_be_bytes()[0]
        })
        .collect()
}
