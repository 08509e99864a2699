//! Cutting the page's wasm in two: what the first answer needs, and what is loaded after it.
//!
//! The functions in [`LATE`] are the only ways from the first part into the second. What can be reached through them alone (functions, and the
//! data that only those name) makes the second part, which shares memory and table with the first: to Rust the two are one program. The first
//! part calls the second through slots of the table that are empty until the second is there, so nothing may call them before; `late.rs` of the
//! page sees to that.

mod late;
mod links;

use std::collections::{HashMap, HashSet};

use anyhow::{Context as _, Result, ensure};
use walrus::ir::{InstrSeqId, Visitor, dfs_in_order};
use walrus::{
    DataKind, ElementItems, ElementKind, ExportItem, FunctionBuilder, FunctionId, FunctionKind, Module, ModuleConfig,
    TableId,
};

use links::{Item, Links};

/// What is in the names of the functions through which alone the second part is entered: its module in the page's crate.
const LATE: &str = "4late7entries";

/// The name under which the second part imports the first.
const FIRST: &str = "page";

/// The two parts of a wasm file. `linked` is what the linker made, with its relocations, and `bound` what wasm-bindgen made of that, with names.
///
/// # Errors
///
/// Where one of them cannot be read, or has nothing to be cut off.
pub fn split(linked: &[u8], bound: &[u8]) -> Result<[Vec<u8>; 2]> {
    let mut first = parse(bound)?;
    let plan = Plan::new(&Links::read(linked)?, &first)?;
    let mut second = parse(bound)?;
    let needs = late::cut(&mut second, &plan)?;
    cut(&mut first, &plan, &needs)?;
    Ok([first.emit_wasm(), second.emit_wasm()])
}

/// Reads a module without what is for linkers and debuggers.
fn parse(wasm: &[u8]) -> Result<Module> {
    let mut module = ModuleConfig::new().generate_producers_section(false).parse(wasm)?;
    let customs: Vec<_> = module.customs.iter().map(|(id, _)| id).collect();
    for id in customs {
        module.customs.delete(id);
    }
    Ok(module)
}

/// What goes where. Functions are named by their indices in the bound file, which hold in every reading of it.
struct Plan {
    /// The functions of the second part.
    late: HashSet<usize>,
    /// Those that the first part calls, with their slots in the table.
    entries: Vec<(usize, u64)>,
    /// Which bytes of memory are of the second part: in order, not touching.
    data: Vec<std::ops::Range<u64>>,
}

/// What a function's body names.
#[derive(Default)]
struct Named {
    functions: Vec<FunctionId>,
    globals: Vec<walrus::GlobalId>,
}

impl<'a> Visitor<'a> for Named {
    fn visit_function_id(&mut self, id: &FunctionId) {
        self.functions.push(*id);
    }

    fn visit_global_id(&mut self, id: &walrus::GlobalId) {
        self.globals.push(*id);
    }
}

/// What a function names; nothing where it is imported.
fn named(module: &Module, id: FunctionId) -> Named {
    let mut named = Named::default();
    if let FunctionKind::Local(function) = &module.funcs.get(id).kind {
        let start: InstrSeqId = function.entry_block();
        dfs_in_order(&mut named, function, start);
    }
    named
}

