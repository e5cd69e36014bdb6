import { randomUUID } from "node:crypto";
import { createServer, type Server } from "node:http";
import { hostname } from "node:os";
import { fileURLToPath } from "node:url";
import type { Logger } from "pino";
import { collectDefaultMetrics, Registry } from "prom-client";
import { ensureOperatorToken } from "./api-token/index.ts";
import { createAuditLog } from "./audit/index.ts";
import { createChangeBus } from "./change/index.ts";
import type { Configuration } from "./configuration/index.ts";
import { connectDatabase } from "./database/connect-database.ts";
import type { ConnectedDatabase } from "./database/dialect/dialect.ts";
import { createLeases, endLeases } from "./database/lease.ts";
import { migrate } from "./database/migrate.ts";
import { DomainError, UnavailableError } from "./error/index.ts";
import type { Authenticators } from "./http/authenticate.ts";
import { createHttpApp } from "./http/create-http-app.ts";
import { createEventStreams } from "./http/event-stream.ts";
import { listen, stopServer } from "./http/listen.ts";
import type { Route } from "./http/route.ts";
import { createSessionCookie } from "./http/session-cookie.ts";
import type { Core, Part } from "./part.ts";
import { createParts } from "./parts.ts";
import { createPasswordHasher } from "./password/index.ts";
import { createSealer, type Sealer } from "./sealing/index.ts";
import { StartError } from "./start-error.ts";
import { openStateDirectory, type StateDirectory } from "./state-directory/index.ts";
import { ensureAdministrator } from "./user/index.ts";

export interface AppOptions {
  readonly configuration: Configuration;
  readonly logger: Logger;
  readonly version: string;
  readonly now?: () => number;
  readonly random?: () => number;
  /** Default: `admin-ui/dist` of this clone. */
  readonly consoleDirectory?: string;
}

/** A control plane in this process. Start it once. */
export interface App {
  /** Rejects with StartError, having closed everything again, when it cannot. */
  start(): Promise<void>;
  /** Answers what is under way, ends the rest, closes the database; in less than 5 s. */
  stop(): Promise<void>;
  /** Where it listens; known after `start`. */
  readonly url: string;
  /** All routes, for tests and the API's description; known after `start`. */
  readonly routes: readonly Route[];
  /** What its parts share, for tests that move its clock; known after `start`. */
  readonly core: Core | null;
}

const builtConsole = fileURLToPath(new URL("../../admin-ui/dist", import.meta.url));

/** Bodies have limits of their own, by route: content of files may take hours. */
const serverLimits = { requestTimeout: 0, headersTimeout: 60_000 };

