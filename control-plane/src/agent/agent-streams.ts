import type { Response } from "express";
import type { Logger } from "pino";
import { deliverCommands, expireCommands, findDeliverableCommands } from "../agent-command/index.ts";
import type { ChangeBus } from "../change/index.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import type { Actor } from "../http/actor.ts";
import type { EventStream, EventStreams } from "../http/event-stream.ts";
import { createPace } from "../schedule/index.ts";
import type { ConfigurationSource } from "./configuration-source.ts";
import { findRevokedAgents } from "./store.ts";
import { createDeparturesWatch } from "./watch-departures.ts";

export interface AgentStreams {
  /** Makes an answer the agent's stream; the one it had here before ends. */
  open(actor: Actor, response: Response): Promise<void>;
  /** Commands were created in this process: look at once. */
  wake(): void;
  /** What agents have to run may have changed: those for whom it did are told. */
  configurationsChanged(): void;
  /** Whether this process is about to tell a host's agent of its configuration: until then what it has will do. */
  isToBeTold(hostId: number): boolean;
  /** Ends the stream of an agent that is revoked. */
  drop(agentId: string): void;
  connected(): number;
  /** Sends an event to a host's agent. False when its stream is not here. */
  send(hostId: number, event: string, data: unknown): boolean;
  /** Hosts whose agents have their stream here. */
  hosts(): Pick<ReadonlySet<number>, "has" | "size">;
  start(): void;
  stop(): Promise<void>;
}

export interface AgentStreamsDependencies {
  readonly database: ConnectedDatabase;
  readonly streams: EventStreams;
  readonly configurations: ConfigurationSource;
  readonly changes: ChangeBus;
  readonly logger: Logger;
  readonly now: () => number;
  /** How long a stream may be gone until its agent counts as gone. */
  readonly departureGraceMs?: number | undefined;
}

interface Connection {
  readonly agentId: string;
  readonly hostId: number;
  readonly stream: EventStream;
  /** The configuration this agent was last told of. */
  etag: string | undefined;
}

const pollMs = 1_000;
/** Definitions often change in bursts: agents hear of the end of one. */
const settleMs = 500;
/** So many agents are told of a configuration at once, and after a pause the next: 100 a second, fewer while there is much else to do. */
const hostsToldAtOnce = 5;
const leastPauseMs = 50;
/** Every so many polls: look for agents that another control plane revoked, and for commands that have expired. */
const revocationEvery = 5;

