//! Segment files: where the bytes of media live. No file name, size or time tells of a single upload (law 8), and
//! what is erased is overwritten at once (law 6).
//!
//! Everything here waits for the disk: call it on a blocking thread.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, DirBuilder, File, FileTimes, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use bauta_model::Clock;
use parking_lot::Mutex;
use rustix::fs::{FallocateFlags, OFlags, fallocate};

/// A segment that has reached this length is closed, in bytes.
const SEGMENT_BYTES: u64 = 64 << 20;
/// How much is looked at or overwritten at a time, in bytes. Holes in files come in multiples of 4,096.
const CHUNK: usize = 64 << 10;

/// Where something lies; a row of the store keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Number of the segment file.
    pub segment: i32,
    /// First byte.
    pub offset: i64,
    /// Bytes.
    pub length: i32,
}

/// Why a segment could not do its work.
#[derive(Debug, thiserror::Error)]
pub enum SegmentError {
    /// The disk or its file system.
    #[error("the media folder: {0}")]
    Io(#[from] io::Error),
    /// Nothing lies there.
    #[error("there is no such place in the media folder")]
    NoSuchPlace,
    /// More than two gigabytes in one piece.
    #[error("this is too long for the media folder")]
    TooLong,
}

/// The media folder.
pub struct Segments {
    dir: PathBuf,
    clock: Clock,
    segment_bytes: u64,
    state: Mutex<State>,
}

struct State {
    files: BTreeMap<i32, Arc<File>>,
    /// The number of the segment that is being filled, and where its next byte goes.
    current: i32,
    end: u64,
    /// Segments whose change time the kernel took from the exact clock since [`Segments::settle`].
    touched: BTreeSet<i32>,
}

impl Segments {
    /// Opens a folder, and makes it if it is not there. Only this process may write in it.
    pub fn open(dir: &Path, clock: Clock) -> Result<Self, SegmentError> {
        Self::open_with(dir, clock, SEGMENT_BYTES)
    }

    fn open_with(dir: &Path, clock: Clock, segment_bytes: u64) -> Result<Self, SegmentError> {
        DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
        let mut files = BTreeMap::new();
        for entry in fs::read_dir(dir)? {
            let name = entry?.file_name();
            let number = name.to_str().and_then(|name| name.strip_suffix(".seg"));
            if let Some(number) = number.and_then(|number| number.parse().ok()) {
                files.insert(number, Arc::new(open_file(&path(dir, number))?));
            }
        }
        let last = files
            .last_key_value()
            .map(|(number, file)| (*number, Arc::clone(file)));
        let (current, end) = match last {
            Some((number, file)) => (number, file.metadata()?.len()),
            None => (1, 0),
        };
        let touched = BTreeSet::new();
        let state = Mutex::new(State {
            files,
            current,
            end,
            touched,
        });
        Ok(Self {
            dir: dir.to_owned(),
            clock,
            segment_bytes,
            state,
        })
    }

    /// Writes `bytes` behind what is there. They are on the disk when this returns.
    pub fn append(&self, bytes: &[u8]) -> Result<Place, SegmentError> {
        let length = i32::try_from(bytes.len()).map_err(|_| SegmentError::TooLong)?;
        let mut state = self.state.lock();
        if state.end > 0 && state.end + bytes.len() as u64 > self.segment_bytes {
            state.current += 1;
            state.end = 0;
        }
        let file = self.current_file(&mut state)?;
        let (segment, offset) = (state.current, state.end);
        state.touched.insert(segment);
        let written = file
            .write_all_at(bytes, offset)
            .and_then(|()| self.settle_file(&file));
        if let Err(error) = written {
            // What was written in part must not stay behind the end, where no sweep would look for it.
            file.set_len(offset)?;
            return Err(error.into());
        }
        state.end += bytes.len() as u64;
        Ok(Place {
            segment,
            offset: offset.cast_signed(),
            length,
        })
    }

    /// Reads what lies at a place.
    pub fn read(&self, place: Place) -> Result<Vec<u8>, SegmentError> {
        let (file, offset) = self.find(place)?;
        let mut bytes = vec![0; place.length as usize];
        file.read_exact_at(&mut bytes, offset)?;
        Ok(bytes)
    }

