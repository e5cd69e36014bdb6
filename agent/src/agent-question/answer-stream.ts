import type { AgentAnswerHead } from "@mycloud/protocol/agent-question";

/** An answer: its head, and the body where there is one, which must be read or returned. */
export interface MadeAnswer {
  readonly head: AgentAnswerHead;
  readonly body: AsyncGenerator<Uint8Array> | null;
}

/** An answer that may have to be sent more than once. */
export interface AnswerStream {
  /** What is sent: the head as one line, then the body. */
  pieces(): AsyncGenerator<Uint8Array>;
  /** Ends what nobody reads. */
  close(): Promise<void>;
}

/**
 * An answer as it is sent. Without a body it is made once, however often it is sent: what was done is not done again. A body that was begun and went to
 * the wrong place is made anew. `make` never throws.
 */
export function createAnswerStream(make: () => Promise<MadeAnswer>): AnswerStream {
  let made: Promise<MadeAnswer> | undefined;
  return {
    async *pieces() {
      made ??= make();
      const { head, body } = await made;
      yield Buffer.from(`${JSON.stringify(head)}\n`);
      if (body === null) return;
      made = undefined;
      yield* body;
    },
    async close() {
      const { body = null } = (await made) ?? {};
      await body?.return(undefined);
    },
  };
}
