// Serves the page without a network, from a cache that holds one build and nothing else: a page never meets another build's engine.
// The build puts the files with their hashes in place of FILES, so that each build's worker is another (web/js/list-files.mjs).
const FILES = {};
const VERSION = "";
const OURS = `audit-policy-playground ${new URL(registration.scope).pathname} `;
const CACHE = OURS + VERSION;

addEventListener("install", (event) => event.waitUntil(fill()));

// Until it is told, it waits: the pages that are open keep the build that they began with.
addEventListener("message", ({ data }) => data === "take over" && skipWaiting());

addEventListener("activate", (event) => event.waitUntil(forgetOthers()));

addEventListener("fetch", (event) => {
  const { request } = event;
  const name = nameOf(request.url);
  if (request.method === "GET" && name !== undefined) event.respondWith(answer(name, request));
});

/** Every file, each as the build made it: where a server is between two builds, this fails, and is tried again later. */
async function fill() {
  const cache = await caches.open(CACHE);
  await Promise.all(
    Object.entries(FILES).map(async ([name, integrity]) => {
      const response = await fetch(name, { integrity, cache: "no-cache" });
      if (!response.ok) throw new Error(`${name}: ${response.status}`);
      await cache.put(name, response);
    }),
  );
}

async function forgetOthers() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(OURS) && name !== CACHE).map((name) => caches.delete(name)));
}

async function answer(name, request) {
  const kept = await (await caches.open(CACHE)).match(name);
  return kept ?? fetch(request);
}

/** The file of this build that a URL names, whatever its query; none for all else. */
function nameOf(url) {
  const { origin, pathname } = new URL(url);
  const scope = new URL(registration.scope);
  if (origin !== scope.origin || !pathname.startsWith(scope.pathname)) return undefined;
  const path = pathname.slice(scope.pathname.length);
  const name = path === "" || path.endsWith("/") ? `${path}index.html` : path;
  return Object.hasOwn(FILES, name) ? name : undefined;
}
