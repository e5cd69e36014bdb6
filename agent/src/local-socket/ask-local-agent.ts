import { connect } from "node:net";
import { LocalAnswer, type LocalRequest, maximumLineBytes } from "./local-words.ts";
import { openSocketPlace } from "./socket-place.ts";

const silenceMs = 30_000;

/** Asks the agent that runs on a state directory's socket. Throws the system's error when none does, and Error for an answer that is none. */
export async function askLocalAgent(path: string, request: LocalRequest, signal: AbortSignal): Promise<LocalAnswer> {
  const place = await openSocketPlace(path);
  try {
    const text = await exchange(place.name, `${JSON.stringify(request)}\n`, signal);
    return LocalAnswer.parse(JSON.parse(text));
  } finally {
    await place.close();
  }
}

function exchange(name: string, line: string, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path: name });
    let text = "";
    socket.setTimeout(silenceMs, () => socket.destroy(new Error("the agent does not answer")));
    socket.on("data", (part: Buffer) => {
      text += part.toString("utf8");
      if (text.length > maximumLineBytes) socket.destroy(new Error("the agent's answer is too long"));
    });
    socket.once("error", reject);
    socket.once("close", () => resolve(text));
    signal.addEventListener("abort", () => socket.destroy(new Error("interrupted")), { once: true });
    socket.once("connect", () => socket.write(line));
  });
}
