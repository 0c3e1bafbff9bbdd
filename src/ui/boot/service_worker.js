// After one visit everything works with the network off. `cargo xtask build` writes this file into
// the build as service-worker.js, with the build's id and the list of its files in the two places.
"use strict";
const BUILD = "BUILD_ID";
const CACHE = `millrace-${BUILD}`;
const FILES = /* FILES */ [];

// All files of one build are kept together or not at all. `reload`: past the browser's own cache,
// which may still hold a file of the same name from an older build.
self.addEventListener("install", (event) => {
  const requests = FILES.map((file) => new Request(file, { cache: "reload" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(requests)));
});

// Old builds go. Other pages on the same host keep their caches: only ours have this name.
self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("millrace-") && name !== CACHE) await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});

// An empty page that is loaded again at once. The icon keeps the browser from asking for one.
const AGAIN = [
  '<!DOCTYPE html><link rel="icon" href="data:,">',
  { headers: { "Content-Type": "text/html", Refresh: "0" } },
];

// A newer build waits until no open page needs the files of this one. A page that is loaded again
// and is alone makes way for it, and is loaded once more from the newer build.
async function makesWay() {
  if (!self.registration.waiting || (await self.clients.matchAll()).length > 1) return false;
  self.registration.waiting.postMessage("take over");
  return true;
}

async function answer(request) {
  const { pathname, search } = new URL(request.url);
  const home = new URL("./", self.location).pathname;
  const cache = await caches.open(CACHE);
  if (request.mode === "navigate" && (pathname === home || pathname === `${home}index.html`)) {
    if (await makesWay()) return new Response(...AGAIN);
    return (await cache.match("./")) || fetch(request);
  }
  // The query may carry a build, and a file of another build is not the same file.
  const ours = search === "" || search === `?build=${BUILD}`;
  return (ours && (await cache.match(request, { ignoreSearch: true }))) || fetch(request);
}

self.addEventListener("fetch", (event) => {
  if (event.request.method === "GET") event.respondWith(answer(event.request));
});
