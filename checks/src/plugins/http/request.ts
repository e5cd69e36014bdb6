import type { ClientRequest, IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { TLSSocket } from "node:tls";
import { monotonicMs } from "../../connection/connect.ts";
import { describeCertificate, type SecureOptions, type ServerCertificate } from "../../connection/secure.ts";
import { StoppedWaiting } from "../../plugin/stopped-waiting.ts";

/** One request. Host and port say where to connect; `siteName` is the Host header and the name TLS asks for. */
export interface HttpExchange {
  readonly isTls: boolean;
  readonly host: string;
  readonly port: number;
  readonly family: 0 | 4 | 6;
  readonly siteName: string;
  readonly hostHeader: string;
  readonly path: string;
  readonly method: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | undefined;
  readonly secure: Omit<SecureOptions, "serverName">;
  readonly maxBodyBytes: number;
  readonly isBodyWanted: boolean;
}

/** What came back. Times are seconds since the request began. */
export interface HttpAnswer {
  readonly statusLine: string;
  readonly statusCode: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly rawHeaders: string;
  readonly body: string;
  readonly bodyBytes: number;
  /** Headers and body together: what check_http calls the size of a page. */
  readonly pageBytes: number;
  readonly isBodyCut: boolean;
  readonly certificate: ServerCertificate | undefined;
  readonly connectSeconds: number;
  readonly firstByteSeconds: number;
  readonly totalSeconds: number;
}

/** Sends one request and reads the answer. Rejects with the network's error, and with StoppedWaiting on abort. */
export async function exchange(wanted: HttpExchange, signal: AbortSignal): Promise<HttpAnswer> {
  const startMs = monotonicMs();
  const since = (): number => (monotonicMs() - startMs) / 1_000;
  let connectSeconds = 0;
  let waitingFor = `a connection to ${wanted.host} port ${wanted.port}`;
  let certificate: ServerCertificate | undefined;
  const request = open(wanted, signal);
  request.once("socket", (socket) => {
    socket.once(wanted.isTls ? "secureConnect" : "connect", () => {
      connectSeconds = since();
      waitingFor = "the response";
      if (socket instanceof TLSSocket) certificate = describeCertificate(socket, wanted.siteName);
    });
  });
  try {
    const response = await respond(request, wanted.body);
    const firstByteSeconds = since();
    waitingFor = "the rest of the body";
    const read = wanted.isBodyWanted
      ? await readBody(response, wanted.maxBodyBytes)
      : { body: "", bytes: 0, isCut: false };
    const { statusCode = 0, statusMessage = "", httpVersion } = response;
    const statusLine = `HTTP/${httpVersion} ${statusCode} ${statusMessage}`.trim();
    const rawHeaders = pairUp(response.rawHeaders);
    return {
      statusLine,
      statusCode,
      headers: new Map(Object.entries(response.headers).map(([name, value]) => [name, String(value)])),
      rawHeaders,
      body: read.body,
      bodyBytes: read.bytes,
      pageBytes: statusLine.length + rawHeaders.length + 3 * "\r\n".length + read.bytes,
      isBodyCut: read.isCut,
      certificate,
      connectSeconds,
      firstByteSeconds,
      totalSeconds: since(),
    };
  } catch (error) {
    if (signal.aborted) throw new StoppedWaiting(waitingFor);
    throw error;
  } finally {
    request.destroy();
  }
}

function open(wanted: HttpExchange, signal: AbortSignal): ClientRequest {
  const common = {
    host: wanted.host,
    port: wanted.port,
    family: wanted.family,
    path: wanted.path,
    method: wanted.method,
    // As pairs in an array, so that a header may be given twice.
    headers: ["Host", wanted.hostHeader, ...wanted.headers.flat()],
    setHost: false,
    agent: false,
    signal,
  } as const;
  // Not imported: with an import Node loads all that node:http has at hand, undici and HTTP/2 too, and an agent would be 6 MB larger.
  if (!wanted.isTls) return process.getBuiltinModule("node:http").request(common);
  const servername = isIP(wanted.siteName) === 0 ? wanted.siteName : "";
  return process
    .getBuiltinModule("node:https")
    .request({ ...common, ...wanted.secure, servername, rejectUnauthorized: false });
}

function respond(request: ClientRequest, body: string | undefined): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once("response", resolve);
    request.on("error", reject);
    request.end(body);
  });
}

async function readBody(
  response: IncomingMessage,
  maxBytes: number,
): Promise<{ body: string; bytes: number; isCut: boolean }> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    if (!Buffer.isBuffer(chunk)) continue;
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > maxBytes)
      return { body: Buffer.concat(chunks).toString("utf8", 0, maxBytes), bytes: maxBytes, isCut: true };
  }
  return { body: Buffer.concat(chunks).toString("utf8"), bytes, isCut: false };
}

function pairUp(rawHeaders: readonly string[]): string {
  const lines: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2)
    lines.push(`${rawHeaders[index]}: ${rawHeaders[index + 1]}`);
  return lines.join("\r\n");
}
