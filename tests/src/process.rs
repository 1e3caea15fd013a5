//! What the system says of a running program, where it says anything.

use std::path::Path;

/// A program by its process id.
#[derive(Clone, Copy, Debug)]
pub struct Process(u32);

impl Process {
    /// The running program.
    #[must_use]
    pub fn this() -> Self {
        Self(std::process::id())
    }

    /// Another one.
    #[must_use]
    pub fn new(id: u32) -> Self {
        Self(id)
    }

    /// Its resident memory in KiB.
    #[must_use]
    pub fn memory(self) -> Option<u64> {
        self.status("VmRSS:")
    }

    /// The most memory that was ever resident, in KiB.
    #[must_use]
    pub fn peak_memory(self) -> Option<u64> {
        self.status("VmHWM:")
    }

    /// How many sockets it has open.
    #[must_use]
    pub fn sockets(self) -> Option<usize> {
        let files = Path::new("/proc").join(self.0.to_string()).join("fd");
        let files = std::fs::read_dir(files).ok()?;
        let targets = files
            .flatten()
            .filter_map(|file| file.path().read_link().ok());
        Some(
            targets
                .filter(|target| target.to_string_lossy().starts_with("socket:"))
                .count(),
        )
    }

    fn status(self, field: &str) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0)).ok()?;
        let line = status.lines().find(|line| line.starts_with(field))?;
        line.split_whitespace().nth(1)?.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    #[allow(clippy::unwrap_used, reason = "a test may")]
    fn a_program_knows_itself() {
        let this = Process::this();
        // The kernel counts both in batches, each by itself.
        let (memory, peak) = (this.memory().unwrap(), this.peak_memory().unwrap());
        assert!(memory > 0 && memory <= peak + 1024, "{memory} {peak}");
        let before = this.sockets().unwrap();
        let kept: Vec<_> = (0..50)
            .map(|_| std::net::UdpSocket::bind("127.0.0.1:0").unwrap())
            .collect();
        // Tests beside this one may open and close some of their own.
        assert!(this.sockets().unwrap() + 25 > before + kept.len());
    }
}
