//! What is wrong with the finished documents.

use std::fmt::Write;
use std::path::Path;

use plumb::{Event, Failure, Run};
use readme_render::lint;
use readme_render::render::Rendered;

use super::Args;
use super::outputs::Targets;

/// Says what is wrong with the Markdown documents; whether they count.
pub fn markdown(args: &Args, run: &Run, targets: &Targets, rendered: &Rendered) -> bool {
    let mut clean = true;
    let files = targets.files();
    let written: Vec<&Path> = files.iter().flatten().copied().collect();
    for (file, document) in files.iter().zip(&rendered.documents) {
        // What goes to standard output has no folder that its links count from.
        let Some(file) = file.filter(|file| is_markdown(file)) else { continue };
        let folder = file.parent().unwrap_or(Path::new(""));
        let exists = |target: &str| {
            let target = folder.join(target);
            target.exists() || written.contains(&target.as_path())
        };
        let source = file.display().to_string();
        for lint in lint::markdown(&document.piece.text, &exists) {
            clean = false;
            let (source, line) = (Some(source.as_str()), Some(lint.line as u64));
            let message = lint.message.as_str();
            run.say(&match args.strict {
                true => Event::Failed { source, line, message },
                false => Event::Warning { source, line, message },
            });
        }
    }
    clean || !args.strict
}

fn is_markdown(file: &Path) -> bool {
    file.extension().is_some_and(|ending| ending == "md" || ending == "markdown")
}

/// Writes the report of work that is left, if it is asked for; whether there is none.
pub fn unresolved(
    args: &Args,
    run: &Run,
    targets: &Targets,
    rendered: &Rendered,
) -> Result<bool, Failure> {
    let Some(report) = &args.tbd_report else { return Ok(true) };
    let mut text = String::new();
    for (file, document) in targets.files().iter().zip(&rendered.documents) {
        let name = file.map_or_else(|| "stdout".to_owned(), |file| file.display().to_string());
        for (number, line) in lint::unresolved(&document.piece.text) {
            let name = escape::markdown::code(&format!("{name}:{number}"));
            let _ = writeln!(text, "- {name}: {}", escape::markdown::inline(&line));
        }
    }
    run.replace_all(&[(report.clone(), text.as_bytes())])?;
    if !text.is_empty() {
        run.warn(Some(&report.display().to_string()), "names work that is left");
    }
    Ok(text.is_empty())
}
