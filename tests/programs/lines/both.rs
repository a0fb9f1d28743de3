//! Both ends in one program, in threads of one process. Each call is marked with the name that the kernel has for it.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};

struct Answering(TcpStream);

impl Answering {
    fn go_on(&mut self) -> std::io::Result<()> {
        let mut buffer = [0; 100];
        loop {
            let n = self.0.read(&mut buffer)?; // @recvfrom
            if n == 0 {
                return Ok(());
            }
            self.0.write_all(&buffer[..n])?; // @sendto
        }
    }
}

fn main() -> std::io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?; // @bind @listen @socket
    let address = listener.local_addr()?;
    let server = std::thread::spawn(move || -> std::io::Result<()> {
        let (stream, _) = listener.accept()?; // @accept4
        Answering(stream).go_on()
    });
    let mut stream = TcpStream::connect(address)?; // @connect @socket
    stream.write_all(b"halo")?; // @sendto
    stream.shutdown(Shutdown::Write)?; // @shutdown
    let mut words = String::new();
    stream.read_to_string(&mut words)?; // @recvfrom
    server.join().unwrap()
}
