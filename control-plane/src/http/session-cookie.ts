import type { Request, Response } from "express";

/** Where a browser keeps its session: HttpOnly, SameSite=Lax, and over https Secure with the `__Host-` prefix. */
export interface SessionCookie {
  read(request: Request): string | null;
  set(request: Request, response: Response, value: string, maximumAgeMs: number): void;
  clear(request: Request, response: Response): void;
  /** The request came by https, to us or to the proxy before us. */
  isSecure(request: Request): boolean;
}

const insecureName = "mycloud_session";
const secureName = "__Host-mycloud_session";

/** `publicUrl` is the address people use, when it is known; behind a TLS proxy it decides that cookies are Secure. */
export function createSessionCookie(publicUrl: string | null): SessionCookie {
  const isPublicSecure = publicUrl?.startsWith("https:") ?? false;
  const isSecure = (request: Request): boolean => isPublicSecure || request.secure;
  const nameFor = (request: Request): string => (isSecure(request) ? secureName : insecureName);
  const attributes = (request: Request) =>
    ({ httpOnly: true, sameSite: "lax", path: "/", secure: isSecure(request) }) as const;
  return {
    isSecure,
    // Over https only the prefixed name counts: a sibling domain or a plain-http page cannot have set it.
    read: (request) => cookieValue(request.headers.cookie, nameFor(request)),
    set: (request, response, value, maximumAgeMs) =>
      response.cookie(nameFor(request), value, { ...attributes(request), maxAge: maximumAgeMs }),
    clear: (request, response) => response.clearCookie(nameFor(request), attributes(request)),
  };
}

/** The value of a cookie in a Cookie header (RFC 6265 §4.2); null when absent, or there twice with different values. */
export function cookieValue(header: string | undefined, name: string): string | null {
  const values = new Set<string>();
  for (const pair of (header ?? "").split(";")) {
    const at = pair.indexOf("=");
    if (at > 0 && pair.slice(0, at).trim() === name) values.add(pair.slice(at + 1).trim());
  }
  const [value] = values;
  return values.size === 1 && value !== undefined && value !== "" ? value : null;
}