    /// Overwrites what lies at a place with zeros and gives its blocks back. Nothing is left of it on the disk, as far
    /// as the disk overwrites in place, when this returns.
    pub fn erase(&self, place: Place) -> Result<(), SegmentError> {
        let (file, offset) = self.find(place)?;
        self.state.lock().touched.insert(place.segment);
        self.erase_range(&file, offset, place.length as u64)?;
        Ok(())
    }

    /// Erases everything that none of the live places covers: a crash between an append and its row, or between
    /// deleting a row and erasing, leaves such bytes. Gives the number of bytes. For the start, before anything is
    /// appended.
    pub fn sweep(&self, live: &[Place]) -> Result<u64, SegmentError> {
        let mut live: Vec<Place> = live.to_vec();
        live.sort_unstable();
        let mut state = self.state.lock();
        let mut erased = 0;
        for (segment, file) in &state.files {
            let (mut from, end) = (0, file.metadata()?.len());
            for place in live.iter().filter(|place| place.segment == *segment) {
                erased += self.erase_gap(file, from, place.offset.cast_unsigned().min(end))?;
                from = from.max(place.offset.cast_unsigned() + u64::from(place.length.unsigned_abs()));
            }
            erased += self.erase_gap(file, from, end)?;
        }
        self.remove_empty(&mut state, &live)?;
        Ok(erased)
    }

    /// Sets the times of what changed once more, to the slot. The kernel keeps a change time that no program can set,
    /// and it is exact: called at the end of each slot, this makes it tell the slot's end and nothing finer.
    pub fn settle(&self) -> Result<(), SegmentError> {
        let mut state = self.state.lock();
        let touched = std::mem::take(&mut state.touched);
        for segment in &touched {
            if let Some(file) = state.files.get(segment) {
                file.set_times(self.slot_times())?;
            }
        }
        if !touched.is_empty() {
            File::open(&self.dir)?.set_times(self.slot_times())?;
        }
        Ok(())
    }

    fn current_file(&self, state: &mut State) -> Result<Arc<File>, SegmentError> {
        if let Some(file) = state.files.get(&state.current) {
            return Ok(Arc::clone(file));
        }
        let file = Arc::new(create_file(&path(&self.dir, state.current))?);
        self.settle_dir()?;
        state.files.insert(state.current, Arc::clone(&file));
        Ok(file)
    }

    /// The file of a place and its first byte, if the place lies within what was written.
    fn find(&self, place: Place) -> Result<(Arc<File>, u64), SegmentError> {
        let state = self.state.lock();
        let file = state.files.get(&place.segment).ok_or(SegmentError::NoSuchPlace)?;
        let offset = u64::try_from(place.offset).map_err(|_| SegmentError::NoSuchPlace)?;
        let length = u64::try_from(place.length).map_err(|_| SegmentError::NoSuchPlace)?;
        let within = offset
            .checked_add(length)
            .is_some_and(|end| file.metadata().is_ok_and(|data| end <= data.len()));
        if within {
            Ok((Arc::clone(file), offset))
        } else {
            Err(SegmentError::NoSuchPlace)
        }
    }

    /// Zeros must reach the disk before the blocks go: otherwise the file system drops both, unwritten.
    fn erase_range(&self, file: &File, offset: u64, length: u64) -> io::Result<()> {
        let zeros = vec![0; CHUNK];
        let mut done = 0;
        while done < length {
            let part = (length - done).min(CHUNK as u64);
            file.write_all_at(&zeros[..part as usize], offset + done)?;
            done += part;
        }
        self.settle_file(file)?;
        // Not every file system can punch holes; the zeros stand there too.
        if length > 0
            && fallocate(
                file,
                FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE,
                offset,
                length,
            )
            .is_ok()
        {
            self.settle_file(file)?;
        }
        Ok(())
    }

