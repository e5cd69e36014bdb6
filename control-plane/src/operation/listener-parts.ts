import { readFile } from "node:fs/promises";
import { Counter } from "prom-client";
import { createCommandPipe } from "../command-pipe/index.ts";
import type { ExternalCommands } from "../external-command/index.ts";
import { createNscaPart } from "../nsca/index.ts";
import type { Core, Part } from "../part.ts";
import { createResultSpool } from "../result-spool/index.ts";
import { StartError } from "../start-error.ts";
import { type Credentials, createWsArbiter } from "../ws-arbiter/index.ts";

/** The ways that commands and results of Nagios' world come in, those that are configured; none is by default. */
export function createListenerParts(core: Core, commands: ExternalCommands): Part[] {
  const { configuration, registry, logger, now } = core;
  const { wsArbiter, commandFile, checkResultDir, passiveRegister: mayRegister } = configuration;
  const requests = new Counter({
    name: "mycloud_ws_arbiter_requests_total",
    help: "Requests to the ws-arbiter listener by status.",
    labelNames: ["status"],
    registers: [registry],
  });
  const onAnswered = (status: number) => requests.inc({ status: String(status) });
  const parts: Part[] = [];
  if (wsArbiter !== null) {
    let started: Part | undefined;
    parts.push({
      name: "ws-arbiter",
      async start() {
        const credentials = await readCredentials(core);
        started = createWsArbiter({ commands, address: wsArbiter, credentials, mayRegister, onAnswered, logger, now });
        await started.start?.();
      },
      stop: async () => started?.stop?.(),
    });
  }
  if (commandFile !== null) parts.push(createCommandPipe({ path: commandFile, commands, mayRegister, logger }));
  if (checkResultDir !== null) {
    parts.push(createResultSpool({ directory: checkResultDir, commands, mayRegister, logger }));
  }
  const nsca = createNscaPart(core, commands);
  if (nsca !== null) parts.push(nsca);
  return parts;
}

/** User and password of ws-arbiter; null for anonymous. Throws StartError when there is no password for a user. */
async function readCredentials({ configuration }: Core): Promise<Credentials | null> {
  const { wsArbiterUser: user, wsArbiterPasswordFile: file } = configuration;
  if (user === "anonymous") {
    if (file === null) return null;
    throw new StartError("configuration", "--ws-arbiter-password-file has no user; give --ws-arbiter-user as well");
  }
  if (file === null)
    throw new StartError("configuration", `--ws-arbiter-user ${user} needs --ws-arbiter-password-file`);
  try {
    const password = (await readFile(file, "utf8")).replace(/\r?\n$/, "");
    if (password === "") throw new Error("it is empty");
    return { user, password };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError("configuration", `the password of ws-arbiter cannot be read from ${file}: ${reason}`);
  }
}
