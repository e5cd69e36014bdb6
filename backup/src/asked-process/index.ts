// A process that another one asks things: begun with the first question, asked several at once, ended when nothing was asked for a while. An answer is a head
// and perhaps a body, whose bytes come at the pace at which whoever asked reads them; who reads no further ends the work. What the process was doing when
// it is lost has failed, and the next question starts another. Both ends are here; what is asked, and what a head is, is theirs who use it.
export * from "./asked-process.ts";
export * from "./asked-words.ts";
export type { Answer } from "./awaited-answer.ts";
export * from "./send-body.ts";
export type { SendWindow } from "./send-window.ts";
