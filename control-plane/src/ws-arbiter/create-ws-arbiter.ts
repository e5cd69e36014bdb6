import { createServer, type Server } from "node:http";
import type { Logger } from "pino";
import type { CommandingOperator, ExternalCommands } from "../external-command/index.ts";
import { systemActor } from "../http/actor.ts";
import { listen } from "../http/listen.ts";
import type { Part } from "../part.ts";
import { StartError } from "../start-error.ts";
import { answerRequest } from "./answer-request.ts";
import type { Credentials } from "./check-credentials.ts";

export interface WsArbiterDependencies {
  readonly commands: Pick<ExternalCommands, "run" | "storeResults">;
  readonly address: { readonly host: string; readonly port: number };
  /** Null: anonymous, which only an address of this machine may be. */
  readonly credentials: Credentials | null;
  readonly mayRegister: boolean;
  /** Told the status of every answer. */
  readonly onAnswered?: (status: number) => void;
  readonly logger: Logger;
  readonly now: () => number;
}

const maximumConnections = 200;
const drainMs = 2_000;

/** Shinken's ws-arbiter, for senders that know it: plain HTTP, forms in, one line of text out. */
export function createWsArbiter(dependencies: WsArbiterDependencies): Part & { readonly url: () => string | null } {
  const { address, credentials, logger, mayRegister, onAnswered } = dependencies;
  const operatorOf = (remote: string | null): CommandingOperator => ({
    actor: {
      ...systemActor,
      name: credentials === null ? "ws-arbiter" : `ws-arbiter ${credentials.user}`,
      address: remote,
    },
    scope: { kind: "all" },
    mayOperate: true,
    mayRegister,
  });
  let server: Server | undefined;
  let url: string | null = null;

  return {
    name: "ws-arbiter",
    url: () => url,
    async start() {
      refuseOpenAnonymous(address.host, credentials);
      server = createServer({ maxHeaderSize: 16 * 1024 }, (request, response) => {
        void answerRequest({ ...dependencies, operatorOf }, request)
          .catch((err: unknown) => {
            if (!request.destroyed) logger.error({ err }, "ws-arbiter request failed");
            return { status: 500, text: "the request failed; the control plane's log says why", headers: {} };
          })
          .then(({ status, text, headers = {} }) => {
            onAnswered?.(status);
            // What is left of a body that was refused unread would be taken for the next request.
            const closing = request.complete ? {} : { connection: "close" };
            response.writeHead(status, { "content-type": "text/plain; charset=utf-8", ...closing, ...headers });
            response.end(`${text}\n`);
          });
      });
      server.maxConnections = maximumConnections;
      try {
        url = await listen(server, address.host, address.port);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        throw new StartError("addressInUse", `ws-arbiter cannot listen (${message}); choose another with --ws-arbiter`);
      }
      server.keepAliveTimeout = 10_000;
      logger.info({ url }, "ws-arbiter listening");
    },
    async stop() {
      const stopping = server;
      if (stopping === undefined || !stopping.listening) return;
      const closed = new Promise<void>((resolve) => stopping.close(() => resolve()));
      stopping.closeIdleConnections();
      const cutting = setTimeout(() => stopping.closeAllConnections(), drainMs);
      await closed;
      clearTimeout(cutting);
    },
  };
}

/** Anybody who reaches an anonymous listener may acknowledge and silence: that is for this machine alone. Throws StartError. */
function refuseOpenAnonymous(host: string, credentials: Credentials | null): void {
  if (credentials !== null || /^(127\.|::1$|localhost$)/.test(host)) return;
  throw new StartError(
    "configuration",
    `ws-arbiter at ${host} would take commands from anybody; give --ws-arbiter-user and --ws-arbiter-password-file, or listen at 127.0.0.1`,
  );
}
