import type { IncomingMessage } from "node:http";
import { AgentCommandDelivery } from "@mycloud/protocol/agent";
import { AgentQuestionDelivery } from "@mycloud/protocol/agent-question";
import { createParser } from "eventsource-parser";
import { type Patience, waitMs } from "../retry-loop/index.ts";
import type { ControlPlane } from "./control-plane.ts";
import type { Failure } from "./outcome.ts";

/** What happens on the stream. Handlers must not throw. */
export interface StreamHandlers {
  onConnected(): void;
  onDisconnected(failure: Failure): void;
  onCommand(command: AgentCommandDelivery): void;
  /** Somebody waits for the answer. */
  onQuestion(question: AgentQuestionDelivery): void;
  onConfigurationChanged(): void;
  /** An event that is not understood, for the log. */
  onUnknown(event: string): void;
}

/** What the stream needs from outside. */
export interface CommandStreamOptions {
  readonly controlPlane: Pick<ControlPlane, "openStream">;
  readonly handlers: StreamHandlers;
  readonly patience: Patience;
  readonly monotonicNow: () => number;
  readonly signal: AbortSignal;
}

/** A connection that lasted this long was a success, whatever ended it. */
const STABLE_MS = 30_000;
/** A line that never ends must not fill the memory. */
const MAXIMUM_EVENT_LENGTH = 1024 * 1024;

/** Keeps the stream of commands open until the signal fires; reconnects with back-off. Never throws. */
export async function followCommandStream(options: CommandStreamOptions): Promise<void> {
  const { controlPlane, handlers, patience, signal, monotonicNow } = options;
  let failures = 0;
  while (!signal.aborted) {
    const openedAt = monotonicNow();
    const opened = await controlPlane.openStream(signal);
    let failure: Failure;
    if (opened.kind === "ok") {
      handlers.onConnected();
      failure = { kind: "unreachable", message: await readEvents(opened.value, handlers) };
      if (monotonicNow() - openedAt > STABLE_MS) failures = 0;
    } else {
      failure = opened;
    }
    if (signal.aborted) return;
    handlers.onDisconnected(failure);
    failures++;
    await patience.sleep(waitMs(patience, failures, failure), signal);
  }
}

/** Reads events until the stream ends; resolves with why it ended. */
async function readEvents(answer: IncomingMessage, handlers: StreamHandlers): Promise<string> {
  const parser = createParser({
    onEvent: ({ event, data }) => {
      if (event === "configuration-changed") return handlers.onConfigurationChanged();
      const question = event === "question" ? AgentQuestionDelivery.safeParse(parseJson(data)) : undefined;
      if (question?.success) return handlers.onQuestion(question.data);
      const command = event === "command" ? AgentCommandDelivery.safeParse(parseJson(data)) : undefined;
      if (command?.success) handlers.onCommand(command.data);
      else handlers.onUnknown(event ?? "message");
    },
  });
  let sinceEvent = 0;
  try {
    answer.setEncoding("utf8");
    for await (const chunk of answer) {
      const text = String(chunk);
      sinceEvent = text.includes("\n") ? 0 : sinceEvent + text.length;
      if (sinceEvent > MAXIMUM_EVENT_LENGTH) throw new Error("the server sent an event that does not end");
      parser.feed(text);
    }
    return "the server closed the stream";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    answer.destroy();
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