    /// Erases from `from` to `to` where anything but zeros lies. Reading first keeps holes holes.
    fn erase_gap(&self, file: &File, from: u64, to: u64) -> io::Result<u64> {
        let mut erased = 0;
        let mut at = from;
        let mut bytes = vec![0; CHUNK];
        while at < to {
            let part = (to - at).min(CHUNK as u64);
            let bytes = &mut bytes[..part as usize];
            file.read_exact_at(bytes, at)?;
            if bytes.iter().any(|byte| *byte != 0) {
                self.erase_range(file, at, part)?;
                erased += part;
            }
            at += part;
        }
        Ok(erased)
    }

    /// Removes segments in which nothing lives. The last one stays, so that its number is not given again.
    fn remove_empty(&self, state: &mut State, live: &[Place]) -> Result<(), SegmentError> {
        let empty: Vec<i32> = state
            .files
            .keys()
            .copied()
            .filter(|segment| *segment != state.current && live.iter().all(|place| place.segment != *segment))
            .collect();
        for segment in &empty {
            fs::remove_file(path(&self.dir, *segment))?;
            state.files.remove(segment);
        }
        if !empty.is_empty() {
            self.settle_dir()?;
        }
        Ok(())
    }

    /// Times first, then the disk: an exact time must not outlive a crash either.
    fn settle_file(&self, file: &File) -> io::Result<()> {
        file.set_times(self.slot_times())?;
        file.sync_all()
    }

    fn settle_dir(&self) -> io::Result<()> {
        let dir = File::open(&self.dir)?;
        dir.set_times(self.slot_times())?;
        dir.sync_all()
    }

    fn slot_times(&self) -> FileTimes {
        let seconds = self.clock.now().unix_seconds().max(0).cast_unsigned();
        let slot = UNIX_EPOCH + Duration::from_secs(seconds);
        FileTimes::new().set_accessed(slot).set_modified(slot)
    }
}

fn path(dir: &Path, segment: i32) -> PathBuf {
    dir.join(format!("{segment:04}.seg"))
}

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    // A time of reading would be a trace of a reader.
    options
        .read(true)
        .write(true)
        .custom_flags(OFlags::NOATIME.bits().cast_signed());
    options
}

fn open_file(path: &Path) -> io::Result<File> {
    options().open(path)
}

