// Speaks to the real worker as src/ui/worker_link.rs and src/ui/conductor_link.rs do, without the page between.
"use strict";
self.startConductor ??= (() => {
  let module;
  const build = document.querySelector("meta[name=millrace-build]")?.content;
  const address = (file) => (build ? `${file}?build=${build}` : file);

  return () => {
    module ??= WebAssembly.compileStreaming(fetch(address("worker_bg.wasm")));
    const worker = new Worker(address("worker_loader.js"));
    const waiting = new Map();
    const finished = [];
    const watchers = [];
    let last = 0;
    let traces = 0;
    let received = 0;
    let kept = null;
    let broken = null;
    const fail = (reason) => {
      broken = reason;
      for (const { reject } of waiting.values()) reject(new Error(reason));
      waiting.clear();
      look();
    };
    const look = () => {
      for (const watcher of [...watchers]) watcher();
    };
    const hear = (update) => {
      const [kind, content] = Object.entries(update)[0];
      if (kind === "reply") {
        waiting.get(content.id)?.resolve(content.result);
        waiting.delete(content.id);
      } else if (kind === "finished") {
        finished.push(content);
      }
    };
    worker.onmessage = ({ data }) => {
      // Traces come packed, as only the page can read them.
      received += data.byteLength ?? data.length ?? 0;
      if (data instanceof ArrayBuffer) {
        traces += 1;
        kept?.push(data);
      }
      else if (typeof data === "string") JSON.parse(data).forEach(hear);
      else return fail(data.panic);
      look();
    };
    worker.onerror = ({ message }) => fail(message);
    module.then((module) => worker.postMessage({ module }), (error) => fail(String(error)));
    return {
      // Resolves to what the worker answers: `{Ok: …}` or `{Err: …}`.
      command(body, input) {
        last += 1;
        const message = { command: JSON.stringify({ id: last, body }) };
        if (input) message.input = [input];
        const answer = new Promise((resolve, reject) => waiting.set(last, { resolve, reject }));
        worker.postMessage(message, input ? [input] : []);
        return answer;
      },
      // Resolves once `done(this)` holds.
      until(done) {
        return new Promise((resolve, reject) => {
          const watcher = () => {
            if (broken) reject(new Error(broken));
            else if (done(this)) resolve();
            else return;
            watchers.splice(watchers.indexOf(watcher), 1);
          };
          watchers.push(watcher);
          watcher();
        });
      },
      // The whole run of a scenario; resolves to its summary.
      async run(scenario, input) {
        const begun = await this.command({ start: { run: last + 1, scenario } }, input);
        if (begun.Err) throw new Error(begun.Err.message);
        const run = last;
        await this.command({ advance: { run, until: "end" } });
        await this.until(() => finished.some((it) => it.run === run));
        return finished.find((it) => it.run === run).summary;
      },
      // From now on pieces of traces are kept, to be taken as one text each.
      keep_traces() {
        kept = [];
      },
      take_traces() {
        const text = (buffer) => new Uint8Array(buffer).reduce((text, byte) => text + String.fromCharCode(byte), "");
        return kept.splice(0).map((buffer) => btoa(text(buffer)));
      },
      // Bytes that have come from the worker so far.
      get received() {
        return received;
      },
      // How many pieces of traces have come so far.
      get traces() {
        return traces;
      },
      // The runs that have come to their end so far.
      get finished() {
        return finished;
      },
      end() {
        worker.terminate();
      },
    };
  };
})();