impl Plan {
    fn new(links: &Links, module: &Module) -> Result<Plan> {
        let mut linked: HashMap<&str, Vec<u32>> = HashMap::new();
        for (index, name) in &links.names {
            linked.entry(name).or_default().push(*index);
        }
        let local = || module.funcs.iter_local().map(|(id, _)| id);
        let mut by_name: HashMap<&str, Vec<FunctionId>> = HashMap::new();
        for id in local() {
            by_name.entry(name(module, id)).or_default().push(id);
        }
        let is_entry = |id: &FunctionId| name(module, *id).contains(LATE);

        // What is there from the start: what JavaScript calls, and what wasm-bindgen added, of which the linker knows nothing.
        let exported = module.exports.iter().filter_map(|export| match export.item {
            ExportItem::Function(id) => Some(id),
            _ => None,
        });
        let added = local().filter(|id| !linked.contains_key(name(module, *id)));
        let mut waiting: Vec<FunctionId> = exported.chain(module.start).chain(added).collect();
        let mut data_waiting = Vec::new();
        let (mut first, mut first_data) = (HashSet::new(), HashSet::new());
        loop {
            let mut reach = |item: &Item, waiting: &mut Vec<FunctionId>, data: &mut Vec<usize>| match item {
                Item::Function(index) => {
                    let names = links.names.get(index).and_then(|name| by_name.get(name.as_str()));
                    waiting.extend(names.into_iter().flatten());
                }
                Item::Data(index) => {
                    if first_data.insert(*index) {
                        data.push(*index);
                    }
                }
            };
            if let Some(id) = waiting.pop() {
                if is_entry(&id) || !first.insert(id) {
                    continue;
                }
                waiting.extend(named(module, id).functions);
                for index in linked.get(name(module, id)).into_iter().flatten() {
                    links
                        .of(Item::Function(*index))
                        .iter()
                        .for_each(|item| reach(item, &mut waiting, &mut data_waiting));
                }
            } else if let Some(index) = data_waiting.pop() {
                links.of(Item::Data(index)).iter().for_each(|item| reach(item, &mut waiting, &mut data_waiting));
            } else {
                break;
            }
        }

        let late: HashSet<_> = local().filter(|id| !first.contains(id)).collect();
        let table = table(module)?;
        let free = module.tables.get(table).initial;
        let mut called: Vec<_> = first.iter().flat_map(|id| named(module, *id).functions).collect();
        called.extend(elements(module)?.into_iter().map(|(_, id)| id).filter(is_entry));
        called.retain(|id| late.contains(id));
        called.sort();
        called.dedup();
        ensure!(!called.is_empty(), "nothing can be loaded later: no function of `{LATE}` is called");
        if let Some(other) = called.iter().find(|id| !is_entry(id)) {
            anyhow::bail!("{} is in no part", name(module, *other));
        }
        let entries = called.into_iter().map(|id| id.index()).zip(free..).collect();
        let late = late.into_iter().map(|id| id.index()).collect();
        Ok(Plan { late, entries, data: late_bytes(links, &first_data) })
    }

    fn is_late(&self, id: FunctionId) -> bool {
        self.late.contains(&id.index())
    }

    /// Whether the first part has a stub for this function of the second.
    fn is_entry(&self, id: FunctionId) -> bool {
        self.entries.iter().any(|(index, _)| *index == id.index())
    }

    /// The entries with their slots, in this reading of the file.
    fn entries_in(&self, module: &Module) -> Vec<(u64, FunctionId)> {
        let slot = |id: FunctionId| self.entries.iter().find(|(index, _)| *index == id.index()).map(|(_, slot)| *slot);
        module.funcs.iter().filter_map(|function| Some((slot(function.id())?, function.id()))).collect()
    }
}

fn name(module: &Module, id: FunctionId) -> &str {
    module.funcs.get(id).name.as_deref().unwrap_or_default()
}

/// The bytes of the pieces of data that the first part does not name, but for those that are also of one that it does.
fn late_bytes(links: &Links, first: &HashSet<usize>) -> Vec<std::ops::Range<u64>> {
    let mut edges: Vec<(u64, bool, i32)> = Vec::new();
    for (index, range) in links.data.iter().enumerate() {
        let is_first = first.contains(&index);
        edges.extend([(range.start, is_first, 1), (range.end, is_first, -1)]);
    }
    edges.sort_by_key(|(place, ..)| *place);
    let mut late: Vec<std::ops::Range<u64>> = Vec::new();
    let (mut firsts, mut lates, mut before) = (0, 0, 0);
    for (place, is_first, change) in edges {
        if place > before && firsts == 0 && lates > 0 {
            match late.last_mut() {
                Some(last) if last.end == before => last.end = place,
                _ => late.push(before..place),
            }
        }
        before = place;
        *(if is_first { &mut firsts } else { &mut lates }) += change;
    }
    late
}

/// The table of functions.
fn table(module: &Module) -> Result<TableId> {
    module.tables.main_function_table()?.context("there is no table of functions")
}

/// What is in the table of functions: slots and functions.
fn elements(module: &Module) -> Result<Vec<(u64, FunctionId)>> {
    let table = table(module)?;
    let mut all = Vec::new();
    for element in module.elements.iter() {
        let ElementKind::Active { table: of, offset } = &element.kind else { continue };
        if *of != table {
            continue;
        }
        let ElementItems::Functions(functions) = &element.items else {
            anyhow::bail!("the table has more than functions")
        };
        all.extend((number(offset)?..).zip(functions.iter().copied()));
    }
    Ok(all)
}

