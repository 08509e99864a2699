// Keeps the page for use without a network, and says when there is a newer one.

/** Registers the service worker of a built page. A page in a frame leaves that to the page that one opens. */
export function keepOffline() {
  if (!("serviceWorker" in navigator) || window !== window.parent) return;
  const workers = navigator.serviceWorker;
  // Another worker is another build: what is typed is in the address, which is written 300 ms after the last key.
  let controlled = workers.controller !== null;
  workers.addEventListener("controllerchange", () => {
    if (controlled) setTimeout(() => location.reload(), 400);
    controlled = true;
  });
  workers
    .register(new URL("service-worker.js", document.baseURI))
    .then((registration) => {
      const look = () => registration.waiting && registration.active && offer(registration.waiting);
      look();
      registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", look));
      document.addEventListener("visibilitychange", () => {
        if (document.visibilityState === "visible") registration.update().catch(() => {});
      });
    })
    // Without it the page works as long as there is a network.
    .catch(() => {});
}

/** Offers the newer build; nothing changes until it is taken. */
function offer(worker) {
  document.querySelector(".update")?.remove();
  const note = document.createElement("div");
  note.className = "update";
  note.setAttribute("role", "status");
  const reload = document.createElement("button");
  reload.className = "btn sm";
  reload.textContent = "Reload";
  reload.addEventListener("click", () => worker.postMessage("take over"));
  note.append("A new version of the playground is here", reload);
  document.body.append(note);
}
