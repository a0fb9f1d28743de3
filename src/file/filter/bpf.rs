//! The classic packet filter machine of 1993, still in every kernel: what a compiled filter does to one frame.

/// Words of scratch memory.
const MEMORY: usize = 16;

/// Where an operand comes from.
#[derive(Clone, Copy, Debug)]
enum Operand {
    Constant(u32),
    Index,
}

/// Where a load takes its value from.
#[derive(Clone, Copy, Debug)]
enum Source {
    Immediate(u32),
    Memory(usize),
    /// The frame's length on the wire.
    Length,
    /// So many bytes at a fixed place.
    Absolute(u32, usize),
    /// The same, counted from the index register.
    Indirect(u32, usize),
    /// Four times the low half of a byte: an IPv4 header's length.
    HeaderLength(u32),
}

#[derive(Clone, Copy, Debug)]
enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Or,
    And,
    Xor,
    ShiftLeft,
    ShiftRight,
}

#[derive(Clone, Copy, Debug)]
enum Test {
    Equal,
    Greater,
    GreaterOrEqual,
    AnyBit,
}

#[derive(Clone, Copy, Debug)]
enum Instruction {
    Load(Source),
    LoadIndex(Source),
    Store(usize),
    StoreIndex(usize),
    Arithmetic(Arithmetic, Operand),
    Negate,
    Jump(u32),
    JumpIf(Test, Operand, u8, u8),
    ReturnConstant(u32),
    ReturnAccumulator,
    ToIndex,
    FromIndex,
}

/// A compiled filter.
#[derive(Clone, Debug)]
pub(super) struct Program(Vec<Instruction>);

impl Program {
    /// A program from the lines that `tcpdump -ddd` would print: code, two jump offsets, operand. All jumps go
    /// forwards and stay inside, or there is no program.
    pub(super) fn parse(lines: impl Iterator<Item = String>) -> Option<Program> {
        let program: Vec<_> = lines.map(|line| instruction(&line)).collect::<Option<_>>()?;
        let ends = matches!(program.last()?, Instruction::ReturnConstant(_) | Instruction::ReturnAccumulator);
        let inside = program.iter().enumerate().all(|(at, instruction)| match instruction {
            Instruction::Jump(by) => at + 1 + (*by as usize) < program.len(),
            Instruction::JumpIf(_, _, yes, no) => at + 1 + usize::from(*yes.max(no)) < program.len(),
            _ => true,
        });
        (ends && inside).then_some(Program(program))
    }

    /// The filter's verdict: 0 refuses the frame.
    pub(super) fn run(&self, bytes: &[u8], wire_len: u32) -> u32 {
        let (mut accumulator, mut index, mut memory) = (0_u32, 0_u32, [0_u32; MEMORY]);
        let mut at = 0;
        // Every jump goes forwards, so this ends.
        while let Some(&instruction) = self.0.get(at) {
            at += 1;
            let operand = |operand| match operand {
                Operand::Constant(value) => value,
                Operand::Index => index,
            };
            match instruction {
                Instruction::Load(source) => match load(source, bytes, wire_len, index, &memory) {
                    Some(value) => accumulator = value,
                    // A load beyond the captured bytes refuses the frame.
                    None => return 0,
                },
                Instruction::LoadIndex(source) => match load(source, bytes, wire_len, index, &memory) {
                    Some(value) => index = value,
                    None => return 0,
                },
                Instruction::Store(place) => memory[place] = accumulator,
                Instruction::StoreIndex(place) => memory[place] = index,
                Instruction::Arithmetic(how, right) => match calculate(how, accumulator, operand(right)) {
                    Some(value) => accumulator = value,
                    None => return 0,
                },
                Instruction::Negate => accumulator = accumulator.wrapping_neg(),
                Instruction::Jump(by) => at += by as usize,
                Instruction::JumpIf(test, right, yes, no) => {
                    let right = operand(right);
                    let holds = match test {
                        Test::Equal => accumulator == right,
                        Test::Greater => accumulator > right,
                        Test::GreaterOrEqual => accumulator >= right,
                        Test::AnyBit => accumulator & right != 0,
                    };
                    at += usize::from(if holds { yes } else { no });
                }
                Instruction::ReturnConstant(value) => return value,
                Instruction::ReturnAccumulator => return accumulator,
                Instruction::ToIndex => index = accumulator,
                Instruction::FromIndex => accumulator = index,
            }
        }
        0
    }
}

