// `npm start` is `mycloud up`: options pass, and a signal to npm ends all of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { descendantsOf, freePort, isRunning, startMycloud, temporaryDirectory, waitFor } from "../support/index.ts";

test("npm start takes options, and ends with everything it started when npm is told to end", async (t) => {
  const stateDir = await temporaryDirectory("npm-start");
  const http = `127.0.0.1:${await freePort()}`;
  const npm = startMycloud(["start", "--", "--state-dir", stateDir, "--http", http, "--storage", "off"], {
    program: "npm",
  });
  t.after(async () => {
    await npm.stop();
  });
  await waitFor(() => npm.stdout().includes("Ctrl-C stops it."), 180_000, "npm start");
  assert.match(npm.stdout(), new RegExp(`Console +http://${http}`));
  // The agent is started a moment after the welcome.
  await waitFor(() => descendantsOf(npm.pid).length >= 3, 10_000, "mycloud up, a server and an agent");
  const started = descendantsOf(npm.pid);
  npm.kill("SIGTERM");
  await waitFor(() => !started.some(isRunning), 5000, "all of it to end");
});
