// The engine, loaded once for whoever asks first: `load` of each platform says where the wasm is.
import init, * as bindings from "./bindings.js";

const { releases, check, read, explain, record, filesNamed, encodeLink, decodeLink } = bindings;
const engine = Object.freeze({ releases, check, read, explain, record, filesNamed, encodeLink, decodeLink });
let loading;

/** A load that fails is forgotten, so that the next may succeed. */
export function loadFrom(source) {
  loading ??= Promise.resolve(source)
    .then((from) => init({ module_or_path: from }))
    .then(
      () => engine,
      (error) => {
        loading = undefined;
        throw error;
      },
    );
  return loading;
}
