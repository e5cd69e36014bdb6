import { lookup as systemLookup } from "node:dns/promises";
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import type { AddressGuard } from "./address-guard.ts";

/** All addresses of a name. */
export type Resolve = (name: string) => Promise<readonly string[]>;

export interface GuardedRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  readonly guard: AddressGuard;
  readonly resolve?: Resolve;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Certificates (PEM) to trust instead of the machine's own. */
  readonly ca?: string;
}

export interface GuardedAnswer {
  readonly status: number;
  /** Its Retry-After, as it stands there. */
  readonly retryAfter: string | null;
  /** At most 16 KiB of it. */
  readonly body: string;
}

/** The address may not be asked; no retry helps. */
export class RefusedAddressError extends Error {}

const longestAnswerBytes = 16 * 1024;

/**
 * POSTs to an address that somebody wrote down: resolves its name once, refuses unless the guard allows every address it has, and connects to one of those.
 * Follows no redirect, waits 10 s in all by default, reads no more of the answer than it gives back. Throws RefusedAddressError, or Error
 * when nothing answered.
 */
export async function guardedPost(options: GuardedRequest): Promise<GuardedAnswer> {
  const { url, headers, body, guard, resolve = resolveAll, timeoutMs = 10_000, signal, ca } = options;
  const target = new URL(url);
  const deadline = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal === undefined ? [] : [signal])]);
  const addresses = await allowedAddresses(target.hostname.replace(/^\[|\]$/g, ""), guard, resolve);
  const send = target.protocol === "https:" ? requestHttps : requestHttp;
  const credentials =
    target.username === ""
      ? {}
      : { auth: `${decodeURIComponent(target.username)}:${decodeURIComponent(target.password)}` };
  return await new Promise<GuardedAnswer>((done, fail) => {
    const failed = (error: Error) =>
      fail(deadline.aborted && signal?.aborted !== true ? new Error(`no answer within ${timeoutMs / 1000} s`) : error);
    const request = send(
      {
        protocol: target.protocol,
        hostname: target.hostname.replace(/^\[|\]$/g, ""),
        port: target.port === "" ? undefined : Number(target.port),
        path: `${target.pathname}${target.search}`,
        method: "POST",
        headers: { "content-length": String(Buffer.byteLength(body)), "user-agent": "MyCloud", ...headers },
        lookup: lookupAmong(addresses),
        // A kept connection would be one to an address that was judged long ago.
        agent: false,
        signal: deadline,
        ...credentials,
        ...(ca === undefined ? {} : { ca }),
      },
      (response) => {
        const chunks: Buffer[] = [];
        let length = 0;
        const finish = () => {
          const text = Buffer.concat(chunks).subarray(0, longestAnswerBytes).toString("utf8");
          done({ status: response.statusCode ?? 0, retryAfter: response.headers["retry-after"] ?? null, body: text });
        };
        response.on("data", (chunk: Buffer) => {
          chunks.push(chunk);
          length += chunk.length;
          if (length < longestAnswerBytes) return;
          finish();
          response.destroy();
        });
        response.on("end", finish);
        response.on("error", failed);
      },
    );
    request.on("error", failed);
    request.end(body);
  });
}

async function resolveAll(name: string): Promise<string[]> {
  return (await systemLookup(name, { all: true })).map(({ address }) => address);
}

/**
 * The addresses of a name or the address itself, when the guard allows all of them. Connect to one of these and not to the name, which may lead elsewhere a
 * moment later. Throws RefusedAddressError.
 */
export async function allowedAddresses(
  name: string,
  guard: AddressGuard,
  resolve: Resolve = resolveAll,
): Promise<readonly string[]> {
  const addresses = isIP(name) === 0 ? await resolve(name) : [name];
  const refused = addresses.find((address) => !guard.isAllowed(address));
  // A name with one address inside and one outside is refused whole: which of them is taken is not the writer's to choose.
  if (refused !== undefined || addresses.length === 0) {
    const where = isIP(name) === 0 ? `${name} is ${refused ?? "no address"}, which` : name;
    throw new RefusedAddressError(
      `${where} is not a public address; if requests may go there, name its network in MYCLOUD_OUTGOING_NETWORKS`,
    );
  }
  return addresses;
}

/** Answers what was judged, instead of asking again. */
function lookupAmong(addresses: readonly string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_name, options, callback) => {
    const [first] = all;
    if (options.all === true) callback(null, all);
    else callback(null, first?.address ?? "", first?.family ?? 4);
  };
}
