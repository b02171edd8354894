//! A folder of comparisons, one file for each time: what a timeline is drawn from.

use std::fs;
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

use contract::speed_comparison::SpeedComparison;
use plumb::{Failure, Run};

/// How many comparisons one second may have.
const MOST_A_SECOND: u32 = 1000;

/// Adds `document` to `folder` under the time of now; nothing that is there is touched.
pub fn append(run: &Run, folder: &Path, document: &SpeedComparison) -> Result<(), Failure> {
    let failed = |deed, error| Failure::io(folder.display().to_string(), deed, &error);
    fs::create_dir_all(folder).map_err(|error| failed("cannot make the folder", error))?;
    let time = UNIX_EPOCH + Duration::from_millis(run.now_ms()?);
    let stamp = humantime::format_rfc3339_seconds(time).to_string().replace(':', "");
    for number in 1..=MOST_A_SECOND {
        let name =
            if number == 1 { format!("{stamp}.json") } else { format!("{stamp}.{number:03}.json") };
        let path = folder.join(name);
        // Claims the name before anything is written, so that two runs at a time keep apart.
        match fs::File::create_new(&path) {
            Ok(_) => return run.emit_to(&path, document),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(failed("cannot add to the history", error)),
        }
    }
    Err(Failure::new("too many comparisons in one second").at(folder.display().to_string()))
}
