//! A folder to play in, and the tool in it.

// Each test file uses a part of this; a sandbox that cannot be made is no test.
#![allow(dead_code, clippy::unwrap_used)]

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

pub const GUARD: &str = env!("CARGO_BIN_EXE_cleanup-guard");

/// `root/` to clean, `home/` and whatever lies beside it.
pub struct Sandbox {
    _folder: TempDir,
    top: PathBuf,
}

impl Sandbox {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let top = folder.path().canonicalize().unwrap();
        let sandbox = Self { _folder: folder, top };
        fs::create_dir(sandbox.path("root")).unwrap();
        fs::create_dir(sandbox.path("home")).unwrap();
        sandbox
    }

    pub fn top(&self) -> PathBuf {
        self.top.clone()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.top().join(name)
    }

    /// A file with this content, and the folders it lies in.
    pub fn file(&self, name: &str, content: &str) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    pub fn folder(&self, name: &str) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(&path).unwrap();
        path
    }

    pub fn link(&self, target: &str, name: &str) {
        symlink(target, self.path(name)).unwrap();
    }

    pub fn mode(&self, name: &str, mode: u32) {
        fs::set_permissions(self.path(name), fs::Permissions::from_mode(mode)).unwrap();
    }

    /// Runs git in a folder, with a name, quiet, and without anybody's settings.
    pub fn git(&self, folder: &str, args: &[&str]) {
        let output = self
            .command("git")
            .arg("-C")
            .arg(self.path(folder))
            .args(["-c", "user.name=t", "-c", "user.email=t@example.org"])
            .args(["-c", "protocol.file.allow=always", "-c", "init.defaultBranch=main"])
            .args(args)
            .output()
            .unwrap();
        assert!(output.status.success(), "git {args:?}: {}", text(&output.stderr));
    }

    /// A repository with one commit.
    pub fn repo(&self, folder: &str, more: &[&str]) {
        self.folder(folder);
        self.git(folder, &[&["init", "-q"], more].concat());
        self.file(&format!("{folder}/tracked.txt"), "tracked");
        self.git(folder, &["add", "tracked.txt"]);
        self.git(folder, &["commit", "-qm", "one"]);
    }

    /// A command in `root/`, with the sandbox's own home.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(self.path("root"))
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.path("home"))
            .env("LC_ALL", "C")
            .stdin(Stdio::null());
        command
    }

    pub fn guard(&self, args: &[&str]) -> Ran {
        Ran::new(self.command(GUARD).args(args).output().unwrap())
    }

    /// Plans `paths`; the plan lies beside the root.
    pub fn plan(&self, paths: &[&str]) -> Plan {
        let file = self.path("plan.json").into_os_string().into_string().unwrap();
        let ran = self.guard(&[&["plan", "--root", ".", "-o", &file], paths].concat());
        let text = fs::read_to_string(&file).unwrap_or_default();
        Plan { file, json: serde_json::from_str(&text).unwrap_or_default(), ran }
    }

    pub fn apply(&self, plan: &Plan, more: &[&str]) -> Ran {
        let args = ["apply", &plan.file, "--confirm", plan.digest()];
        self.guard(&[&args[..], more].concat())
    }

    pub fn has(&self, name: &str) -> bool {
        self.path(name).symlink_metadata().is_ok()
    }

    /// Every path below `name` with type, mode, content and modification time.
    pub fn state(&self, name: &str) -> Vec<String> {
        state(&self.path(name))
    }
}

pub struct Plan {
    pub file: String,
    pub json: serde_json::Value,
    pub ran: Ran,
}

impl Plan {
    pub fn digest(&self) -> &str {
        self.json["digest"].as_str().unwrap_or_default()
    }

    pub fn paths(&self) -> Vec<&str> {
        let entries = self.json["entries"].as_array().unwrap();
        entries.iter().map(|entry| entry["path"].as_str().unwrap()).collect()
    }

    pub fn rules(&self) -> Vec<&str> {
        let refused = self.json["refused"].as_array().unwrap();
        refused.iter().map(|refusal| refusal["rule"].as_str().unwrap()).collect()
    }
}

#[derive(Debug)]
pub struct Ran {
    pub status: Option<i32>,
    pub json: serde_json::Value,
    pub stderr: String,
}

impl Ran {
    pub fn new(output: Output) -> Self {
        Self {
            status: output.status.code(),
            json: serde_json::from_slice(&output.stdout).unwrap_or_default(),
            stderr: text(&output.stderr),
        }
    }

    #[track_caller]
    pub fn expect(self, status: i32) -> Self {
        assert_eq!(self.status, Some(status), "{}\n{}", self.stderr, self.json);
        self
    }

    #[track_caller]
    pub fn says(self, words: &str) -> Self {
        assert!(self.stderr.contains(words), "expected {words:?} in: {}", self.stderr);
        self
    }

    pub fn kept(&self) -> Vec<(&str, &str)> {
        let kept = self.json["kept"].as_array().unwrap();
        kept.iter().map(|it| (it["path"].as_str().unwrap(), it["rule"].as_str().unwrap())).collect()
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

pub fn state(path: &Path) -> Vec<String> {
    let mut lines = Vec::new();
    collect(path, path, &mut lines);
    lines.sort();
    lines
}

fn collect(top: &Path, path: &Path, lines: &mut Vec<String>) {
    let Ok(meta) = path.symlink_metadata() else { return };
    let name = path.strip_prefix(top).unwrap();
    let kind = meta.file_type();
    let content = if kind.is_file() {
        text(&fs::read(path).unwrap_or_default())
    } else if kind.is_symlink() {
        format!("-> {}", fs::read_link(path).unwrap().display())
    } else {
        String::new()
    };
    // The time of the top itself changes when something is put back into it.
    let time = if path == top { 0 } else { meta.mtime() * 1_000_000_000 + meta.mtime_nsec() };
    lines.push(format!("{name:?} {:o} {time} {content:?}", meta.mode()));
    if kind.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            collect(top, &entry.unwrap().path(), lines);
        }
    }
}
