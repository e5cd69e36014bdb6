import { execFile } from "node:child_process";
import { constants, openSync } from "node:fs";
import { lstat, unlink } from "node:fs/promises";
import { Socket } from "node:net";
import { promisify } from "node:util";
import { maximumCommandCharacters } from "@mycloud/protocol/external-command";
import type { Logger } from "pino";
import type { CommandingOperator, ExternalCommands } from "../external-command/index.ts";
import { systemActor } from "../http/actor.ts";
import type { Part } from "../part.ts";
import { StartError } from "../start-error.ts";
import { createLineSplitter } from "./split-lines.ts";

export interface CommandPipeDependencies {
  readonly path: string;
  readonly commands: Pick<ExternalCommands, "runAll">;
  readonly mayRegister: boolean;
  readonly logger: Logger;
}

const run = promisify(execFile);

/**
 * Nagios' command file: a FIFO that this process reads external commands from, one a line, in order. Whoever may write to it (owner and group) may
 * command. Reading pauses while commands are carried out, so writers wait rather than memory fill.
 */
export function createCommandPipe({ path, commands, mayRegister, logger }: CommandPipeDependencies): Part {
  const operator: CommandingOperator = {
    actor: { ...systemActor, name: "command file" },
    scope: { kind: "all" },
    mayOperate: true,
    mayRegister,
  };
  let reading: Socket | undefined;
  let working: Promise<void> = Promise.resolve();

  return {
    name: "command-pipe",
    async start() {
      await makeFifo(path);
      // Opened for writing as well, there is always a writer: no end of file when the last real one leaves, and opening does not wait.
      const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
      const socket = new Socket({ fd, readable: true, writable: false });
      reading = socket;
      const split = createLineSplitter(maximumCommandCharacters);
      socket.on("data", (chunk: Buffer) => {
        const { lines, tooLong } = split(chunk);
        if (tooLong > 0)
          logger.warn({ count: tooLong, maximumCommandCharacters }, "command file: line too long, dropped");
        if (lines.length === 0) return;
        socket.pause();
        working = commands
          .runAll(lines, operator)
          .then(() => {
            if (!socket.destroyed) socket.resume();
          })
          .catch((err: unknown) => logger.error({ err }, "command file: commands failed"));
      });
      socket.on("error", (err) => logger.error({ err }, "command file cannot be read"));
      logger.info({ path }, "command file open");
    },
    async stop() {
      if (reading === undefined) return;
      reading.pause();
      await working;
      reading.destroy();
      // Left behind, it would make the next writer wait for a reader.
      await unlink(path).catch(() => {});
    },
  };
}

/** Throws StartError when there is something else in its place, or it cannot be made. */
async function makeFifo(path: string): Promise<void> {
  const present = await lstat(path).catch(() => null);
  if (present?.isFIFO()) return;
  if (present !== null) {
    throw new StartError("configuration", `${path} exists and is no FIFO; name another with --command-file`);
  }
  try {
    // Node cannot make one. Owner and group, as Nagios leaves it: writing is commanding.
    await run("mkfifo", ["-m", "0620", "--", path]);
  } catch (error) {
    const message = error instanceof Error ? error.message.trim() : String(error);
    throw new StartError("configuration", `the command file cannot be made: ${message}`);
  }
}
