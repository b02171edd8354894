//! The table of who survives what.

use std::fmt::Write as _;
use std::path::Path;

use crate::contest::{guard_survives, has_namespaces, run};
use crate::scene::Scene;

const OTHERS: [&str; 3] = [
    "rm -rf -- @ASK",
    "git clean -fdxq -- @ASK",
    "python3 -c 'import shutil,sys\nfor p in sys.argv[1:]: shutil.rmtree(p,ignore_errors=True)' @ASK",
];

pub fn write(scenes: &[Scene], file: &Path) {
    let namespaces = has_namespaces();
    let mut rows = String::new();
    let mut lost = [0; 4];
    let mut count = 0;
    for scene in scenes.iter().filter(|scene| scene.mount.is_none() || namespaces) {
        count += 1;
        let mut cells = vec![match guard_survives(scene) {
            Ok(()) => "kept".to_owned(),
            Err(why) => {
                lost[0] += 1;
                format!("**failed**: {}", why.lines().next().unwrap_or_default())
            }
        }];
        for (index, line) in OTHERS.iter().enumerate() {
            let result = run(scene, ":", line);
            cells.push(match (result.hung, result.lost.is_empty()) {
                (true, _) => "hangs".to_owned(),
                (_, true) => "kept".to_owned(),
                (_, false) => {
                    lost[index + 1] += 1;
                    "**lost**".to_owned()
                }
            });
        }
        let _ = writeln!(rows, "| {} | {} | {} |", scene.theme, scene.name, cells.join(" | "));
    }
    let mut text = String::from(HEAD);
    let _ = writeln!(
        text,
        "Of {count} traps, something was lost in: cleanup-guard {}, `rm -rf` {}, `git clean -fdx` {}, \
         `shutil.rmtree` {}.\n",
        lost[0], lost[1], lost[2], lost[3]
    );
    text.push_str(
        "| theme | trap | cleanup-guard | `rm -rf` | `git clean -fdx` | `shutil.rmtree` |\n",
    );
    text.push_str("|---|---|---|---|---|---|\n");
    text.push_str(&rows);
    std::fs::write(file, text).unwrap();
}

const HEAD: &str = "\
# Traps

Made by `TRAPS_TABLE=docs/cleanup-traps.md cargo test -p cleanup-guard --test traps`; not written by \
hand.

Each trap is a folder of its own with something to delete and something that must survive, \
compared afterwards by content, type, mode and time. *kept*: every survivor is as it was. \
*lost*: at least one is not. cleanup-guard must also delete what the trap says can go, and \
name the rule for what it keeps. The others are given the same paths; what happens between a plan \
and its application happens before they start, for they know no plan. `git clean` does nothing \
outside of a repository, and so keeps everything there.

";
