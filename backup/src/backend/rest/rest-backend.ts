import { DamagedError, ExistsError, NotAllowedError, UnavailableError } from "../../error/index.ts";
import type { Backend, FileHandle, FileInfo } from "../backend.ts";
import type { BandwidthLimits } from "../limit/index.ts";
import { createAuthorization, type ReadCredentials } from "./credentials.ts";
import { contentTypeV2, parseFileList, parseWanted } from "./file-list.ts";
import { createHttpTransport, type RestAnswer, type RestRequest } from "./http-transport.ts";
import { refusal } from "./refusal.ts";
import { parseRestLocation } from "./rest-location.ts";

export interface RestBackendOptions {
  /** Where the location has no credentials of its own. */
  readonly readCredentials?: ReadCredentials | undefined;
  /** PEM of the authorities to trust instead of the system's. */
  readonly certificateAuthority?: string | undefined;
  readonly limits?: BandwidthLimits | undefined;
  /** Default 5. */
  readonly connections?: number | undefined;
  /** Default 15 s. */
  readonly connectTimeoutMs?: number;
  /** How long nothing at all may move on a connection. Default 2 min. */
  readonly idleTimeoutMs?: number;
  /** Wall clock, for `Retry-After` dates. */
  readonly now?: () => number;
}

/** Credentials that are asked for anew, for one request. */
const mostRenewals = 3;

/**
 * The repository at `rest:http(s)://[USER:PASSWORD@]HOST[:PORT]/PATH/`. Asks the server nothing yet. What can pass by itself throws
 * UnavailableError after one try; `retryBackend` repeats. Throws InputError for a location it cannot read.
 */
