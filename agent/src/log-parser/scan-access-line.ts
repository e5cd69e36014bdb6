import type { AccessLine } from "./parse-access.ts";

const SPACE = 0x20;
const QUOTE = 0x22;
const TIME_LENGTH = "20/Nov/2026:08:00:00 +0000".length;

/**
 * Takes apart a line of the common or combined format in its usual form: visible ASCII characters before the time, a time of the usual length, nothing
 * escaped. Answers what `matchAccessLine` would, or null for lines that it has to see. Pure.
 */
export function scanAccessLine(text: string): AccessLine | null {
  if (text.includes("\\")) return null;
  const first = tokenEnd(text, 0);
  const second = tokenEnd(text, first + 1);
  const third = tokenEnd(text, second + 1);
  if (first < 1 || second <= first + 1 || third <= second + 1) return null;
  if (text.charCodeAt(third + 1) === 0x5b) return scanFromTime(text, third + 2, null, 0, first, second + 1, third);
  const fourth = tokenEnd(text, third + 1);
  if (fourth <= third + 1 || text.charCodeAt(fourth + 1) !== 0x5b || !endsInPort(text, first)) return null;
  return scanFromTime(text, fourth + 2, text.slice(0, first), first + 1, second, third + 1, fourth);
}

function scanFromTime(
  text: string,
  timeAt: number,
  virtualHost: string | null,
  clientAt: number,
  clientEnd: number,
  userAt: number,
  userEnd: number,
): AccessLine | null {
  const timeEnd = timeAt + TIME_LENGTH;
  // Where the bracket closes later, or another one opens, the line may mean something else.
  const nextBracket = text.indexOf("[", timeAt);
  if (text.indexOf("]", timeAt) !== timeEnd || (nextBracket !== -1 && nextBracket < timeEnd)) return null;
  if (!text.startsWith(' "', timeEnd + 1)) return null;
  const requestAt = timeEnd + 3;
  const requestEnd = text.indexOf('"', requestAt);
  if (requestEnd === -1 || !isStatus(text, requestEnd + 1)) return null;
  const bytesAt = requestEnd + 6;
  const bytesEnd = countEnd(text, bytesAt);
  if (bytesEnd === bytesAt) return null;
  let referer: string | null = null;
  let agent: string | null = null;
  if (bytesEnd < text.length) {
    if (!text.startsWith(' "', bytesEnd)) return null;
    const refererEnd = text.indexOf('"', bytesEnd + 2);
    if (refererEnd === -1 || !text.startsWith(' "', refererEnd + 1)) return null;
    const agentEnd = text.indexOf('"', refererEnd + 3);
    if (agentEnd === -1) return null;
    if (agentEnd + 1 < text.length && text.charCodeAt(agentEnd + 1) !== SPACE) return null;
    referer = text.slice(bytesEnd + 2, refererEnd);
    agent = text.slice(refererEnd + 3, agentEnd);
  }
  return {
    virtualHost,
    client: text.slice(clientAt, clientEnd),
    user: text.slice(userAt, userEnd),
    time: text.slice(timeAt, timeEnd),
    request: text.slice(requestAt, requestEnd),
    status: text.slice(requestEnd + 2, requestEnd + 5),
    bytes: text.slice(bytesAt, bytesEnd),
    referer,
    agent,
  };
}

/** The space behind visible ASCII characters; -1 when something else comes before it. */
function tokenEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === SPACE) return at;
    // A quoted user may have spaces in it.
    if (code < SPACE || code > 0x7e || code === QUOTE) return -1;
  }
  return -1;
}

/** ` 200 ` */
function isStatus(text: string, at: number): boolean {
  return (
    text.charCodeAt(at) === SPACE &&
    isDigit(text.charCodeAt(at + 1)) &&
    isDigit(text.charCodeAt(at + 2)) &&
    isDigit(text.charCodeAt(at + 3)) &&
    text.charCodeAt(at + 4) === SPACE
  );
}

/** Behind digits, or one dash. */
function countEnd(text: string, from: number): number {
  if (text.charCodeAt(from) === 0x2d) return from + 1;
  let at = from;
  while (isDigit(text.charCodeAt(at))) at++;
  return at;
}

function endsInPort(text: string, end: number): boolean {
  let at = end;
  while (at > 0 && isDigit(text.charCodeAt(at - 1))) at--;
  return at < end && at > 1 && text.charCodeAt(at - 1) === 0x3a;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
