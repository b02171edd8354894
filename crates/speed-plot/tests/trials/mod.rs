//! What is in a drawing: valid XML, every datum as text, nothing that acts.

// A trial that cannot be set up is a mistake here: panicking names it at once.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use contract::speed::Speed;
use contract::speed_comparison::{SpeedComparison, Verdict};
use contract::speed_plot::SpeedPlot;
use libtest_mimic::{Failed, Trial};
use quick_xml::events::Event;

type Check = fn() -> Result<(), Failed>;

const CHECKS: [(&str, Check); 8] = [
    ("every_cell_of_a_heatmap_is_text", heatmap),
    ("only_what_is_decided_has_a_colour", colours),
    ("every_figure_of_a_log_is_text", throughput),
    ("every_operation_is_text", dots),
    ("a_timeline_has_a_point_per_comparison", timeline),
    ("no_drawing_acts_or_fetches", inert),
    ("a_drawing_names_its_inputs", metadata),
    ("a_filter_that_chooses_nothing_is_said", nothing_chosen),
];

pub fn all() -> Vec<Trial> {
    CHECKS.into_iter().map(|(name, check)| Trial::test(format!("draw::{name}"), check)).collect()
}

fn sample(case: &str, file: &str) -> PathBuf {
    testkit::fixtures().join("speed-plot").join(case).join("in").join(file)
}

fn comparison() -> PathBuf {
    sample("one-document-is-drawn-at-a-time", "comparison.json")
}

fn log() -> PathBuf {
    sample("a-log-has-no-changes-to-map", "speed.json")
}

fn draw(args: &[&str], files: &[PathBuf]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_speed-plot"))
        .args(args)
        .args(files)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success() && stderr.is_empty(), "{args:?}: {stderr}");
    String::from_utf8(output.stdout).unwrap()
}

fn nothing_chosen() -> Result<(), Failed> {
    let charts = [
        ("heatmap", comparison()),
        ("timeline", comparison()),
        ("throughput", log()),
        ("dots", log()),
    ];
    for (chart, file) in charts {
        let output = Command::new(env!("CARGO_BIN_EXE_speed-plot"))
            .args([chart, "--only", "no-such-cell"])
            .arg(file)
            .output()
            .unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        let said =
            "speed-plot: --only no-such-cell: no cell's key contains this, nothing is drawn\n";
        assert!(output.status.success() && stderr == said, "{chart}: {stderr}");
    }
    Ok(())
}