export function openRestBackend(location: string, options: RestBackendOptions = {}): Backend {
  const { url, username, password, shown } = parseRestLocation(location);
  const { connections = 5, connectTimeoutMs = 15_000, idleTimeoutMs = 120_000, now = Date.now } = options;
  const readCredentials = credentialsOf({ username, password }, options.readCredentials ?? (async () => null));
  const authorization = createAuthorization(readCredentials);
  const { certificateAuthority, limits } = options;
  const transport = createHttpTransport({ url, certificateAuthority, connectTimeoutMs, idleTimeoutMs, limits });

  /** Asks once; a second time with new credentials when they were refused. Answers of any status. */
  async function ask(request: Omit<RestRequest, "headers">, headers: Record<string, string> = {}): Promise<RestAnswer> {
    const attempt = async (authorizationHeader: string | null) => {
      const all = { accept: contentTypeV2, ...headers };
      const answer = await transport.exchange({
        ...request,
        headers: authorizationHeader === null ? all : { ...all, authorization: authorizationHeader },
      });
      return answer;
    };
    try {
      for (let renewals = 0; ; renewals++) {
        const header = await authorization.header();
        const answer = await attempt(header);
        // A new one can end, too, before a slow request is looked at.
        const isOver = answer.status !== 401 || renewals === mostRenewals;
        if (isOver || !(await authorization.renew(header))) return answer;
      }
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
      throw new UnavailableError(`${describe(request.method, request.path)}: ${error.message}`, { cause: error.cause });
    }
  }

  const describe = (method: string, path: string) => `${shown}: ${method} ${path === "" ? "/" : path}`;
  const refused = (method: string, path: string, answer: RestAnswer) => refusal(describe(method, path), answer, now());

  async function stat(handle: FileHandle, signal?: AbortSignal): Promise<FileInfo | null> {
    const path = pathOf(handle);
    const answer = await ask({ method: "HEAD", path, signal });
    if (answer.status === 404) return null;
    if (answer.status !== 200) throw refused("HEAD", path, answer);
    const length = Number(answer.headers["content-length"]);
    if (!Number.isSafeInteger(length)) {
      throw new UnavailableError(`${describe("HEAD", path)}: the answer does not say how long the file is`);
    }
    return { name: handle.name, sizeBytes: length };
  }

  /** Sizes of files that a server of protocol version 1 only names. */
  async function statAll(
    type: FileHandle["type"],
    names: readonly string[],
    signal?: AbortSignal,
  ): Promise<FileInfo[]> {
    const files: FileInfo[] = [];
    const rest = names.values();
    const work = async () => {
      for (const name of rest) {
        // Removed since it was listed.
        const file = await stat({ type, name }, signal);
        if (file !== null) files.push(file);
      }
    };
    await Promise.all(Array.from({ length: connections }, work));
    return files;
  }

  return {
    location: shown,
    connections,
    isRemote: true,

    create: async (signal) => {
      const answer = await ask({ method: "POST", path: "?create=true", body: new Uint8Array(0), signal });
      if (!isSuccess(answer)) throw refused("POST", "?create=true", answer);
    },

    save: async (handle, bytes, signal) => {
      const path = pathOf(handle);
      // Not every server keeps an existing config from being overwritten, and there is no way back from that.
      if (handle.type === "config" && (await stat(handle, signal)) !== null) {
        throw new ExistsError(`${shown} holds a repository already`);
      }
      const answer = await ask(
        { method: "POST", path, body: bytes, signal },
        { "content-type": "application/octet-stream" },
      );
      if (isSuccess(answer)) return;
      const error = refused("POST", path, answer);
      if (answer.status !== 401 && (error instanceof NotAllowedError || error instanceof ExistsError)) {
        const present = await stat(handle, signal);
        // Somebody else was a moment faster.
        if (handle.type === "config" && present !== null) throw new ExistsError(`${shown} holds a repository already`);
        // Append-only servers refuse to write a file again; that it is there is all that was wanted.
        if (present?.sizeBytes === bytes.byteLength) return;
      }
      throw error;
    },

    load: async (handle, range, signal) => {
      const path = pathOf(handle);
      if (range?.length === 0) return new Uint8Array(0);
      const headers = range ? { range: `bytes=${range.offset}-${range.offset + range.length - 1}` } : {};
      const answer = await ask({ method: "GET", path, signal }, headers);
      const { status, body } = answer;
      if (range === undefined) {
        if (status === 200) return body;
        throw refused("GET", path, answer);
      }
      if (status === 206 && body.byteLength === range.length) return body;
      const end = range.offset + range.length;
      // A server without ranges sends the whole file.
      if (status === 200 && body.byteLength >= end) return body.slice(range.offset, end);
      if (status === 200 || status === 206 || status === 416) {
        throw new DamagedError(path, `bytes ${range.offset} to ${end - 1} were asked for, and it is shorter`);
      }
      throw refused("GET", path, answer);
    },

    stat,

    list: async (type, signal) => {
      const path = `${type}/`;
      const answer = await ask({ method: "GET", path, signal });
      // A directory that was never made; servers other than ours also know no holds.
      if (answer.status === 404 || (type === "holds" && isUnknownPath(answer))) return [];
      if (answer.status !== 200) throw refused("GET", path, answer);
      const list = parseFileList(describe("GET", path), answer);
      return list.version === 2 ? list.files : await statAll(type, list.names, signal);
    },

    remove: async (handle, signal) => {
      const path = pathOf(handle);
      const answer = await ask({ method: "DELETE", path, signal });
      if (isSuccess(answer) || answer.status === 404) return;
      throw refused("DELETE", path, answer);
    },

    listWanted: async (signal) => {
      const answer = await ask({ method: "GET", path: "wanted", signal });
      // Ours alone: other servers take the word for a file they lack, or refuse it.
      if (isUnknownPath(answer) || !/json/.test(answer.headers["content-type"] ?? "")) return [];
      if (answer.status !== 200) throw refused("GET", "wanted", answer);
      return parseWanted(describe("GET", "wanted"), answer);
    },

    close: async () => transport.close(),
  };
}

/** Those of the address; where it names a user and no password, that user with the password (or a token) kept elsewhere. */
function credentialsOf(
  { username, password }: { readonly username: string | null; readonly password: string | null },
  read: ReadCredentials,
): ReadCredentials {
  if (password !== null) return async () => ({ username: username ?? "", password });
  if (username === null) return read;
  return async () => {
    const kept = await read();
    if (kept !== null && "token" in kept) return kept;
    return { username, password: kept?.password ?? "" };
  };
}

function pathOf({ type, name }: FileHandle): string {
  return type === "config" ? "config" : `${type}/${name}`;
}

function isSuccess({ status }: RestAnswer): boolean {
  return status >= 200 && status < 300;
}

function isUnknownPath({ status }: RestAnswer): boolean {
  return [400, 403, 404, 405, 501].includes(status);
}
