//! The calls of a program's own code that led to a system call: addresses, to be named when the run is over.
//!
//! Unwound by what the compiler leaves for exceptions (`.eh_frame`), else by frame pointers.

use std::collections::HashMap;
use std::rc::Rc;

use framehop::x86_64::{CacheX86_64, UnwindRegsX86_64, UnwinderX86_64};
use framehop::{ExplicitModuleSectionInfo, FrameAddress, Module, Unwinder as _};

use super::Frame;
use super::image::{Mapped, Section};
use super::remote::{self, Registers};

/// Frames that are followed, and of those the ones in the program's own files that are kept.
const MOST_FRAMES: usize = 64;
const KEPT: usize = 16;
/// Stack that is read at once, and in all.
const PIECE: u64 = 4096;
const MOST_PIECES: usize = 32;

/// What is known of a process that was not an interpreter.
pub(super) struct Unwinding {
    unwinder: UnwinderX86_64<Rc<[u8]>>,
    cache: CacheX86_64,
    /// By the number of the file.
    mapped: Rc<Vec<Mapped>>,
}

/// Sections of files, read once.
#[derive(Default)]
pub(super) struct Sections(HashMap<u32, [Option<Section>; 3]>);

impl Unwinding {
    /// None where no file would tell a line.
    pub(super) fn new(mapped: Rc<Vec<Mapped>>, sections: &mut Sections) -> Option<Unwinding> {
        if !mapped.iter().any(|mapped| mapped.binary.tells) {
            return None;
        }
        let mut unwinder = UnwinderX86_64::new();
        for Mapped { binary, bias } in mapped.iter() {
            let known = sections.0.entry(binary.id).or_insert_with(|| binary.unwinding());
            let [eh_frame, eh_frame_hdr, debug_frame] = known.clone();
            let (eh_frame, eh_frame_svma) = eh_frame.unzip();
            let (eh_frame_hdr, eh_frame_hdr_svma) = eh_frame_hdr.unzip();
            let section_info = ExplicitModuleSectionInfo {
                base_svma: binary.range.start,
                eh_frame,
                eh_frame_svma,
                eh_frame_hdr,
                eh_frame_hdr_svma,
                debug_frame: debug_frame.map(|(data, _)| data),
                ..ExplicitModuleSectionInfo::default()
            };
            let begin = binary.range.start.wrapping_add(*bias);
            let end = binary.range.end.wrapping_add(*bias);
            if begin < end {
                unwinder.add_module(Module::new(binary.path.clone(), begin..end, begin, section_info));
            }
        }
        Some(Unwinding { unwinder, cache: CacheX86_64::new(), mapped })
    }

    /// The file at an address.
    fn at(&self, address: u64) -> Option<&Mapped> {
        self.mapped.iter().find(|mapped| mapped.binary.range.contains(&address.wrapping_sub(mapped.bias)))
    }

    /// The frames of a stopped thread that lie in the user's own files, the innermost first.
    pub(super) fn frames(&mut self, tid: i32, registers: &Registers) -> Vec<Frame> {
        let mut stack = Stack { tid, pieces: Vec::new() };
        let mut read = |address| stack.word(address).ok_or(());
        let start = UnwindRegsX86_64::new(registers.instruction, registers.stack, registers.frame);
        let mut addresses = Vec::new();
        let mut walk = self.unwinder.iter_frames(registers.instruction, start, &mut self.cache, &mut read);
        while let Ok(Some(frame)) = walk.next() {
            addresses.push(frame);
            if addresses.len() >= MOST_FRAMES {
                break;
            }
        }
        let mut kept = Vec::new();
        for frame in addresses {
            // Outside of every file is code that was made while the program ran: who called it is a guess.
            let Some(mapped) = self.at(frame.address_for_lookup()) else { break };
            if mapped.binary.tells && kept.len() < KEPT {
                let address = frame.address_for_lookup().wrapping_sub(mapped.bias);
                kept.push(Frame { binary: mapped.binary.id, address, returns: frame.is_return_address() });
            }
        }
        kept
    }

    /// Whether the system call was made from a file that is known: a library may have been loaded since.
    pub(super) fn knows(&self, registers: &Registers) -> bool {
        self.at(FrameAddress::from_instruction_pointer(registers.instruction).address()).is_some()
    }
}

/// The stack of a stopped thread, read a piece at a time.
struct Stack {
    tid: i32,
    pieces: Vec<(u64, Vec<u8>)>,
}

impl Stack {
    fn word(&mut self, address: u64) -> Option<u64> {
        let begin = address / PIECE * PIECE;
        if !self.pieces.iter().any(|(at, _)| *at == begin) {
            if self.pieces.len() >= MOST_PIECES {
                return None;
            }
            let mut bytes = vec![0; usize::try_from(PIECE).ok()?];
            let len = remote::read(self.tid, begin, &mut bytes);
            bytes.truncate(len);
            self.pieces.push((begin, bytes));
        }
        let (_, piece) = self.pieces.iter().find(|(at, _)| *at == begin)?;
        let offset = usize::try_from(address - begin).ok()?;
        Some(u64::from_ne_bytes(piece.get(offset..offset + 8)?.try_into().ok()?))
    }
}
