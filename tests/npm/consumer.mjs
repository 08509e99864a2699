// A project that has the package of dist/ installed, as `npm install audit-policy-wasm-….tgz` would: what is tested is what is packed.
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

export const root = join(import.meta.dirname, "../..");
export const consumer = join(root, "target/npm/consumer");
export const installed = join(consumer, "node_modules/audit-policy-wasm");

/** Unpacks the package, and says where. */
export function install() {
  const dist = join(root, "dist");
  const packed = readdirSync(dist).filter((name) => /^audit-policy-wasm-.*\.tgz$/.test(name));
  if (packed.length !== 1) throw new Error(`dist/ holds ${packed.length} packages: cargo xtask npm makes one`);
  rmSync(installed, { recursive: true, force: true });
  mkdirSync(installed, { recursive: true });
  execFileSync("tar", ["-xzf", join(dist, packed[0]), "-C", installed, "--strip-components=1"]);
  return installed;
}
