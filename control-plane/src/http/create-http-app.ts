import compression from "compression";
import express, { type Express, type RequestHandler } from "express";
import { rateLimit } from "express-rate-limit";
import helmet from "helmet";
import type { Logger } from "pino";
import type { Registry } from "prom-client";
import { NotFoundError, TooManyRequestsError } from "../error/index.ts";
import { describeApi } from "./api-description.ts";
import type { Authenticators } from "./authenticate.ts";
import { serveConsole } from "./console-files.ts";
import { answerErrors } from "./error-answer.ts";
import { createHttpMetrics } from "./http-metrics.ts";
import { limitReceiving } from "./receive-limit.ts";
import { requestContextOf, trackRequests } from "./request-context.ts";
import { logRequests } from "./request-log.ts";
import type { Route } from "./route.ts";
import { runRoute } from "./run-route.ts";
import type { SessionCookie } from "./session-cookie.ts";

export interface HttpAppOptions {
  readonly routes: readonly Route[];
  /** What answers all below a path by itself, errors included: protocols that are no API of ours. */
  readonly mounted?: readonly (readonly [path: string, handler: RequestHandler])[];
  readonly authenticators: Authenticators;
  readonly cookie: SessionCookie;
  readonly logger: Logger;
  readonly registry: Registry;
  /** Rejects when requests cannot be answered at present; its message is shown at /readyz. */
  readonly checkReady: () => Promise<void>;
  readonly databaseTrouble: (error: unknown) => string | null;
  readonly publicUrl: string | null;
  /** Express's `trust proxy`: which proxies' X-Forwarded-* count. False: none. */
  readonly trustProxy: boolean | number | string;
  /** Where the built console lies. */
  readonly consoleDirectory: string;
  readonly version: string;
  /** Requests to public routes (signing in, enrolling) one address may make in a minute. */
  readonly publicRequestsPerMinute?: number;
  /** How long a request's body may take to arrive, where its route does not take longer ones; default: 5 minutes. */
  readonly receiveWithinMs?: number;
}

/** The whole HTTP side, from routes. */
export function createHttpApp(options: HttpAppOptions): Express {
  const { routes, registry, logger } = options;
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.set("trust proxy", options.trustProxy);
  app.use(trackRequests(options.trustProxy !== false));
  app.use(limitReceiving(options.receiveWithinMs ?? 300_000));
  app.use(logRequests(logger, createHttpMetrics(registry)));
  app.use(securityHeaders(options.publicUrl));
  app.use(
    compression({
      threshold: 1024,
      filter: (request, response) =>
        !isStream(response.getHeader("content-type")) && compression.filter(request, response),
    }),
  );
  addHealth(app, options);
  const limiter = rateLimit({
    windowMs: 60_000,
    limit: options.publicRequestsPerMinute ?? 600,
    standardHeaders: "draft-8",
    legacyHeaders: false,
    handler: (_request, _response, next) => next(new TooManyRequestsError("too many requests from this address", 60)),
  });
  for (const route of routes) {
    const handlers = [...(route.access.kind === "public" ? [limiter] : []), runRoute(route, options)];
    app[route.method](route.path, ...handlers);
  }
  for (const [path, handler] of options.mounted ?? []) app.use(path, handler);
  let description: ReturnType<typeof describeApi> | undefined;
  app.get("/api/openapi.json", (_request, response) => {
    // Hundreds of schemas: worked out for the first who asks, not at every start.
    description ??= describeApi(routes, options.version);
    response.json(description);
  });
  // Programs ask here; a page of the console would look like an answer to them.
  app.use(["/api", "/metrics"], (request, _response, next) =>
    next(new NotFoundError(`there is no ${request.method} ${request.originalUrl.split("?")[0]}`)),
  );
  app.use(serveConsole(options.consoleDirectory));
  app.use((request, _response, next) => next(new NotFoundError(`there is no ${request.method} ${request.path}`)));
  app.use(answerErrors(options.databaseTrouble));
  return app;
}

const isStream = (contentType: unknown): boolean =>
  typeof contentType === "string" && contentType.startsWith("text/event-stream");

function securityHeaders(publicUrl: string | null) {
  const isSecure = publicUrl?.startsWith("https:") ?? false;
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        // MUI's emotion writes <style> elements while the page runs.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", "data:"],
        connectSrc: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
      },
    },
    xFrameOptions: { action: "deny" },
    strictTransportSecurity: isSecure,
    referrerPolicy: { policy: "same-origin" },
  });
}

function addHealth(app: Express, { registry, checkReady }: HttpAppOptions): void {
  app.get("/healthz", (_request, response) => {
    requestContextOf(response).routePath = "/healthz";
    response.json({ status: "ok" });
  });
  app.get("/readyz", async (_request, response) => {
    requestContextOf(response).routePath = "/readyz";
    try {
      await checkReady();
      response.json({ status: "ready" });
    } catch (error) {
      response.status(503).json({ status: "not ready", reason: error instanceof Error ? error.message : "unknown" });
    }
  });
  app.get("/metrics", async (_request, response) => {
    requestContextOf(response).routePath = "/metrics";
    response.setHeader("content-type", registry.contentType);
    response.send(await registry.metrics());
  });
}