/** The streams to agents that this process holds. */
export function createAgentStreams(deps: AgentStreamsDependencies): AgentStreams {
  const { database, logger, now } = deps;
  const byHost = new Map<number, Connection>();
  const departures = createDeparturesWatch({
    ...{ database, changes: deps.changes, logger, now },
    ...(deps.departureGraceMs === undefined ? {} : { graceMs: deps.departureGraceMs }),
  });
  let polls = 0;
  let pollTimer: ReturnType<typeof setTimeout> | undefined;
  let settleTimer: ReturnType<typeof setTimeout> | undefined;
  let isStopped = false;
  let isChanged = false;
  let toBeTold: Set<number> = new Set();
  let telling: Promise<void> | undefined;
  let isAwaited = false;
  let running: Promise<void> | undefined;
  let unsubscribe: () => void = () => undefined;
  let lastFault = "";

  async function deliver(): Promise<void> {
    if (byHost.size === 0) return;
    const commands = await findDeliverableCommands(database.db, now());
    const mine = commands.filter((command) => byHost.has(command.hostId));
    for (const command of await deliverCommands(database, mine, now())) {
      byHost.get(command.hostId)?.stream.send("command", { id: command.id, request: command.request });
    }
  }

  async function look(): Promise<void> {
    try {
      await deliver();
      if (++polls % revocationEvery === 0) {
        await expireCommands(database.db, now());
        const agentIds = [...byHost.values()].map((connection) => connection.agentId);
        for (const agentId of await findRevokedAgents(database.db, agentIds)) drop(agentId);
      }
      lastFault = "";
    } catch (err) {
      const fault = err instanceof Error ? err.message : String(err);
      if (fault !== lastFault) logger.warn({ err }, "commands for agents could not be read");
      lastFault = fault;
    }
  }

  function schedule(ms: number): void {
    clearTimeout(pollTimer);
    if (isStopped) return;
    pollTimer = setTimeout(() => {
      isAwaited = false;
      running = look().finally(() => {
        running = undefined;
        schedule(isAwaited ? 0 : pollMs);
      });
    }, ms);
  }

  function wake(): void {
    isAwaited = true;
    if (running === undefined) schedule(0);
  }

  /**
   * Tells agents of their configuration, a few at a time: working out what two thousand have to run takes seconds, and those who were told come for it at
   * once. When something changes meanwhile, it begins again.
   */
  async function tellOfConfiguration(): Promise<void> {
    isChanged = false;
    const pace = createPace();
    toBeTold = new Set(byHost.keys());
    while (toBeTold.size > 0 && !isChanged && !isStopped) {
      const startedAtMs = performance.now();
      const hostIds = [...toBeTold].slice(0, hostsToldAtOnce);
      for (const hostId of hostIds) toBeTold.delete(hostId);
      const etags = await deps.configurations.findEtags(hostIds);
      for (const [hostId, etag] of etags) {
        const connection = byHost.get(hostId);
        if (connection === undefined || etag === connection.etag || isChanged) continue;
        connection.etag = etag;
        connection.stream.send("configuration-changed", { etag });
      }
      if (toBeTold.size > 0) await pace.rest(Math.max(leastPauseMs, performance.now() - startedAtMs));
    }
  }

  function configurationsChanged(): void {
    deps.configurations.forget();
    isChanged = true;
    toBeTold = new Set(byHost.keys());
    if (isStopped || telling !== undefined) return;
    settleTimer ??= setTimeout(() => {
      settleTimer = undefined;
      telling = tellOfConfiguration()
        .catch((err: unknown) => logger.warn({ err }, "agents were not told of a new configuration"))
        .finally(() => {
          telling = undefined;
          toBeTold.clear();
          if (isChanged) configurationsChanged();
        });
    }, settleMs);
  }

  function drop(agentId: string): void {
    for (const connection of byHost.values()) if (connection.agentId === agentId) connection.stream.close();
  }

  return {
    async open(actor, response) {
      const { id: agentId, hostId } = actor;
      if (agentId === null || hostId === null) throw new Error("a stream was opened by somebody who is no agent");
      byHost.get(hostId)?.stream.close();
      const stream = deps.streams.open(response);
      const connection: Connection = { agentId, hostId, stream, etag: undefined };
      byHost.set(hostId, connection);
      departures.cameBack(hostId);
      stream.signal.addEventListener("abort", () => {
        if (byHost.get(hostId) !== connection) return;
        byHost.delete(hostId);
        toBeTold.delete(hostId);
        if (!isStopped) departures.left(hostId);
      });
      // Also what was delivered on an earlier stream and never answered: the agent knows what it has done.
      const unanswered = await findDeliverableCommands(database.db, now(), hostId);
      for (const command of await deliverCommands(database, unanswered, now())) {
        stream.send("command", { id: command.id, request: command.request });
      }
    },
    wake,
    configurationsChanged,
    isToBeTold: (hostId) => toBeTold.has(hostId),
    drop,
    connected: () => byHost.size,
    send(hostId, event, data) {
      const connection = byHost.get(hostId);
      connection?.stream.send(event, data);
      return connection !== undefined;
    },
    hosts: () => byHost,
    start() {
      unsubscribe = deps.changes.subscribe((type) => {
        if (type === "definitions") configurationsChanged();
      });
      schedule(pollMs);
    },
    async stop() {
      isStopped = true;
      unsubscribe();
      await departures.stop();
      clearTimeout(pollTimer);
      clearTimeout(settleTimer);
      await running;
      await telling;
      for (const { stream } of byHost.values()) stream.close();
    },
  };
}
