import { createInterface } from "node:readline/promises";
import { ReadStream } from "node:tty";
import type { Terminal } from "../command-line/index.ts";

/**
 * The next key, in lower case; Enter and arrow keys are passed over. Where keys cannot be read one by one it is the first letter of the next line. Null
 * when the input ends, the person gives up (Ctrl-C, Ctrl-D) or the terminal is gone.
 */
export function readKey(terminal: Terminal): Promise<string | null> {
  const { stdin, signal } = terminal;
  return new Promise((resolve) => {
    const isRaw = stdin instanceof ReadStream;
    const end = (key: string | null) => {
      stdin.off("data", listen);
      stdin.off("end", onEnd);
      signal.removeEventListener("abort", onEnd);
      if (isRaw) stdin.setRawMode(false);
      stdin.pause();
      resolve(key);
    };
    const onEnd = () => end(null);
    const listen = (data: string | Buffer) => {
      const text = data.toString();
      if (text.startsWith("\u0003") || text.startsWith("\u0004")) return end(null);
      // An arrow or function key.
      if (text.startsWith("\u001b")) return;
      const key = text.trim()[0];
      if (key !== undefined) end(key.toLowerCase());
    };
    if (signal.aborted) return resolve(null);
    if (isRaw) stdin.setRawMode(true);
    stdin.on("data", listen);
    stdin.on("end", onEnd);
    signal.addEventListener("abort", onEnd, { once: true });
    stdin.resume();
  });
}

/** A line typed in answer to a question; null when the input ends or the person gives up. */
export async function readLine(terminal: Terminal, prompt: string): Promise<string | null> {
  const lines = createInterface({ input: terminal.stdin, output: terminal.stdout });
  try {
    return await new Promise<string | null>((resolve) => {
      lines.once("close", () => resolve(null));
      lines.once("SIGINT", () => resolve(null));
      lines.question(prompt, { signal: terminal.signal }).then(
        (line) => resolve(line.trim()),
        () => resolve(null),
      );
    });
  } finally {
    lines.close();
  }
}
