import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { type App, createApp } from "../app.ts";
import { Configuration } from "../configuration/index.ts";
import { writeMigratedFile } from "../database/testing/migrated-file.ts";

export interface TestAppOptions {
  /** `mariadb://...`; default: SQLite in the state directory. */
  readonly databaseUrl?: string;
  readonly settings?: Partial<Configuration>;
  readonly now?: () => number;
  readonly consoleDirectory?: string;
  /** Where log lines go; default: nowhere. */
  readonly log?: (line: string) => void;
}

export interface TestAnswer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers and fail when they are not as expected
  readonly body: any;
  readonly text: string;
}

export interface TestRequest {
  /** Sent as JSON; a string or bytes as they are. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: the operator's token. Null: none. */
  readonly token?: string | null;
}

/** A control plane in this process, on a free port and a state directory of its own. */
export interface TestApp {
  readonly app: App;
  readonly url: string;
  readonly stateDir: string;
  readonly operatorToken: string;
  call(method: string, path: string, request?: TestRequest): Promise<TestAnswer>;
  /** Signs in and answers what a browser would then send: cookie and CSRF header. */
  logIn(email: string, password: string): Promise<Record<string, string>>;
  stop(): Promise<void>;
}

export const adminPassword = "correct horse battery staple";

/** Starts one; call `stop` in `after`. The administrator is admin@localhost with `adminPassword`. */
export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const stateDir = options.settings?.stateDir ?? (await mkdtemp(join(tmpdir(), "mycloud-app-")));
  if (options.settings?.stateDir === undefined && options.databaseUrl === undefined) {
    await writeMigratedFile(join(stateDir, "mycloud.sqlite"));
  }
  const configuration = {
    ...Configuration.parse({
      stateDir,
      http: "127.0.0.1:0",
      forward: "off",
      syslog: "off",
      adminPassword,
      databaseUrl: options.databaseUrl ?? null,
    }),
    ...options.settings,
  };
  const logger = options.log ? pino({ level: "debug" }, { write: options.log }) : pino({ level: "silent" });
  const app = createApp({
    configuration,
    logger,
    version: "0.0.0-test",
    ...(options.now ? { now: options.now } : {}),
    ...(options.consoleDirectory ? { consoleDirectory: options.consoleDirectory } : {}),
  });
  await app.start();
  const operatorToken = (await readFile(join(configuration.stateDir, "operator-token"), "utf8")).trim();
  const { url } = app;

  async function call(method: string, path: string, request: TestRequest = {}): Promise<TestAnswer> {
    const headers = new Headers(request.headers);
    const token = request.token === undefined ? operatorToken : request.token;
    if (token !== null && !headers.has("authorization") && !headers.has("cookie"))
      headers.set("authorization", `Bearer ${token}`);
    const init: RequestInit = { method, headers, redirect: "manual" };
    if (request.body !== undefined) {
      const isRaw = typeof request.body === "string" || request.body instanceof Uint8Array;
      init.body = isRaw ? (request.body as string | Uint8Array<ArrayBuffer>) : JSON.stringify(request.body);
      if (!headers.has("content-type")) headers.set("content-type", "application/json");
    }
    const response = await fetch(url + path, init);
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: parse(text) };
  }

  return {
    app,
    url,
    stateDir,
    operatorToken,
    call,
    async logIn(email, password) {
      const answer = await call("POST", "/api/v1/session", { token: null, body: { email, password } });
      if (answer.status !== 200) throw new Error(`login failed: ${answer.text}`);
      const cookie = answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
      return { cookie, "x-csrf-token": answer.body.csrfToken };
    },
    async stop() {
      await app.stop();
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
