//! Long lists: what is written as it is read is whole, and nothing that was cut off looks whole.

use std::fmt::Write as _;

use libtest_mimic::Trial;
use serde_json::{Value, json};
use testkit::Outcome;

const BIN: &str = env!("CARGO_BIN_EXE_safe-name");
const NAMES: usize = 20_000;

pub fn trials() -> Vec<Trial> {
    vec![
        Trial::test("stream::every_form_holds_every_name_in_order", every_form),
        Trial::test("stream::a_reader_that_leaves_a_long_answer_is_status_2", reader_leaves),
        Trial::test("stream::a_list_that_ends_badly_leaves_no_file", ends_badly),
    ]
}

/// Every tenth name is none.
fn list() -> String {
    (0..NAMES).fold(String::new(), |mut list, number| {
        let capital = if number % 10 == 0 { "Owner" } else { "owner" };
        let host = ["team/", "ghcr.io/", "[::1]:5000/"][number % 3];
        let end = [String::new(), format!(":V_{number}"), format!("@sha256:{number:064x}")];
        let _ = writeln!(list, "{host}{capital}/app-{number}{}", end[number / 3 % 3]);
        list
    })
}

fn run(args: &[&str]) -> std::io::Result<std::process::Output> {
    duct::cmd(BIN, args).stdin_bytes(list()).stdout_capture().stderr_capture().unchecked().run()
}

fn every_form() -> Outcome {
    let text = String::from_utf8(run(&["image"])?.stdout)?;
    let document: Value = serde_json::from_str(&text)?;
    let plain = String::from_utf8(run(&["image", "--plain"])?.stdout)?;
    let records = String::from_utf8(run(&["image", "--format", "ndjson"])?.stdout)?;
    // The very bytes: a record is written in another way than the document.
    let accepted: Vec<&str> = records.lines().filter(|record| record.contains("safe")).collect();
    assert!(text.contains(&format!("\"names\":[{}],\"refused\"", accepted.join(","))));
    let (mut names, mut refused) = (vec![], vec![]);
    for ((given, plain), record) in list().lines().zip(plain.lines()).zip(records.lines()) {
        let record: Value = serde_json::from_str(record)?;
        assert_eq!(record["input"], given);
        if given.contains("Owner") {
            assert_eq!((plain, &record["safe"]), ("", &Value::Null));
            let (rule, reason) = (&record["refused"]["rule"], &record["refused"]["reason"]);
            refused.push(json!({ "input": given, "rule": rule, "reason": reason }));
        } else {
            assert_eq!(record["safe"], plain);
            names.push(record);
        }
    }
    assert_eq!((names.len(), refused.len()), (NAMES / 10 * 9, NAMES / 10));
    assert_eq!((&document["names"], &document["refused"]), (&json!(names), &json!(refused)));
    Ok(())
}

fn reader_leaves() -> Outcome {
    let (reader, writer) = std::io::pipe()?;
    drop(reader);
    let output = duct::cmd(BIN, ["image", "--format", "ndjson", "--quiet"])
        .stdin_bytes(list())
        .stdout_file(writer)
        .stderr_capture()
        .unchecked()
        .run()?;
    assert_eq!(String::from_utf8(output.stderr)?, "");
    assert_eq!(output.status.code(), Some(2));
    Ok(())
}

fn ends_badly() -> Outcome {
    let folder = tempfile::tempdir()?;
    let output = duct::cmd(BIN, ["image", "--format", "ndjson", "--quiet", "-o", "names.ndjson"])
        .dir(folder.path())
        .stdin_bytes(list() + "\0")
        .stderr_capture()
        .unchecked()
        .run()?;
    let stderr = String::from_utf8(output.stderr)?;
    assert!(stderr.starts_with("safe-name: stdin:20001: expected names"), "{stderr}");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(folder.path().read_dir()?.count(), 0);
    Ok(())
}