/// The text of every `title` element, which also shows that the XML is well formed.
fn titles(svg: &str) -> Vec<String> {
    let mut reader = quick_xml::Reader::from_str(svg);
    let (mut titles, mut inside, mut depth) = (vec![], false, 0);
    loop {
        match reader.read_event().unwrap_or_else(|error| panic!("{error}: {svg}")) {
            Event::Start(start) => {
                depth += 1;
                inside = start.name().as_ref() == "title";
                if inside {
                    titles.push(String::new());
                }
            }
            Event::End(_) => {
                depth -= 1;
                inside = false;
            }
            Event::Text(text) if inside => {
                titles.last_mut().unwrap().push_str(&text);
            }
            Event::GeneralRef(name) if inside => {
                let name: &str = &name;
                let decoded = match name {
                    "lt" => "<",
                    "gt" => ">",
                    "amp" => "&",
                    other => panic!("an entity that this drawing does not need: {other}"),
                };
                titles.last_mut().unwrap().push_str(decoded);
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0, "{svg}");
    titles
}

fn read(path: &PathBuf) -> SpeedComparison {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

fn check(holds: bool, what: impl std::fmt::Display) -> Result<(), Failed> {
    if holds { Ok(()) } else { Err(what.to_string().into()) }
}

fn heatmap() -> Result<(), Failed> {
    let document = read(&comparison());
    let svg = draw(&["heatmap"], &[comparison()]);
    let titles = titles(&svg);
    for cell in &document.cells {
        let start = format!("{}: {}", cell.title(), cell.verdict.word());
        let named = titles.iter().filter(|title| title.starts_with(&start)).count();
        check(named == 1, format!("{start} in {titles:#?}"))?;
    }
    check(titles.len() == document.cells.len() + 1, "a title for the whole and one for each cell")?;
    check(svg.len() <= 1000 * document.cells.len() + 8000, svg.len())
}

fn colours() -> Result<(), Failed> {
    let document = read(&comparison());
    let svg = draw(&["heatmap"], &[comparison()]);
    for cell in &document.cells {
        let title = cell.title().replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let start = svg.find(&format!("aria-label=\"{title}:")).unwrap();
        let drawn = &svg[start..start + svg[start..].find("</g>").unwrap()];
        let coloured = (1..=4).any(|n| {
            drawn.contains(&format!("class=\"w{n}\"")) || drawn.contains(&format!("class=\"f{n}\""))
        });
        let decided = matches!(cell.verdict, Verdict::Regression | Verdict::Improvement);
        check(coloured == decided, drawn)?;
        let hatched = drawn.contains("class=\"hatch\"");
        check(hatched == (cell.verdict == Verdict::Inconclusive), drawn)?;
        let grey = drawn.contains("class=\"gone\"");
        check(grey == (cell.verdict == Verdict::Unavailable), drawn)?;
    }
    Ok(())
}

fn throughput() -> Result<(), Failed> {
    let document: Speed = serde_json::from_slice(&fs::read(log())?)?;
    let titles = titles(&draw(&["throughput"], &[log()]));
    let sizes = document.records.iter().filter(|record| record.block_size_bytes.is_some());
    let mut keys: Vec<(&str, u64)> =
        sizes.map(|record| (record.id.as_str(), record.run % 2)).collect();
    keys.sort_unstable();
    keys.dedup();
    check(titles.len() == keys.len() + 1, format!("{} points: {titles:#?}", keys.len()))?;
    // By hand: the first key of the log and its median over three runs of each target.
    check(
        titles.iter().any(|t| t == "AES-256-GCM 16 B, system: 102 MB/s [101 MB/s, 103 MB/s]"),
        format!("{titles:#?}"),
    )
}

fn dots() -> Result<(), Failed> {
    let titles = titles(&draw(&["dots"], &[log()]));
    check(titles.len() == 5, format!("two operations of two targets: {titles:#?}"))?;
    let found = titles.iter().any(|t| t == "rsa2048 sign, candidate: 1.9 k/s [1.8 k/s, 2 k/s]");
    check(found, format!("{titles:#?}"))
}

fn timeline() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    for name in ["2026-01.json", "2026-02.json", "2026-03.json"] {
        fs::copy(comparison(), folder.path().join(name))?;
    }
    let svg = draw(&["timeline", "--only", "aes-256-gcm"], &[folder.path().to_owned()]);
    let titles = titles(&svg);
    let document = read(&comparison());
    let shown = |cell: &&contract::speed_comparison::Cell| {
        cell.id.contains("aes-256-gcm") && cell.change.is_some()
    };
    let cells = document.cells.iter().filter(shown).count();
    check(cells > 0 && titles.len() == 3 * cells + 1, format!("{cells}: {titles:#?}"))?;
    check(svg.contains(">2026-01</text>") && svg.contains(">2026-03</text>"), svg)
}

fn inert() -> Result<(), Failed> {
    for (chart, file) in [
        ("heatmap", comparison()),
        ("throughput", log()),
        ("dots", log()),
        ("timeline", comparison()),
    ] {
        let svg = draw(&[chart], &[file]);
        let lower = svg.to_lowercase();
        for bad in ["<script", "javascript:", "@import", "href", "nan", "inf\"", "onload"] {
            check(!lower.contains(bad), format!("{bad} in {svg}"))?;
        }
        check(lower.matches("http").count() == 1, "one name space and no other address")?;
        check(svg.contains("prefers-color-scheme:dark"), "a dark side")?;
    }
    Ok(())
}

fn metadata() -> Result<(), Failed> {
    let svg = draw(&["heatmap", "-q", "--only", "<a&b>"], &[comparison()]);
    let start = svg.find("<metadata>").unwrap() + "<metadata>".len();
    let text = &svg[start..start + svg[start..].find('<').unwrap()];
    let document: SpeedPlot = serde_json::from_str(text)?;
    check(document.only.as_deref() == Some("<a&b>") && document.inputs.len() == 1, text)?;
    check(document.inputs[0].bytes == fs::metadata(comparison())?.len(), text)
}