/** Wires the control plane: this and parts.ts are the only places that know all concepts. */
export function createApp(options: AppOptions): App {
  const { configuration, logger, now = Date.now, random = Math.random } = options;
  const undo: (() => Promise<void>)[] = [];
  let url = "";
  let routes: readonly Route[] = [];
  let started: Core | null = null;
  let stopping: Promise<void> | undefined;

  async function start(): Promise<void> {
    const state = openStateDirectory(configuration.stateDir);
    undo.push(() => state.close());
    const database = await openDatabase(configuration.databaseUrl ?? state.databaseFile, logger);
    undo.push(() => database.close());
    // The state directory is ours alone, and so is the database in it: what one that was killed held is free at once.
    if (configuration.databaseUrl === null) await endLeases(database);
    const core = createCore(database, createSealer(await state.readMasterKey(configuration.masterKeyFile)));
    undo.push(() => core.leases.releaseAll());
    started = core;
    await prepareAccess(core, state);

    const parts = createParts(core);
    routes = parts.flatMap((part) => part.routes ?? []);
    for (const part of parts) {
      undo.push(async () => part.stop?.());
      await part.start?.();
    }

    let isReady = false;
    const server = createServer(
      serverLimits,
      createWebApp(core, parts, () => isReady),
    );
    undo.push(() => stopServer(server, core.streams));
    const { host, port } = configuration.http;
    url = await listenAt(server, host, port);
    await state.writeServerFile({ url, pid: process.pid, startedAtMs: now() });
    isReady = true;
    logger.info({ url, database: database.description }, "control plane listening");
  }

  function createCore(database: ConnectedDatabase, sealer: Sealer): Core {
    const registry = new Registry();
    collectDefaultMetrics({ register: registry });
    return {
      configuration,
      version: options.version,
      database,
      changes: createChangeBus(logger),
      audit: createAuditLog(now),
      leases: createLeases({ database, holder: randomUUID(), now, logger }),
      streams: createEventStreams(random),
      registry,
      logger,
      passwords: createPasswordHasher(),
      sealer,
      cookie: createSessionCookie(configuration.publicUrl),
      now,
      random,
      publicUrl: () => configuration.publicUrl ?? url,
    };
  }

  /** The first administrator, and the token for commands on this machine. */
  async function prepareAccess({ database, passwords, audit }: Core, state: StateDirectory): Promise<void> {
    const { adminEmail, adminPassword } = configuration;
    const isNew = await ensureAdministrator({
      database,
      passwords,
      audit,
      now,
      email: adminEmail,
      password: adminPassword,
      keepMadeUp: (password) => state.writeAdminPassword(password),
    });
    if (isNew) {
      const passwordFile = adminPassword === null ? state.adminPasswordFile : "as given";
      logger.info({ email: adminEmail, passwordFile }, "administrator created");
    }
    const present = await state.readOperatorToken();
    const token = await ensureOperatorToken({ database, audit, now, present, machineName: hostname() });
    if (token !== present) await state.writeOperatorToken(token);
  }

  function createWebApp(core: Core, parts: readonly Part[], isReady: () => boolean) {
    const { database, cookie, registry } = core;
    return createHttpApp({
      routes,
      mounted: parts.flatMap((part) => part.mounted ?? []),
      authenticators: joinAuthenticators(parts),
      cookie,
      logger,
      registry,
      checkReady: async () => {
        if (!isReady()) throw new UnavailableError("the control plane is starting or stopping");
        if (stopping !== undefined) throw new UnavailableError("the control plane is stopping");
        await checkDatabase(database);
      },
      databaseTrouble: (error) => databaseTrouble(database, error),
      publicUrl: configuration.publicUrl,
      trustProxy: configuration.trustProxy,
      consoleDirectory: options.consoleDirectory ?? builtConsole,
      version: options.version,
    });
  }

  /** Takes back what was started, last first; one failure does not keep the rest open. */
  async function takeBack(): Promise<void> {
    for (let step = undo.pop(); step !== undefined; step = undo.pop()) {
      try {
        await step();
      } catch (err) {
        logger.error({ err }, "something did not stop cleanly");
      }
    }
  }

  return {
    async start() {
      try {
        await start();
      } catch (error) {
        await takeBack();
        throw error;
      }
    },
    stop() {
      stopping ??= takeBack();
      return stopping;
    },
    get url() {
      return url;
    },
    get routes() {
      return routes;
    },
    get core() {
      return started;
    },
  };
}

async function openDatabase(location: string, logger: Logger): Promise<ConnectedDatabase> {
  let database: ConnectedDatabase | undefined;
  try {
    database = await connectDatabase(location, logger);
    await migrate(database, { logger });
    return database;
  } catch (error) {
    await database?.close();
    if (error instanceof DomainError) throw new StartError("unavailable", error.message, error);
    throw error;
  }
}

async function checkDatabase({ db }: ConnectedDatabase): Promise<void> {
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new UnavailableError("the database does not answer")), 3_000).unref();
  });
  await Promise.race([db.selectFrom("lease").select("name").limit(1).execute(), late]);
}

/** What keeps the database from doing what was asked, for now; null when the error is something else. */
function databaseTrouble({ dialect }: ConnectedDatabase, error: unknown): string | null {
  if (dialect.isOutOfSpace(error)) return "the database has no room left on its disk; nothing was stored";
  if (dialect.isConnectionLost(error) || dialect.isTransient(error))
    return "the database does not answer at the moment";
  return null;
}

function joinAuthenticators(parts: readonly Part[]): Authenticators {
  const known: Partial<Authenticators> = Object.assign({}, ...parts.map((part) => part.authenticators ?? {}));
  return {
    session: known.session ?? (async () => null),
    apiToken: known.apiToken ?? (async () => null),
    agentToken: known.agentToken ?? (async () => null),
  };
}

/** Answers the URL. Throws StartError with what to do instead. */
async function listenAt(server: Server, host: string, port: number): Promise<string> {
  try {
    return await listen(server, host, port);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    const address = `${host}:${port}`;
    if (code === "EADDRINUSE") {
      throw new StartError(
        "addressInUse",
        `${address} is taken by another program; stop it or choose another with --http HOST:PORT`,
      );
    }
    if (code === "EACCES") {
      throw new StartError(
        "notAllowed",
        `this user may not listen at ${address}; choose a port above 1023 with --http HOST:PORT`,
      );
    }
    if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND" || code === "EAI_AGAIN") {
      throw new StartError(
        "configuration",
        `${host} is no address of this machine; choose another with --http HOST:PORT`,
      );
    }
    throw error;
  }
}