/// Puts functions into the table of functions in place of what is there at the start.
fn set_elements(module: &mut Module, mut all: Vec<(u64, FunctionId)>) -> Result<()> {
    let table = table(module)?;
    let old: Vec<_> = module.tables.get(table).elem_segments.iter().copied().collect();
    for id in old {
        module.tables.get_mut(table).elem_segments.remove(&id);
        module.elements.delete(id);
    }
    all.sort();
    for run in all.chunk_by(|(slot, _), (next, _)| slot + 1 == *next) {
        let offset = constant(run.first().context("a run has a first")?.0)?;
        let items = ElementItems::Functions(run.iter().map(|(_, id)| *id).collect());
        let id = module.elements.add(ElementKind::Active { table, offset }, items);
        module.tables.get_mut(table).elem_segments.insert(id);
    }
    Ok(())
}

/// Keeps of the data at the start what is (or is not) in these ranges. Short gaps are filled, since each segment costs some bytes itself.
/// The second part fills no gap with what is the first's, which may be another by the time it comes.
fn keep_data(module: &mut Module, ranges: &[std::ops::Range<u64>], inside: bool) -> Result<()> {
    const GAP: usize = 8;
    let segments: Vec<_> = module.data.iter().map(walrus::Data::id).collect();
    for id in segments {
        let data = module.data.get(id);
        let DataKind::Active { memory, offset } = &data.kind else { continue };
        let (memory, start) = (*memory, number(offset)?);
        let value = data.value.clone();
        module.memories.get_mut(memory).data_segments.remove(&id);
        module.data.delete(id);
        let kept = |index: usize| {
            let address = start + index as u64;
            let before = ranges.partition_point(|range| range.end <= address);
            ranges.get(before).is_some_and(|range| range.contains(&address)) == inside
        };
        let indices = (0..value.len()).filter(|index| kept(*index));
        // Memory is zero from the start.
        let indices: Vec<usize> = indices.filter(|index| value.get(*index).is_some_and(|byte| *byte != 0)).collect();
        let joins = |index: &usize, next: &usize| next - index <= GAP && (!inside || (*index..*next).all(kept));
        for run in indices.chunk_by(joins) {
            let (Some(from), Some(to)) = (run.first(), run.last()) else { continue };
            let bytes = value.get(*from..=*to).unwrap_or_default().to_vec();
            let offset = constant(start + *from as u64)?;
            let id = module.data.add(DataKind::Active { memory, offset }, bytes);
            module.memories.get_mut(memory).data_segments.insert(id);
        }
    }
    Ok(())
}

fn number(offset: &walrus::ConstExpr) -> Result<u64> {
    match offset {
        walrus::ConstExpr::Value(walrus::ir::Value::I32(value)) => Ok(u64::from(value.cast_unsigned())),
        _ => anyhow::bail!("an address that is not a number"),
    }
}

fn constant(value: u64) -> Result<walrus::ConstExpr> {
    let value = u32::try_from(value).context("an address beyond 4 GiB")?;
    Ok(walrus::ConstExpr::Value(walrus::ir::Value::I32(value.cast_signed())))
}

/// Makes the first part: calls to the second go through the table, and what the second needs is exported.
fn cut(module: &mut Module, plan: &Plan, needs: &late::Needs) -> Result<()> {
    let table = table(module)?;
    for (slot, id) in plan.entries_in(module) {
        let ty = module.funcs.get(id).ty();
        let (parameters, results) = (module.types.params(ty).to_vec(), module.types.results(ty).to_vec());
        let mut builder = FunctionBuilder::new(&mut module.types, &parameters, &results);
        let arguments: Vec<_> = parameters.iter().map(|parameter| module.locals.add(*parameter)).collect();
        let mut body = builder.func_body();
        for argument in &arguments {
            body.local_get(*argument);
        }
        body.i32_const(i32::try_from(slot)?).call_indirect(ty, table);
        module.funcs.get_mut(id).kind = FunctionKind::Local(builder.local_func(arguments));
    }
    let kept = elements(module)?.into_iter().filter(|(_, id)| !plan.is_late(*id) || plan.is_entry(*id)).collect();
    set_elements(module, kept)?;
    grow_table(module, plan)?;
    keep_data(module, &plan.data, false)?;
    needs.export(module);
    walrus::passes::gc::run(module);
    if let Some((left, _)) = module.funcs.iter_local().find(|(id, _)| plan.is_late(*id) && !plan.is_entry(*id)) {
        anyhow::bail!("the first part still has {}", name(module, left));
    }
    Ok(())
}

/// Makes room in the table for the entries.
fn grow_table(module: &mut Module, plan: &Plan) -> Result<()> {
    let table = table(module)?;
    let functions = module.tables.get_mut(table);
    let more = plan.entries.len() as u64;
    functions.initial += more;
    functions.maximum = functions.maximum.map(|most| most + more);
    Ok(())
}
