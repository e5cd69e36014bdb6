import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { uncompress } from "snappyjs";
import { decodeWriteRequest } from "./decode-write-request.ts";

/** One sample as it arrived, its labels in order as `name="value"`. */
export interface ArrivedSample {
  readonly series: string;
  readonly value: number | "ended";
  readonly atMs: number;
}

/** A store that takes remote writes and remembers them; `status` is what it answers. */
export async function startRecordingStore() {
  const arrived: ArrivedSample[] = [];
  const headers: NodeJS.Dict<string | string[]>[] = [];
  const answer = { status: 204, headers: {} as Record<string, string> };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    headers.push(request.headers);
    if (answer.status < 300) {
      for (const { labels, samples } of decodeWriteRequest(uncompress(new Uint8Array(Buffer.concat(chunks))))) {
        const series = labels.map(([name, value]) => `${name}="${value}"`).join(",");
        for (const { value, isStale, atMs } of samples)
          arrived.push({ series, value: isStale ? "ended" : value, atMs });
      }
    }
    response.writeHead(answer.status, answer.headers).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/api/v1/write`,
    arrived,
    headers,
    answer,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
