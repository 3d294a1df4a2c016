//! Debug information as no compiler writes it, and some as one does: sections of DWARF, byte by byte.

use super::component::leb128;

/// Sections by name.
pub type Sections = Vec<(&'static str, Vec<u8>)>;

/// All instructions of the little guest.
const EVERYWHERE: u32 = 0x1_0000;

/// Kinds of entries, each by its number in `ABBREVIATIONS`.
const UNIT: u8 = 1;
const FUNCTION: u8 = 2;
const INLINED: u8 = 3;
const BLOCK: u8 = 4;
const UNIT_OF_RANGES: u8 = 5;
const UNIT_WITH_LINES: u8 = 6;
const ABSTRACT: u8 = 7;
const INLINED_HERE: u8 = 8;

/// The kinds: a tag, whether others are in it, attributes with their forms.
const ABBREVIATIONS: &[(u8, u8, &[u8])] = &[
    // DW_TAG_compile_unit: low_pc as addr, high_pc as data4.
    (UNIT, 0x11, &[1, 0x11, 0x01, 0x12, 0x06]),
    // DW_TAG_subprogram: the same, and name as string.
    (FUNCTION, 0x2e, &[1, 0x11, 0x01, 0x12, 0x06, 0x03, 0x08]),
    // DW_TAG_inlined_subroutine, DW_TAG_lexical_block.
    (INLINED, 0x1d, &[1]),
    (BLOCK, 0x0b, &[1]),
    // DW_TAG_compile_unit: ranges as sec_offset.
    (UNIT_OF_RANGES, 0x11, &[0, 0x55, 0x17]),
    // DW_TAG_compile_unit: stmt_list as sec_offset, low_pc, high_pc.
    (UNIT_WITH_LINES, 0x11, &[1, 0x10, 0x17, 0x11, 0x01, 0x12, 0x06]),
    // DW_TAG_subprogram: name.
    (ABSTRACT, 0x2e, &[0, 0x03, 0x08]),
    // DW_TAG_inlined_subroutine: abstract_origin as ref4, low_pc, high_pc, call_file and call_line as data1.
    (INLINED_HERE, 0x1d, &[0, 0x31, 0x13, 0x11, 0x01, 0x12, 0x06, 0x58, 0x0b, 0x59, 0x0b]),
];

fn abbreviations() -> Vec<u8> {
    let each = ABBREVIATIONS.iter().flat_map(|(number, tag, rest)| [&[*number, *tag], *rest, &[0, 0]].concat());
    each.chain([0]).collect()
}

/// From the first instruction to the last, as low_pc and high_pc.
fn everywhere() -> Vec<u8> {
    [0_u32.to_le_bytes(), EVERYWHERE.to_le_bytes()].concat()
}

/// A number of bytes, and these.
fn counted(content: Vec<u8>) -> Vec<u8> {
    [u32::try_from(content.len()).expect("it is small").to_le_bytes().to_vec(), content].concat()
}

/// A unit of version 4 whose addresses have 4 bytes.
fn unit(entries: Vec<u8>) -> Vec<u8> {
    counted([vec![4, 0, 0, 0, 0, 0, 4], entries].concat())
}

fn sections(info: Vec<u8>) -> Sections {
    vec![(".debug_abbrev", abbreviations()), (".debug_info", info)]
}

/// A function with entries within each other.
fn nested(kind: u8, levels: usize) -> Sections {
    let function = [vec![UNIT], everywhere(), vec![FUNCTION], everywhere(), b"die\0".to_vec()].concat();
    sections(unit([function, vec![kind; levels], vec![0; levels + 2]].concat()))
}

/// Inlined functions within each other: readers call themselves for each.
pub fn inlined(levels: usize) -> Sections {
    nested(INLINED, levels)
}

/// Blocks within each other.
pub fn blocks(levels: usize) -> Sections {
    nested(BLOCK, levels)
}

/// Units each of which has the same table of lines of version 5, with so many files whose names are empty.
pub fn files(units: usize, count: usize) -> Sections {
    lines_of(units, 0x08, count, &vec![0; count])
}

/// A table of lines that says it has more files than there are bytes in the world: their names are of a form that takes
/// no bytes, flag_present. Whether a reader knows that form there is up to it.
pub fn files_of_no_bytes() -> Sections {
    lines_of(1, 0x19, 1 << 60, &[])
}

fn lines_of(units: usize, form: u8, count: usize, names: &[u8]) -> Sections {
    // Directories have names as strings, and there are none.
    let tables = [&[1, 0x01, 0x08, 0, 1, 0x01, form], &leb128(count)[..], names].concat();
    let header = [line_settings(), tables].concat();
    let lines = counted([vec![5, 0, 4, 0], counted(header)].concat());
    let unit = unit([vec![UNIT_WITH_LINES, 0, 0, 0, 0], everywhere(), vec![0]].concat());
    [sections(unit.repeat(units)), vec![(".debug_line", lines)]].concat()
}

/// Units each of which has the same list of ranges, which readers keep.
pub fn ranges(units: usize, ranges: usize) -> Sections {
    ranges_of(units, ranges, EVERYWHERE)
}

/// The same with ranges of no instruction, which readers read and do not keep.
pub fn empty_ranges(units: usize, ranges: usize) -> Sections {
    ranges_of(units, ranges, 1)
}

fn ranges_of(units: usize, ranges: usize, end: u32) -> Sections {
    let unit = unit(vec![UNIT_OF_RANGES, 0, 0, 0, 0]);
    let range = [1_u32.to_le_bytes(), end.to_le_bytes()].concat();
    [sections(unit.repeat(units)), vec![(".debug_ranges", [range.repeat(ranges), vec![0; 8]].concat())]].concat()
}

/// A unit that is longer than its section.
pub fn cut_off() -> Sections {
    sections(unit(vec![UNIT; 100])[..50].to_vec())
}

/// What a compiler writes of a function in line 9 of a file, into which another one in line 7 was inlined.
pub fn honest(file: &str, function: &str, inner: &str) -> Sections {
    let text = |text: &str| [text.as_bytes(), &[0]].concat();
    let unit_entry = [vec![UNIT_WITH_LINES, 0, 0, 0, 0], everywhere()].concat();
    // After the header of the unit, which has 11 bytes.
    let origin = u32::try_from(11 + unit_entry.len()).expect("it is small").to_le_bytes().to_vec();
    let inlined = [vec![INLINED_HERE], origin, everywhere(), vec![1, 9, 0]].concat();
    let entries = [
        unit_entry,
        [vec![ABSTRACT], text(inner)].concat(),
        [vec![FUNCTION], everywhere(), text(function), inlined, vec![0]].concat(),
    ];
    let header = [line_settings(), vec![0], text(file), vec![0, 0, 0, 0]].concat();
    // set_address 0, advance_line 6, set_column 3, copy, advance_pc to the end, end_sequence.
    let start = vec![0, 5, 2, 0, 0, 0, 0, 3, 6, 5, 3, 1, 2];
    let program = [start, leb128(EVERYWHERE as usize), vec![0, 1, 1]].concat();
    let lines = counted([vec![4, 0], counted(header), program].concat());
    [sections(unit(entries.concat())), vec![(".debug_line", lines)]].concat()
}

/// How lines are written: minimum_instruction_length, maximum_operations, default_is_stmt, line_base, line_range,
/// opcode_base, and how many arguments the standard operations have.
fn line_settings() -> Vec<u8> {
    vec![1, 1, 1, 0xfb, 14, 13, 0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1]
}
