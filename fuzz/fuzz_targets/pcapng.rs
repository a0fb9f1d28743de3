//! Any bytes as a pcapng file: no panic, no frame that is not in the file, damage only inside it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use netscope::beside::Beside;
use netscope::file::{pcapng, window::Window};
use netscope::frame::FrameSource as _;

fuzz_target!(|data: &[u8]| {
    let Ok(mut reader) = pcapng::Reader::new(Window::new(data)) else { return };
    let (mut number, mut bytes) = (0, 0);
    loop {
        let interfaces = reader.interfaces().len();
        match reader.next_frame() {
            Ok(Some(frame)) => {
                assert!(frame.number > number, "blocks that are no packets may take numbers, none is given twice");
                number = frame.number;
                bytes += frame.bytes.len();
                let interface = frame.interface as usize;
                assert!(interface < reader.interfaces().len() && interfaces <= reader.interfaces().len());
            }
            Ok(None) => break,
            Err(damage) => {
                assert!(damage.offset <= data.len() as u64 && damage.frame > number);
                assert!(matches!(reader.next_frame(), Ok(None)), "nothing follows damage");
                break;
            }
        }
    }
    assert!(bytes <= data.len());
    // What was seen beside the packets is read by people, too: it is text, and not longer than the file.
    let (beside, _) = Beside::read(reader.beside());
    assert!(reader.beside().len() <= data.len() && beside.calls.len() <= data.len());
    assert_eq!(Beside::read(&beside.text()), (beside.clone(), 0), "what was believed is believed again");
});
