// What the page does before and beside the app: it says why nothing can be shown, where that is so,
// and keeps the files for use without a network. A classic script, because it must also run where
// modules are not allowed: in a page opened as a file. Trunk puts it into index.html.
(() => {
  "use strict";
  let started = false;

  // Shows one of the parts of #boot; the app replaces all of them when it mounts.
  function show(part, reason) {
    for (const id of ["boot-loading", "boot-from-file", "boot-failed"]) {
      const element = document.getElementById(id);
      if (element) element.hidden = id !== part;
    }
    const place = document.getElementById("boot-reason");
    if (place && reason) place.textContent = reason;
  }

  function failed(reason) {
    if (!started && location.protocol !== "file:") show("boot-failed", reason);
  }

  // The wheel begins to turn in a browser without wasm, too: its error would only name a missing variable.
  function check() {
    if (location.protocol === "file:") show("boot-from-file");
    else if (typeof WebAssembly !== "object") failed("WebAssembly is missing");
  }

  // A script or module that does not arrive reports to its own element, hence the capture.
  window.addEventListener("error", (event) => failed(event.message || `${event.target.src || event.target.href || "a file"} did not load`), true);
  window.addEventListener("unhandledrejection", (event) => failed(String(event.reason)));
  window.addEventListener("TrunkApplicationStarted", () => { started = true; });
  document.addEventListener("DOMContentLoaded", check);

  // Only a finished build has an id and a service worker; under `cargo xtask serve` nothing is kept.
  const built = document.querySelector('meta[name="millrace-build"]');
  if (built && /^https?:$/.test(location.protocol) && "serviceWorker" in navigator) {
    window.addEventListener("load", () => {
      navigator.serviceWorker.register("service-worker.js").catch((error) => {
        console.info(`Millrace will need the network next time: ${error}`);
      });
    });
  }
})();
