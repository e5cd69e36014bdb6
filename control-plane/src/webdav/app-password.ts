import type { Request } from "express";
import { AuthenticationError } from "../error/index.ts";
import type { Actor } from "../http/actor.ts";
import { type Authenticators, apiTokenPrefix } from "../http/authenticate.ts";
import type { LoginThrottle } from "../session/index.ts";

export interface AppPasswordDependencies {
  readonly findToken: Authenticators["apiToken"];
  readonly throttle: Pick<LoginThrottle, "countTry">;
}

/**
 * Who asks: HTTP's basic authentication with an app password, under any user name. Throws AuthenticationError, and after many wrong ones
 * TooManyRequestsError. A right one is never kept out: it is 256 random bits, so that guessing is hopeless and only to be kept from being a load.
 */
export async function findDavActor(request: Request, { findToken, throttle }: AppPasswordDependencies): Promise<Actor> {
  const credentials = basicCredentialsOf(request.headers.authorization);
  if (credentials === null) throw new AuthenticationError("send an app password with HTTP's basic authentication");
  const { name, password } = credentials;
  const address = request.ip ?? null;
  const actor = password.startsWith(apiTokenPrefix) ? await findToken(password, address) : null;
  if (actor?.kind === "token" && actor.scopes.includes("webdav")) return actor;
  // Counted apart from people's logins: a program with an old password must not lock its owner out.
  await throttle.countTry(`webdav ${name}`, address === null ? null : `webdav ${address}`);
  throw new AuthenticationError("this is no app password, or none that is valid any more");
}

function basicCredentialsOf(header: string | undefined): { readonly name: string; readonly password: string } | null {
  const encoded = /^Basic +([A-Za-z0-9+/=]{1,8192})$/i.exec(header ?? "")?.[1];
  if (encoded === undefined) return null;
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon < 0 ? null : { name: text.slice(0, colon), password: text.slice(colon + 1) };
}
