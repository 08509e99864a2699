//! The second part of the page's wasm.

use std::collections::BTreeSet;

use anyhow::Result;
use walrus::{FunctionKind, GlobalKind, ImportId, ImportKind, Module};

use super::{FIRST, Plan, elements, grow_table, keep_data, named, set_elements};

/// What the first part has to export for the second: indices in the bound file.
pub struct Needs {
    functions: BTreeSet<usize>,
    globals: BTreeSet<usize>,
}

/// Makes the second part of a module: all that it has not itself is imported from the first.
pub fn cut(module: &mut Module, plan: &Plan) -> Result<Needs> {
    let mut needs = Needs { functions: BTreeSet::new(), globals: BTreeSet::new() };
    for (id, _) in module.funcs.iter_local().filter(|(id, _)| plan.is_late(*id)) {
        let named = named(module, id);
        let others = named.functions.into_iter().filter(|id| !plan.is_late(*id));
        needs.functions.extend(others.map(|id| id.index()));
        needs.globals.extend(named.globals.into_iter().map(|id| id.index()));
    }
    let old: Vec<_> = module.exports.iter().map(walrus::Export::id).collect();
    old.into_iter().for_each(|id| module.exports.delete(id));
    let old: Vec<_> = module.imports.iter().map(walrus::Import::id).collect();
    old.into_iter().for_each(|id| module.imports.delete(id));
    module.start = None;
    needs.import(module);
    // A slot of the table that has an entry leads through the first part's stub.
    let own = elements(module)?.into_iter().filter(|(_, id)| plan.is_late(*id) && !plan.is_entry(*id));
    let own = own.chain(plan.entries_in(module)).collect();
    set_elements(module, own)?;
    grow_table(module, plan)?;
    keep_data(module, &plan.data, true)?;
    walrus::passes::gc::run(module);
    Ok(needs)
}

impl Needs {
    /// The second part's imports, in place of what it does not have.
    fn import(&self, module: &mut Module) {
        fn add(module: &mut Module, sort: char, index: usize, kind: impl Into<ImportKind>) -> ImportId {
            module.imports.add(FIRST, &name(sort, index), kind)
        }
        let functions: Vec<_> = module.funcs.iter().map(walrus::Function::id).collect();
        for id in functions.into_iter().filter(|id| self.functions.contains(&id.index())) {
            let (import, ty) = (add(module, 'f', id.index(), id), module.funcs.get(id).ty());
            module.funcs.get_mut(id).kind = FunctionKind::Import(walrus::ImportedFunction { import, ty });
        }
        let globals: Vec<_> = module.globals.iter().map(walrus::Global::id).collect();
        for id in globals.into_iter().filter(|id| self.globals.contains(&id.index())) {
            let import = add(module, 'g', id.index(), id);
            module.globals.get_mut(id).kind = GlobalKind::Import(import);
        }
        let memories: Vec<_> = module.memories.iter().map(walrus::Memory::id).collect();
        for id in memories {
            module.memories.get_mut(id).import = Some(add(module, 'm', id.index(), id));
        }
        let tables: Vec<_> = module.tables.iter().map(walrus::Table::id).collect();
        for id in tables {
            module.tables.get_mut(id).import = Some(add(module, 't', id.index(), id));
        }
    }

    /// The first part's exports.
    pub fn export(&self, module: &mut Module) {
        let functions: Vec<_> = module.funcs.iter().map(walrus::Function::id).collect();
        for id in functions.into_iter().filter(|id| self.functions.contains(&id.index())) {
            module.exports.add(&name('f', id.index()), id);
        }
        let globals: Vec<_> = module.globals.iter().map(walrus::Global::id).collect();
        for id in globals.into_iter().filter(|id| self.globals.contains(&id.index())) {
            module.exports.add(&name('g', id.index()), id);
        }
        let memories: Vec<_> = module.memories.iter().map(walrus::Memory::id).collect();
        for id in memories {
            module.exports.add(&name('m', id.index()), id);
        }
        let tables: Vec<_> = module.tables.iter().map(walrus::Table::id).collect();
        for id in tables {
            module.exports.add(&name('t', id.index()), id);
        }
    }
}

/// A short name that wasm-bindgen does not give.
fn name(sort: char, index: usize) -> String {
    format!("{sort}{index:x}")
}
