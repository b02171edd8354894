//! Runs another program: no shell, no input, limits on time and output.

use std::io::{self, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// More output than this is not read.
const MOST: u64 = 64 << 20;

/// What a program did.
pub struct Ended {
    /// Whether it says that all went well.
    pub success: bool,
    /// Its standard output.
    pub stdout: Vec<u8>,
    /// The last line of its standard error.
    pub complaint: String,
}

/// Hears of a program that starts (its command line) and of its end (how, and after how long).
pub type Hear<'a> = &'a dyn Fn(&[String], Option<(&str, Duration)>);

/// Runs `line`, at most for `patience`.
pub fn run(line: &[String], patience: Duration, hear: Hear<'_>) -> io::Result<Ended> {
    let (program, args) = line.split_first().ok_or_else(|| io::Error::other("no program"))?;
    hear(line, None);
    let start = Instant::now();
    let mut child = Command::new(program)
        .args(args)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let stdout = reader(child.stdout.take());
    let stderr = reader(child.stderr.take());
    let status = wait(&mut child, start + patience)?;
    let Some(status) = status else {
        let _ = child.kill();
        let _ = child.wait();
        hear(line, Some(("timeout", start.elapsed())));
        return Err(io::Error::other(format!("no answer after {} s", patience.as_secs())));
    };
    hear(line, Some((&status.to_string(), start.elapsed())));
    let collect = |reader: JoinHandle<Vec<u8>>| reader.join().unwrap_or_default();
    let complaint = String::from_utf8_lossy(&collect(stderr)).into_owned();
    let complaint = complaint.lines().rfind(|line| !line.trim().is_empty());
    Ok(Ended {
        success: status.success(),
        stdout: collect(stdout),
        complaint: complaint.unwrap_or("it says nothing").trim().to_owned(),
    })
}

fn wait(child: &mut Child, until: Instant) -> io::Result<Option<ExitStatus>> {
    let mut pause = Duration::from_millis(1);
    while Instant::now() < until {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(50));
    }
    Ok(None)
}

fn reader(pipe: Option<impl Read + Send + 'static>) -> JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut text = Vec::new();
        if let Some(mut pipe) = pipe {
            let _ = pipe.by_ref().take(MOST).read_to_end(&mut text);
            // A program that is not read to its end would never come to it.
            let _ = io::copy(&mut pipe, &mut io::sink());
        }
        text
    })
}
