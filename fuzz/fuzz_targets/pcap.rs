//! Any bytes as a pcap file: no panic, no frame that is not in the file, damage only inside it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use netscope::file::{pcap, window::Window};
use netscope::frame::FrameSource as _;

fuzz_target!(|data: &[u8]| {
    // On a pipe the variants with longer record headers are not looked for.
    for look_ahead in [true, false] {
        let Ok(mut reader) = pcap::Reader::new(Window::new(data), look_ahead) else { continue };
        let (mut frames, mut bytes) = (0, 0);
        loop {
            match reader.next_frame() {
                Ok(Some(frame)) => {
                    frames += 1;
                    bytes += frame.bytes.len();
                    assert_eq!(frame.number, frames);
                }
                Ok(None) => break,
                Err(damage) => {
                    assert!(damage.offset <= data.len() as u64 && damage.frame == frames + 1);
                    assert!(matches!(reader.next_frame(), Ok(None)), "nothing follows damage");
                    break;
                }
            }
        }
        assert!(bytes <= data.len());
    }
});
