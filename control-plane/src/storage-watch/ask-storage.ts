import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { StorageServerInput } from "@mycloud/protocol/storage-server";

/** A hundred thousand repositories. */
const longestAnswerBytes = 64 * 1024 * 1024;
const timeoutMs = 20_000;

/** One request to a storage server; answers the body as text. Throws Error with the server's words, or why it cannot be reached. */
export async function askStorage(
  { url, certificateAuthority }: Pick<StorageServerInput, "url" | "certificateAuthority">,
  { method, path, token, signal }: { method: "GET" | "POST"; path: string; token: string; signal: AbortSignal },
): Promise<string> {
  const target = new URL(`${url}${path}`);
  const isSecure = target.protocol === "https:";
  const send = isSecure ? requestHttps : requestHttp;
  const trusted = isSecure && certificateAuthority !== null ? { ca: certificateAuthority } : {};
  return await new Promise<string>((resolve, reject) => {
    const request = send(
      target,
      {
        method,
        ...trusted,
        headers: { authorization: `Bearer ${token}`, "content-length": "0" },
        agent: false,
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      },
      (response) => {
        const chunks: Buffer[] = [];
        let length = 0;
        response.on("data", (chunk: Buffer) => {
          length += chunk.length;
          if (length <= longestAnswerBytes) chunks.push(chunk);
          else response.destroy(new Error("its answer is too long"));
        });
        response.on("error", reject);
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          const status = response.statusCode ?? 0;
          if (status >= 200 && status < 300) resolve(text);
          else reject(new Error(`it answered ${status}: ${text.slice(0, 300)}`));
        });
      },
    );
    request.on("error", reject);
    request.end();
  });
}
