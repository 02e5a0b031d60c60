//! A file that a command writes: there as a whole, or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// A file under way. What is at its place stays there until [`Self::finish`], which
/// this one takes then; only its owner may read it, as it may hold personal data.
pub(crate) enum OutputFile {
    /// Beside its place, on the same disk.
    Beside(BufWriter<NamedTempFile>, PathBuf),
    /// A pipe or a device, which nothing can take the place of.
    There(BufWriter<File>),
}

impl OutputFile {
    /// Begins the file at `path`. A symbolic link is refused: whoever can write in its
    /// folder would choose the file that is replaced.
    pub(crate) fn create(path: &Path) -> io::Result<Self> {
        let found = fs::symlink_metadata(path).ok();
        if found.as_ref().is_some_and(fs::Metadata::is_symlink) {
            return Err(io::Error::other(
                "it is a symbolic link; name the file itself",
            ));
        }
        if found.is_some_and(|found| !found.is_file()) {
            let file = File::options().write(true).open(path)?;
            return Ok(Self::There(BufWriter::new(file)));
        }
        let beside = NamedTempFile::new_in(folder(path))?;
        Ok(Self::Beside(BufWriter::new(beside), path.to_owned()))
    }

    /// Ends it: it is on the disk, and at its place.
    pub(crate) fn finish(self) -> io::Result<()> {
        match self {
            Self::Beside(out, place) => {
                let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
                file.as_file().sync_all()?;
                file.persist(&place).map_err(|failed| failed.error)?;
                // The name is on the disk when its folder is. Not every folder can be
                // opened for that, and the file is whole either way.
                drop(File::open(folder(&place)).and_then(|folder| folder.sync_all()));
                Ok(())
            }
            Self::There(mut out) => out.flush(),
        }
    }

    fn writer(&mut self) -> &mut dyn Write {
        match self {
            Self::Beside(out, _) => out,
            Self::There(out) => out,
        }
    }
}

impl Write for OutputFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer().flush()
    }
}

fn folder(file: &Path) -> &Path {
    let parent = file.parent().filter(|parent| *parent != Path::new(""));
    parent.unwrap_or(Path::new("."))
}
