import type { RegistrationPolicy } from "@mycloud/protocol/registration";
import type { Session } from "@mycloud/protocol/session";
import type { Request, Response } from "express";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import type { SessionCookie } from "../http/session-cookie.ts";
import type { RequestThrottle } from "../one-time-link/index.ts";
import type { PasswordHasher } from "../password/index.ts";
import { absoluteLifetimeMs, findSession, type SignInDependencies } from "../session/index.ts";

/** What coming in by a link needs. */
export interface LinkRoutesDependencies extends SignInDependencies {
  readonly database: ConnectedDatabase;
  readonly passwords: PasswordHasher;
  readonly cookie: SessionCookie;
  readonly requests: RequestThrottle;
  readonly policy: RegistrationPolicy;
  /** Answers whose time must tell nothing wait this out. */
  readonly sleep: (ms: number) => Promise<unknown>;
}

/** Sets the cookie of a session just opened and describes it. */
export async function welcome(
  { cookie, database, now }: LinkRoutesDependencies,
  secret: string,
  request: Request,
  response: Response,
): Promise<Session | null> {
  cookie.set(request, response, secret, absoluteLifetimeMs);
  return await findSession(database, secret, now());
}

/** Longer than the work behind any of these answers, so that its length does not show whether an address is known. */
const shortestAnswerMs = 200;

/** Does the work and answers no sooner than `shortestAnswerMs`. */
export async function inEqualTime<T>(sleep: LinkRoutesDependencies["sleep"], work: () => Promise<T>): Promise<T> {
  const [outcome] = await Promise.allSettled([work(), sleep(shortestAnswerMs)]);
  if (outcome.status === "rejected") throw outcome.reason;
  return outcome.value;
}