fn create_file(path: &Path) -> io::Result<File> {
    options().create_new(true).mode(0o600).open(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use bauta_model::CoarseTime;
    use proptest::prelude::*;
    use std::os::unix::fs::MetadataExt;
    use tempfile::TempDir;

    fn open(dir: &TempDir, segment_bytes: u64) -> Segments {
        let clock = Clock::system();
        clock.set(CoarseTime::from_unix_seconds(1_491_573_720));
        Segments::open_with(&dir.path().join("media"), clock, segment_bytes).unwrap()
    }

    fn folder_holds(dir: &TempDir, needle: &[u8]) -> bool {
        fs::read_dir(dir.path().join("media")).unwrap().any(|entry| {
            let bytes = fs::read(entry.unwrap().path()).unwrap();
            bytes.windows(needle.len()).any(|window| window == needle)
        })
    }

    #[test]
    fn erased_bytes_are_nowhere_in_the_folder() {
        let dir = TempDir::new().unwrap();
        let segments = open(&dir, SEGMENT_BYTES);
        let kept = segments.append(b"to be kept").unwrap();
        let gone = segments.append(&b"a-marked-secret".repeat(9000)).unwrap();
        assert!(folder_holds(&dir, b"marked-secret"));
        segments.erase(gone).unwrap();
        assert!(!folder_holds(&dir, b"marked"));
        assert_eq!(segments.read(kept).unwrap(), b"to be kept");
        assert_eq!(segments.read(gone).unwrap(), vec![0; 15 * 9000]);
    }

    #[test]
    fn a_sweep_erases_what_no_row_points_at() {
        let dir = TempDir::new().unwrap();
        let segments = open(&dir, SEGMENT_BYTES);
        let before = segments.append(b"orphan-before").unwrap();
        let kept = segments.append(b"to be kept").unwrap();
        segments.append(b"orphan-after").unwrap();
        drop(segments);
        let segments = open(&dir, SEGMENT_BYTES);
        assert!(segments.sweep(&[kept]).unwrap() > 0);
        assert!(!folder_holds(&dir, b"orphan"));
        assert_eq!(segments.read(kept).unwrap(), b"to be kept");
        assert_eq!(segments.sweep(&[kept, before]).unwrap(), 0);
    }

    #[test]
    fn a_sweep_removes_segments_in_which_nothing_lives() {
        let dir = TempDir::new().unwrap();
        let segments = open(&dir, 10);
        let first = segments.append(b"123456789").unwrap();
        let last = segments.append(b"abcdefghi").unwrap();
        assert_eq!((first.segment, last.segment), (1, 2));
        segments.sweep(&[last]).unwrap();
        assert!(matches!(segments.read(first), Err(SegmentError::NoSuchPlace)));
        assert_eq!(segments.read(last).unwrap(), b"abcdefghi");
        assert_eq!(open(&dir, 10).append(b"x").unwrap().segment, 2);
    }

    #[test]
    fn files_are_private_and_their_times_are_slots() {
        let dir = TempDir::new().unwrap();
        let segments = open(&dir, SEGMENT_BYTES);
        let place = segments.append(b"bytes").unwrap();
        segments.read(place).unwrap();
        segments.settle().unwrap();
        let folder = dir.path().join("media");
        assert_eq!(fs::metadata(&folder).unwrap().mode() & 0o777, 0o700);
        assert_eq!(
            fs::metadata(folder.join("0001.seg")).unwrap().mode() & 0o777,
            0o600
        );
        for path in [folder.clone(), folder.join("0001.seg")] {
            let data = fs::metadata(path).unwrap();
            assert_eq!((data.mtime(), data.mtime_nsec()), (1_491_573_720, 0));
        }
        let data = fs::metadata(folder.join("0001.seg")).unwrap();
        assert_eq!((data.atime(), data.atime_nsec()), (1_491_573_720, 0));
    }

    #[test]
    fn a_place_that_was_never_given_is_refused() {
        let dir = TempDir::new().unwrap();
        let segments = open(&dir, SEGMENT_BYTES);
        let place = segments.append(b"bytes").unwrap();
        for wrong in [
            Place { offset: 1, ..place },
            Place { offset: -1, ..place },
            Place {
                offset: i64::MAX,
                ..place
            },
            Place { length: -1, ..place },
            Place { segment: 7, ..place },
        ] {
            assert!(
                matches!(segments.read(wrong), Err(SegmentError::NoSuchPlace)),
                "{wrong:?}"
            );
            assert!(
                matches!(segments.erase(wrong), Err(SegmentError::NoSuchPlace)),
                "{wrong:?}"
            );
        }
    }

    #[derive(Clone, Debug)]
    enum Step {
        Append(Vec<u8>),
        Erase(usize),
        Reopen,
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            4 => proptest::collection::vec(1u8.., 1..300).prop_map(Step::Append),
            2 => any::<usize>().prop_map(Step::Erase),
            1 => Just(Step::Reopen),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn what_lives_is_read_back_and_what_was_erased_is_zero(steps in proptest::collection::vec(step(), 1..30)) {
            let dir = TempDir::new().unwrap();
            let mut segments = open(&dir, 700);
            let mut live: Vec<(Place, Vec<u8>)> = Vec::new();
            let mut dead: Vec<Place> = Vec::new();
            for step in steps {
                match step {
                    Step::Append(bytes) => live.push((segments.append(&bytes).unwrap(), bytes)),
                    Step::Erase(index) if !live.is_empty() => {
                        let (place, _) = live.swap_remove(index % live.len());
                        segments.erase(place).unwrap();
                        dead.push(place);
                    }
                    Step::Erase(_) => {}
                    Step::Reopen => {
                        segments = open(&dir, 700);
                        let places: Vec<Place> = live.iter().map(|(place, _)| *place).collect();
                        prop_assert_eq!(segments.sweep(&places).unwrap(), 0);
                    }
                }
            }
            for (place, bytes) in &live {
                prop_assert_eq!(&segments.read(*place).unwrap(), bytes);
            }
            for place in dead {
                if let Ok(bytes) = segments.read(place) {
                    prop_assert!(bytes.iter().all(|byte| *byte == 0));
                }
            }
        }
    }
}