fn load(source: Source, bytes: &[u8], wire_len: u32, index: u32, memory: &[u32; MEMORY]) -> Option<u32> {
    let big_endian = |at: usize, size: usize| {
        let field = bytes.get(at..at.checked_add(size)?)?;
        Some(field.iter().fold(0_u32, |value, &byte| value << 8 | u32::from(byte)))
    };
    match source {
        Source::Immediate(value) => Some(value),
        Source::Memory(place) => Some(memory[place]),
        Source::Length => Some(wire_len),
        Source::Absolute(at, size) => big_endian(at as usize, size),
        Source::Indirect(at, size) => big_endian((index as usize).checked_add(at as usize)?, size),
        Source::HeaderLength(at) => Some(u32::from(bytes.get(at as usize)? & 0xf) * 4),
    }
}

/// `None`: a division by zero, which refuses the frame.
fn calculate(how: Arithmetic, left: u32, right: u32) -> Option<u32> {
    Some(match how {
        Arithmetic::Add => left.wrapping_add(right),
        Arithmetic::Subtract => left.wrapping_sub(right),
        Arithmetic::Multiply => left.wrapping_mul(right),
        Arithmetic::Divide => left.checked_div(right)?,
        Arithmetic::Modulo => left.checked_rem(right)?,
        Arithmetic::Or => left | right,
        Arithmetic::And => left & right,
        Arithmetic::Xor => left ^ right,
        Arithmetic::ShiftLeft => left.checked_shl(right).unwrap_or(0),
        Arithmetic::ShiftRight => left.checked_shr(right).unwrap_or(0),
    })
}

/// One line; the code's parts are class (bits 0–2), then size and mode of a load, or operation and source.
fn instruction(line: &str) -> Option<Instruction> {
    let mut fields = line.split(' ').map(|field| field.parse::<u32>().ok());
    let (code, yes, no, k) = (fields.next()??, fields.next()??, fields.next()??, fields.next()??);
    let (yes, no) = (u8::try_from(yes).ok()?, u8::try_from(no).ok()?);
    let place = || Some(k as usize).filter(|&place| place < MEMORY);
    let size = match code & 0x18 {
        0x00 => 4,
        0x08 => 2,
        _ => 1,
    };
    let operand = if code & 0x08 == 0 { Operand::Constant(k) } else { Operand::Index };
    let source = || {
        Some(match code & 0xe0 {
            0x00 => Source::Immediate(k),
            0x20 => Source::Absolute(k, size),
            0x40 => Source::Indirect(k, size),
            0x60 => Source::Memory(place()?),
            0x80 => Source::Length,
            0xa0 => Source::HeaderLength(k),
            _ => return None,
        })
    };
    let arithmetic = |how| Instruction::Arithmetic(how, operand);
    let test = |test| Instruction::JumpIf(test, operand, yes, no);
    Some(match (code & 0x07, code & 0xf0) {
        (0, _) => Instruction::Load(source()?),
        (1, _) => Instruction::LoadIndex(source()?),
        (2, _) => Instruction::Store(place()?),
        (3, _) => Instruction::StoreIndex(place()?),
        (4, 0x00) => arithmetic(Arithmetic::Add),
        (4, 0x10) => arithmetic(Arithmetic::Subtract),
        (4, 0x20) => arithmetic(Arithmetic::Multiply),
        (4, 0x30) => arithmetic(Arithmetic::Divide),
        (4, 0x40) => arithmetic(Arithmetic::Or),
        (4, 0x50) => arithmetic(Arithmetic::And),
        (4, 0x60) => arithmetic(Arithmetic::ShiftLeft),
        (4, 0x70) => arithmetic(Arithmetic::ShiftRight),
        (4, 0x80) => Instruction::Negate,
        (4, 0x90) => arithmetic(Arithmetic::Modulo),
        (4, 0xa0) => arithmetic(Arithmetic::Xor),
        (5, 0x00) => Instruction::Jump(k),
        (5, 0x10) => test(Test::Equal),
        (5, 0x20) => test(Test::Greater),
        (5, 0x30) => test(Test::GreaterOrEqual),
        (5, 0x40) => test(Test::AnyBit),
        (6, 0x00) => Instruction::ReturnConstant(k),
        (6, 0x10) => Instruction::ReturnAccumulator,
        (7, 0x00) => Instruction::ToIndex,
        (7, 0x80) => Instruction::FromIndex,
        _ => return None,
    })
}
