//! What refers to what in a wasm file, as its linker says: which functions and which bytes of data each function and each piece of data names.

use std::collections::HashMap;
use std::ops::Range;

use anyhow::{Context as _, Result};
use wasmparser::{
    DataKind, KnownCustom, Linking, Name, Operator, Parser, Payload, RelocSectionReader, RelocationType, SymbolInfo,
};

/// A function, by its index in the file, or a piece of data, by its index in [`Links::data`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Item {
    Function(u32),
    Data(usize),
}

/// The functions and the data of a file that was linked with `--emit-relocs`.
#[derive(Default)]
pub struct Links {
    /// The functions' names; not every name is one function's.
    pub names: HashMap<u32, String>,
    /// Where each piece of data is in memory. Pieces may lie in one another.
    pub data: Vec<Range<u64>>,
    refers: HashMap<Item, Vec<Item>>,
}

/// A relocation: where in its section, and which symbol is named.
struct Relocation {
    section: u32,
    offset: usize,
    symbol: u32,
}

impl Links {
    /// What an item refers to.
    pub fn of(&self, item: Item) -> &[Item] {
        self.refers.get(&item).map(Vec::as_slice).unwrap_or_default()
    }

    /// Reads a linked file.
    ///
    /// # Errors
    ///
    /// Where it is no wasm, or was not linked with `--emit-relocs`.
    pub fn read(wasm: &[u8]) -> Result<Links> {
        let mut links = Links::default();
        let (mut functions, mut bodies, mut segments) = (0, Vec::new(), Vec::new());
        let (mut symbols, mut relocations) = (Vec::new(), Vec::new());
        // Sections are counted as they come, custom ones too.
        let (mut section, mut starts) = (0, HashMap::new());
        for payload in Parser::new(0).parse_all(wasm) {
            let payload = payload?;
            if let Some((_, range)) = payload.as_section() {
                starts.insert(section, range.start);
                section += 1;
            }
            match payload {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        functions += u32::from(matches!(import?.ty, wasmparser::TypeRef::Func(_)));
                    }
                }
                Payload::CodeSectionEntry(body) => bodies.push(body.range()),
                Payload::DataSection(data) => {
                    for segment in data {
                        let segment = segment?;
                        let file = segment.range.end - segment.data.len();
                        segments.push((address(&segment.kind)?, file..segment.range.end));
                    }
                }
                Payload::CustomSection(custom) => match custom.as_known() {
                    KnownCustom::Name(parts) => {
                        for part in parts {
                            let Name::Function(names) = part? else { continue };
                            for naming in names {
                                let naming = naming?;
                                links.names.insert(naming.index, naming.name.to_owned());
                            }
                        }
                    }
                    KnownCustom::Linking(parts) => {
                        for part in parts.subsections() {
                            let Linking::SymbolTable(table) = part? else { continue };
                            for symbol in table {
                                symbols.push(symbol?);
                            }
                        }
                    }
                    KnownCustom::Reloc(reloc) => relocations.extend(read_relocations(&reloc)?),
                    _ => {}
                },
                _ => {}
            }
        }
        let items: Vec<Option<Item>> = symbols
            .iter()
            .map(|symbol| match symbol {
                SymbolInfo::Func { index, .. } => Some(Item::Function(*index)),
                SymbolInfo::Data { symbol: Some(defined), .. } => {
                    let (address, _) = segments.get(defined.index as usize)?;
                    let start = address + u64::from(defined.offset);
                    links.data.push(start..start + u64::from(defined.size));
                    Some(Item::Data(links.data.len() - 1))
                }
                _ => None,
            })
            .collect();
        let places = Places::new(functions, bodies, segments, &links.data);
        for Relocation { section, offset, symbol } in relocations {
            let start = starts.get(&section).context("a relocation of no section")?;
            let Some(named) = items.get(symbol as usize).copied().flatten() else { continue };
            for item in places.at(start + offset) {
                links.refers.entry(item).or_default().push(named);
            }
        }
        Ok(links)
    }
}

fn address(kind: &DataKind) -> Result<u64> {
    let DataKind::Active { offset_expr, .. } = kind else { return Ok(0) };
    match offset_expr.get_operators_reader().read()? {
        Operator::I32Const { value } => Ok(u64::from(value.cast_unsigned())),
        _ => anyhow::bail!("data at an address that is not a number"),
    }
}

/// The relocations that name a function or data.
fn read_relocations(reloc: &RelocSectionReader) -> Result<Vec<Relocation>> {
    let section = reloc.section_index();
    let mut all = Vec::new();
    for entry in reloc.entries() {
        let entry = entry?;
        let skipped = matches!(
            entry.ty,
            RelocationType::TypeIndexLeb
                | RelocationType::GlobalIndexLeb
                | RelocationType::TableNumberLeb
                | RelocationType::EventIndexLeb
                | RelocationType::FunctionOffsetI32
                | RelocationType::SectionOffsetI32
        );
        if !skipped {
            all.push(Relocation { section, offset: entry.offset as usize, symbol: entry.index });
        }
    }
    Ok(all)
}

/// Whose bytes are where in the file.
struct Places {
    /// Where each function's body is, and its index; in order.
    bodies: Vec<(Range<usize>, u32)>,
    /// Where each data segment is, and its address; in order.
    segments: Vec<(u64, Range<usize>)>,
    /// Pieces of data by their beginnings, each with the end of what reaches furthest until then.
    data: Vec<(Range<u64>, usize, u64)>,
}

impl Places {
    fn new(
        imported: u32,
        bodies: Vec<Range<usize>>,
        segments: Vec<(u64, Range<usize>)>,
        data: &[Range<u64>],
    ) -> Places {
        let mut ranges: Vec<_> = data.iter().cloned().enumerate().map(|(index, range)| (range, index, 0)).collect();
        ranges.sort_by_key(|(range, ..)| range.start);
        let mut furthest = 0;
        for (range, _, reach) in &mut ranges {
            furthest = range.end.max(furthest);
            *reach = furthest;
        }
        Places { bodies: bodies.into_iter().zip(imported..).collect(), segments, data: ranges }
    }

    /// What the byte at this place in the file is part of.
    fn at(&self, place: usize) -> Vec<Item> {
        let body = self.bodies.partition_point(|(range, _)| range.end <= place);
        if let Some((range, index)) = self.bodies.get(body)
            && range.contains(&place)
        {
            return vec![Item::Function(*index)];
        }
        let Some((address, file)) = self.segments.iter().find(|(_, file)| file.contains(&place)) else {
            return Vec::new();
        };
        let address = address + (place - file.start) as u64;
        let after = self.data.partition_point(|(range, ..)| range.start <= address);
        let before = self.data.get(..after).unwrap_or_default().iter().rev();
        let reaching = before.take_while(|(.., reach)| *reach > address);
        reaching.filter(|(range, ..)| range.contains(&address)).map(|(_, index, _)| Item::Data(*index)).collect()
    }
}
