import { performance } from "node:perf_hooks";
import type { ExternalCommands } from "../external-command/index.ts";
import type { Core, Part } from "../part.ts";
import { StartError } from "../start-error.ts";
import { type FindRuleLeaves, StatusView } from "../status-view/index.ts";
import { findCommander, onBehalfOf } from "./find-commander.ts";
import { createLivestatusMetrics, type LivestatusMetrics } from "./metrics.ts";
import { answerRequest, defaultAnswerLimits, type ProgramFacts } from "./query/index.ts";
import { type Listener, type ListenTarget, listen, serveConnection } from "./server/index.ts";
import { createTables } from "./table/index.ts";

/** Enough for every NagVis and Thruk of a site, each with its pool; Thruk's backends keep a handful open. */
const maximumConnections = 200;
/** Thruk keeps connections for its next page; what is silent for so long is forgotten by its peer. */
const idleMs = 10 * 60_000;

type Commands = Pick<ExternalCommands, "run">;

export interface LivestatusDependencies {
  readonly commands: Commands;
  readonly findRuleLeaves: FindRuleLeaves;
}

/** Wires Livestatus: it listens where the configuration says, and does nothing and holds nothing when that is nowhere. */
export function createLivestatus(core: Core, { commands, findRuleLeaves }: LivestatusDependencies): Part {
  const { livestatus, livestatusSocket } = core.configuration;
  const targets: { readonly target: ListenTarget; readonly flag: string }[] = [];
  if (livestatus !== null) targets.push({ target: livestatus, flag: "--livestatus HOST:PORT" });
  if (livestatusSocket !== null) targets.push({ target: { path: livestatusSocket }, flag: "--livestatus-socket PATH" });
  // Also while it is off: what /metrics exposes is the same everywhere.
  const metrics = createLivestatusMetrics(core.registry);
  const stopping = new AbortController();
  const listeners: Listener[] = [];
  const connections = new Set<Promise<void>>();
  let server: ReturnType<typeof createServer> | undefined;

  return {
    name: "livestatus",
    async start() {
      if (targets.length === 0) return;
      const started = createServer(core, { commands, findRuleLeaves }, metrics, stopping.signal);
      server = started;
      const serve = async (socket: Parameters<typeof started.serve>[0]) => {
        const serving = started.serve(socket);
        connections.add(serving);
        await serving.finally(() => connections.delete(serving));
      };
      for (const { target, flag } of targets) {
        try {
          const listener = await listen({ target, maximumConnections, serve, logger: core.logger });
          listeners.push(listener);
          core.logger.info({ address: listener.address }, "livestatus listening");
        } catch (error) {
          throw cannotListen(target, flag, error);
        }
      }
    },
    async stop() {
      stopping.abort();
      await Promise.all(listeners.map((listener) => listener.close()));
      await Promise.allSettled(connections);
      server?.close();
    },
  };
}

function createServer(
  core: Core,
  { commands, findRuleLeaves }: LivestatusDependencies,
  metrics: LivestatusMetrics,
  stopping: AbortSignal,
) {
  const { database, changes, sealer, logger, now, version, configuration } = core;
  const view = new StatusView({ database, changes, sealer, findRuleLeaves, now });
  const startedAtMs = now();
  const counts = { requests: 0, connections: 0, active: 0, lastCommandAtMs: null as number | null };
  const program: ProgramFacts = {
    version,
    startedAtMs,
    areCommandsTaken: configuration.livestatusCommands !== null,
    requests: () => counts.requests,
    connections: () => counts.connections,
    activeConnections: () => counts.active,
    lastCommandAtMs: () => counts.lastCommandAtMs,
  };
  const clock = () => performance.now();
  const tables = createTables(database);
  const deps = { database, view, changes, tables, program, limits: defaultAnswerLimits, logger, now, clock };

  async function command(line: string, authUser: string | null): Promise<void> {
    counts.requests++;
    counts.lastCommandAtMs = now();
    const isDone = await carryOut(line, authUser);
    metrics.command(isDone);
  }

  async function carryOut(line: string, authUser: string | null): Promise<boolean> {
    const email = configuration.livestatusCommands;
    const refuse = (reason: string) => {
      logger.warn({ command: line.slice(0, 200), reason }, "livestatus command not carried out");
      return false;
    };
    if (email === null) return refuse("commands are off; see --livestatus-commands");
    try {
      const operator = await findCommander(database.db, email);
      if (operator === null) return refuse(`there is no enabled user ${email}`);
      if (authUser === null) return (await commands.run(line, operator)).isDone;
      const asked = await findCommander(database.db, authUser);
      if (asked === null) return refuse(`there is no enabled user ${authUser.slice(0, 254)}, named by AuthUser`);
      const commander = onBehalfOf(operator, asked);
      if (commander === null) return refuse(`${email} and ${authUser.slice(0, 254)} are of different customers`);
      return (await commands.run(line, commander)).isDone;
    } catch (err) {
      logger.error({ err }, "a livestatus command failed");
      return false;
    }
  }

  return {
    async serve(socket: Parameters<typeof serveConnection>[0]): Promise<void> {
      counts.connections++;
      counts.active++;
      metrics.connections(1);
      try {
        await serveConnection(
          socket,
          {
            async answer(request, signal) {
              counts.requests++;
              const started = clock();
              const answer = await answerRequest(deps, request, signal);
              const table = request.kind === "query" && tables.has(request.query.table) ? request.query.table : "none";
              metrics.request(table, answer.code, (clock() - started) / 1000);
              return answer;
            },
            command,
            now,
            idleMs,
          },
          stopping,
        );
      } finally {
        counts.active--;
        metrics.connections(-1);
      }
    },
    close: () => view.close(),
  };
}

function cannotListen(target: ListenTarget, flag: string, error: unknown): StartError {
  const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
  const place = "path" in target ? target.path : `${target.host}:${target.port}`;
  if (code === "EADDRINUSE") {
    return new StartError("addressInUse", `${place} is taken by another program; choose another with ${flag}`);
  }
  if (code === "EACCES") {
    return new StartError("notAllowed", `this user may not listen at ${place}; choose another with ${flag}`);
  }
  return new StartError("configuration", `${place} cannot be listened on (${code}); choose another with ${flag}`);
}
