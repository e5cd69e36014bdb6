// Runs test files by node:test in the order given, which `node --test` does not keep: the longest begin first, so that none of them is alone at the end.
// Readable on stdout, JUnit and counts to the files named. Started by test-files.ts with its settings as JSON.
import { createWriteStream } from "node:fs";
import { run } from "node:test";
import { junit, spec } from "node:test/reporters";
import reportCounts from "./counting-reporter.ts";
import { FileRunSettings } from "./file-run-settings.ts";

const settings = FileRunSettings.parse(JSON.parse(process.argv[2] ?? "{}"));
const events = run({
  files: settings.files,
  timeout: settings.timeoutMs,
  ...(settings.isolation === "none"
    ? { isolation: "none" }
    : {
        isolation: "process",
        concurrency: settings.concurrency,
        // What a failed test left open does not keep its file, and the whole run, from ending.
        execArgv: ["--test-force-exit", ...settings.execArgv],
      }),
  ...(settings.name === undefined ? {} : { testNamePatterns: [settings.name] }),
});
// Each test listens for the end of what all share.
events.setMaxListeners(0);
events.on("test:fail", ({ todo }) => {
  if (todo === undefined || todo === false) process.exitCode = 1;
});
events.compose(new spec()).pipe(process.stdout);
events.compose(junit).pipe(createWriteStream(settings.junitPath));
events.compose(reportCounts).pipe(createWriteStream(settings.countsPath));
