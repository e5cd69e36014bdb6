// The process that does what is asked of files. It ends with the channel to the agent that started it: what is half written has another name still.
import { serveFiles } from "./serve-files.ts";

// What is made gets its mode said; nothing is ever open to more than that in between.
process.umask(0o022);
process.on("disconnect", () => process.exit(0));
serveFiles({
  now: Date.now,
  listen: (hear) => void process.on("message", hear),
  tell: (message) => {
    if (process.connected) process.send?.(message, undefined, {}, () => undefined);
  },
});
