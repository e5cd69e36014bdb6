import { z } from "zod";

/** Numbers the questions to one process. */
export const AskId = z.number().int();
export const Bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);

/** So many more bytes of a body may be sent. */
export const MoreWord = z.object({ kind: z.literal("more"), askId: AskId, bytes: z.number() });
/** Nobody wants the answer any more. */
export const EndWord = z.object({ kind: z.literal("end"), askId: AskId });
/** What an asked process is told of any question under way. */
export type AskedWord = z.infer<typeof MoreWord> | z.infer<typeof EndWord>;

export const BytesSign = z.object({ kind: z.literal("bytes"), askId: AskId, bytes: Bytes });
export const DoneSign = z.object({ kind: z.literal("done"), askId: AskId });

/** A part of an answer as it arrives. `done` and `failed` are its last. */
export type AnswerPart<Head> =
  | { readonly kind: "head"; readonly askId: number; readonly head: Head; readonly hasBody: boolean }
  | z.infer<typeof BytesSign>
  | z.infer<typeof DoneSign>
  | { readonly kind: "failed"; readonly askId: number; readonly error: Error };
