// The process that reads repositories. It ends with the channel to the one that started it.
import { serveReader } from "./serve-reader.ts";

process.on("disconnect", () => process.exit(0));
serveReader({
  now: Date.now,
  listen: (hear) => void process.on("message", hear),
  tell: (message) => {
    if (process.connected) process.send?.(message, undefined, {}, () => undefined);
  },
});
